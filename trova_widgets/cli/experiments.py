"""Commands about experiments: plan, run, look."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trova_widgets.cli.common import Command, assignments, opened, show
from trova_widgets.errors import TrovaError

if TYPE_CHECKING:
    from pandas import DataFrame

    from trova_widgets.experiments.choice import RaceRules

# what of a cell is worth a place on the screen
_OF_CELLS = (
    "cell_repeats",
    "cell_quality",
    "cell_quality_low",
    "cell_quality_high",
    "gradient",
    "cell_in_confidence_set",
    "cell_taken",
)


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    plan = command("plan", _plan, "Plan an experiment, or make a planned one grow.")
    plan.add_argument("name")
    plan.add_argument("--network", required=True)
    plan.add_argument("--dataset", required=True)
    plan.add_argument(
        "axes",
        nargs="*",
        metavar="SETTING=[MIN:STEP:MAX]",
        help="convolution2dLayer_2_filterSize=[1:1:8], or a list: training.weight_decay=0,0.01; one cell, if left out",
    )
    plan.add_argument("--preset", help="an experiment of the article instead: article-1 to article-4")
    plan.add_argument("--fix", nargs="+", default=[], metavar="SETTING=VALUE", help="training.epochs=20, for instance")
    plan.add_argument("--seeds", type=int, default=1, help="how often each cell is trained on each fold (1)")
    plan.add_argument("--folds", type=int, nargs="+", metavar="FOLD", help="which folds (all, if left out)")
    plan.add_argument("--epochs", type=int)

    run = command("run", _run, "Train and test every combination that is missing.")
    run.add_argument("experiment")
    run.add_argument("--workers", type=int, help="processes (one a core, if left out)")
    run.add_argument("--device", default="auto", help="cpu, cuda, cuda:1 (a graphics processor, if there is one)")
    run.add_argument(
        "--dask", metavar="ADDRESS", help="train on a Dask cluster: tcp://HOST:8786, its scheduler's address"
    )
    run.add_argument("--race", action="store_true", help="go on with cells that may be the best (usual, with folds)")
    run.add_argument(
        "--halve",
        action="store_true",
        help="in place of a race: all cells for few epochs, the better third for three times as many, and so on; saves "
        "epochs, at a risk that nothing states: a cell that learns slowly is lost",
    )
    run.add_argument("--all", action="store_true", help="train everything, and drop no cell")
    run.add_argument("--risk", type=float, help="the race's risk of dropping a cell that is better than all (0.15)")
    run.add_argument("--margin", type=float, metavar="POINTS", help="what difference does not matter to it (1)")
    run.add_argument("--budget", help="how long, or how much: 2h, 90min, 500 trials; run it again to go on")
    run.add_argument("--detach", action="store_true", help="come back at once; the run goes on")

    for name, handler, what in (
        (
            "propose",
            _propose,
            "Propose what follows: the best cell fixed, three more parameters varied.",
        ),
        ("race", _tell_race, "Tell where a race stands: which cells it has dropped, when and why."),
        ("stop", _stop, "Stop a run; it can be run again."),
        ("status", _status, "Tell how far a run has come."),
    ):
        command(name, handler, what).add_argument("experiment")

    results = command("results", _results, "Show or export the table of trials, best first.")
    results.add_argument("experiment", nargs="?")
    results.add_argument(
        "--table", choices=("trials", "cells", "columns"), default="trials", help="which; columns says what they mean"
    )
    results.add_argument(
        "--export",
        type=Path,
        metavar="FILE",
        help="every setting, figure, interval and origin: .csv, .parquet, or .xlsx with all three tables",
    )
    results.add_argument(
        "--page",
        type=Path,
        metavar="FILE.html",
        help="all of it as one page that works offline: the cube turns, pictures, matrices, table, origin",
    )
    results.add_argument(
        "--taken",
        nargs=2,
        metavar=("TRUE", "PREDICTED"),
        help="which records of one class a cell took for another, or for what they are: a cell of its matrix",
    )
    results.add_argument(
        "--cell", nargs="+", default=[], metavar="SETTING=VALUE", help="of which cell (the best, if left out)"
    )


def _plan(options: argparse.Namespace) -> None:
    from trova_widgets.space import parse_axes

    with opened(options) as workspace:
        print(
            workspace.plan(
                options.name,
                network=options.network,
                dataset=options.dataset,
                axes=parse_axes(options.axes),
                preset=options.preset,
                fixed=assignments(options.fix),
                seeds=options.seeds,
                folds=options.folds,
                epochs=options.epochs,
            )
        )


def _run(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        how = {"race": _race(options), "halve": options.halve or None, "budget": options.budget, "dask": options.dask}
        if options.detach:
            workspace.start(options.experiment, workers=options.workers, device=options.device, **how)
            print(f"{options.experiment} is running; watch it with: trova status {options.experiment}")
        else:
            print(workspace.run(options.experiment, workers=options.workers, device=options.device, **how))


def _race(options: argparse.Namespace) -> "bool | RaceRules | None":
    """Read how the cells race; None where nothing is said of it."""
    given = {name: getattr(options, name) for name in ("risk", "margin") if getattr(options, name) is not None}
    if options.halve and (options.all or options.race or given):
        raise TrovaError("--halve takes the place of a race, and no risk can be stated for it; leave out the others.")
    if options.all:
        if options.race or given:
            raise TrovaError("--all drops no cell, so it has no race, risk or margin; leave them out, or --all.")
        return False
    if not given:
        return True if options.race else None
    from trova_widgets.experiments.choice import RaceRules

    if "margin" in given:
        given["margin"] /= 100
    return RaceRules(**given)


def _tell_race(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(workspace.race(options.experiment))


def _propose(options: argparse.Namespace) -> None:
    from trova_widgets.space import format_value, format_values

    with opened(options) as workspace:
        proposal = workspace.propose(options.experiment)
    if proposal is None:
        print(f"Every layer parameter has had its turn in {options.experiment} or before.")
        return
    print(proposal.reason)
    axes = " ".join(f"'{name}={format_values(values)}'" for name, values in proposal.axes.items())
    fixed = " ".join(f"{name}={format_value(value)}" for name, value in proposal.fixed.items())
    print(f"trova plan NAME --network NETWORK --dataset DATASET {axes} --fix {fixed}")


def _stop(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        workspace.stop(options.experiment)
        print(f"{options.experiment} stops after the trials in flight.")


def _status(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(workspace.status(options.experiment))


def _results(options: argparse.Namespace) -> None:
    if options.export is not None:
        from trova_widgets.workspace.table_files import kind_of

        # before anything is worked out
        kind_of(options.export)
    with opened(options) as workspace:
        found = workspace.results(options.experiment or _only_experiment(workspace.experiments()))
        if found.sentence:
            print(found.sentence)
        if options.taken is not None:
            cell: dict[str, Any] | None = assignments(options.cell) or None
            show(found.classified(cell).records(*options.taken), options.export)
            return
        if options.page is not None:
            print(f"Written: {found.save(options.page)}")
        if options.export is not None:
            found.export(options.export, options.table)
            print(f"{len(found.tables[options.table])} rows written to {options.export}")
        elif options.page is not None:
            return
        elif options.table == "trials":
            show(found.table.sort_values(["cell_quality", "cell", "seed"], ascending=[False, True, True]), None)
        elif options.table == "cells":
            show(found.tables.cells, None, ["cell", *found.plan.axes, *_OF_CELLS])
        else:
            for row in found.tables.columns.itertuples(index=False):
                print(f"{row.column}{f' [{row.unit}]' if row.unit else ''}: {row.meaning}")


def _only_experiment(experiments: "DataFrame") -> str:
    if experiments.empty:
        raise TrovaError("There is no experiment yet; plan one with: trova plan")
    if len(experiments) > 1:
        raise TrovaError(f"Name the experiment whose results are wanted; there are {', '.join(experiments['name'])}.")
    return str(experiments["name"].iloc[0])
