"""Whether a folder has room, and may be written to: what the system itself says only in the middle of the work."""

import errno
import os
import shutil
from pathlib import Path

# the least that a database, a log and a few files need
_LEAST_BYTES = 2**20


def no_room(folder: Path) -> str:
    """Return a sentence that says that the disk of a folder is full; nothing where there is room.

    Examples
    --------
    >>> no_room(Path("/"))
    ''
    """
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return ""
    if free >= _LEAST_BYTES:
        return ""
    return f"The disk of {folder} is full: {free / 1024:.0f} KiB are free; make room, then do it again."


def is_no_room(error: OSError) -> bool:
    """Tell whether an error of the system says that a disk, or somebody's share of it, is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def may_be_written(*paths: Path) -> bool:
    """Tell whether files and folders that are there may be written to: a read-only disk says no, whoever asks."""
    return all(os.access(path, os.W_OK) for path in paths if path.exists())
