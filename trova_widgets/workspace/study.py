"""The composition root: a workspace is all its tasks over one folder."""

from pathlib import Path
from types import TracebackType
from typing import Self

from trova_widgets.networks import network_types
from trova_widgets.store import Store
from trova_widgets.workspace.catalogue import catalogue_tables
from trova_widgets.workspace.tasks.experiments import ExperimentTasks
from trova_widgets.workspace.tasks.fingerprints import FingerprintTasks
from trova_widgets.workspace.tasks.listing import ListingTasks
from trova_widgets.workspace.tasks.networks import NetworkTasks
from trova_widgets.workspace.tasks.records import RecordTasks
from trova_widgets.workspace.tasks.results import ResultTasks
from trova_widgets.workspace.tasks.upkeep import UpkeepTasks


class Workspace(RecordTasks, ListingTasks, FingerprintTasks, NetworkTasks, ExperimentTasks, ResultTasks, UpkeepTasks):
    """One study in one folder: records, fingerprints, data sets, networks, experiments.

    Make one with `create`, come back to it with `open`; several processes may have the same one open.

    Attributes
    ----------
    path : Path
        The folder: ``trova.duckdb``, ``waveforms/``, ``weights/``, and ``statistics/`` where a recipe was fitted.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Workspace.create(f"{folder}/study") as workspace:
    ...     len(workspace.records())
    0
    """

    @classmethod
    def create(cls, path: str | Path) -> Self:
        """Make an empty workspace.

        Parameters
        ----------
        path : str or Path
            A folder that holds no workspace yet; it is made where it is missing.

        Raises
        ------
        StoreError
            When there is a workspace already.
        """
        folder = Path(path).expanduser().resolve()
        workspace = cls(folder, Store.create(folder))
        workspace._store.replace_catalogue(**catalogue_tables(network_types()))
        return workspace

    @classmethod
    def open(cls, path: str | Path, *, shared: bool = False) -> Self:
        """Open a workspace.

        Parameters
        ----------
        path : str or Path
            Its folder.
        shared : bool
            Share its database with other processes from the start; without it this process has the file for itself
            until another one asks.

        Returns
        -------
        Workspace
            Where databases cannot be shared between processes and another one has this one, a copy for reading
            (`read_only`); a `TrovaWarning` says so.

        Raises
        ------
        StoreError
            When there is no workspace, or its database cannot be had.
        """
        folder = Path(path).expanduser().resolve()
        return cls(folder, Store.open(folder, shared=shared))

    @classmethod
    def demo(cls, path: str | Path) -> Self:
        """Open the demonstration workspace, making it (or what is missing of it) first."""
        from trova_widgets.workspace.demonstration import prepare

        folder = Path(path).expanduser().resolve()
        workspace = cls.open(folder) if (folder / "trova.duckdb").exists() else cls.create(folder)
        prepare(workspace)
        return workspace

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r})"

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        """Whether this is a copy for reading: another process has the database, and it cannot be shared here."""
        return self._store.read_only

    @property
    def holder(self) -> str:
        """Which process has the database when this is a copy because of it, ``"process 4711"``; empty otherwise."""
        return self._store.holder

    def revision(self) -> int:
        """Return a number that grows with every change of the database: cheap enough to be asked for each second."""
        return self._store.revision()

    def counts(self) -> dict[str, int]:
        """Return how much of everything there is: events, records, fingerprints, data sets, networks, experiments."""
        return self._store.counts()
