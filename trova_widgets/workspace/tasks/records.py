"""Records and events: taken in, listed, labelled, corrected."""

import getpass
import time
from pathlib import Path

import pandas as pd

from trova_widgets.records import Waveform
from trova_widgets.store import LabelRow, ParameterRow, RecordFilter, RecordPage
from trova_widgets.workspace import intake
from trova_widgets.workspace.paths import Paths, list_of_paths
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.tasks.ground import Ground


class RecordTasks(Ground):
    """What is done with records and events."""

    def import_records(
        self,
        paths: Paths,
        catalog: str | Path | None = None,
        event_class: str | None = None,
        *,
        progress: Progress = progress_bar,
    ) -> intake.ImportReport:
        """Take in seismograms with their events; what is there already is left alone.

        Parameters
        ----------
        paths : path or paths
            Files, folders (searched through) or archives.
        catalog : path, optional
            Events: QuakeML, CSV, or a bulletin.
        event_class : str, optional
            The class of every record that no catalogue tells it for.
        progress : Progress
            Who watches.

        Returns
        -------
        ImportReport
            What came in, and what was left out and why.
        """
        return intake.import_records(
            self._store,
            self._waveforms,
            list_of_paths(paths),
            catalog=None if catalog is None else Path(catalog),
            event_class=event_class,
            author=getpass.getuser(),
            progress=progress,
        )

    def records(self, where: RecordFilter | None = None) -> pd.DataFrame:
        """Return a row a record, with its event, its class and the parameters that were found or set.

        Parameters
        ----------
        where : RecordFilter, optional
            Which ones, for instance ``RecordFilter(event_class="earthquake", least={"snr_db": 3.0})``; all by default.
        """
        return self._store.records(where)

    def record_page(
        self,
        where: RecordFilter | None = None,
        *,
        sort_by: str = "origin_time",
        descending: bool = True,
        first: int = 0,
        count: int = 10,
    ) -> RecordPage:
        """Return a page of the list of records with their events, and how long the list is; see `Store.record_page`.

        The database filters, sorts and cuts: of a hundred thousand records only the page is read.
        """
        return self._store.record_page(where, sort_by=sort_by, descending=descending, first=first, count=count)

    def record_choices(self) -> dict[str, list[str]]:
        """Return what records can be filtered by: ``stations``, ``channels`` and ``event_classes`` that are there."""
        return self._store.record_choices()

    def events(self) -> pd.DataFrame:
        """Return a row an event, with its origin, its magnitude and its class."""
        return self._store.events()

    def waveform(self, record_id: str) -> Waveform:
        """Read the seismogram of a record."""
        row = self._record(record_id)
        return self._waveforms.waveform(row["file_name"], int(row["trace_index"]))

    def label(self, event_id: str, event_class: str, *, author: str | None = None, comment: str = "") -> None:
        """Say which class an event is of; what was said before stays in its history."""
        row = LabelRow(
            event_id=event_id,
            event_class=event_class,
            author=author or getpass.getuser(),
            made_at_ns=time.time_ns(),
            comment=comment,
        )
        self._store.add_labels([row])

    def labels(self, event_id: str | None = None) -> pd.DataFrame:
        """Return who said which class and when, of one event or of all."""
        return self._store.labels(event_id)

    def set_parameter(self, record_id: str, name: str, value: float, *, author: str | None = None) -> None:
        """Overrule a parameter of a record, for instance ``cutoff_hz``; what was found stays in its history."""
        row = ParameterRow(
            record_id=record_id,
            name=name,
            value=float(value),
            source="analyst",
            author=author or getpass.getuser(),
            made_at_ns=time.time_ns(),
        )
        self._store.add_parameters([row])

    def parameters(self, record_id: str) -> pd.DataFrame:
        """Return the history of what was found in a record and of what analysts set, the oldest first."""
        return self._store.parameters(record_id)

    def annotate(self, subject: str, text: str, *, author: str | None = None) -> None:
        """Leave a remark on an event, a record, an experiment or a trial."""
        self._store.annotate(subject, text, author or getpass.getuser())

    def annotations(self, subject: str) -> pd.DataFrame:
        """Return the remarks on something."""
        return self._store.annotations(subject)
