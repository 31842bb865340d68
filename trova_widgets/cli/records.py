"""Commands about records and events, and the workspace that holds them."""

import argparse
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from trova_widgets.cli.common import Command, opened, show, texts
from trova_widgets.errors import TrovaError

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace
    from trova_widgets.workspace.import_report import ImportReport

#: What a screen has of a record and of an event.
_OF_A_RECORD = (
    "record_id", "event_id", "event_class", "network", "station", "channel", "start_time", "sampling_rate_hz",
    "snr_db", "cutoff_hz",
)  # fmt: skip
_OF_AN_EVENT = (
    "event_id", "origin_time", "latitude", "longitude", "depth_km", "magnitude", "energy_class", "event_type",
    "type_certainty", "event_class",
    "record_count",
)  # fmt: skip


class ListFormats(argparse.Action):
    """An option that prints which formats are read, and ends the program as ``--version`` does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print them."""
        from trova_widgets.records import readable_formats

        for what, titles in readable_formats().items():
            print(
                fill(
                    f"{what.capitalize()}: {', '.join(titles)}.",
                    width=100,
                    subsequent_indent="  ",
                    break_on_hyphens=False,
                )
            )
        print("Quarries (trova quarries): SEISAN's quarry.dat, tables (CSV).")
        print("Besides: SDS archives, data sets of SeisBench, and the folder of an export.")
        parser.exit()


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    init = command("init", _init, "Make an empty workspace.", workspace=False)
    init.add_argument("folder", type=Path, nargs="?")
    init.add_argument("-w", "--workspace", type=Path, default=Path(), help="the same, named as elsewhere")
    init.add_argument("--recipe", help="what its fingerprints are made by: signed (if left out), or article")

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
    take.add_argument(
        "--report", type=Path, metavar="FILE.csv", help="write down all that was left out or is worth a word"
    )
    take.add_argument("--formats", action=ListFormats, nargs=0, help="list the formats that are read, and end")

    teaching = command("teaching", _teaching, "Take in the teaching set: invented events, computed from physics.")
    teaching.add_argument("--events", type=int, metavar="N", help="how many (600); the first 190 travel with Trova")
    teaching.add_argument("--seed", type=int, metavar="N", help="other events of the same kind (2022)")
    teaching.add_argument("--folder", type=Path, help="write files there, in place of taking them in")

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

    quarries = command("quarries", _quarries, "Tell which events lie near known quarries; keep a table of these first.")
    quarries.add_argument(
        "table", type=Path, nargs="?", help="SEISAN's quarry.dat, or a CSV: name, latitude, longitude"
    )
    quarries.add_argument("--radius", type=float, metavar="KM", help="how near, in place of what the table says")
    quarries.add_argument("--export", type=Path, metavar="FILE.csv")

    clock = command("clock", _clock, "Tell when blasts are fired and earthquakes happen: hours, weekdays, places.")
    clock.add_argument("--quarry", metavar="NAME", help="events near this one, as of: trova quarries")
    clock.add_argument("--near", nargs=2, type=float, metavar=("LATITUDE", "LONGITUDE"), help="events near a point")
    clock.add_argument("--radius", type=float, metavar="KM", help="how near (the quarry's own radius, or 10)")
    clock.add_argument("--region", nargs=4, type=float, metavar=("SOUTH", "NORTH", "WEST", "EAST"), help="degrees")
    clock.add_argument("--classes", nargs="+", metavar="CLASS", help="events of these classes alone")
    clock.add_argument(
        "--utc-offset", type=float, metavar="H", help="local time ahead of UTC (by the sun at each longitude)"
    )
    clock.add_argument("--export", type=Path, metavar="FILE.csv")
    clock.add_argument("--svg", type=Path, metavar="FILE.svg", help="draw it")

    for name, handler, what in (("records", _records, "records"), ("events", _events, "events")):
        listing = command(name, handler, f"List the {what} of the workspace.")
        listing.add_argument("--export", type=Path, metavar="FILE.csv")
        if name == "events":
            listing.add_argument(
                "--catalog", type=Path, help="match the records that are here with it first: a later or corrected one"
            )
            listing.add_argument("--columns", nargs="+", default=[], metavar="OURS=THEIRS", help="as for import")
            listing.add_argument("--report", type=Path, metavar="FILE.csv", help="as for import")


def _init(options: argparse.Namespace) -> None:
    from trova_widgets.workspace import Workspace

    with Workspace.create(options.folder or options.workspace, options.recipe) as workspace:
        print(f"An empty workspace is at {workspace.path}. Next: trova import ARCHIVE -w {workspace.path}")


def _import(options: argparse.Namespace) -> None:
    _must_be_writable(options.report)
    with opened(options) as workspace:
        report = workspace.import_records(
            options.paths,
            catalog=options.catalog,
            event_class=options.event_class,
            columns=texts(options.columns) or None,
            stations=options.stations,
        )
        _show_report(report, options.report)


def _teaching(options: argparse.Namespace) -> None:
    from trova_widgets.workspace import Workspace

    asked = {name: value for name in ("events", "seed") if (value := getattr(options, name)) is not None}
    if options.folder is None:
        with opened(options) as workspace:
            print(workspace.import_teaching_set(**asked))
        return
    count = Workspace.write_teaching_set(options.folder, **asked)
    files = " ".join(f"--{what} {options.folder / what}.xml" for what in ("catalog", "stations"))
    print(f"{count} events written. Take them in with: trova import {options.folder / 'waveforms'} {files}")


def _must_be_writable(target: Path | None) -> None:
    """Refuse a report that could not be written before hours of an import are spent."""
    if target is not None and not target.absolute().parent.is_dir():
        raise TrovaError(
            f"The report {target} cannot be written, as there is no folder {target.parent}; make it first."
        )


def _show_report(report: "ImportReport", target: Path | None) -> None:
    print(report)
    if target is not None:
        show(report.items(), target)


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
    with opened(options) as workspace:
        report = workspace.fetch_records(
            options.address,
            catalog=options.catalog,
            columns=texts(options.columns) or None,
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
    options.changes = bool(options.classes)
    with opened(options) as workspace:
        if options.classes:
            changed = workspace.set_event_type_classes(texts(options.classes))
            print(f"{changed} events have another class now; what was said before is in their history.")
            _name_unheard_of(workspace, list(texts(options.classes)))
        else:
            show(workspace.event_type_classes()[["event_type", "event_class"]], options.export)


def _name_unheard_of(workspace: "Workspace", types: list[str]) -> None:
    """Say which event types no event here has: for those that come, or mistyped."""
    from trova_widgets.records import event_type_key

    table = workspace.event_type_classes()
    heard = set(table.loc[table["event_count"] > 0, "event_type"])
    unheard = [name for name in types if event_type_key(name) not in heard]
    if unheard:
        print(f"No event here has the type {', '.join(unheard)}; it holds for those that come.")


def _quarries(options: argparse.Namespace) -> None:
    options.changes = options.table is not None
    with opened(options) as workspace:
        if options.table is not None:
            print(workspace.set_quarries(options.table, radius_km=options.radius))
            if options.export is None:
                return
        elif workspace.quarries().empty:
            raise TrovaError("No quarry is known here yet; name a table of some: trova quarries FILE")
        show(workspace.near_quarries(options.radius), options.export, empty="No event lies near a known quarry.")


def _clock(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        found = workspace.clock(
            classes=options.classes,
            quarry=options.quarry,
            region=options.region,
            around=options.near,
            radius_km=options.radius,
            utc_offset_h=options.utc_offset,
        )
        print(found)
        if options.svg is not None:
            print(f"Picture: {found.save(options.svg)}")
        if options.export is not None:
            show(found.table, options.export)


def _records(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        show(
            workspace.records(), options.export, _OF_A_RECORD, "No record is here yet; take some in with: trova import"
        )


def _events(options: argparse.Namespace) -> None:
    options.changes = options.catalog is not None
    if options.catalog is None and (options.columns or options.report is not None):
        name = "--columns" if options.columns else "--report"
        raise TrovaError(f"{name} is about a catalogue, and none is given; name it with --catalog FILE.")
    _must_be_writable(options.report)
    with opened(options) as workspace:
        if options.catalog is not None:
            report = workspace.attach_catalog(options.catalog, columns=texts(options.columns) or None)
            _show_report(report, options.report)
            if options.export is None:
                return
        show(workspace.events(), options.export, _OF_AN_EVENT, "No event is here yet; take some in with: trova import")
