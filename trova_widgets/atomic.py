"""Files that are whole or not there, whatever happens while they are written."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

# Windows neither replaces a file that somebody has open nor opens one that is being replaced, which takes a moment.
_IS_PATIENT = sys.platform == "win32"
_PATIENCE_S = 2.0


@contextmanager
def replacing(target: Path, partial: Path | None = None) -> Iterator[Path]:
    """Yield a path to write to; what is written there takes its place at the end, at once, or vanishes with an error.

    Parameters
    ----------
    target : Path
        Where the file is to stand.
    partial : Path, optional
        The path to write to, on the same file system; one beside the target, of this thread alone, by default.

    Raises
    ------
    OSError
        When the file cannot be put in its place.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "events.csv") as partial:
    ...         _ = partial.write_text("event_id")
    ...     [path.name for path in Path(folder).iterdir()]
    ['events.csv']
    """
    if partial is None:
        partial = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        yield partial
        _patiently(lambda: partial.replace(target))
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_atomically(target: Path, content: bytes) -> None:
    """Write a file, and wait until it is on the disk; whoever reads it sees the old content or the new, never a part.

    Raises
    ------
    OSError
        When it cannot be written; the old content stays.
    """
    with replacing(target) as partial, partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def read_whole(path: Path) -> bytes:
    """Read a file that other processes replace.

    Raises
    ------
    OSError
        When it cannot be read; `FileNotFoundError` where there is none.
    """
    return _patiently(path.read_bytes)


def _patiently(action: Callable[[], Result]) -> Result:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return action()
        except PermissionError:
            if not _IS_PATIENT or time.monotonic() > deadline:
                raise
        time.sleep(0.01)
