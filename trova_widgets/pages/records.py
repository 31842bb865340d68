"""The records page: table, map and seismogram, an analyst's labels, and an import from the browser."""

from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Bool, Dict, Int, List, Unicode, dlink, link

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.records import RecordsModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.catalog_columns import CatalogColumns
from trova_widgets.widgets.event_classes import MARKS, OTHER
from trova_widgets.widgets.event_map import EventMap
from trova_widgets.widgets.seismogram import Seismogram
from trova_widgets.widgets.upload import Upload

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

    rows = List(Dict()).tag(sync=True)
    total = Int().tag(sync=True)
    all_records = Int().tag(sync=True)
    page_number = Int(1).tag(sync=True)
    page_count = Int(1).tag(sync=True)
    event_class = Unicode().tag(sync=True)
    station = Unicode().tag(sync=True)
    words = Unicode().tag(sync=True)
    flag = Unicode().tag(sync=True)
    least_snr = Unicode().tag(sync=True)
    least_magnitude = Unicode().tag(sync=True)
    most_magnitude = Unicode().tag(sync=True)
    most_distance = Unicode().tag(sync=True)
    filtered = Bool().tag(sync=True)
    sort_by = Unicode().tag(sync=True)
    classes = List(Dict()).tag(sync=True)
    stations = List(Unicode()).tag(sync=True)
    flags = List(Dict()).tag(sync=True)
    distances_known = Bool().tag(sync=True)
    selected = Unicode().tag(sync=True)
    details = Dict().tag(sync=True)
    section = Bool().tag(sync=True)
    with_scalogram = Bool().tag(sync=True)
    report = Unicode().tag(sync=True)
    progress = Dict().tag(sync=True)
    busy = Unicode().tag(sync=True)
    problem = Unicode().tag(sync=True)
    read = Bool().tag(sync=True)
    marks = Dict().tag(sync=True)
    seismogram = traitlets.Any().tag(sync=True, **widget_serialization)
    event_map = traitlets.Any().tag(sync=True, **widget_serialization)
    waveform_upload = traitlets.Any().tag(sync=True, **widget_serialization)
    catalog_upload = traitlets.Any().tag(sync=True, **widget_serialization)
    station_upload = traitlets.Any().tag(sync=True, **widget_serialization)
    catalog_columns = traitlets.Any().tag(sync=True, **widget_serialization)
    uploaded = Int(0).tag(sync=True)

    def __init__(self, model: RecordsModel) -> None:
        self._waveforms = Upload(label="Seismograms")
        self._catalog = Upload(label="Catalogue of events", accept=".xml,.quakeml,.csv,.txt", multiple=False)
        self._stations = Upload(label="Stations (StationXML)", accept=".xml,.txt", multiple=False)
        seismogram = Seismogram(model.seismogram, 210)
        link((model, "scalogram"), (seismogram, "scalogram"))
        dlink((model, "selected"), (seismogram, "selected"))
        seismogram.observe(lambda change: model.select(change["new"]), "selected")
        super().__init__(
            model,
            marks={slug: list(mark) for slug, mark in {**MARKS, "": OTHER}.items()},
            seismogram=seismogram,
            event_map=EventMap(model.map),
            waveform_upload=self._waveforms,
            catalog_upload=self._catalog,
            station_upload=self._stations,
            catalog_columns=CatalogColumns(model.columns),
        )
        self._waveforms.observe(lambda change: self.set_trait("uploaded", len(change["new"])), "paths")
        self._catalog.observe(lambda change: model.look_at_catalog(next(iter(change["new"]), None)), "paths")
        model.observe(self._imported, "report")

    def vue_select(self, record_id: str) -> None:
        """Show a record."""
        self.model.select(record_id)

    def vue_sort(self, column: str) -> None:
        """Sort the table."""
        self.model.sort(column)

    def vue_relabel(self, event_class: str) -> None:
        """Give the event a class."""
        self.model.relabel(event_class)

    def vue_open(self, place: list[str]) -> None:
        """Go to another page."""
        self.model.application.open(*place)

    def vue_import_files(self, event_class: str | None) -> None:
        """Take the uploaded files in."""
        catalog, stations = (next(iter(upload.paths), None) for upload in (self._catalog, self._stations))
        self.model.import_files(self._waveforms.paths, catalog, event_class or "", stations)

    def vue_clear_filters(self, _: Any = None) -> None:
        """Let all records through."""
        self.model.clear_filters()

    def _imported(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self._waveforms.clear()
            self._catalog.clear()
            self._stations.clear()


def records_page(workspace: "Workspace", application: ApplicationModel) -> RecordsPage:
    """Return the records page of a workspace."""
    return RecordsPage(RecordsModel(application))
