"""Paths as callers give them: one or several to read from, one to write to."""

from collections.abc import Iterable
from pathlib import Path

from trova_widgets.atomic import write_atomically
from trova_widgets.errors import StoreError

Paths = str | Path | Iterable[str | Path]


def list_of_paths(paths: Paths) -> list[Path]:
    """Return one path, or several, as a list.

    Examples
    --------
    >>> [path.name for path in list_of_paths("archive/day.mseed")]
    ['day.mseed']
    """
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]


def write_named(path: str | Path, content: bytes) -> Path:
    """Write a file that a person has named, whole or not at all, and return where it is.

    Raises
    ------
    StoreError
        When it cannot be written.
    """
    target = Path(path).expanduser().resolve()
    try:
        write_atomically(target, content)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror or error}; name another file.") from error
    return target
