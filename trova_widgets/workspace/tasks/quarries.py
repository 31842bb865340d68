"""Known quarries: kept with the workspace, and looked for near its events."""

from pathlib import Path

import pandas as pd

from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.quarries import is_quarry_table, read_quarries
from trova_widgets.records.files.reading import content_of
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.quarries import QuarryFile, QuarryReport, near_quarries, quarry_frame, quarry_report
from trova_widgets.workspace.tasks.base import WorkspaceBase


class QuarryTasks(WorkspaceBase):
    """What is done with quarries and mines that are known."""

    @changing
    def set_quarries(self, table: str | Path, *, radius_km: float | None = None) -> QuarryReport:
        """Keep a table of known quarries with the workspace, in place of the one that is there.

        Parameters
        ----------
        table : path
            SEISAN's ``quarry.dat``, or a CSV with the columns ``name``, ``latitude``, ``longitude`` and perhaps
            ``radius_km``. It is kept as ``quarries.csv`` and may be edited there.
        radius_km : float, optional
            How far from a quarry an event may lie, in place of what the table says.

        Returns
        -------
        QuarryReport
            How many events lie near a quarry, and what they are called.

        Raises
        ------
        RecordError
            When the table cannot be read.
        """
        try:
            read = read_quarries(Path(table), radius_km)
        except OSError as error:
            raise RecordError(
                f"The table {table} cannot be opened: {error.strerror or error}; give the path of a file that you may "
                f"read."
            ) from error
        QuarryFile(self.path).keep(read.quarries)
        events = self._store.events()
        return quarry_report(events, read.quarries, near_quarries(events, read.quarries), read.problems)

    def quarries(self) -> pd.DataFrame:
        """Return the quarries that are known.

        Returns
        -------
        DataFrame
            Columns ``name``, ``latitude``, ``longitude`` [degrees], ``radius_km``.
        """
        return quarry_frame(QuarryFile(self.path).quarries())

    def near_quarries(self, radius_km: float | None = None) -> pd.DataFrame:
        """Return the events that lie near a known quarry: candidates for a class of blasts, or wrongly called.

        Parameters
        ----------
        radius_km : float, optional
            How near, in place of each quarry's own radius.

        Returns
        -------
        DataFrame
            A row an event, with ``quarry`` (the nearest) and ``quarry_km``; see `workspace.quarries.near_quarries`.
        """
        return near_quarries(self._store.events(), QuarryFile(self.path).quarries(), radius_km)

    @staticmethod
    def is_quarry_table(path: str | Path) -> bool:
        """Tell whether a file is a table of quarries, and no catalogue of events."""
        try:
            return is_quarry_table(content_of(Path(path)))
        except (OSError, RecordError):
            return False
