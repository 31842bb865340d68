"""Who in this process uses which database, and what this process owes to the others on the same workspace."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.database import Database
from trova_widgets.store.hidden import Lease, asked_to_share, database_file, file_identity, stop_asking
from trova_widgets.store.sharing import connect

_PATIENCE_S = 10.0
_LISTENS_EVERY_S = 0.3
_HEARTBEAT_S = 5.0

_tenancies: dict[tuple[Path, str], "Tenancy"] = {}
# re-entrant, because a forgotten store may be collected while another one is made
_tenancies_lock = threading.RLock()


class Tenancy:
    """The one session of this process with a workspace, used by all its stores, attended by a thread.

    One session for all, because a file that one store let go of would stay taken by another store of the process. The
    thread hears when another process asks for the file, and tells the owner that it is needed.

    Parameters
    ----------
    folder : Path
        The workspace.
    shared : bool
        Make sure that an owner process has the file.
    """

    def __init__(self, folder: Path, *, shared: bool) -> None:
        self.users = 0
        self._folder = folder
        self._lease = Lease(folder)
        self._over = threading.Event()
        self.database = Database(folder, self._connect, shared=shared)
        self._attendant = threading.Thread(target=self._attend, name="trova-store", daemon=True)
        self._attendant.start()

    def end(self) -> None:
        """Close the session and leave the owner."""
        self._over.set()
        self.database.close()
        if threading.current_thread() is not self._attendant:
            self._attendant.join()
        self._lease.end()

    def _connect(self, shared: bool) -> Connection:
        connection = connect(self._folder, shared=shared, patience_s=_PATIENCE_S)
        if not connection.embedded:
            self._lease.renew()
        return connection

    def _attend(self) -> None:
        while not self._over.wait(_LISTENS_EVERY_S if self.database.embedded else _HEARTBEAT_S):
            if not self.database.embedded:
                self._lease.renew()
            elif asked_to_share(self._folder):
                stop_asking(self._folder)
                # where sharing is impossible the file stays here, and the process that asked says so
                with suppress(StoreError):
                    self.database.share()


def acquire(folder: Path, *, shared: bool) -> tuple[Database, Callable[[], None]]:
    """Return this process's session with a workspace, and what gives it back.

    Parameters
    ----------
    folder : Path
        The workspace; its database is there.
    shared : bool
        Make sure that an owner process has the file.

    Raises
    ------
    StoreError
        When the database is taken or cannot be opened.
    """
    key = folder.resolve(), file_identity(database_file(folder))
    with _tenancies_lock:
        tenancy = _tenancies.get(key) or Tenancy(folder.resolve(), shared=shared)
        _tenancies[key] = tenancy
        tenancy.users += 1
    release = partial(_release, key, tenancy)
    if shared:
        try:
            tenancy.database.share()
        except StoreError:
            release()
            raise
    return tenancy.database, release


def _release(key: tuple[Path, str], tenancy: Tenancy) -> None:
    with _tenancies_lock:
        tenancy.users -= 1
        if tenancy.users:
            return
        del _tenancies[key]
    tenancy.end()
