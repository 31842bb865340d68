"""One path or several, as callers give them."""

from collections.abc import Iterable
from pathlib import Path

Paths = str | Path | Iterable[str | Path]


def list_of_paths(paths: Paths) -> list[Path]:
    """Return one path, or several, as a list.

    Examples
    --------
    >>> [path.name for path in list_of_paths("archive/day.mseed")]
    ['day.mseed']
    """
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
