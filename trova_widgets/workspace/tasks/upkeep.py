"""Upkeep: is everything there and whole, mending what is not, carrying all of it elsewhere."""

from trova_widgets.workspace.doctor import CheckReport, Doctor
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.tasks.ground import Ground


class UpkeepTasks(Ground):
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

    def repair(self, *, progress: Progress = progress_bar) -> CheckReport:
        """Do what `check` does, and mend what can be mended; nothing that was stored is deleted.

        What does not belong is moved to the folder ``quarantine``: files as they are, rows as CSV.
        """
        return self._doctor(mend=True).examine(progress)

    def _doctor(self, *, mend: bool) -> Doctor:
        return Doctor(self.path, self._store, self._waveforms, self._runs, mend=mend)
