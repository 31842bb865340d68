"""Upkeep: is everything there and whole, mending what is not, carrying all of it elsewhere."""

from pathlib import Path

from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.doctor import CheckReport, Doctor
from trova_widgets.workspace.export import ExportReport, export_workspace
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.tasks.base import WorkspaceBase


class UpkeepTasks(WorkspaceBase):
    """What is done with a workspace as a whole."""

    def check(self, *, progress: Progress = progress_bar) -> CheckReport:
        """Look whether files and rows belong together, refer to what is there, and have the content they had.

        Parameters
        ----------
        progress : Progress
            Who watches.

        Returns
        -------
        CheckReport
            What is wrong, and what can be done about it; nothing is changed.
        """
        return self._doctor(mend=False).examine(progress)

    @changing
    def repair(self, *, progress: Progress = progress_bar) -> CheckReport:
        """Do what `check` does, and mend what can be mended; nothing that was stored is deleted.

        What does not belong is moved to the folder ``quarantine``: files as they are, rows as CSV.
        """
        return self._doctor(mend=True).examine(progress)

    def export(
        self, folder: str | Path, *, pictures: int | None = None, progress: Progress = progress_bar
    ) -> ExportReport:
        """Write the whole workspace into a folder, in formats that other tools read.

        Tables as Parquet and CSV, events as QuakeML, fingerprints as one-bit PNG, the files of waveforms, weights and
        statistics; ``README.txt`` says what is where. `import_records` of that folder gives the same workspace back.

        Parameters
        ----------
        folder : str or Path
            A new folder, or that of an earlier export, which is brought up to date.
        pictures : int, optional
            How many fingerprints are drawn at most; all, if left out. (The tables have all of them.)
        progress : Progress
            Who watches.

        Raises
        ------
        StoreError
            When the folder holds something else, or the disk is full.
        """
        return export_workspace(
            self.path,
            self._store,
            self._waveforms,
            self._runs,
            self._statistics,
            Path(folder).expanduser().resolve(),
            pictures=pictures,
            progress=progress,
        )

    def _doctor(self, *, mend: bool) -> Doctor:
        return Doctor(self.path, self._store, self._waveforms, self._runs, self._statistics, mend=mend)
