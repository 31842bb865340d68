"""The one session of this process with a workspace's database, shared by all its stores, and kept alive."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import VISITOR, Connection
from trova_widgets.store.database import Database
from trova_widgets.store.hidden import Lease, asked_to_share, database_file, file_identity, stop_asking
from trova_widgets.store.sharing import connect

_PATIENCE_S = 10.0
_LISTENS_EVERY_S = 0.3
_HEARTBEAT_S = 5.0

_sessions: dict[tuple[Path, str, bool], "SharedSession"] = {}
# re-entrant, because a forgotten store may be collected while another one is made
_sessions_lock = threading.RLock()


class SharedSession:
    """The one session of this process with a workspace, used by all its stores, kept alive by a thread.

    One session for all, because a file that one store let go of would stay taken by another store of the process. The
    thread hears when another process asks for the file, and tells the owner that it is needed.

    Parameters
    ----------
    folder : Path
        The workspace.
    shared : bool
        Make sure that an owner process has the file.
    reading : bool
        For a visitor, who changes nothing.
    """

    def __init__(self, folder: Path, *, shared: bool, reading: bool = False) -> None:
        self.users = 0
        self._folder = folder
        self._lease = Lease(folder)
        self._over = threading.Event()
        self.database = Database(folder, self._connect, shared=shared, refusal=VISITOR if reading else "")
        self._heartbeat = threading.Thread(target=self._keep_alive, name="trova-store", daemon=True)
        self._heartbeat.start()

    def end(self) -> None:
        """Close the session and leave the owner."""
        self._over.set()
        self.database.close()
        if threading.current_thread() is not self._heartbeat:
            self._heartbeat.join()
        self._lease.end()

    def _connect(self, shared: bool, reading: bool) -> Connection:
        connection = connect(self._folder, shared=shared, patience_s=_PATIENCE_S, reading=reading)
        if not connection.embedded:
            self._lease.renew()
        return connection

    def _keep_alive(self) -> None:
        while not self._over.wait(_LISTENS_EVERY_S if self.database.embedded else _HEARTBEAT_S):
            if not self.database.embedded:
                self._lease.renew()
            elif asked_to_share(self._folder):
                stop_asking(self._folder)
                # where sharing is impossible the file stays here, and the process that asked says so
                with suppress(StoreError):
                    self.database.share()


def acquire(folder: Path, *, shared: bool, reading: bool = False) -> tuple[Database, Callable[[], None]]:
    """Return this process's session with a workspace, and what gives it back.

    Parameters
    ----------
    folder : Path
        The workspace; its database is there.
    shared : bool
        Make sure that an owner process has the file.
    reading : bool
        For a visitor, who changes nothing.

    Raises
    ------
    StoreError
        When the database is taken or cannot be opened.
    """
    key = folder.resolve(), file_identity(database_file(folder)), reading
    with _sessions_lock:
        session = _sessions.get(key)
        # a visitor's that has become an analyst's is not for the next visitor
        if session is None or bool(session.database.refusal) != reading:
            session = _sessions[key] = SharedSession(folder.resolve(), shared=shared, reading=reading)
        session.users += 1
    release = partial(_release, key, session)
    if shared:
        try:
            session.database.share()
        except StoreError:
            release()
            raise
    return session.database, release


def _release(key: tuple[Path, str, bool], session: SharedSession) -> None:
    with _sessions_lock:
        session.users -= 1
        if session.users:
            return
        if _sessions.get(key) is session:
            del _sessions[key]
    session.end()
