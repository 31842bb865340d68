"""The command ``trova``: each command is one method of `Workspace`, or opens the pages on it."""

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trova_widgets import __version__
from trova_widgets.errors import TrovaError, TrovaWarning

if TYPE_CHECKING:
    from pandas import DataFrame

    from trova_widgets.experiments import RunStatus
    from trova_widgets.workspace import Workspace

#: What does a command; it returns its exit status where that is not 0.
Handler = Callable[[argparse.Namespace], int | None]

#: Rows of a table that are printed; an export has them all.
_SCREEN = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused with a sentence, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        status: int | None = options.handler(options)
    except TrovaError as error:
        print(f"trova: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    return status or 0


def _init(options: argparse.Namespace) -> None:
    from trova_widgets.workspace import Workspace

    with Workspace.create(options.folder or options.workspace) as workspace:
        print(f"An empty workspace is at {workspace.path}. Next: trova import ARCHIVE -w {workspace.path}")


def _import(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        report = workspace.import_records(
            options.paths,
            catalog=options.catalog,
            event_class=options.event_class,
            columns=_texts(options.columns) or None,
            stations=options.stations,
        )
        print(report)


def _fetch(options: argparse.Namespace) -> None:
    from trova_widgets.records import Region

    region = None
    if options.begin or options.end or options.catalog is None:
        if not (options.begin and options.end):
            raise TrovaError("Name the events: --catalog FILE, or --begin and --end of the time to look for them in.")
        south, north, west, east = options.region
        region = Region(
            begin=options.begin,
            end=options.end,
            south=south,
            north=north,
            west=west,
            east=east,
            minimum_magnitude=options.minimum_magnitude,
        )
    with _workspace(options) as workspace:
        report = workspace.fetch_records(
            options.address,
            catalog=options.catalog,
            columns=_texts(options.columns) or None,
            region=region,
            event_address=options.event_address,
            radius_km=options.radius,
            networks=options.networks,
            stations=options.stations,
            channels=options.channels,
            again=options.again,
        )
        print(report)


def _classes(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        if options.classes:
            changed = workspace.set_event_type_classes(_texts(options.classes))
            print(f"{changed} events have another class now; what was said before is in their history.")
        else:
            _show(workspace.event_type_classes()[["event_type", "event_class"]], options.export)


def _records(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        _show(workspace.records(), options.export)


def _events(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        _show(workspace.events(), options.export)


def _fingerprint(options: argparse.Namespace) -> None:
    from trova_widgets.fingerprinting import FingerprintRecipe

    with _workspace(options) as workspace:
        recipe = FingerprintRecipe.from_dict(_assignments(options.set)) if options.set else None
        print(workspace.compute_fingerprints(recipe))


def _dataset(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        print(workspace.build_dataset(options.name, classes=options.classes, seed=options.seed))


def _network(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        row = workspace.create_network(
            options.name,
            network_type=options.network_type,
            architecture=options.architecture,
            **_assignments(options.values),
        )
        print(f"The network {row.name} is saved: {row.network_type}, {row.architecture}.")


def _plan(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        print(
            workspace.plan(
                options.name,
                network=options.network,
                dataset=options.dataset,
                axes=_axes(options.axes),
                fixed=_assignments(options.fix),
                seeds=options.seeds,
                epochs=options.epochs,
            )
        )


def _run(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        if options.detach:
            workspace.start(options.experiment, workers=options.workers)
            print(f"{options.experiment} is running; watch it with: trova status {options.experiment}")
        else:
            _tell(workspace.run(options.experiment, workers=options.workers))


def _stop(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        workspace.stop(options.experiment)
        print(f"{options.experiment} stops after the trials in flight.")


def _status(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        _tell(workspace.status(options.experiment))


def _results(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        trials = workspace.trials(options.experiment or _only_experiment(workspace.experiments()))
        _show(trials.sort_values("quality", ascending=False), options.export)


def _classify(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        _show(workspace.classify(options.paths, network=options.network), options.export)


def _doctor(options: argparse.Namespace) -> int:
    with _workspace(options) as workspace:
        report = workspace.repair() if options.repair else workspace.check()
        print(report)
    return 0 if report.is_sound else 1


def _export(options: argparse.Namespace) -> None:
    with _workspace(options) as workspace:
        print(workspace.export(options.folder, pictures=options.pictures))


def _serve(options: argparse.Namespace) -> None:
    from trova_widgets.pages.server import serve

    serve(options.workspace, port=options.port, open_browser=options.browser, host=options.host)


def _demo(options: argparse.Namespace) -> None:
    from trova_widgets.pages.server import serve
    from trova_widgets.workspace import Workspace

    with Workspace.demo(options.workspace) as workspace:
        print(f"The demonstration workspace is at {workspace.path}.", flush=True)
    serve(options.workspace, port=options.port, open_browser=options.browser, host=options.host)


def _workspace(options: argparse.Namespace) -> "Workspace":
    from trova_widgets.workspace import Workspace

    with warnings.catch_warnings(record=True, category=TrovaWarning) as said:
        warnings.simplefilter("always", TrovaWarning)
        workspace = Workspace.open(options.workspace)
    for warning in said:
        print(f"trova: {warning.message}", file=sys.stderr)
    return workspace


def _tell(status: "RunStatus | None") -> None:
    if status is None:
        print("It was never run.")
        return
    failed = f", {status.failed} failed" if status.failed else ""
    left = f", {status.seconds_left / 60:.0f} min left" if status.is_alive and status.seconds_left else ""
    print(
        f"{status.experiment}: {status.state}, {status.done} of {status.total} trials{failed}{left}. {status.message}"
    )


def _show(frame: "DataFrame", export: Path | None) -> None:
    """Write a table to a file where one is named, else print what fits on a screen."""
    if export is None:
        print(frame.head(_SCREEN).to_string(index=False))
        if len(frame) > _SCREEN:
            print(f"... and {len(frame) - _SCREEN} more rows; --export FILE.csv writes them all.")
        return
    from trova_widgets.records.sheets import marked_frame

    marked_frame(frame).to_csv(export, index=False)
    print(f"{len(frame)} rows written to {export}")


def _assignments(texts: Sequence[str]) -> dict[str, object]:
    """Read ``name=value`` words; a value that is not a number stays a word."""
    pairs = [text.partition("=") for text in texts]
    if bad := [name for name, equals, _ in pairs if not equals]:
        raise TrovaError(f"{bad[0]!r} sets nothing; write it as name=value, for instance numFilters=8.")
    return {name.strip(): _value(text.strip()) for name, _, text in pairs}


def _texts(texts: Sequence[str]) -> dict[str, str]:
    """Read ``name=value`` words whose values stay words."""
    pairs = [text.partition("=") for text in texts]
    if bad := [name for name, equals, _ in pairs if not equals]:
        raise TrovaError(f"{bad[0]!r} sets nothing; write it as name=value, for instance origin_time=time.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _value(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _axes(texts: Sequence[str]) -> dict[str, object]:
    from trova_widgets.networks import parse_axis

    return dict(parse_axis(text) for text in texts)


def _only_experiment(experiments: "DataFrame") -> str:
    if len(experiments) != 1:
        names = ", ".join(experiments["name"]) or "none; plan one with: trova plan"
        raise TrovaError(f"Name the experiment whose results are wanted: there are {len(experiments)} ({names}).")
    return str(experiments["name"].iloc[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trova",
        description="Tell earthquakes from blasts by binary fingerprints, and see why a network's settings are right.",
    )
    parser.add_argument("--version", action="version", version=f"trova {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, handler: Handler, help_text: str, workspace: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text, description=help_text)
        made.set_defaults(handler=handler)
        if workspace:
            made.add_argument(
                "-w", "--workspace", type=Path, default=Path(), help="the workspace's folder (here, if left out)"
            )
        return made

    init = command("init", _init, "Make an empty workspace.", workspace=False)
    init.add_argument("folder", type=Path, nargs="?")
    init.add_argument("-w", "--workspace", type=Path, default=Path(), help="the same, named as elsewhere")

    take = command("import", _import, "Take in files, folders or archives of seismograms, or an exported workspace.")
    take.add_argument("paths", type=Path, nargs="+")
    take.add_argument("--catalog", type=Path, help="events: QuakeML, CSV or a bulletin")
    take.add_argument("--event-class", help="the class of everything taken in, whatever its event's type")
    take.add_argument(
        "--columns",
        nargs="+",
        default=[],
        metavar="OURS=THEIRS",
        help="columns of a CSV catalogue: origin_time=date+time latitude=lat event_type=kind",
    )
    take.add_argument("--stations", type=Path, help="where stations stand: StationXML or another inventory")

    fetch = command("fetch", _fetch, "Fetch the seismograms of events from a data centre (FDSN web services).")
    fetch.add_argument("address", help="https://geofon.gfz.de, or a name that ObsPy knows: GFZ, ORFEUS, EARTHSCOPE")
    fetch.add_argument("--catalog", type=Path, help="the events, as for import")
    fetch.add_argument("--columns", nargs="+", default=[], metavar="OURS=THEIRS", help="as for import")
    fetch.add_argument("--begin", metavar="TIME", help="in place of a catalogue: events from then, 2021-05-04T12:00:00")
    fetch.add_argument("--end", metavar="TIME", help="until then")
    fetch.add_argument(
        "--region",
        nargs=4,
        type=float,
        default=(-90.0, 90.0, -180.0, 180.0),
        metavar=("SOUTH", "NORTH", "WEST", "EAST"),
        help="degrees",
    )
    fetch.add_argument("--minimum-magnitude", type=float)
    fetch.add_argument("--event-address", help="another data centre to ask for events, USGS for instance")
    fetch.add_argument("--radius", type=float, default=200.0, metavar="KM", help="of stations around an event (200)")
    fetch.add_argument("--networks", default="*", metavar="CODES", help="comma-separated, with wildcards")
    fetch.add_argument("--stations", default="*", metavar="CODES", help="comma-separated, with wildcards")
    fetch.add_argument(
        "--channels",
        nargs="+",
        default=("HHZ", "BHZ", "EHZ", "SHZ"),
        help="by preference: the first kind that a station has",
    )
    fetch.add_argument("--again", action="store_true", help="ask once more for what gave nothing before")

    classes = command("classes", _classes, "Show the class of each event type, or change some.")
    classes.add_argument(
        "classes", nargs="*", metavar="TYPE=CLASS", help="'rock burst=rock_burst'; an empty class is none"
    )
    classes.add_argument("--export", type=Path, metavar="FILE.csv")

    for name, handler, what in (("records", _records, "records"), ("events", _events, "events")):
        listing = command(name, handler, f"List the {what} of the workspace.")
        listing.add_argument("--export", type=Path, metavar="FILE.csv")

    image = command("fingerprint", _fingerprint, "Find the cut-offs and compute the fingerprints that are missing.")
    image.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="parameters of the recipe")

    dataset = command("dataset", _dataset, "Freeze a data set: its members, their classes, their split by event.")
    dataset.add_argument("name")
    dataset.add_argument("--classes", nargs="+", help="which classes (all that are labelled, if left out)")
    dataset.add_argument("--seed", type=int, default=0)

    network = command("network", _network, "Make a network from a model of the catalogue.")
    network.add_argument("name")
    network.add_argument("--type", dest="network_type", default="CNN")
    network.add_argument("--architecture")
    network.add_argument("values", nargs="*", metavar="NAME=VALUE", help="layer parameters other than typical")

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

    doctor = command("doctor", _doctor, "Look whether files and rows are whole and belong together.")
    doctor.add_argument("--repair", action="store_true", help="mend what can be mended; nothing stored is deleted")

    export = command("export", _export, "Write the whole workspace as Parquet, CSV, QuakeML and PNG; import reads it.")
    export.add_argument("folder", type=Path)
    export.add_argument("--pictures", type=int, metavar="N", help="draw this many fingerprints (all, if left out)")

    for name, handler, what in (
        ("serve", _serve, "Open the pages on a workspace."),
        ("demo", _demo, "Make the demonstration workspace where it is missing, and open the pages on it."),
    ):
        pages = command(name, handler, what)
        pages.add_argument("--port", type=int, default=8866)
        pages.add_argument("--host", default="127.0.0.1")
        pages.add_argument("--no-browser", dest="browser", action="store_false")
        if name == "demo":
            pages.set_defaults(workspace=Path("trova-demo"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
