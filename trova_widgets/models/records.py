"""The records of a study: the list of them, one of them in detail, its event's class, and taking in more."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from traitlets import Bool, Dict, Unicode, link, observe

from trova_widgets.errors import StoreError
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.models.changing import changing
from trova_widgets.models.clock import ClockModel
from trova_widgets.models.event_map import MOST_POINTS, EventMapModel
from trova_widgets.models.event_section import section_rows, section_traces, trace_of
from trova_widgets.models.event_types import EventTypesModel
from trova_widgets.models.fetching import FetchModel
from trova_widgets.models.formatting import class_title
from trova_widgets.models.label_history import label_history
from trova_widgets.models.page import PageModel
from trova_widgets.models.record_import import RecordImportModel
from trova_widgets.models.record_list import FILTERS, Choices, RecordListModel
from trova_widgets.models.record_scalogram import record_scalogram
from trova_widgets.models.record_table import facts, flag_words, record_table
from trova_widgets.models.seismogram import SeismogramModel, Trace
from trova_widgets.store import PlacedEvents, RecordFilter

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


@dataclass(frozen=True, kw_only=True, eq=False)
class Closely:
    """A record looked at closely.

    Attributes
    ----------
    record_id : str
        The record.
    near : DataFrame
        It and the other records of its event by start time, as of `record_table`.
    labels : DataFrame
        The history of its event's class.
    """

    record_id: str
    near: pd.DataFrame
    labels: pd.DataFrame

    @property
    def row(self) -> pd.Series:
        """The record itself."""
        return self.near[self.near["record_id"] == self.record_id].iloc[0]

    @classmethod
    def read(cls, workspace: "Workspace", record_id: str) -> "Closely | None":
        """Read a record; None where there is none."""
        rows = workspace.record(record_id)
        if rows.empty:
            return None
        event_id = rows["event_id"].iloc[0]
        if isinstance(event_id, str):
            return cls.of_event(workspace, event_id, record_id)
        return cls(record_id=record_id, near=record_table(rows), labels=pd.DataFrame())

    @classmethod
    def of_event(cls, workspace: "Workspace", event_id: str, record_id: str | None = None) -> "Closely | None":
        """Read a record of an event, the first one where none is named; None where there is none."""
        rows = workspace.record_page(
            RecordFilter(event_id=event_id), sort_by="start_time", descending=False, count=None
        ).rows
        if rows.empty:
            return None
        chosen = record_id or str(rows["record_id"].iloc[0])
        return cls(record_id=chosen, near=record_table(rows), labels=workspace.labels(event_id))


class RecordsModel(PageModel):
    """The state and the actions of the records page.

    Attributes
    ----------
    table : RecordListModel
        The list of records, with its filters.
    map : EventMapModel
        Where the events were, and where the stations stand.
    clock : ClockModel
        When the events were that pass the filters, in the part of the map that is looked at.
    seismogram : SeismogramModel
        What is drawn of the selected record.
    record_import : RecordImportModel
        An import from the browser.
    fetching : FetchModel
        A fetch from a data centre.
    types : EventTypesModel
        The class of each event type.
    selected : str
        The record that is shown below.
    details : dict
        What is known of it: ``title``, ``facts`` (pairs of texts), ``flags``, ``event_id``, ``event_class``, ``labels``
        (see `label_history`).
    section : bool
        Whether all stations of its event are shown under each other.
    with_scalogram : bool
        Whether the scalogram of the record is shown under it.
    scalogram : dict
        See `record_scalogram`; empty where it is not wanted.
    clock_opened : bool
        Whether the picture of the clock is wanted.
    """

    slug = "records"
    remembered = ("section", "with_scalogram", "clock_opened")

    selected = Unicode("")
    details = Dict()
    section = Bool(False)
    with_scalogram = Bool(False)
    scalogram = Dict()
    clock_opened = Bool(False)

    def __init__(self, application: ApplicationModel) -> None:
        self.table = RecordListModel(application)
        self.map = EventMapModel()
        self.clock = ClockModel(application)
        self.seismogram = SeismogramModel()
        self.record_import = RecordImportModel(application)
        self.fetching = FetchModel(application)
        self.types = EventTypesModel(application)
        self._seen: Closely | None = None
        # the record that was asked for last, or the event
        self._wanted = ""
        self._looking, self._looking_again, self._drawing, self._imaging = (LatestOnlyQueue() for _ in range(4))
        super().__init__(application)
        self.map.observe(self._pick_event, "selected")
        self.table.observe(self._show_first, "rows")
        self.table.observe(self._ask_clock, list(FILTERS))
        self.map.observe(self._follow_map, "view")
        link((self, "clock_opened"), (self.clock, "opened"))
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()
        self._show_first()

    def refresh(self) -> None:
        """Read again what there is, and what is shown of it."""
        self.table.reload()
        self._reading.submit(self._read, self._show, self._say_problem)

    def select(self, record_id: str) -> None:
        """Show a record in detail."""
        if record_id and record_id != self._wanted:
            self._wanted = record_id
            self._looking.submit(
                lambda: Closely.read(self.workspace, record_id),
                lambda seen: self._look(seen, f"No record {record_id} is in this workspace."),
                self._not_seen,
            )

    @changing
    def relabel(self, event_class: str, event_id: str | None = None) -> None:
        """Say, as an analyst, which class an event is of; what was said before is kept.

        Parameters
        ----------
        event_class : str
            The class.
        event_id : str, optional
            The event; that of the shown record where none is named.
        """
        shown = self.details.get("event_id")
        event_id = event_id or shown
        is_said = event_id == shown and event_class == self.details.get("event_class")
        if event_id and event_class and not is_said:
            self.do(
                "Keeping the label",
                lambda: self.workspace.label(event_id, event_class, comment="on the records page"),
                lambda _: self._relabelled(event_id, event_class),
            )

    def _read(self) -> tuple[Choices, PlacedEvents, "pd.DataFrame | str"]:
        quarries: pd.DataFrame | str
        try:
            quarries = self.workspace.quarries()
        except StoreError as error:
            # what somebody made of that file is no reason to show nothing else
            quarries = str(error)
        return Choices.read(self.workspace), self.workspace.placed_events(MOST_POINTS), quarries

    def _show(self, found: tuple[Choices, PlacedEvents, "pd.DataFrame | str"]) -> None:
        choices, events, quarries = found
        self.table.show(choices, len(events.rows))
        if isinstance(quarries, str):
            self.map.show(events, choices.stations)
            self.map.note = f"{self.map.note} {quarries}".strip()
        else:
            self.map.show(events, choices.stations, quarries)
        self._ask_clock()
        self.read = True
        if self._wanted != self.selected:
            # another record was picked meanwhile, and the address still names the one before
            return
        self._follow_address()
        if self.selected:
            self._look_again()

    def _ask_clock(self, _: Any = None) -> None:
        self.clock.ask(self.table.wanted() if self.table.filtered else None, self.map.part)

    def _follow_map(self, _: Any) -> None:
        if self.map.part != self.clock.part:
            self._ask_clock()

    def _show_first(self, _: Any = None) -> None:
        if not self._wanted and self.table.rows:
            self.select(self.table.rows[0]["record_id"])

    def _look(self, seen: Closely | None, otherwise: str) -> None:
        """Show what was read of a record, or say why there is nothing."""
        if seen is None:
            self._wanted = self.selected
            self.application.notify(otherwise)
            if self.application.page == self.slug:
                self.application.subject = self.selected
            self._show_first()
            return
        self._seen, self.problem = seen, ""
        if seen.record_id != self.selected:
            self.table.reveal(seen.record_id)
        self._wanted = self.selected = seen.record_id
        if self.application.page == self.slug:
            self.application.subject = seen.record_id
        self._tell_details()
        self._draw()

    def _look_again(self) -> None:
        """Read the shown record again: its event may have got another class, or another record."""
        record_id = self.selected

        def show(seen: Closely | None) -> None:
            if seen is not None and self.selected == record_id:
                self._seen = seen
                self._tell_details()

        self._looking_again.submit(lambda: Closely.read(self.workspace, record_id), show, self._say_problem)

    def _tell_details(self) -> None:
        if self._seen is None:
            return
        row, near = self._seen.row, self._seen.near
        event_id = row["event_id"] if isinstance(row["event_id"], str) else ""
        # where another one was asked for meanwhile, the map shows that one already
        if self._wanted == self.selected:
            self.map.pick(event_id, near["code"])
        self.details = {
            "title": f"{row['code']} {row['channel']}",
            "facts": facts(row),
            "flags": flag_words(row),
            "event_id": event_id,
            "event_class": row["event_class"] if isinstance(row["event_class"], str) else "",
            "labels": label_history(self._seen.labels),
        }

    @observe("section")
    def _draw(self, _: Any = None) -> None:
        """Read what is to be drawn of the selected record, in the background."""
        if self._seen is None:
            return
        row, read = self._seen.row, self.workspace.waveform
        is_section = self.section and isinstance(row["event_id"], str)
        zero = "the origin" if is_section else "the start of the record"
        rows = section_rows(self._seen.near, row["record_id"]) if is_section else None

        def work() -> list[Trace]:
            return [trace_of(row, read(row["record_id"]))] if rows is None else section_traces(rows, read)

        self._drawing.submit(work, lambda traces: self.seismogram.show(traces, zero), self._say_problem)
        self._draw_scalogram()

    @observe("with_scalogram")
    def _draw_scalogram(self, _: Any = None) -> None:
        record_id = self.selected
        self.scalogram = {}
        wanted = self.with_scalogram and not self.section and record_id

        def work() -> dict[str, Any]:
            if not wanted:
                return {}
            waveform = self.workspace.waveform(record_id)
            return record_scalogram(waveform.samples, waveform.sampling_rate_hz, self.workspace.recipe())

        self._imaging.submit(work, lambda made: self.set_trait("scalogram", made), self._say_problem)

    def _relabelled(self, event_id: str, event_class: str) -> None:
        self.application.notify(f"{event_id.rpartition('/')[2]} has the class {class_title(event_class).lower()} now.")
        self.application.refresh()

    def _pick_event(self, _: Any = None) -> None:
        event_id = self.map.selected
        seen = self._seen
        is_shown = seen is not None and seen.row["event_id"] == event_id and self._wanted == self.selected
        if not event_id or is_shown:
            return
        self._wanted = event_id
        self._looking.submit(
            lambda: Closely.of_event(self.workspace, event_id),
            lambda found: self._look(found, f"The event {event_id.rpartition('/')[2]} has no record."),
            self._not_seen,
        )

    def _follow_address(self) -> None:
        if self.application.page == self.slug and self.application.subject:
            self.select(self.application.subject)

    def _not_seen(self, sentence: str) -> None:
        # it can be asked for again
        self._wanted = self.selected
        self._say_problem(sentence)

    def _say_problem(self, sentence: str) -> None:
        self.problem = sentence
