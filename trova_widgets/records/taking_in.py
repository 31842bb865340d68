"""Records taken in from files and folders, one after the other, each with its event, class and measurements."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of_bytes
from trova_widgets.records.catalog import read_catalog
from trova_widgets.records.events import SeismicEvent, class_of
from trova_widgets.records.excerpts import LONGEST_RECORD_S, excerpts
from trova_widgets.records.formats import UnknownFormatError
from trova_widgets.records.matching import EventFinder, possible_arrival
from trova_widgets.records.quality import quality_parameters
from trova_widgets.records.reading import Channel, content_of, read_channels
from trova_widgets.records.tables import is_table, links_of_table
from trova_widgets.records.waveform import NANOSECONDS, Waveform

SHORTEST_RECORD_S = 10.0
"""A record that covers less is rejected: there is no room for noise and signal in it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TakenIn:
    """One channel of one file, ready to be kept.

    Attributes
    ----------
    file_hash : str
        Identity of `content`, 20 hexadecimal digits.
    source_path : Path
        The file it came from.
    content : bytes
        The file as it came, or the miniSEED excerpt of a long one.
    trace_index : int
        The channel's place in ``read_waveforms(content)``.
    waveform : Waveform
        The seismogram.
    event : SeismicEvent or None
        The event it shows, where one was found.
    event_class : str or None
        The class, where the event's type has one or the caller gave one.
    parameters : dict of str to float
        From `quality.quality_parameters`, and ``station_latitude`` and ``station_longitude`` where the file tells them.
    """

    file_hash: str
    source_path: Path
    content: bytes = field(repr=False)
    trace_index: int
    waveform: Waveform
    event: SeismicEvent | None
    event_class: str | None
    parameters: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A file, or a channel of it, that was left out.

    Attributes
    ----------
    path : Path
        The file.
    reason : str
        A sentence that says why.
    way_out : str
        A sentence that says what can be done about it.
    """

    path: Path
    reason: str
    way_out: str


@dataclass(frozen=True, kw_only=True)
class AlreadyThere:
    """A file whose content is known.

    Attributes
    ----------
    path : Path
        The file.
    file_hash : str
        Identity of its content.
    """

    path: Path
    file_hash: str


def take_in(
    paths: Iterable[Path | str] | Path | str,
    catalog: Path | str | None = None,
    event_class: str | None = None,
    known_files: Collection[str] = frozenset(),
    progress: Callable[[int, Path], None] | None = None,
    *,
    class_mapping: Mapping[str, str] | None = None,
) -> Iterator[TakenIn | Rejection | AlreadyThere]:
    """Take in seismograms, one file at a time.

    A readable channel of at least `SHORTEST_RECORD_S` that is not one constant is taken in; whether it suits a recipe
    is judged when its fingerprint is computed. Its event is, in this order: the one that the catalogue's table ties
    its file to, the one of the catalogue whose P wave it can show (see `matching.EventFinder`), the one that its
    headers name, or, when `event_class` is given, an event of that file alone. A file longer than
    `excerpts.LONGEST_RECORD_S` (an archive's day) gives an excerpt for each event of the catalogue in it.

    Parameters
    ----------
    paths : iterable of Path, or Path
        Files and folders. Folders are walked to the bottom in the order of names; hidden files are passed over, links
        to folders not followed. An SDS archive is such a folder.
    catalog : Path, optional
        A catalogue in any format of `catalog.read_catalog`; a table with a column ``file`` also ties files to events.
    event_class : str, optional
        The class of every record, whatever its event's type.
    known_files : collection of str
        Identities of the contents that are there already.
    progress : callable, optional
        Called with the count of files so far and the file that is next.
    class_mapping : mapping of str to str, optional
        Event type to class, in place of `events.EVENT_CLASSES`.

    Yields
    ------
    TakenIn, Rejection or AlreadyThere
        At least one a file.

    Raises
    ------
    RecordError
        When the catalogue cannot be read or a path does not exist; nothing of a single file stops the others.

    Examples
    --------
    >>> list(take_in([]))
    []
    """
    finder, catalog_path = _finder(catalog)
    seen: set[str] = set()
    for count, path in enumerate(_files([paths] if isinstance(paths, str | Path) else paths)):
        if progress is not None:
            progress(count, path)
        if catalog_path is not None and path.name == catalog_path.name and path.resolve() == catalog_path:
            continue
        try:
            content = content_of(path)
            file_hash = identity_of_bytes(content)
            if file_hash in known_files or file_hash in seen:
                yield AlreadyThere(path=path, file_hash=file_hash)
                continue
            seen.add(file_hash)
            channels = read_channels(content)
        except (RecordError, OSError) as error:
            yield _rejection(path, error)
            continue
        desk = _Desk(path, finder, event_class, class_mapping)
        if finder.has_origins and max(channel.waveform.duration_s for channel in channels) > LONGEST_RECORD_S:
            try:
                yield from _take_excerpts(desk, content, channels, known_files)
            except RecordError as error:
                yield _rejection(path, error)
        else:
            yield from desk.take(content, file_hash, channels)


@dataclass(frozen=True)
class _Desk:
    """Where the channels of one file are judged."""

    path: Path
    finder: EventFinder
    event_class: str | None
    class_mapping: Mapping[str, str] | None

    def take(self, content: bytes, file_hash: str, channels: list[Channel]) -> Iterator[TakenIn | Rejection]:
        linked = self.finder.linked(self.path)
        for index, channel in enumerate(channels):
            waveform = channel.waveform
            if (unfit := _unfit(waveform)) is not None:
                reason, way_out = unfit
                yield Rejection(path=self.path, reason=reason, way_out=way_out)
                continue
            parameters = quality_parameters(waveform)
            event = linked or self.finder.matching(channel, parameters.get("onset_s")) or channel.event
            if event is None and self.event_class is not None:
                event = SeismicEvent(event_id=f"file-{file_hash}")
            arrival = None if event is None else possible_arrival(channel, event)
            if arrival is not None:
                parameters = quality_parameters(waveform, arrival)
            yield TakenIn(
                file_hash=file_hash,
                source_path=self.path,
                content=content,
                trace_index=index,
                waveform=waveform,
                event=event,
                event_class=self.event_class or class_of(event.event_type if event else None, self.class_mapping),
                parameters=parameters | _station(channel),
            )


def _take_excerpts(
    desk: _Desk, content: bytes, channels: list[Channel], known_files: Collection[str]
) -> Iterator[TakenIn | Rejection | AlreadyThere]:
    begin = min(channel.waveform.start_time_ns for channel in channels)
    end = max(channel.waveform.end_time_ns for channel in channels)
    origins = desk.finder.origins_between(begin, end)
    if not origins:
        hours = (end - begin) / NANOSECONDS / 3600
        yield Rejection(
            path=desk.path,
            reason=f"The file covers {hours:.1f} hours in which the catalogue has no event.",
            way_out="Give a catalogue of that time, or cut the file into records.",
        )
    for excerpt in excerpts(content, origins):
        excerpt_hash = identity_of_bytes(excerpt)
        if excerpt_hash in known_files:
            yield AlreadyThere(path=desk.path, file_hash=excerpt_hash)
        else:
            yield from desk.take(excerpt, excerpt_hash, read_channels(excerpt))


def _finder(catalog: Path | str | None) -> tuple[EventFinder, Path | None]:
    if catalog is None:
        return EventFinder([]), None
    path = Path(catalog)
    try:
        content = content_of(path)
        links = links_of_table(content) if is_table(content) else []
        return EventFinder(read_catalog(content), links, path.parent), path.resolve()
    except OSError as error:
        raise RecordError(
            f"The catalogue {path} cannot be opened: {error.strerror}; give the path of a file that you may read."
        ) from error


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for given in map(Path, paths):
        if given.is_dir():
            yield from _walk(given)
        elif given.is_file():
            yield given
        else:
            raise RecordError(f"There is no file or folder {given}; check the path.")


def _walk(folder: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(folder):
        # in place: os.walk goes on with what is left in the list
        folders[:] = sorted(entry for entry in folders if not entry.startswith("."))
        for entry in sorted(files):
            path = Path(name, entry)
            # neither pipes nor devices, which have no end
            if not entry.startswith(".") and path.is_file():
                yield path


def _unfit(waveform: Waveform) -> tuple[str, str] | None:
    if waveform.duration_s < SHORTEST_RECORD_S:
        return (
            f"The channel {waveform.seed_id} covers {waveform.duration_s:.1f} s, less than {SHORTEST_RECORD_S:g}.",
            "Fetch the record again with some time before and after the event.",
        )
    if waveform.samples.min() == waveform.samples.max():
        return (
            f"The channel {waveform.seed_id} is {waveform.samples[0]:g} throughout: the sensor or its line was dead.",
            "Take another channel or station of the event.",
        )
    return None


def _rejection(path: Path, error: RecordError | OSError) -> Rejection:
    if isinstance(error, UnknownFormatError):
        return Rejection(
            path=path,
            reason="The file is not a waveform of a format that Trova reads.",
            way_out="A catalogue is given as such; other seismograms can be converted to miniSEED.",
        )
    if isinstance(error, OSError):
        return Rejection(
            path=path,
            reason=f"The file cannot be opened: {error.strerror or error}.",
            way_out="Give yourself the right to read it, or leave it out.",
        )
    reason, _, way_out = str(error).rpartition("; ")
    return Rejection(
        path=path,
        reason=(reason or way_out).rstrip(".") + ".",
        way_out=way_out[:1].upper() + way_out[1:] if reason else "",
    )


def _station(channel: Channel) -> dict[str, float]:
    if channel.latitude is None or channel.longitude is None:
        return {}
    return {"station_latitude": channel.latitude, "station_longitude": channel.longitude}
