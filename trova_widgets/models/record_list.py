"""The list of records: filtered, sorted and cut into pages by the database, of which only the open page is read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import traitlets
from traitlets import Bool, Dict, HasTraits, Int, List, Unicode, observe

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.models.formatting import class_title
from trova_widgets.models.record_filters import FLAGS, RecordChoice
from trova_widgets.models.record_table import record_table, station_codes, table_row
from trova_widgets.records import EVENT_CLASSES
from trova_widgets.store import RecordFilter, RecordPage

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

SORTABLE = ("origin_time", "event_class", "station", "magnitude", "distance_km", "snr_db", "cutoff_hz")
#: Filters that hold a text; the station is the one that is not handed on as it is.
FILTERS = (
    "event_class",
    "station",
    "words",
    "flag",
    "least_snr",
    "least_magnitude",
    "most_magnitude",
    "most_distance",
)

_ROWS = 10
_ALWAYS_KNOWN = {"origin_time", "event_class", "station", "magnitude", "distance_km"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Choices:
    """What there is to choose from.

    Attributes
    ----------
    event_classes, parameters : frozenset of str
        The classes that events have, and what was ever measured on records.
    stations : DataFrame
        As of `Workspace.stations`.
    flagged : dict of str to int
        How many records have each flag.
    """

    event_classes: frozenset[str]
    parameters: frozenset[str]
    stations: pd.DataFrame
    flagged: dict[str, int]

    @classmethod
    def read(cls, workspace: "Workspace") -> "Choices":
        """Ask a workspace."""
        there = workspace.record_choices()
        return cls(
            event_classes=frozenset(there["event_classes"]),
            parameters=frozenset(there["parameters"]),
            stations=workspace.stations(),
            flagged=workspace.count_records({name: flag.bound for name, flag in FLAGS.items()}),
        )


class RecordListModel(HasTraits):
    """The open page of the list, and what decides which records are in it.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.

    Attributes
    ----------
    rows : list of dict
        The records on the open page, values as text.
    total, all_records, page_number, page_count : int
        How many records pass the filters, how many there are, and which page of how many is open (from 1).
    event_class, station, words, flag, least_snr, least_magnitude, most_magnitude, most_distance : str
        The filters, see `RecordChoice`; a station is named by seismic network and station, and an empty text lets
        everything through.
    filtered : bool
        Whether a filter holds anything back.
    searching : bool
        Whether the database is being asked.
    sort_by : str
        A column, with ``-`` before it for falling order.
    classes, stations, flags : list
        What can be filtered by, and which classes an analyst can give.
    distances_known : bool
        Whether both an event and a station have a place.
    list_problem : str
        What keeps the list from being read, as a sentence, or nothing.
    held_back : str
        The record that was to be shown in the list, and that the filters hold back; nothing where there is none.
    """

    application = traitlets.Instance(ApplicationModel)
    rows = List(Dict())
    total = Int(0)
    all_records = Int(0)
    page_number = Int(1)
    page_count = Int(1)
    event_class = Unicode("")
    station = Unicode("")
    words = Unicode("")
    flag = Unicode("")
    least_snr = Unicode("")
    least_magnitude = Unicode("")
    most_magnitude = Unicode("")
    most_distance = Unicode("")
    filtered = Bool(False)
    searching = Bool(False)
    sort_by = Unicode("-origin_time")
    classes = List(Dict())
    stations = List(Unicode())
    flags = List(Dict())
    distances_known = Bool(False)
    list_problem = Unicode("")
    held_back = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        super().__init__(application=application)
        self._latest, self._placing = LatestOnlyQueue(), LatestOnlyQueue()
        self._codes: dict[str, tuple[str, str]] = {}
        self._sortable: set[str] = set(_ALWAYS_KNOWN)

    def show(self, choices: Choices, placed_events: int) -> None:
        """Show what there is to choose from."""
        present = choices.event_classes
        known = sorted({*present, *EVENT_CLASSES.values()})
        self.classes = [{"value": slug, "title": class_title(slug), "present": slug in present} for slug in known]
        stations = choices.stations
        names = zip(stations["network"], stations["station"], strict=True)
        self._codes = dict(zip(station_codes(stations), names, strict=True))
        self.stations = sorted(self._codes)
        self.flags = [
            {"value": "sound", "title": "nothing wrong"},
            *({"value": name, "title": flag.title} for name, flag in FLAGS.items() if choices.flagged[name]),
        ]
        self.distances_known = bool(placed_events and stations["latitude"].notna().any())
        self.all_records = int(stations["record_count"].sum())
        self._sortable = _ALWAYS_KNOWN | choices.parameters

    def sort(self, column: str) -> None:
        """Sort by a column; once more, and the order turns."""
        if column in SORTABLE:
            self.sort_by = f"-{column}" if self.sort_by == column else column

    def clear_filters(self) -> None:
        """Let all records through; one that the filters held back is shown then."""
        held = self.held_back
        with self.hold_trait_notifications():
            for name in FILTERS:
                self.set_trait(name, "")
        if held:
            self.reveal(held)

    def reveal(self, record_id: str) -> None:
        """Open the page of the list on which a record stands."""
        self.held_back = ""
        if any(row["record_id"] == record_id for row in self.rows):
            return
        workspace, wanted, order = self.application.workspace, self.wanted(), self._order()

        def turn(place: int | None) -> None:
            if place is None:
                self.held_back = record_id if self.filtered else ""
            else:
                self.page_number = 1 + place // _ROWS

        self._placing.submit(lambda: workspace.record_place(record_id, wanted, **order), turn, self._say_problem)

    def wanted(self) -> RecordFilter:
        """Return which records the filters let through."""
        texts = {name: getattr(self, name) for name in FILTERS if name != "station"}
        # a station that is gone has no records
        station = self._codes.get(self.station, (self.station, "")) if self.station else None
        return RecordChoice(**texts, station=station).wanted()

    @observe(*FILTERS, "sort_by")
    def _filter(self, _: Any = None) -> None:
        self.held_back = ""
        self.filtered = any(getattr(self, name) for name in FILTERS)
        if self.page_number == 1:
            self.reload()
        else:
            self.page_number = 1

    @observe("page_number")
    def reload(self, _: Any = None) -> None:
        """Read the open page."""
        workspace: Workspace = self.application.workspace
        wanted, order = self.wanted(), self._order()
        first, self.searching = _ROWS * (self.page_number - 1), True

        def work() -> RecordPage:
            return workspace.record_page(wanted, **order, first=first, count=_ROWS)

        self._latest.submit(work, self._show, self._say_problem)

    def _order(self) -> dict[str, Any]:
        column = self.sort_by.removeprefix("-")
        # by what nobody ever measured there is no order
        known = column if column in self._sortable else "origin_time"
        return {"sort_by": known, "descending": self.sort_by.startswith("-")}

    def _show(self, page: RecordPage) -> None:
        self.searching, self.list_problem = False, ""
        self.total, self.page_count = page.total, max(1, -(-page.total // _ROWS))
        if self.page_number > self.page_count:
            self.page_number = self.page_count
            return
        self.rows = [table_row(row) for _, row in record_table(page.rows).iterrows()]

    def _say_problem(self, sentence: str) -> None:
        self.searching, self.list_problem = False, sentence
