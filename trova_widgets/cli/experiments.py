"""Commands about experiments: plan, run, look, classify."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from trova_widgets.cli.words import Command, assignments, axes, opened, show
from trova_widgets.errors import TrovaError

if TYPE_CHECKING:
    from pandas import DataFrame


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    plan = command("plan", _plan, "Plan an experiment, or make a planned one grow.")
    plan.add_argument("name")
    plan.add_argument("--network", required=True)
    plan.add_argument("--dataset", required=True)
    plan.add_argument(
        "axes", nargs="+", metavar="PARAMETER=[MIN:STEP:MAX]", help="convolution2dLayer_2_filterSize=[1:1:8], or a list"
    )
    plan.add_argument("--fix", nargs="+", default=[], metavar="NAME=VALUE")
    plan.add_argument("--seeds", type=int, default=1)
    plan.add_argument("--epochs", type=int)

    run = command("run", _run, "Train and test every combination that is missing.")
    run.add_argument("experiment")
    run.add_argument("--workers", type=int, help="processes (one a core, if left out)")
    run.add_argument("--detach", action="store_true", help="come back at once; the run goes on")

    for name, handler, what in (
        ("stop", _stop, "Stop a run; it can be run again."),
        ("status", _status, "Tell how far a run has come."),
    ):
        command(name, handler, what).add_argument("experiment")

    results = command("results", _results, "Show or export the table of trials, best first.")
    results.add_argument("experiment", nargs="?")
    results.add_argument("--export", type=Path, metavar="FILE.csv")

    classify = command("classify", _classify, "Name the class of each record of some files, with probabilities.")
    classify.add_argument("paths", type=Path, nargs="+")
    classify.add_argument("--network", help="a network or a trial (the best trial, if left out)")
    classify.add_argument("--export", type=Path, metavar="FILE.csv")


def _plan(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(
            workspace.plan(
                options.name,
                network=options.network,
                dataset=options.dataset,
                axes=axes(options.axes),
                fixed=assignments(options.fix),
                seeds=options.seeds,
                epochs=options.epochs,
            )
        )


def _run(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        if options.detach:
            workspace.start(options.experiment, workers=options.workers)
            print(f"{options.experiment} is running; watch it with: trova status {options.experiment}")
        else:
            print(workspace.run(options.experiment, workers=options.workers))


def _stop(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        workspace.stop(options.experiment)
        print(f"{options.experiment} stops after the trials in flight.")


def _status(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(workspace.status(options.experiment) or "It was never run.")


def _results(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        trials = workspace.trials(options.experiment or _only_experiment(workspace.experiments()))
        show(trials.sort_values("quality", ascending=False), options.export)


def _classify(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        answers = workspace.classify(options.paths, network=options.network)
    named = answers["note"] == ""
    if options.export is None:
        answers["file"] = [Path(name).name for name in answers["file"]]
        show(answers[named].drop(columns=["record_id", "note"]), None)
        for row in answers[~named].itertuples(index=False):
            print(f"{row.file}: {row.note}")
    else:
        show(answers, options.export)


def _only_experiment(experiments: "DataFrame") -> str:
    if experiments.empty:
        raise TrovaError("There is no experiment yet; plan one with: trova plan")
    if len(experiments) > 1:
        raise TrovaError(f"Name the experiment whose results are wanted; there are {', '.join(experiments['name'])}.")
    return str(experiments["name"].iloc[0])
