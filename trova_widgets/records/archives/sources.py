"""What the paths of an import hold: files one by one, and data sets that are several files together."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.archives.seisbench import SeisBenchPart, SeisBenchSet, parts_of, seisbench_sets
from trova_widgets.records.files.paired import companions_of
from trova_widgets.records.items import Aside, Computed, Fetched, Rejection, rejection

Source = Path | SeisBenchPart | Fetched | Computed | Rejection | Aside


def path_of(source: Source) -> Path:
    """Return the file that stands for a source in a report."""
    return source if isinstance(source, Path) else source.path


def sources(paths: Iterable[Path | str] | Path | str) -> Iterator[Source]:
    """Find what there is to take in, folders walked to the bottom in the order of names.

    Hidden files and folders are passed over, and told as such; so are links to folders, and folders that cannot be
    listed.

    Parameters
    ----------
    paths : iterable of Path, or Path
        Files and folders.

    Yields
    ------
    Path, SeisBenchPart, Rejection or Aside
        A file, some traces of a data set, what is neither (a pipe, a device, a link to nothing or to a folder), or what
        is no record of its own: hidden, or part of another file.

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
            elif given.exists():
                raise RecordError(f"{given} is a pipe or a device, which has no end; name files and folders.")
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
    closed: list[OSError] = []
    for name, folders, files in os.walk(folder, onerror=closed.append):
        yield from map(_closed_folder, closed)
        closed.clear()
        hidden = sorted(entry for entry in folders if entry.startswith("."))
        visible = sorted(entry for entry in folders if not entry.startswith("."))
        links = [entry for entry in visible if os.path.islink(os.path.join(name, entry))]  # noqa: PTH114, PTH118
        # in place: os.walk goes on with what is left in the list
        folders[:] = [entry for entry in visible if entry not in links]
        yield from (_linked_folder(Path(name, entry)) for entry in links)
        yield from (Aside(path=Path(name, entry), what="hidden with all that is in it") for entry in hidden)
        sets = seisbench_sets(Path(name))
        yield from _parts(sets, seen)
        paths = [Path(name, entry) for entry in sorted(files) if not entry.startswith(".")]
        others = {path: "part of a SeisBench data set" for found in sets for path in found.files}
        others |= {companion: f"part of {path.name}" for path in paths for companion in companions_of(path)}
        for path in paths:
            yield Aside(path=path, what=others[path]) if path in others else _regular(path)
        yield from (Aside(path=Path(name, entry), what="hidden") for entry in sorted(files) if entry.startswith("."))
    yield from map(_closed_folder, closed)


def _closed_folder(error: OSError) -> Rejection:
    return Rejection(
        path=Path(error.filename or "."),
        reason=f"The folder cannot be listed: {error.strerror or error}.",
        way_out="Give yourself the right to read it, then import it again.",
    )


def _linked_folder(path: Path) -> Rejection:
    return Rejection(
        path=path,
        reason="It is a link to a folder, which is not followed: it may lead round in a circle.",
        way_out="Name the folder that it leads to as well: trova import FOLDER.",
    )


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
