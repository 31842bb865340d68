"""The store: all tables of a workspace, behind one object."""

import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Self

from trova_widgets.disk import may_be_written
from trova_widgets.errors import StoreError, TrovaWarning
from trova_widgets.store.annotations import AnnotationTables
from trova_widgets.store.checking import CheckTables
from trova_widgets.store.connection import READ_ONLY, VISITOR, Connection, FileTaken, SharingImpossible
from trova_widgets.store.database import Database
from trova_widgets.store.datasets import DatasetTables
from trova_widgets.store.events import EventTables
from trova_widgets.store.experiments import ExperimentTables
from trova_widgets.store.fingerprints import FingerprintTables
from trova_widgets.store.handles import HandleTables
from trova_widgets.store.hidden import database_file
from trova_widgets.store.networks import NetworkTables
from trova_widgets.store.opening import new_copy_folder, open_copy, open_file
from trova_widgets.store.overview import RecordOverview
from trova_widgets.store.record_batches import RecordBatchTables
from trova_widgets.store.records import RecordTables
from trova_widgets.store.revisions import RevisionTables
from trova_widgets.store.schema import check_version
from trova_widgets.store.searches import SearchTables
from trova_widgets.store.shared_session import acquire
from trova_widgets.store.transfer import TransferTables
from trova_widgets.store.trials import TrialTables


class Store(
    EventTables,
    RecordTables,
    RecordOverview,
    RecordBatchTables,
    FingerprintTables,
    DatasetTables,
    NetworkTables,
    ExperimentTables,
    SearchTables,
    TrialTables,
    HandleTables,
    AnnotationTables,
    CheckTables,
    TransferTables,
    RevisionTables,
):
    """A workspace's tables, whether its database file is open in this process or in another one.

    Made by `create`, `open` or `open_snapshot`; a context manager that closes it. Threads may share it. What a method
    adds is stored whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder) / "study") as store:
    ...     store.annotate("experiment 1", "a first look", "me")
    ...     store.annotations("experiment 1")["text"].tolist()
    ['a first look']
    """

    #: The process that keeps this one from the database and has made it read a copy, in words; empty where none does.
    holder: str = ""
    #: Why this is a copy for reading, a sentence with its way out; empty where it is none, or another process is why.
    read_only_reason: str = ""

    def __init__(self, database: Database, release: Callable[[], object]) -> None:
        super().__init__(database)
        # also when it is forgotten, or at the end of the process
        self._release = weakref.finalize(self, release)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make the database of a new workspace and open it.

        Parameters
        ----------
        path : Path
            The workspace's folder, made where there is none.

        Raises
        ------
        StoreError
            When the folder has a database already, or cannot be written to.
        """
        path = Path(path)
        file = database_file(path)
        if file.exists():
            raise StoreError(f"{path} is a workspace already; open it instead.")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path} cannot be made a workspace: {error.strerror}; choose another folder.") from None
        try:
            open_file(path).close()
        except FileTaken:
            # another process makes one here at this very moment
            raise
        except BaseException:
            # a disk that was full leaves the beginning of a database, which would stand in the way of the next try
            for part in (file, file.with_name(file.name + ".wal")):
                part.unlink(missing_ok=True)
            raise
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, shared: bool = False, reading: bool = False) -> Self:
        """Open the database of a workspace.

        Parameters
        ----------
        path : Path
            The workspace's folder.
        shared : bool
            Have an owner process open the file, started where there is none, and be its client. By default the file
            is opened here when it is free; when another process has it, that one is asked to share it.
        reading : bool
            For a visitor: whatever would change something is refused, here and by the owner, until `allow_writing`.

        Returns
        -------
        Store
            Where the extension for sharing cannot be had, one of this process alone when the file is free, and a copy
            for reading when it is taken; a copy for reading as well where the folder or its disk may only be read. A
            `TrovaWarning` then says so.

        Raises
        ------
        StoreError
            When there is no database, when another process has it and does not share it within ten seconds, or when
            it cannot be opened.
        """
        path = Path(path)
        _must_be_workspace(path)
        if not may_be_written(path, database_file(path), path / ".trova"):
            return cls._open_for_looking(path)
        try:
            return cls(*acquire(path, shared=shared, reading=reading))
        except OSError as error:
            raise StoreError(
                f"{path} cannot be opened: {error.strerror or error}; make room there, or take the right to write."
            ) from None
        except SharingImpossible as error:
            reason = error
        if shared:
            try:
                alone = cls(*acquire(path, shared=False, reading=reading))
            except SharingImpossible as error:
                reason = error
            else:
                warnings.warn(f"{reason} This process has the workspace alone.", TrovaWarning, stacklevel=2)
                return alone
        warnings.warn(f"{reason} What follows is read from a copy, made now.", TrovaWarning, stacklevel=2)
        copy = cls.open_snapshot(path)
        copy.holder = reason.holder
        return copy

    @classmethod
    def _open_for_looking(cls, path: Path) -> Self:
        reason = (
            f"{path} may only be read: its disk is read-only, or it is somebody else's. Copy it to a folder of your "
            "own to change it."
        )
        warnings.warn(f"{reason} What follows is read from a copy, made now.", TrovaWarning, stacklevel=3)
        copy = cls.open_snapshot(path)
        copy.read_only_reason = reason
        return copy

    @classmethod
    def open_snapshot(cls, path: Path) -> Self:
        """Open a copy of a workspace's database for reading, as it is on the disk now.

        For when another process has the file and cannot share it: it needs no owner and waits for nobody, but does
        not see what is written later, and writes nothing. Windows lets nobody read a file that a process has open for
        writing, so there it is for when nobody has it.

        Raises
        ------
        StoreError
            When there is no database, or it changes too often to be copied.
        """
        path = Path(path)
        _must_be_workspace(path)
        folder = new_copy_folder()

        def connect(shared: bool, _: bool) -> Connection:
            if shared:
                raise StoreError(f"A copy of {path} cannot be shared; open the workspace itself.")
            return open_copy(path, Path(folder.name))

        def release() -> None:
            database.close()
            folder.cleanup()

        try:
            database = Database(path, connect, refusal=READ_ONLY)
        except BaseException:
            folder.cleanup()
            raise
        return cls(database, release)

    @staticmethod
    def check_version(version: int, name: str) -> None:
        """Refuse tables that a newer program has written.

        Raises
        ------
        StoreError
            When the version is beyond what this program knows.
        """
        check_version(version, name)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed: this is a copy, blind to later changes, or a visitor's."""
        return bool(self._database.refusal)

    @property
    def for_a_visitor(self) -> bool:
        """Whether it was opened for reading, and `allow_writing` would change that."""
        return self._database.refusal == VISITOR

    @property
    def is_shared(self) -> bool:
        """Whether a process of its own has the database, for this one and others."""
        return not self._database.embedded

    def allow_writing(self) -> None:
        """Let a visitor's store change things from now on; its session with the owner is begun anew."""
        if self.for_a_visitor:
            self._database.allow_writing()

    def must_write(self) -> None:
        """Refuse at once what could not be kept in the end, before files are touched or others are asked.

        Raises
        ------
        StoreError
            When this is a copy, or a visitor's.
        """
        if self.read_only:
            raise StoreError(self.read_only_reason or self._database.refusal)

    @property
    def shared(self) -> bool:
        """Whether an owner process has the file, and this store is one of its clients."""
        return not self._database.embedded

    def share(self) -> None:
        """Let an owner process have the file, and go on as its client; nothing happens when one has it already.

        Raises
        ------
        StoreError
            When no owner can be started; the file is then open here as before.
        """
        self._database.share()

    def close(self) -> None:
        """End the session; the file is let go of when the last store of the process on it is closed."""
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _must_be_workspace(path: Path) -> None:
    if not database_file(path).exists():
        raise StoreError(
            f"{path} is no workspace: it has no {database_file(path).name}; check the path, or make one with: "
            f"trova init {path}"
        )
