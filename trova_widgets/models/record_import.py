"""Records imported: files from the browser, with a catalogue of their events and the places of their stations."""

from pathlib import Path

from traitlets import Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.catalog_columns import CatalogColumnsModel
from trova_widgets.models.changing import changing
from trova_widgets.models.task import TaskModel


class RecordImportModel(TaskModel):
    """An import of uploaded files.

    Attributes
    ----------
    report : str
        What the last import did.
    columns : CatalogColumnsModel
        How the catalogue is understood, where it is a table.
    """

    report = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        self.columns = CatalogColumnsModel()
        super().__init__(application)

    def look_at_catalog(self, catalog: Path | None) -> None:
        """Show the columns of an uploaded catalogue, where it is a table."""
        self.columns.look_at(self.workspace, catalog)

    @changing
    def import_files(
        self, paths: list[Path], catalog: Path | None, event_class: str, stations: Path | None = None
    ) -> None:
        """Import uploaded files, with a catalogue or one class for all of them, and the places of their stations.

        A catalogue alone is matched with the records that are here; a table of quarries is kept, and tells which events
        lie near one.
        """
        self.report = ""
        if not paths and catalog is not None and self.workspace.is_quarry_table(catalog):
            self.do("Looking for quarries", lambda: self.workspace.set_quarries(catalog), self._imported)
            return
        if not paths and catalog is not None:
            self.do(
                "Matching",
                lambda: self.workspace.attach_catalog(catalog, columns=self.columns.columns, progress=self.watched),
                self._imported,
            )
            return
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

    def _imported(self, report: object) -> None:
        self.report = str(report)
        self.application.refresh()
