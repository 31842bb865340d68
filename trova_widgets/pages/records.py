"""The records page: table, map and seismogram, an analyst's labels, and how more records are taken in."""

from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Dict, dlink

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.records import RecordsModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.clock import ClockPanel
from trova_widgets.widgets.event_classes import MARKS
from trova_widgets.widgets.event_map import EventMap
from trova_widgets.widgets.event_type_editor import EventTypeEditor
from trova_widgets.widgets.record_fetch import RecordFetch
from trova_widgets.widgets.record_import import RecordImport
from trova_widgets.widgets.seismogram import Seismogram
from trova_widgets.widgets.view import Part

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class RecordsPage(Page[RecordsModel]):
    """The records page, bound to its model.

    Parameters
    ----------
    model : RecordsModel
        Its state.
    """

    template_file = (__file__, "records.vue")
    hidden = frozenset({"scalogram", "clock_opened"})

    marks = Dict().tag(sync=True)
    seismogram = traitlets.Any().tag(sync=True, **widget_serialization)
    clock = traitlets.Any().tag(sync=True, **widget_serialization)
    event_map = traitlets.Any().tag(sync=True, **widget_serialization)
    record_import = traitlets.Any().tag(sync=True, **widget_serialization)
    record_fetch = traitlets.Any().tag(sync=True, **widget_serialization)
    event_types = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: RecordsModel) -> None:
        seismogram = Seismogram(model.seismogram, 210, Part(model, ("scalogram",)))
        dlink((model, "selected"), (seismogram, "selected"))
        seismogram.observe(lambda change: model.select(change["new"]), "selected")
        super().__init__(
            model,
            model.table,
            marks=MARKS,
            seismogram=seismogram,
            event_map=EventMap(model.map),
            clock=ClockPanel(model.clock),
            record_import=RecordImport(model.record_import, model.table),
            record_fetch=RecordFetch(model.fetching),
            event_types=EventTypeEditor(model.types),
        )

    def vue_select(self, record_id: str) -> None:
        """Show a record."""
        self.model.select(record_id)

    def vue_sort(self, column: str) -> None:
        """Sort the table."""
        self.model.table.sort(column)

    def vue_relabel(self, label: list[str]) -> None:
        """Give an event a class: the class, and the event."""
        self.model.relabel(*label)

    def vue_look_at(self, what: str) -> None:
        """Read what a panel shows, when it is opened."""
        if what == "centre":
            self.model.fetching.look()
        elif what == "types":
            self.model.types.look()

    def vue_clear_filters(self, _: Any = None) -> None:
        """Let all records through."""
        self.model.table.clear_filters()


def records_page(workspace: "Workspace", application: ApplicationModel) -> RecordsPage:
    """Return the records page of a workspace."""
    return RecordsPage(RecordsModel(application))
