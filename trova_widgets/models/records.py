"""The records of a study: a table to filter and sort, one of them in detail, its event's class, and importing more."""

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from traitlets import Bool, Dict, Int, List, Unicode, observe

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import in_background
from trova_widgets.models.catalog_columns import CatalogColumnsModel
from trova_widgets.models.event_map import EventMapModel
from trova_widgets.models.event_section import section_rows, section_traces, trace_of
from trova_widgets.models.page import PageModel
from trova_widgets.models.record_scalogram import record_scalogram
from trova_widgets.models.record_table import (
    FLAGS,
    SORTABLE,
    RecordChoice,
    facts,
    flag_words,
    record_table,
    table_row,
)
from trova_widgets.models.seismogram import SeismogramModel, Trace
from trova_widgets.models.words import class_title, moment
from trova_widgets.records import EVENT_CLASSES

_ROWS = 10
_FILTERS = (
    "event_class",
    "station",
    "words",
    "flag",
    "least_snr",
    "least_magnitude",
    "most_magnitude",
    "most_distance",
)


class RecordsModel(PageModel):
    """The state and the actions of the records page.

    Attributes
    ----------
    rows : list of dict
        The records on the open page of the table, values as text.
    total, page_number, page_count : int
        How many records pass the filters, and which page of them is open (from 1).
    event_class, station, words, flag, least_snr, least_magnitude, most_magnitude, most_distance : str
        The filters, see `RecordChoice`; an empty text lets everything through.
    filtered : bool
        Whether a filter holds anything back.
    sort_by : str
        A column, with ``-`` before it for falling order.
    classes, stations, flags : list
        What can be filtered by, and which classes an analyst can give.
    distances_known : bool
        Whether the place of any station is known.
    selected : str
        The record that is shown below.
    details : dict
        What is known of it: ``title``, ``facts`` (pairs of texts), ``flags``, ``event_id``, ``event_class``, ``labels``
        (the latest first: ``title``, ``author``, ``time``, ``comment``, ``event_class``).
    section : bool
        Whether all stations of its event are shown under each other.
    with_scalogram : bool
        Whether the scalogram of the record is shown under it.
    scalogram : dict
        See `record_scalogram`; empty where it is not wanted.
    report : str
        What the last import did.
    """

    slug = "records"

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
    sort_by = Unicode("-origin_time")
    classes = List(Dict())
    stations = List(Unicode())
    flags = List(Dict())
    distances_known = Bool(False)
    selected = Unicode("")
    details = Dict()
    section = Bool(False)
    with_scalogram = Bool(False)
    scalogram = Dict()
    report = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        self.seismogram = SeismogramModel()
        self.map = EventMapModel()
        self.columns = CatalogColumnsModel()
        self._records = pd.DataFrame()
        super().__init__(application)
        self.map.observe(self._pick_event, "selected")
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read the records and events again."""
        in_background(self._read, self._show, self._say_problem)

    def sort(self, column: str) -> None:
        """Sort by a column; once more, and the order turns."""
        if column in SORTABLE:
            self.sort_by = f"-{column}" if self.sort_by == column else column

    def clear_filters(self) -> None:
        """Let all records through."""
        with self.hold_trait_notifications():
            for name in _FILTERS:
                self.set_trait(name, "")

    def select(self, record_id: str) -> None:
        """Show a record in detail."""
        if record_id == self.selected or self._records.empty:
            return
        row = self._row(record_id)
        if row is None:
            self.application.tell(f"No record {record_id} is in this workspace.")
            return
        self.selected, self.problem = record_id, ""
        if self.application.page == self.slug:
            self.application.subject = record_id
        self.map.selected = row["event_id"] if isinstance(row["event_id"], str) else ""
        self._draw()
        self._tell_details(row)

    def relabel(self, event_class: str) -> None:
        """Say, as an analyst, which class the event of the shown record is of; what was said before is kept."""
        event_id = self.details.get("event_id")
        if event_id and event_class and event_class != self.details.get("event_class"):
            self.do(
                "Keeping the label",
                lambda: self.workspace.label(event_id, event_class, comment="on the records page"),
                lambda _: self._relabelled(event_id, event_class),
            )

    def look_at_catalog(self, catalog: Path | None) -> None:
        """Show the columns of an uploaded catalogue, where it is a table."""
        if catalog is None:
            self.columns.show(None)
        else:
            # any other catalogue needs no columns, and one that cannot be read says so when it is taken in
            in_background(
                lambda: self.workspace.catalog_columns(catalog), self.columns.show, lambda _: self.columns.show(None)
            )

    def import_files(
        self, paths: list[Path], catalog: Path | None, event_class: str, stations: Path | None = None
    ) -> None:
        """Take in uploaded files, with a catalogue or one class for all of them, and the places of their stations."""
        self.report = ""
        self.do(
            "Importing",
            lambda: self.workspace.import_records(
                paths,
                catalog=catalog,
                event_class=event_class or None,
                columns=self.columns.columns if catalog is not None else None,
                stations=stations,
                progress=self.watched,
            ),
            self._imported,
        )

    @observe(*_FILTERS, "sort_by")
    def _filter(self, _: Any = None) -> None:
        self.page_number = 1
        self._tabulate()

    @observe("page_number")
    def _tabulate(self, _: Any = None) -> None:
        choice = RecordChoice(**{name: getattr(self, name) for name in _FILTERS})
        self.filtered = choice != RecordChoice()
        if self._records.empty:
            self.rows, self.total, self.page_count = [], 0, 1
            return
        found = self._records[choice.mask(self._records)]
        column = {"station": "code"}.get(name := self.sort_by.removeprefix("-"), name)
        found = found.sort_values(column, ascending=not self.sort_by.startswith("-"), kind="stable", na_position="last")
        self.total = len(found)
        self.page_count = max(1, -(-len(found) // _ROWS))
        start = _ROWS * (min(self.page_number, self.page_count) - 1)
        self.rows = [table_row(row) for _, row in found.iloc[start : start + _ROWS].iterrows()]

    def _read(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        records, events = self.workspace.records(), self.workspace.events()
        return record_table(records, events), events

    def _show(self, found: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        self._records, events = found
        present = set(self._records["event_class"].dropna())
        known = sorted({*present, *EVENT_CLASSES.values()})
        self.classes = [{"value": slug, "title": class_title(slug), "present": slug in present} for slug in known]
        self.stations = sorted(self._records["code"].unique())
        flagged = {name for flags in self._records["flags"] for name in flags}
        self.flags = [
            {"value": "sound", "title": "nothing wrong"},
            *({"value": name, "title": flag.title} for name, flag in FLAGS.items() if name in flagged),
        ]
        self.distances_known = bool(self._records["distance_km"].notna().any())
        self.all_records = len(self._records)
        self.map.show(events, self._records)
        self._tabulate()
        self.read = True
        self._follow_address()
        if not self.selected and self.rows:
            self.select(self.rows[0]["record_id"])

    @observe("section")
    def _draw(self, _: Any = None) -> None:
        """Read what is to be drawn of the selected record, in the background."""
        record_id, row = self.selected, self._row(self.selected)
        if row is None:
            return
        read, is_section = self.workspace.waveform, self.section and isinstance(row["event_id"], str)
        zero = "the origin" if is_section else "the start of the record"
        rows = section_rows(self._records, record_id) if is_section else None

        def work() -> list[Trace]:
            return [trace_of(row, read(record_id))] if rows is None else section_traces(rows, read)

        def show(traces: list[Trace]) -> None:
            if record_id == self.selected:
                self.seismogram.show(traces, zero)

        in_background(work, show, self._say_problem)
        self._draw_scalogram()

    @observe("with_scalogram")
    def _draw_scalogram(self, _: Any = None) -> None:
        record_id = self.selected
        self.scalogram = {}
        if not self.with_scalogram or self.section or not record_id:
            return

        def work() -> dict[str, Any]:
            waveform = self.workspace.waveform(record_id)
            return record_scalogram(waveform.samples, waveform.sampling_rate_hz, self.workspace.recipe())

        def show(made: dict[str, Any]) -> None:
            if record_id == self.selected and self.with_scalogram:
                self.scalogram = made

        in_background(work, show, self._say_problem)

    def _tell_details(self, row: pd.Series) -> None:
        event_id = row["event_id"] if isinstance(row["event_id"], str) else ""
        self.details = {
            "title": f"{row['code']} {row['channel']}",
            "facts": facts(row),
            "flags": flag_words(row),
            "event_id": event_id,
            "event_class": row["event_class"] if isinstance(row["event_class"], str) else "",
            "labels": [],
        }
        if event_id:
            self._read_labels(event_id)

    def _read_labels(self, event_id: str) -> None:
        in_background(lambda: self.workspace.labels(event_id), partial(self._show_labels, event_id), self._say_problem)

    def _show_labels(self, event_id: str, labels: pd.DataFrame) -> None:
        if event_id != self.details.get("event_id"):
            return
        said = [
            {
                "event_class": row.event_class,
                "title": class_title(row.event_class),
                "author": row.author,
                "time": moment(row.made_at),
                "comment": row.comment,
            }
            for row in labels.itertuples(index=False)
        ]
        # an archive that was imported in pieces says the same several times over
        once = [label for place, label in enumerate(said) if not place or _differs(label, said[place - 1])]
        self.details = {**self.details, "labels": once[::-1]}

    def _relabelled(self, event_id: str, event_class: str) -> None:
        self.application.tell(f"{event_id.rpartition('/')[2]} is now a {class_title(event_class).lower()}.")
        self.details = {**self.details, "event_class": event_class}
        self._read_labels(event_id)
        self.application.refresh()

    def _imported(self, report: object) -> None:
        self.report = str(report)
        self.application.refresh()

    def _pick_event(self, _: Any = None) -> None:
        if self._records.empty or not self.map.selected:
            return
        row = self._row(self.selected)
        if row is None or row["event_id"] != self.map.selected:
            of_event = self._records.loc[self._records["event_id"] == self.map.selected, "record_id"]
            if of_event.empty:
                self.application.tell(f"The event {self.map.selected.rpartition('/')[2]} has no record.")
            else:
                self.select(str(of_event.iloc[0]))

    def _row(self, record_id: str) -> pd.Series | None:
        if self._records.empty:
            return None
        found = self._records[self._records["record_id"] == record_id]
        return None if found.empty else found.iloc[0]

    def _follow_address(self) -> None:
        if self.application.page == self.slug and self.application.subject:
            self.select(self.application.subject)

    def _say_problem(self, sentence: str) -> None:
        self.problem = sentence


def _differs(label: dict[str, str], before: dict[str, str]) -> bool:
    """Tell whether a label says something else than the one before it."""
    return any(label[name] != before[name] for name in ("event_class", "author", "comment"))
