"""Files from the browser taken in: seismograms, the catalogue of their events, the places of their stations."""

from typing import Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Int

from trova_widgets.models.record_import import RecordImportModel
from trova_widgets.models.record_list import RecordListModel
from trova_widgets.widgets.catalog_columns import CatalogColumns
from trova_widgets.widgets.task_status import TaskStatus
from trova_widgets.widgets.upload import Upload
from trova_widgets.widgets.view import Part, View


class RecordImport(View[RecordImportModel]):
    """The fields of an import and its report.

    Parameters
    ----------
    model : RecordImportModel
        The import.
    table : RecordListModel
        It knows the classes.
    """

    template_file = (__file__, "record_import.vue")

    uploaded = Int(0).tag(sync=True)
    catalogs = Int(0).tag(sync=True)
    waveform_upload = traitlets.Any().tag(sync=True, **widget_serialization)
    catalog_upload = traitlets.Any().tag(sync=True, **widget_serialization)
    station_upload = traitlets.Any().tag(sync=True, **widget_serialization)
    catalog_columns = traitlets.Any().tag(sync=True, **widget_serialization)
    status = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: RecordImportModel, table: RecordListModel) -> None:
        self._waveforms = Upload(label="Seismograms")
        self._catalog = Upload(label="Catalogue of events", accept=".xml,.quakeml,.csv,.txt,.dat,.out", multiple=False)
        self._stations = Upload(label="Stations (StationXML)", accept=".xml,.txt", multiple=False)
        self._waiting: str | None = None
        super().__init__(
            model,
            Part(table, ("classes",)),
            waveform_upload=self._waveforms,
            catalog_upload=self._catalog,
            station_upload=self._stations,
            catalog_columns=CatalogColumns(model.columns),
            status=TaskStatus(model),
        )
        self._waveforms.observe(lambda change: self.set_trait("uploaded", len(change["new"])), "paths")
        self._catalog.observe(lambda change: self.set_trait("catalogs", len(change["new"])), "paths")
        self._catalog.observe(lambda change: model.look_at_catalog(next(iter(change["new"]), None)), "paths")
        for upload in self._uploads:
            upload.observe(self._import_what_waits, "arriving")
        model.observe(self._imported, "report")

    @property
    def _uploads(self) -> tuple[Upload, Upload, Upload]:
        return self._waveforms, self._catalog, self._stations

    def vue_import_files(self, event_class: str | None) -> None:
        """Take the chosen files in, as soon as all of them have arrived."""
        self._waiting = event_class or ""
        self._import_what_waits()

    def _import_what_waits(self, _: Any = None) -> None:
        if self._waiting is None or any(upload.arriving for upload in self._uploads):
            return
        event_class, self._waiting = self._waiting, None
        if any(upload.lost for upload in self._uploads):
            return
        catalog, stations = (next(iter(upload.paths), None) for upload in (self._catalog, self._stations))
        self.model.import_files(self._waveforms.paths, catalog, event_class, stations)

    def _imported(self, change: dict[str, Any]) -> None:
        if change["new"]:
            for upload in self._uploads:
                upload.clear()
