"""Files that come into a folder: each is handed on once it is whole, and again when it has changed."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

#: Between two looks at the folder [s].
INTERVAL_S = 2.0

# what copying programs and editors call a file that is not whole yet
_PARTIAL = (".part", ".partial", ".tmp", ".crdownload", "~")


class _State(NamedTuple):
    size: int
    changed_ns: int


def settled_files(
    folder: Path,
    *,
    new_only: bool = False,
    interval_s: float = INTERVAL_S,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[Path]:
    """Yield the files of a folder and its sub-folders as they come, for ever.

    A file is handed on when two looks, one after the other, find it with the same size and time; one that changes later
    is handed on again. Hidden and partial files, and what is in hidden folders, are left alone. Every look lists the
    whole folder, which also works where the system tells nothing of changes, as over a network.

    Parameters
    ----------
    folder : Path
        It may vanish and come back meanwhile.
    new_only : bool
        Whether to leave out what is there at the first look, as long as it does not change.
    interval_s : float
        Between two looks [s].
    wait : callable
        Waits for so many seconds.

    Yields
    ------
    Path
        In the order of names, of each look.
    """
    before = _look(folder)
    done = dict(before) if new_only else {}
    while True:
        wait(interval_s)
        now = _look(folder)
        for path, state in now.items():
            if before.get(path) == state != done.get(path):
                done[path] = state
                yield path
        # one that comes back under an old name is a new one
        done = {path: state for path, state in done.items() if path in now}
        before = now


def _look(folder: Path) -> dict[Path, _State]:
    found: dict[Path, _State] = {}
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for each in sorted(files):
            if each.startswith(".") or each.lower().endswith(_PARTIAL):
                continue
            path = Path(name, each)
            try:
                status = path.stat()
            except OSError:
                # gone since it was listed
                continue
            if status.st_size:
                found[path] = _State(status.st_size, status.st_mtime_ns)
    return found
