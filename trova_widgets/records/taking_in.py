"""Records taken in from files, folders and data sets, each with its event, class and measurements."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of_bytes
from trova_widgets.records.analysis.quality import Measurement
from trova_widgets.records.archives.excerpts import LONGEST_RECORD_S, excerpts
from trova_widgets.records.archives.sds import ArchiveDay
from trova_widgets.records.archives.seisbench import SeisBenchPart, traces_of
from trova_widgets.records.archives.sources import Source, path_of, sources
from trova_widgets.records.catalogues.catalog import Catalogue, catalogue_file
from trova_widgets.records.catalogues.stations import StationPlaces
from trova_widgets.records.events import SeismicEvent, class_of
from trova_widgets.records.files.guards import refuse_large
from trova_widgets.records.files.miniseed import Written
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.files.paired import paired_format, read_pair
from trova_widgets.records.files.reading import Channel, content_of, read_channels
from trova_widgets.records.items import AlreadyThere, Fetched, Rejection, TakenIn, plain_suffix, rejection
from trova_widgets.records.matching import EventFinder, possible_arrival
from trova_widgets.records.waveform import Waveform

SHORTEST_RECORD_S = 10.0
"""A record that covers less is rejected: there is no room for noise and signal in it."""

Item = TakenIn | Rejection | AlreadyThere


def take_in(
    paths: Iterable[Path | str] | Path | str,
    catalog: Path | str | None = None,
    event_class: str | None = None,
    known_files: Collection[str] = frozenset(),
    progress: Callable[[int, Path], None] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    stations: Path | str | None = None,
    class_mapping: Mapping[str, str] | None = None,
) -> Iterator[Item]:
    """Take in seismograms, one file at a time.

    A readable channel of at least `SHORTEST_RECORD_S` that is not one constant is taken in; whether it suits a recipe
    is judged when its fingerprint is computed. Its event is, in this order: the one that the catalogue's table ties
    its file to, the one of the catalogue whose P wave it can show (see `matching.EventFinder`), the one that its
    headers name, or, when `event_class` is given, an event of that file alone. A file longer than
    `excerpts.LONGEST_RECORD_S` (an archive's day) gives an excerpt for each event of the catalogue in it, across
    midnight where the archive is an SDS.

    Parameters
    ----------
    paths : iterable of Path, or Path
        Files and folders. Folders are walked to the bottom in the order of names; hidden files are passed over, links
        to folders not followed. An SDS archive is such a folder, and so is a data set of SeisBench (see `seisbench`).
    catalog : Path, optional
        A catalogue in any format of `catalog.read_catalog`; a table with a column ``file`` also ties files to events.
    event_class : str, optional
        The class of every record, whatever its event's type.
    known_files : collection of str
        Identities of the contents that are there already.
    progress : callable, optional
        Called with the count of files so far and the file that is next.
    columns : mapping of str to str, optional
        For a catalogue that is a table: Trova's columns and the table's, where their names do not tell.
    stations : Path, optional
        Where the stations stand: StationXML or another inventory, for files that do not tell it themselves.
    class_mapping : mapping of str to str, optional
        Event type to class, in place of `events.EVENT_CLASSES`.

    Yields
    ------
    TakenIn, Rejection or AlreadyThere
        At least one a file.

    Raises
    ------
    RecordError
        When the catalogue or the inventory cannot be read or a path does not exist; nothing of a single file stops the
        others.

    Examples
    --------
    >>> list(take_in([]))
    []
    """
    desk = Desk.open(catalog, event_class, known_files, columns=columns, stations=stations, class_mapping=class_mapping)
    yield from desk.problems
    for count, source in enumerate(sources(paths)):
        if progress is not None:
            progress(count, path_of(source))
        yield from desk.take(source)


def load_readers() -> None:
    """Import what the first file needs, so that a process has it when that file comes."""
    for name in ("obspy", "obspy.io.mseed.core", "scipy.signal"):
        obspy_module(name)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where what the files hold is judged; it can be pickled and sent to where the files are read.

    Attributes
    ----------
    finder : EventFinder
        Finds a record's event.
    places : StationPlaces
        Where stations stand whose files do not tell it.
    event_class : str or None
        The class of every record, whatever its event's type.
    class_mapping : mapping of str to str, optional
        Event type to class, in place of `events.EVENT_CLASSES`.
    known_files : collection of str
        Identities of the contents that are there already.
    aside : set of Path
        Files that are no seismograms: the catalogue, the inventory.
    problems : tuple of Rejection
        What of the catalogue could not be taken.
    seen : set of str
        Identities of the contents that this desk has read.
    """

    finder: EventFinder
    places: StationPlaces = field(default_factory=StationPlaces)
    event_class: str | None = None
    class_mapping: Mapping[str, str] | None = None
    known_files: Collection[str] = frozenset()
    aside: frozenset[Path] = frozenset()
    problems: tuple[Rejection, ...] = ()
    seen: set[str] = field(default_factory=set)

    @classmethod
    def open(
        cls,
        catalog: Path | str | None = None,
        event_class: str | None = None,
        known_files: Collection[str] = frozenset(),
        *,
        columns: Mapping[str, str] | None = None,
        stations: Path | str | None = None,
        class_mapping: Mapping[str, str] | None = None,
    ) -> "Desk":
        """Read the catalogue and the inventory and be ready for the files; the arguments are those of `take_in`."""
        found = Catalogue(events=()) if catalog is None else catalogue_file(catalog, columns)
        return cls(
            finder=EventFinder(found.events, found.links, None if catalog is None else Path(catalog).parent),
            places=StationPlaces() if stations is None else StationPlaces.read(stations),
            event_class=event_class,
            class_mapping=class_mapping,
            known_files=known_files,
            aside=frozenset(Path(path).resolve() for path in (catalog, stations) if path is not None),
            problems=found.rejections(catalog or ""),
        )

    def take(self, source: Source) -> Iterator[Item]:
        """Take in what a source holds; see `take_in`."""
        path = path_of(source)
        if isinstance(source, Rejection):
            yield source
            return
        # by the name first, because resolving a path asks the disk for each folder of it
        if path.name in {known.name for known in self.aside} and path.resolve() in self.aside:
            return
        try:
            match source:
                case SeisBenchPart():
                    yield from self._take_part(source)
                case Fetched():
                    yield from self._take_fetched(source)
                case _:
                    yield from self._take_file(path)
        except (RecordError, OSError) as error:
            yield rejection(path, error)

    def _take_file(self, path: Path) -> Iterator[Item]:
        file_format = paired_format(path)
        if file_format is not None:
            yield from self._take_written(path, read_pair(path, file_format), self.finder.linked(path))
            return
        content = content_of(path)
        if (there := self._there(path, content)) is not None:
            yield there
            return
        channels = read_channels(content)
        if self.finder.has_origins and max(channel.waveform.duration_s for channel in channels) > LONGEST_RECORD_S:
            yield from self._take_excerpts(path, content, channels)
        else:
            yield from self._take(path, content, channels, self.finder.linked(path))

    def _take_part(self, part: SeisBenchPart) -> Iterator[Item]:
        for trace in traces_of(part):
            if isinstance(trace, RecordError):
                yield rejection(part.path, trace)
                continue
            told = {} if trace.split is None else {"seisbench_split": trace.split}
            place = (trace.latitude, trace.longitude)
            yield from self._take_written(part.path, trace.written, trace.event, place=place, told=told)

    def _take_fetched(self, source: Fetched) -> Iterator[Item]:
        refuse_large(len(source.content))
        if (there := self._there(source.path, source.content)) is not None:
            yield there
        else:
            channels = [source.places.complete(channel) for channel in read_channels(source.content)]
            yield from self._take(source.path, source.content, channels, source.event)

    def _there(self, path: Path, content: bytes) -> AlreadyThere | None:
        file_hash = identity_of_bytes(content)
        if file_hash in self.known_files or file_hash in self.seen:
            return AlreadyThere(path=path, file_hash=file_hash)
        self.seen.add(file_hash)
        return None

    def _take_excerpts(self, path: Path, content: bytes, channels: list[Channel]) -> Iterator[Item]:
        day = ArchiveDay.of(path, channels)
        events = self.finder.events_between(day.begin_ns, day.end_ns)
        if not events:
            yield Rejection(
                path=path,
                reason=f"The file covers {day.hours:.1f} hours in which the catalogue has no event.",
                way_out="Give a catalogue of that time, or cut the file into records.",
            )
        for event, excerpt in excerpts(content, events, day.neighbours):
            yield from self._take_written(path, excerpt, self.finder.linked(path), cut_for=event)

    def _take_written(self, path: Path, written: Written, linked: SeismicEvent | None, **how: Any) -> Iterator[Item]:
        """Take in what had to be written anew, with the codes that it had before."""
        if (there := self._there(path, written.content)) is not None:
            yield there
            return
        channels = [
            replace(channel, waveform=written.whole(channel.waveform)) for channel in read_channels(written.content)
        ]
        yield from self._take(path, written.content, channels, linked, suffix=".mseed", **how)

    def _take(
        self,
        path: Path,
        content: bytes,
        channels: list[Channel],
        linked: SeismicEvent | None,
        *,
        cut_for: SeismicEvent | None = None,
        place: tuple[float | None, float | None] = (None, None),
        told: Mapping[str, float] | None = None,
        suffix: str | None = None,
    ) -> Iterator[TakenIn | Rejection]:
        file_hash = identity_of_bytes(content)
        for index, read in enumerate(channels):
            channel = self.places.complete(read, *place)
            waveform = channel.waveform
            if (unfit := _unfit(waveform)) is not None:
                reason, way_out = unfit
                yield Rejection(path=path, reason=reason, way_out=way_out)
                continue
            measurement = Measurement(waveform)
            event = linked or self._event(channel, measurement, cut_for)
            if event is None and self.event_class is not None:
                event = SeismicEvent(event_id=f"file-{file_hash}")
            arrival = None if event is None else possible_arrival(channel, event)
            yield TakenIn(
                file_hash=file_hash,
                source_path=path,
                content=content,
                suffix=plain_suffix(path) if suffix is None else suffix,
                trace_index=index,
                waveform=waveform,
                event=event,
                event_class=self.event_class or class_of(event.event_type if event else None, self.class_mapping),
                parameters=measurement.parameters(arrival) | _station(channel) | dict(told or {}),
            )

    def _event(self, channel: Channel, measurement: Measurement, cut_for: SeismicEvent | None) -> SeismicEvent | None:
        """Return the event that an excerpt was cut for, if its P wave can be in it, or the one that fits best."""
        if cut_for is not None and self.finder.fits(channel, cut_for):
            return cut_for
        return self.finder.matching(channel, measurement.onset_s) or channel.event


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


def _station(channel: Channel) -> dict[str, float]:
    if channel.latitude is None or channel.longitude is None:
        return {}
    return {"station_latitude": channel.latitude, "station_longitude": channel.longitude}
