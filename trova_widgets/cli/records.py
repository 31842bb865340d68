"""Commands about records and events, and the workspace that holds them."""

import argparse
from pathlib import Path
from textwrap import fill

from trova_widgets.cli.words import Command, opened, show, texts
from trova_widgets.errors import TrovaError

#: What a screen has of a record and of an event.
_OF_A_RECORD = (
    "record_id", "event_id", "event_class", "network", "station", "channel", "start_time", "sampling_rate_hz",
    "snr_db", "cutoff_hz",
)  # fmt: skip
_OF_AN_EVENT = (
    "event_id", "origin_time", "latitude", "longitude", "depth_km", "magnitude", "event_type", "event_class",
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
        print("Besides: SDS archives, data sets of SeisBench, and the folder of an export.")
        parser.exit()


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
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
    take.add_argument("--formats", action=ListFormats, nargs=0, help="list the formats that are read, and end")

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


def _init(options: argparse.Namespace) -> None:
    from trova_widgets.workspace import Workspace

    with Workspace.create(options.folder or options.workspace) as workspace:
        print(f"An empty workspace is at {workspace.path}. Next: trova import ARCHIVE -w {workspace.path}")


def _import(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        report = workspace.import_records(
            options.paths,
            catalog=options.catalog,
            event_class=options.event_class,
            columns=texts(options.columns) or None,
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
    with opened(options) as workspace:
        if options.classes:
            changed = workspace.set_event_type_classes(texts(options.classes))
            print(f"{changed} events have another class now; what was said before is in their history.")
        else:
            show(workspace.event_type_classes()[["event_type", "event_class"]], options.export)


def _records(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        show(
            workspace.records(), options.export, _OF_A_RECORD, "No record is here yet; take some in with: trova import"
        )


def _events(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        show(workspace.events(), options.export, _OF_AN_EVENT, "No event is here yet; take some in with: trova import")
