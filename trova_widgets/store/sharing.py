"""How a process comes to a workspace's database: by its owner, by opening the file, or by asking for it."""

import sys
import time
from pathlib import Path

from trova_widgets.disk import no_room
from trova_widgets.errors import StoreError
from trova_widgets.processes import DetachedProcess
from trova_widgets.store.connection import (
    Connection,
    ConnectionLost,
    FileTaken,
    RemoteConnection,
    SharingImpossible,
    check_quack,
)
from trova_widgets.store.hidden import (
    ask_to_share,
    database_file,
    forget_owner,
    hidden_folder,
    read_owner,
    stop_asking,
)
from trova_widgets.store.opening import open_file
from trova_widgets.store.schema import check_version, newest_version, schema_version

#: How an owner process ends when another process has the file.
TAKEN = 3

_LOOKS_EVERY_S = 0.05
_STARTS_EVERY_S = 0.5
_START_PATIENCE_S = 60.0


def connect(folder: Path, *, shared: bool, patience_s: float, reading: bool = False) -> Connection:
    """Return a session with a workspace's database.

    Parameters
    ----------
    folder : Path
        The workspace.
    shared : bool
        Have an owner process open the file, started where there is none. Otherwise the file is opened here when it
        is free, and an owner is used or asked for when it is not.
    patience_s : float
        How long to wait for a process that has the file to share it [s].
    reading : bool
        For a visitor: whatever would change something is refused, by the owner as well.

    Raises
    ------
    SharingImpossible
        When an owner is wanted, or the file is taken, and the extension for it cannot be loaded.
    StoreError
        When the file stays taken, naming the process that has it; or when it cannot be opened or shared.
    """
    # on a machine whose cores a sweep keeps busy, a new process needs its time
    deadline = time.monotonic() + _START_PATIENCE_S
    starter = _Starter(folder)
    taken: FileTaken | None = None
    try:
        while True:
            remote = attach(folder, reading=reading)
            if remote is not None:
                return remote
            try:
                if not shared and taken is None:
                    embedded = open_file(folder)
                    embedded.reading = reading
                    return embedded
                starter.keep_trying()
            except FileTaken as error:
                if taken is None:
                    _must_be_shareable(error)
                    deadline = time.monotonic() + patience_s
                taken = error
                ask_to_share(folder)
            if time.monotonic() > deadline:
                raise _patience_is_over(folder, taken, patience_s)
            time.sleep(_LOOKS_EVERY_S)
    finally:
        if taken is not None:
            stop_asking(folder)


def attach(folder: Path, *, reading: bool = False) -> RemoteConnection | None:
    """Return a session with the workspace's owner, or None where none answers that knows the present tables.

    An owner that an older program has started is ended: the next one brings the tables up to date.

    Raises
    ------
    StoreError
        When a newer program has brought the tables beyond what this one knows.
    """
    connection = _answering(folder, reading=reading)
    if connection is None:
        return None
    try:
        version = schema_version(connection)
        check_version(version, str(database_file(folder)))
    except ConnectionLost:
        version = 0
    except BaseException:
        connection.close()
        raise
    if version == newest_version():
        return connection
    connection.close()
    stop_owner(folder)
    return None


def _answering(folder: Path, *, reading: bool = False) -> RemoteConnection | None:
    address = read_owner(folder)
    if address is None:
        return None
    try:
        token = address.reading_token if reading else address.token
        return RemoteConnection(address.port, token, reading=reading)
    except ConnectionLost:
        return None


def stop_owner(folder: Path, *, patience_s: float = 10.0) -> bool:
    """End the owner process of a workspace; its clients start another one when they need it.

    Parameters
    ----------
    folder : Path
        The workspace.
    patience_s : float
        How long to wait for its end [s].

    Returns
    -------
    bool
        Whether there was one.

    Raises
    ------
    StoreError
        When it does not end in time.
    """
    address = read_owner(folder)
    if address is None:
        return False
    connection = _answering(folder)
    if connection is None:
        # an old file: its process number may be somebody else's by now
        forget_owner(folder, address.pid)
        return False
    connection.close()
    if not address.process.end(patience_s):
        raise StoreError(
            f"Process {address.pid}, the owner of {folder}, does not end; end it by force: 'kill -9 {address.pid}', or "
            f"on Windows 'taskkill /F /PID {address.pid}'."
        )
    forget_owner(folder, address.pid)
    return True


class _Starter:
    """Starts an owner process, and again when another process had the file a moment ago."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: DetachedProcess | None = None
        self._not_before = 0.0

    def keep_trying(self) -> None:
        """Start an owner when none is on its way.

        Raises
        ------
        FileTaken
            When another process has the file.
        SharingImpossible
            When the extension for it cannot be loaded.
        StoreError
            When the owner cannot open or share it.
        """
        if self._child is None:
            if time.monotonic() >= self._not_before:
                # who finds an owner loads it anyway
                check_quack()
                command = [sys.executable, "-m", "trova_widgets.store.owner", str(self._folder)]
                self._child = DetachedProcess(command, _log(self._folder))
                self._not_before = time.monotonic() + _STARTS_EVERY_S
            return
        status = self._child.poll()
        if status is None:
            return
        self._child = None
        if status == TAKEN:
            raise FileTaken(_last_words(self._folder))
        if status != 0:
            raise StoreError(_last_words(self._folder))


def _must_be_shareable(taken: FileTaken) -> None:
    try:
        check_quack()
    except SharingImpossible as reason:
        raise SharingImpossible(f"{taken} {reason}", taken.holder) from None


def _patience_is_over(folder: Path, taken: FileTaken | None, patience_s: float) -> StoreError:
    # where nothing can be written, an owner may come to nothing in many ways
    if full := no_room(folder):
        return StoreError(full)
    if taken is None:
        return StoreError(
            f"The owner process of {database_file(folder)} did not start within {_START_PATIENCE_S:.0f} s; "
            f"{_log(folder)} says what it is doing."
        )
    return StoreError(
        f"{taken} It did not share the workspace within {patience_s:.0f} s; end that process, wait until it is "
        "less busy, or read a copy with Store.open_snapshot."
    )


def _last_words(folder: Path) -> str:
    # on a full disk it cannot even write down why
    if full := no_room(folder):
        return full
    lines = _log(folder).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    if lines and "No space left" in lines[-1]:
        return f"The disk of {folder} is full; make room, then do it again."
    return lines[-1] if lines else f"The owner process of {folder} ended without a word; start it again."


def _log(folder: Path) -> Path:
    return hidden_folder(folder) / "owner.log"
