"""Files that a table ties to events, found by how the table calls them: whole paths, ends of paths, names alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from trova_widgets.records.catalogues.tables import FileLink
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.letters import composed


class ListedFile(NamedTuple):
    """What a table calls a file."""

    row: PurePosixPath
    """The path or name as the table gives it, its letters composed."""
    is_whole: bool
    """Whether the table means this file by its path, and not by a name that another file may have as well."""
    is_alike: bool = False
    """Whether the names differ in capitals, or in a suffix that the table leaves out."""


class ListedFiles:
    """The rows of a table that name files.

    Parameters
    ----------
    links : sequence of FileLink
        The rows.
    folder : Path, optional
        Where their paths begin: the folder of the table.

    Examples
    --------
    >>> blast = SeismicEvent(event_id="E1")
    >>> listed = ListedFiles([FileLink(file="C:/archive/2021/r1.mseed", event=blast)])
    >>> found = listed.match(Path("/data/2021/r1.mseed"))
    >>> str(found.row), found.is_whole, listed.events(found.row) == (blast,)
    ('C:/archive/2021/r1.mseed', True, True)
    """

    def __init__(self, links: Sequence[FileLink] = (), folder: Path | None = None) -> None:
        self._folder = folder.resolve() if folder is not None else None
        found: dict[PurePosixPath, dict[str, SeismicEvent]] = {}
        for link in links:
            found.setdefault(PurePosixPath(composed(link.file)), {}).setdefault(link.event.event_id, link.event)
        self._events = {row: tuple(events.values()) for row, events in found.items()}
        self._by_name = _gathered((row.name, row) for row in found)
        self._by_small_name = _gathered((row.name.casefold(), row) for row in found)

    @property
    def rows(self) -> tuple[PurePosixPath, ...]:
        """What the table calls its files."""
        return tuple(self._events)

    def events(self, row: PurePosixPath) -> tuple[SeismicEvent, ...]:
        """Return the events that the table ties a file to, in its order."""
        return self._events[row]

    def match(self, path: Path) -> ListedFile | None:
        """Return what the table calls a file.

        The path from the table's folder is tried first, then the whole path, then its end: of rows with the file's
        name the one that agrees in most folders, as a table may be written on another machine. A row that agrees in
        the name alone is not taken where the file that it names is there itself.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        ListedFile or None
            None when no row names the file, or when several may.
        """
        if not self._events:
            return None
        if self._folder is not None and path.resolve().is_relative_to(self._folder):
            relative = PurePosixPath(composed(path.resolve().relative_to(self._folder).as_posix()))
            if relative in self._events:
                return ListedFile(relative, is_whole=True)
        whole = PurePosixPath(composed(path.absolute().as_posix()))
        if whole in self._events:
            return ListedFile(whole, is_whole=True)
        for is_alike, rows in (
            (False, self._by_name.get(whole.name, ())),
            (True, self._by_small_name.get(whole.name.casefold(), ())),
            (True, self._by_small_name.get(whole.stem.casefold(), ())),
        ):
            if rows:
                return self._nearest(whole, rows, is_alike=is_alike)
        return None

    def _nearest(self, whole: PurePosixPath, rows: Sequence[PurePosixPath], *, is_alike: bool) -> ListedFile | None:
        """Return the row that agrees with a file in most folders, from the name upwards."""
        shared = [_shared_folders(whole, row) for row in rows]
        best = max(shared)
        if shared.count(best) > 1:
            return None
        row = rows[shared.index(best)]
        if best == 0 and self._is_there(row):
            # it is another file that the table means
            return None
        return ListedFile(row, is_whole=best > 0, is_alike=is_alike)

    def _is_there(self, row: PurePosixPath) -> bool:
        named = Path(row) if self._folder is None else self._folder / row
        try:
            return named.is_file()
        except (OSError, ValueError):
            return False


def _gathered(pairs: Iterable[tuple[str, PurePosixPath]]) -> dict[str, tuple[PurePosixPath, ...]]:
    found: dict[str, list[PurePosixPath]] = defaultdict(list)
    for name, row in pairs:
        found[name].append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def _shared_folders(one: PurePosixPath, other: PurePosixPath) -> int:
    count = 0
    for mine, theirs in zip(one.parts[-2::-1], other.parts[-2::-1], strict=False):
        if mine.casefold() != theirs.casefold():
            break
        count += 1
    return count
