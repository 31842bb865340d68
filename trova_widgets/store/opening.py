"""The database file: opened, made new, brought up to date after a backup, or copied for reading."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trova_widgets.atomic import replacing
from trova_widgets.errors import StoreError
from trova_widgets.store.connection import EmbeddedConnection, FileTaken
from trova_widgets.store.hidden import database_file, hidden_folder
from trova_widgets.store.schema import check_version, migrate, newest_version, schema_version

_SNAPSHOT_ATTEMPTS = 5
# The copy is made by a child: a process that closes any handle of a file loses its locks on it, so that
# another process could take a database which is open here.
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def open_file(folder: Path) -> EmbeddedConnection:
    """Open a workspace's database in this process; an older one is backed up and migrated.

    Parameters
    ----------
    folder : Path
        The workspace; a database is made where there is none.

    Raises
    ------
    FileTaken
        When another process has the file.
    StoreError
        When the file is no database, is of a newer version, or cannot be migrated.
    """
    path = database_file(folder)
    connection = EmbeddedConnection(path)
    try:
        version = schema_version(connection)
        check_version(version, str(path))
        if 0 < version < newest_version():
            connection = _backed_up(connection, folder, version)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_copy(folder: Path, target: Path) -> EmbeddedConnection:
    """Copy a workspace's database as it is on the disk now, and open the copy for reading.

    Parameters
    ----------
    folder : Path
        The workspace; another process may be writing in it.
    target : Path
        An empty folder for the copy.

    Raises
    ------
    StoreError
        When the file changes too often to be copied whole, or is of another version.
    """
    path = database_file(folder)
    log = path.with_name(path.name + ".wal")
    for _ in range(_SNAPSHOT_ATTEMPTS):
        before = _stamp(path)
        for source in (path, log):
            (target / source.name).unlink(missing_ok=True)
            if source.exists():
                _copy(source, target / source.name)
        # The log only grows until it is written into the file, and any beginning of it is read up to its last whole
        # transaction: so it is enough that the file has stayed as it was.
        if before == _stamp(path):
            return _open_for_reading(target / path.name)
        time.sleep(0.2)
    raise StoreError(f"{path} changes too often to be copied; wait until less is being written to it.")


def new_copy_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a temporary folder for a copy; it goes when it is cleaned up."""
    return tempfile.TemporaryDirectory(prefix="trova-snapshot-")


def _open_for_reading(path: Path) -> EmbeddedConnection:
    connection = EmbeddedConnection(path, read_only=True)
    version = schema_version(connection)
    if version == newest_version():
        return connection
    connection.close()
    check_version(version, str(path))
    # an older one, in a folder that may only be read for instance: the copy is brought up to date, and nothing else
    path.chmod(0o600)
    fresh = EmbeddedConnection(path)
    try:
        migrate(fresh)
    finally:
        fresh.close()
    return EmbeddedConnection(path, read_only=True)


def _backed_up(connection: EmbeddedConnection, folder: Path, version: int) -> EmbeddedConnection:
    """Copy the database into the folder of backups, and return another session with it.

    It is copied while it is not open here, since Windows lets nobody read it then. A process that takes it in between
    backs it up itself.
    """
    connection.execute("CHECKPOINT")
    connection.close()
    path, backups = database_file(folder), hidden_folder(folder) / "backups"
    backups.mkdir(exist_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    with replacing(backups / f"version-{version}-{stamp}.duckdb") as partial:
        before = _stamp(path)
        _copy(path, partial)
        again = EmbeddedConnection(path)
        if before != _stamp(path):
            again.close()
            raise FileTaken(f"{path} was opened by another process just now.")
    return again


def _copy(source: Path, target: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COPY, str(source), str(target)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise StoreError(f"{source} cannot be copied to {target}: {reason[0]}. Make room there, then try again.")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns
