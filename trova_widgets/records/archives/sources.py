"""What the paths of an import hold: files one by one, and data sets that are several files together."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.archives.seisbench import SeisBenchPart, SeisBenchSet, parts_of, seisbench_sets
from trova_widgets.records.files.paired import companions_of
from trova_widgets.records.items import Fetched, Rejection, rejection

Source = Path | SeisBenchPart | Fetched | Rejection


def path_of(source: Source) -> Path:
    """Return the file that stands for a source in a report."""
    return source if isinstance(source, Path) else source.path


def sources(paths: Iterable[Path | str] | Path | str) -> Iterator[Source]:
    """Find what there is to take in, folders walked to the bottom in the order of names.

    Hidden files are passed over and links to folders not followed.

    Parameters
    ----------
    paths : iterable of Path, or Path
        Files and folders.

    Yields
    ------
    Path, SeisBenchPart or Rejection
        A file, some traces of a data set, or what is neither: a pipe, a device, a link to nothing.

    Raises
    ------
    RecordError
        When a path does not exist.
    """
    seen: set[SeisBenchSet] = set()
    for given in map(Path, [paths] if isinstance(paths, str | Path) else paths):
        try:
            if given.is_dir():
                yield from _walk(given, seen)
            elif given.is_file():
                yield from _named(given, seen)
            else:
                raise RecordError(f"There is no file or folder {given}; check the path.")
        except (ValueError, OSError) as error:
            # a name with a zero byte, or longer than the system allows
            raise RecordError(f"{str(given)[:200]!r} is no path ({error}); check it.") from error


def _named(path: Path, seen: set[SeisBenchSet]) -> Iterator[Source]:
    """Return the data set that a file belongs to, or else the file."""
    sets = [found for found in seisbench_sets(path.parent) if path in found.files]
    yield from _parts(sets, seen)
    if not sets:
        yield path


def _walk(folder: Path, seen: set[SeisBenchSet]) -> Iterator[Source]:
    for name, folders, files in os.walk(folder):
        # in place: os.walk goes on with what is left in the list
        folders[:] = sorted(entry for entry in folders if not entry.startswith("."))
        sets = seisbench_sets(Path(name))
        yield from _parts(sets, seen)
        paths = [Path(name, entry) for entry in sorted(files) if not entry.startswith(".")]
        others = {path for found in sets for path in found.files}
        others |= {companion for path in paths for companion in companions_of(path)}
        yield from (_regular(path) for path in paths if path not in others)


def _parts(sets: Iterable[SeisBenchSet], seen: set[SeisBenchSet]) -> Iterator[SeisBenchPart | Rejection]:
    for found in sets:
        if found not in seen:
            seen.add(found)
            try:
                yield from parts_of(found)
            except (RecordError, OSError) as error:
                yield rejection(found.metadata, error)


def _regular(path: Path) -> Path | Rejection:
    try:
        if path.is_file():
            return path
    except OSError as error:
        return rejection(path, error)
    # neither pipes nor devices, which have no end
    return Rejection(
        path=path,
        reason="It is no regular file but a pipe, a device or a link to nothing.",
        way_out="Leave it out, or put the file itself there.",
    )
