"""The owner process: it has a workspace's database open and shares it on the loopback while it is needed.

Started on demand by the first process that needs company: ``python -m trova_widgets.store.owner WORKSPACE``. The lock
on the database file decides who owns: of two that start at once, one leaves. It ends when no client has given a sign of
life for a minute, or as many seconds as the environment variable ``TROVA_OWNER_IDLE_S`` says.
"""

import argparse
import os
import secrets
import signal
import socket
import sys
import threading
import time
from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.processes import this_process
from trova_widgets.store.connection import EmbeddedConnection, FileTaken
from trova_widgets.store.hidden import (
    OwnerAddress,
    database_file,
    file_identity,
    forget_owner,
    leases,
    write_owner,
)
from trova_widgets.store.opening import open_file
from trova_widgets.store.sharing import TAKEN

_IDLE_S = 60.0
_LOOKS_EVERY_S = 0.5
_PORT_ATTEMPTS = 20


def main(arguments: list[str] | None = None) -> int:
    """Own a workspace's database until nobody needs it.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        0 at the end of the work, 3 when another process has the file, 1 when it cannot be opened or shared; the last
        line written then says why.
    """
    parser = argparse.ArgumentParser(prog="python -m trova_widgets.store.owner", description=main.__doc__)
    parser.add_argument("workspace", type=Path)
    folder = parser.parse_args(arguments).workspace.resolve()
    leave = threading.Event()
    # not every system has all of them
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: leave.set())
    try:
        own(folder, leave, idle_s=float(os.environ.get("TROVA_OWNER_IDLE_S", _IDLE_S)))
    except FileTaken as error:
        print(error, file=sys.stderr)
        return TAKEN
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def own(folder: Path, leave: threading.Event, *, idle_s: float) -> None:
    """Open a workspace's database and share it until nobody needs it.

    Parameters
    ----------
    folder : Path
        The workspace.
    leave : threading.Event
        Set when the work has to end.
    idle_s : float
        Without a client's sign of life for so long [s], the work ends.

    Raises
    ------
    FileTaken
        When another process has the file.
    StoreError
        When the database cannot be opened or shared.
    """
    connection = open_file(folder)
    try:
        token, reading_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        this = this_process()
        address = OwnerAddress(
            pid=this.pid,
            began=this.began,
            port=_serve(connection, token, reading_token),
            token=token,
            reading_token=reading_token,
            file=file_identity(database_file(folder)),
        )
        write_owner(folder, address)
        try:
            _wait(connection, folder, leave, idle_s)
        finally:
            # first the address, so that nobody comes while the door is being closed
            forget_owner(folder, address.pid)
            connection.stop_serving(address.port)
    finally:
        connection.close()


def _serve(connection: EmbeddedConnection, token: str, reading_token: str) -> int:
    """Share on a free port; between finding and using it, another process may take the port."""
    for attempts_left in reversed(range(_PORT_ATTEMPTS)):
        port = _free_port()
        try:
            connection.serve(port, token, reading_token)
        except StoreError as error:
            if "Failed to bind" not in str(error) or not attempts_left:
                raise
        else:
            break
    return port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(connection: EmbeddedConnection, folder: Path, leave: threading.Event, idle_s: float) -> None:
    seen = leases(folder)
    needed_at = time.monotonic()
    changed_at = dict.fromkeys(seen, needed_at)
    while not leave.wait(_LOOKS_EVERY_S) and time.monotonic() - needed_at < idle_s:
        # a database that a full disk has stopped answers no more: a new owner then opens it again
        connection.rows("SELECT 1")
        now = time.monotonic()
        present = leases(folder)
        for client, sign in present.items():
            if seen.get(client) != sign:
                needed_at = changed_at[client] = now
            elif now - changed_at[client] > idle_s:
                client.unlink(missing_ok=True)
        seen = present


if __name__ == "__main__":
    sys.exit(main())
