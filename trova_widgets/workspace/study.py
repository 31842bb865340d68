"""The composition root: a workspace is all its tasks over one folder."""

from pathlib import Path
from types import TracebackType
from typing import Self

from trova_widgets.fingerprinting import recipe_named
from trova_widgets.networks import network_types
from trova_widgets.store import Store
from trova_widgets.workspace.catalogue import catalogue_tables
from trova_widgets.workspace.shown import shown
from trova_widgets.workspace.tasks.cards import CardTasks
from trova_widgets.workspace.tasks.clock import ClockTasks
from trova_widgets.workspace.tasks.explaining import ExplainingTasks
from trova_widgets.workspace.tasks.handles import HandleTasks
from trova_widgets.workspace.tasks.listing import ListingTasks
from trova_widgets.workspace.tasks.quarries import QuarryTasks
from trova_widgets.workspace.tasks.records import RecordTasks
from trova_widgets.workspace.tasks.reviewing import ReviewTasks
from trova_widgets.workspace.tasks.seeking import SeekTasks
from trova_widgets.workspace.tasks.upkeep import UpkeepTasks


class Workspace(
    RecordTasks,
    QuarryTasks,
    ClockTasks,
    ListingTasks,
    HandleTasks,
    SeekTasks,
    CardTasks,
    ExplainingTasks,
    ReviewTasks,
    UpkeepTasks,
):
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
    def create(cls, path: str | Path, recipe: str | None = None) -> Self:
        """Make an empty workspace.

        Parameters
        ----------
        path : str or Path
            A folder that holds no workspace yet; it is made where it is missing.
        recipe : str, optional
            The name of the recipe that its fingerprints are made by until another one is used: ``article``, or, if left
            out, ``signed``, by which networks tell classes best.

        Raises
        ------
        RecipeError
            When there is no recipe of that name.
        StoreError
            When there is a workspace already.
        """
        first = None if recipe is None else recipe_named(recipe)
        folder = Path(path).expanduser().resolve()
        workspace = cls(folder, Store.create(folder))
        workspace._keep_catalogue()
        if first is not None:
            workspace.use_recipe(first)
        return workspace

    @classmethod
    def open(cls, path: str | Path, *, shared: bool = False, visitor: bool = False) -> Self:
        """Open a workspace.

        Parameters
        ----------
        path : str or Path
            Its folder.
        shared : bool
            Share its database with other processes from the start; without it this process has the file for itself
            until another one asks.
        visitor : bool
            Only look: whatever would change something is refused, here and by the process that owns the database,
            until `admit`.

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
        workspace = cls(folder, Store.open(folder, shared=shared, reading=visitor))
        workspace._keep_catalogue()
        return workspace

    @classmethod
    def demo(cls, path: str | Path) -> Self:
        """Open the demonstration workspace, making it (or what is missing of it) first."""
        from trova_widgets.workspace.demonstration import prepare

        folder = Path(path).expanduser().resolve()
        workspace = cls.open(folder) if (folder / "trova.duckdb").exists() else cls.create(folder)
        prepare(workspace)
        return workspace

    def _keep_catalogue(self) -> None:
        """Write the catalogue of networks where it is another one than this version has."""
        if not self.read_only:
            self._store.keep_catalogue(**catalogue_tables(network_types()))

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r})"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: what is here, and how far its experiments are."""
        counts = ", ".join(f"{count:,} {name}" for name, count in self.counts().items())
        totals = self.experiment_totals().drop(columns=["race"])
        datasets = self.datasets()[["name", "classes", "record_count", "event_count"]]
        networks = self.networks()[["name", "network_type", "architecture"]]
        listed = (("Experiments", totals), ("Data sets", datasets), ("Networks", networks))
        return shown(
            f"Workspace {self.path.name}",
            [f"{counts}.", "Only for looking: nothing can be changed." if self.read_only else ""],
            *((caption, table.set_index("name")) for caption, table in listed if len(table)),
        )

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
        """Whether nothing may be changed: a copy, of a folder or database that may only be read, or a visitor's."""
        return self._store.read_only

    @property
    def for_a_visitor(self) -> bool:
        """Whether it was opened for a visitor, whom nobody has admitted since."""
        return self._store.for_a_visitor

    def admit(self, name: str) -> None:
        """Let a visitor change things from now on, under a name that labels and remarks are signed with."""
        self._store.allow_writing()
        self._author = name

    @property
    def holder(self) -> str:
        """Which process has the database when this is a copy because of it, ``"process 4711"``; empty otherwise."""
        return self._store.holder

    @property
    def read_only_reason(self) -> str:
        """Why this is a copy for reading where its folder is why, a sentence with the way out; empty otherwise."""
        return self._store.read_only_reason
