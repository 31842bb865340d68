"""A session with a workspace's database that goes on when others write, or when its owner changes."""

import logging
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection, ConnectionLost, WriteConflict, check_quack
from trova_widgets.store.unwritten import Unwritten

if TYPE_CHECKING:
    import pandas as pd

Result = TypeVar("Result")

_PATIENCE_S = 10.0
_log = logging.getLogger(__name__)


class Database:
    """A session with a workspace's database that survives conflicts, its owner's death and a hand-over.

    Parameters
    ----------
    folder : Path
        The workspace.
    connect : callable
        Given whether an owner process must have the file, and whether it is for reading, returns a session.
    shared : bool
        Make sure that an owner process has the file.
    refusal : str
        Why nothing can be changed, where it is a copy or a visitor's; empty where it is neither.
    """

    def __init__(
        self,
        folder: Path,
        connect: Callable[[bool, bool], Connection],
        *,
        shared: bool = False,
        refusal: str = "",
    ) -> None:
        self.folder = folder
        self.refusal = refusal
        self._unwritten: Unwritten[int] = Unwritten(folder)
        self._connect = connect
        self._shared = shared
        self._lock = threading.RLock()
        self._closed = False
        self._connection: Connection | None = None
        self._connected()

    @property
    def embedded(self) -> bool:
        """Whether the file is open in this process."""
        return self._connection is not None and self._connection.embedded

    def query(self, sql: str, *parameters: object) -> "pd.DataFrame":
        """Return the answer to a query as a table."""
        return self.run(lambda connection: connection.query(sql, parameters))

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return the answer to a query as tuples."""
        return self.run(lambda connection: connection.rows(sql, parameters))

    def changes(self) -> int:
        """Return how many changes were noted; without a question where nothing was written since the last one.

        The process that has the database is spared, of which many may ask each second.
        """
        if self._closed:
            self._connected()
        return self._unwritten.ask(lambda: int(self.rows("SELECT count(*) FROM change")[0][0]))

    def write(self, subject: str, work: Callable[[Connection], Result]) -> Result:
        """Do work in a transaction, and note the change for those who watch.

        Parameters
        ----------
        subject : str
            What is changed, such as ``"trials"``.
        work : callable
            Given the connection; done again from its start after a conflict or when the owner was lost, so it
            must not mind when it has been done already.

        Returns
        -------
        object
            What the work returned.

        Raises
        ------
        StoreError
            When the work fails; then nothing of it is stored.
        """

        def in_transaction(connection: Connection) -> Result:
            with connection.transaction():
                result = work(connection)
                connection.execute("INSERT INTO change VALUES (make_timestamp_ns(?), ?)", (time.time_ns(), subject))
            return result

        return self.run(in_transaction)

    def run(self, action: Callable[[Connection], Result]) -> Result:
        """Do something with the connection, alone, and once more when that may help.

        Raises
        ------
        StoreError
            When it fails, or when trying again has not helped for ten seconds.
        """
        deadline: float | None = None
        lost = False
        with self._lock:
            while True:
                try:
                    result = action(self._connected())
                except (ConnectionLost, WriteConflict) as error:
                    if isinstance(error, ConnectionLost):
                        lost = True
                        self._drop()
                    deadline = deadline or time.monotonic() + _PATIENCE_S
                    if time.monotonic() > deadline:
                        raise
                else:
                    if lost:
                        _log.warning(
                            "The process that had the database has ended, and another one has it now; nothing that was "
                            "stored is lost."
                        )
                    return result
                time.sleep(random.uniform(0.001, 0.02))

    def share(self) -> None:
        """Let an owner process have the file, and go on as its client.

        Raises
        ------
        StoreError
            When no owner can be started; the file is then open here as before.
        """
        with self._lock:
            if not self._connected().embedded:
                return
            check_quack()
            self._drop()
            try:
                self._connection = self._connect(True, bool(self.refusal))
            except StoreError:
                self._connection = self._connect(False, bool(self.refusal))
                raise
            self._shared = True

    def allow_writing(self) -> None:
        """Begin the session anew as one that may change things; what is being read meanwhile is read to its end."""
        with self._lock:
            self.refusal = ""
            self._drop()

    def close(self) -> None:
        """End the session."""
        with self._lock:
            self._closed = True
            self._drop()

    def _connected(self) -> Connection:
        if self._closed:
            raise StoreError(f"The workspace {self.folder} was closed; open it again.")
        if self._connection is None:
            self._connection = self._connect(self._shared, bool(self.refusal))
            self._shared = self._shared or not self._connection.embedded
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
