"""Files that are whole or not there, whatever happens while they are written."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


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
        partial.replace(target)
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
