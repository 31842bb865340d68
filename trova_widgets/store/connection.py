"""The two ways to the database, behind the same few methods: the file itself, or the owner that shares it.

The owner is reached through Quack, DuckDB's own protocol. Everything goes through the attached database's
``query``: one remote session, where filters, transactions, UPDATE and DELETE work as in the file. It binds no
parameters, so they travel as typed literals.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb.func import FunctionNullHandling

from trova_widgets.disk import no_room
from trova_widgets.errors import RefusedValueError, StoreError
from trova_widgets.store.literals import check_parameter, literal, render
from trova_widgets.store.reading_only import Guard, only_reads

if TYPE_CHECKING:
    import pandas as pd

_EXTENSIONS = ("httpfs", "quack")
_OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# Of the two HTTP clients only this one lets go of the proxy that the environment names, which must never see what
# stays on this machine; and a statement that was sent again could be done twice.
_LOOPBACK_ONLY = """SET httpfs_client_implementation = 'httplib'; SET http_proxy = ''; SET http_retries = 0"""
_LOST = ("Failed to send message", "Could not connect", "Authentication failed", "has been invalidated")
# Every insert lets a row that is there be, so a duplicate key is one that another transaction has just committed.
_CONFLICT = ("Conflict on", "write-write conflict", "Transaction conflict", "Failed to commit", "Duplicate key")


READ_ONLY = (
    "This is a read-only copy of the workspace, because another process has the database and cannot share it; end that "
    "process, then open the workspace again."
)
"""What is said to who wants to change a copy."""

VISITOR = (
    "You look at this workspace as a visitor, and a visitor changes nothing; ask for an analyst's address, which "
    "'trova access add' makes."
)
"""What is said to a visitor who wants to change something."""


class ConnectionLost(StoreError):
    """The owner cannot be reached, or the database has to be opened again."""


class WriteConflict(StoreError):
    """Another process wrote the same rows at the same time; the transaction can be run again."""


class FileTaken(StoreError):
    """Another process has the database file; the message names it where the system tells.

    Parameters
    ----------
    message : str
        The sentence.
    holder : str
        The process that has it, in words.
    """

    def __init__(self, message: str, holder: str = "another process") -> None:
        super().__init__(message)
        self.holder = holder


class SharingImpossible(StoreError):
    """The extension by which processes share a database cannot be loaded here; the message says why.

    Parameters
    ----------
    message : str
        The sentence.
    holder : str
        The process that has the database, in words; empty where none has it.
    """

    def __init__(self, message: str, holder: str = "") -> None:
        super().__init__(message)
        self.holder = holder


class Connection(ABC):
    """One session with a database; not to be used by two threads at once."""

    #: Whether the database file is open in this process.
    embedded: bool
    #: Whether nothing may be changed through it.
    reading: bool = False

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        rows = self.rows(sql, parameters)
        return int(rows[0][0]) if rows and rows[0] and isinstance(rows[0][0], int) else 0

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows as tuples."""
        self._check(sql)
        with _plain_errors():
            return self._run(sql, parameters).fetchall()

    def batches(self, sql: str, parameters: Sequence[object] = (), size: int = 500) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query and yield its rows, so many at a time."""
        self._check(sql)
        with _plain_errors():
            answer = self._run(sql, parameters)
            while rows := answer.fetchmany(size):
                yield rows

    def query(self, sql: str, parameters: Sequence[object] = ()) -> "pd.DataFrame":
        """Run a query and return its rows as a table."""
        self._check(sql)
        with _plain_errors():
            return self._run(sql, parameters).df()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what happens within, or nothing of it when an error leaves the block."""
        self.execute("BEGIN TRANSACTION")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    @abstractmethod
    def close(self) -> None:
        """End the session; committed rows stay, an open transaction is undone."""

    @abstractmethod
    def _run(self, sql: str, parameters: Sequence[object]) -> duckdb.DuckDBPyConnection:
        """Run a statement; its result waits in what is returned."""

    def _check(self, sql: str) -> None:
        if self.reading and not only_reads(sql):
            raise StoreError(VISITOR)

    def _roll_back(self) -> None:
        # a lost session, or a commit that failed, has no transaction left to undo
        with suppress(StoreError):
            self.execute("ROLLBACK")


class EmbeddedConnection(Connection):
    """The database file, opened by this process.

    Parameters
    ----------
    path : Path
        The file; it is made where there is none.
    read_only : bool
        Open it for reading alone.

    Raises
    ------
    FileTaken
        When another process has the file.
    StoreError
        When the file is no database or cannot be read.
    """

    embedded = True

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        try:
            self._session = duckdb.connect(str(path), read_only=read_only, config=dict(_OFFLINE))
        except duckdb.Error as error:
            raise _opening_error(path, str(error)) from None
        self._session.execute("SET enable_progress_bar = false")

    def close(self) -> None:
        """Write what is only in the log into the file, and let go of it."""
        self._session.close()

    def serve(self, port: int, token: str, reading_token: str) -> None:
        """Share the database on the loopback with whoever knows one of two secrets.

        Parameters
        ----------
        port : int
            Where to listen on 127.0.0.1.
        token, reading_token : str
            The secrets of those who may change it, and of those who may read it.

        Raises
        ------
        StoreError
            When the Quack extension cannot be loaded or the port is taken.
        """
        load_quack(self._session)
        with _plain_errors():
            self._set_guard(Guard(token, reading_token))
            self._session.execute(f"CALL quack_serve('quack:127.0.0.1:{port}', token = ?)", [token])

    def stop_serving(self, port: int) -> None:
        """Turn clients away."""
        with _plain_errors():
            self._session.execute(f"CALL quack_stop('quack:127.0.0.1:{port}')")

    def _set_guard(self, guard: Guard) -> None:
        for name, function in (("authenticate", guard.authenticate), ("authorize", guard.authorize)):
            # what is None is for the functions to judge, not for the database
            self._session.create_function(
                f"trova_{name}", function, null_handling=FunctionNullHandling.SPECIAL, side_effects=True
            )
        self._session.execute(
            "SET GLOBAL quack_authentication_function = 'trova_authenticate';"
            "SET GLOBAL quack_authorization_function = 'trova_authorize'"
        )

    def _run(self, sql: str, parameters: Sequence[object]) -> duckdb.DuckDBPyConnection:
        return self._session.execute(sql, [check_parameter(value) for value in parameters])


class RemoteConnection(Connection):
    """A session with the owner process that has the file.

    Parameters
    ----------
    port : int
        Where the owner listens on 127.0.0.1.
    token : str
        One of the owner's secrets.
    reading : bool
        Whether it is the secret of those who may only read.

    Raises
    ------
    ConnectionLost
        When no owner answers there, or not to this token.
    StoreError
        When the Quack extension cannot be loaded.
    """

    embedded = False

    def __init__(self, port: int, token: str, *, reading: bool = False) -> None:
        self.reading = reading
        # the files come with our own wheels, and to look at their signatures takes far longer than to load them; the
        # owner, which is sent statements, does look
        unsigned = {"allow_unsigned_extensions": "true"}
        self._session = duckdb.connect(":memory:", config={**_OFFLINE, **unsigned})
        # first of all, because on a busy machine even loading takes long enough for a bar
        self._session.execute("SET enable_progress_bar = false")
        load_quack(self._session)
        self._session.execute(_LOOPBACK_ONLY)
        with _plain_errors():
            self._session.execute(render(f"ATTACH 'quack:127.0.0.1:{port}' AS owner (TYPE quack, TOKEN ?)", [token]))

    def close(self) -> None:
        """Leave the owner; it goes on for the others."""
        self._session.close()

    def _run(self, sql: str, parameters: Sequence[object]) -> duckdb.DuckDBPyConnection:
        return self._session.execute("FROM owner.query(?)", [render(sql, parameters)])


def load_quack(session: duckdb.DuckDBPyConnection) -> None:
    """Load DuckDB's client-server protocol from the installed wheels; nothing is fetched, nothing copied.

    Raises
    ------
    SharingImpossible
        When the wheels are missing or were made for another version of DuckDB.
    """
    for name in _EXTENSIONS:
        try:
            session.execute(f"LOAD {literal(str(_extension_file(name)))}")
        except (duckdb.Error, ImportError) as error:
            raise SharingImpossible(
                f"The DuckDB extension {name!r}, which shares a workspace between processes, cannot be loaded "
                f"({_first_line(error)}); install duckdb-extension-{name}=={duckdb.__version__}, or read a copy "
                "with Store.open_snapshot."
            ) from None


def check_quack() -> None:
    """Try whether a workspace can be shared here.

    Raises
    ------
    SharingImpossible
        When the Quack extension cannot be loaded.
    """
    with duckdb.connect(":memory:", config=dict(_OFFLINE)) as session:
        load_quack(session)


def _extension_file(name: str) -> Path:
    found = find_spec(f"duckdb_extension_{name}")
    if found is None or found.origin is None:
        raise ImportError(f"the package duckdb-extension-{name} is not installed")
    return Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Say an error of the database in a sentence, and tell apart those after which one can go on."""
    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        # first of all, because a commit that finds no room calls itself a failed commit
        if "No space left" in message:
            raise StoreError(f"The disk is full: {_first_line(error)}; make room, then do it again.") from None
        if any(sign in message for sign in _LOST):
            raise ConnectionLost(f"The workspace's database cannot be reached: {_first_line(error)}.") from None
        if any(sign in message for sign in _CONFLICT):
            raise WriteConflict(f"Another process is writing the same rows: {_first_line(error)}.") from None
        if "Authorization failed" in message:
            raise StoreError(VISITOR) from None
        if "read-only mode" in message:
            raise StoreError(READ_ONLY) from None
        raise RefusedValueError(
            f"The workspace's database refused this: {_first_line(error)}. Nothing of the step was stored."
        ) from None


def _opening_error(path: Path, message: str) -> StoreError:
    if "Could not set lock" in message or "being used by another process" in message:
        holder = re.search(r"PID (\d+)", message)
        who = f"process {holder[1]}" if holder else "another process"
        return FileTaken(f"{path} is open in {who}.", who)
    if "not a valid DuckDB database" in message:
        return StoreError(f"{path} is not a workspace's database; restore it from a backup.")
    if "checksum" in message:
        return StoreError(
            f"{path} is damaged: {message.splitlines()[0]}; put a backup in its place, of your own or from "
            f"{path.parent / '.trova' / 'backups'}."
        )
    full = no_room(path.parent)
    if full or "No space left" in message:
        full = full or f"The disk of {path.parent} is full; make room, then do it again."
        return StoreError(f"{path} cannot be opened. {full}")
    return StoreError(f"{path} cannot be opened: {message.splitlines()[0]}.")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
