"""Records read from files, folders and data sets, each with its event, class and measurements."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.records.archives.seisbench import SeisBenchPart, traces_of
from trova_widgets.records.archives.sources import Source, path_of, sources
from trova_widgets.records.catalogues.catalog import Catalogue, catalogue_file
from trova_widgets.records.catalogues.css_events import is_css_events, read_css_events
from trova_widgets.records.catalogues.recognised import recognised
from trova_widgets.records.catalogues.stations import StationPlaces
from trova_widgets.records.cutting import Cutting
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.formats import FileFormat, UnknownFormatError
from trova_widgets.records.files.guards import refuse_large
from trova_widgets.records.files.miniseed import Written, write_miniseed
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.files.paired import paired_format, read_pair
from trova_widgets.records.files.reading import content_of, open_traces
from trova_widgets.records.fitness import left_out
from trova_widgets.records.items import (
    AlreadyThere,
    Aside,
    Computed,
    Content,
    Fetched,
    Item,
    NewRecord,
    Rejection,
    rejection,
)
from trova_widgets.records.judging import RecordJudge
from trova_widgets.records.letters import printable
from trova_widgets.records.matching import EventFinder
from trova_widgets.records.remarks import Remark


def read_records(
    paths: Iterable[Path | str] | Path | str,
    catalog: Path | str | None = None,
    event_class: str | None = None,
    known_files: Collection[str] = frozenset(),
    progress: Callable[[int, Path], None] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    stations: Path | str | None = None,
    class_mapping: Mapping[str, str] | None = None,
) -> Iterator[NewRecord | Rejection | AlreadyThere]:
    """Read seismograms, one file at a time.

    A readable channel of at least `fitness.SHORTEST_RECORD_S` that is not one constant is a record; whether it suits a
    recipe is judged when its fingerprint is computed. Its event is, in this order: the one that the catalogue's table
    ties its file to, the one of the catalogue whose P wave it can show (see `matching.EventFinder`), the one that its
    headers name, or, when `event_class` is given, an event of that file alone. A file longer than
    `excerpts.LONGEST_RECORD_S` (an archive's day, gaps and all) gives an excerpt for each event of the catalogue in it,
    across midnight where the archive is an SDS; so does a stretch of a shorter file that shows several events.

    Parameters
    ----------
    paths : iterable of Path, or Path
        Files and folders. Folders are walked to the bottom in the order of names; hidden files and folders are passed
        over, links to folders told and not followed. An SDS archive is such a folder, and so is a data set of
        SeisBench (see `seisbench`).
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
    NewRecord, Rejection or AlreadyThere
        At least one a file, but for those that are no record of their own: see `RecordReader.read`.

    Raises
    ------
    RecordError
        When the catalogue or the inventory cannot be read or a path does not exist; nothing of a single file stops the
        others.

    Examples
    --------
    >>> list(read_records([]))
    []
    """
    reader = RecordReader.open(
        catalog, event_class, known_files, columns=columns, stations=stations, class_mapping=class_mapping
    )
    yield from reader.problems
    for count, source in enumerate(sources(paths)):
        if progress is not None:
            progress(count, path_of(source))
        yield from (item for item in reader.read(source) if not isinstance(item, Aside))


def load_readers() -> None:
    """Import what the first file needs, so that a process has it when that file comes."""
    for name in ("obspy", "obspy.io.mseed.core", "scipy.signal"):
        obspy_module(name)


@dataclass(frozen=True, kw_only=True)
class RecordReader:
    """Reads files and judges what they hold; it can be pickled and sent to where the files are.

    Attributes
    ----------
    judge : RecordJudge
        Judges the channels of the files.
    known_files : collection of str
        Identities of the contents that are there already.
    aside : mapping of Path to str
        Files that are no seismograms, and what they are: the catalogue, the inventory.
    problems : tuple of Rejection
        What of the catalogue could not be taken.
    remarks : tuple of Remark
        What is to be known of the catalogue and the inventory.
    catalogue : tuple of SeismicEvent
        The events of the catalogue.
    long_files : collection of str
        Identities of contents that are there as one long record, out of which events can still be cut.
    seen : set of str
        Identities of the contents that this reader has read.
    """

    judge: RecordJudge = field(default_factory=RecordJudge)
    known_files: Collection[str] = frozenset()
    aside: Mapping[Path, str] = field(default_factory=dict)
    problems: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    catalogue: tuple[SeismicEvent, ...] = ()
    long_files: Collection[str] = frozenset()
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
        long_files: Collection[str] = frozenset(),
        remembered: Sequence[SeismicEvent] = (),
    ) -> "RecordReader":
        """Read the catalogue and the inventory, to be ready for the files; arguments as in `read_records`.

        Raises
        ------
        RecordError
            When the catalogue or the inventory cannot be read, or there are columns and no catalogue.
        """
        if columns and catalog is None:
            raise RecordError(
                f"The columns {', '.join(f'{ours}={theirs}' for ours, theirs in columns.items())[:200]} are those of a "
                f"catalogue, and none is given; name it as well (--catalog FILE), or leave the columns out."
            )
        places = StationPlaces() if stations is None else StationPlaces.read(stations)
        found = Catalogue(events=()) if catalog is None else catalogue_file(catalog, columns)
        return cls(
            judge=RecordJudge(
                finder=EventFinder(found.events, found.links, None if catalog is None else Path(catalog).parent),
                remembered=EventFinder(remembered),
                places=places,
                event_class=event_class,
                class_mapping=class_mapping,
                picks=found.first_arrivals(),
            ),
            known_files=known_files,
            aside={
                **({} if stations is None else {Path(stations).resolve(): "the inventory of stations"}),
                **({} if catalog is None else {Path(catalog).resolve(): "the catalogue"}),
                **{path.resolve(): "part of the catalogue" for path in found.files if path != catalog},
            },
            problems=found.rejections(catalog or ""),
            remarks=(*found.catalogue_remarks(catalog or ""), *places.remarks),
            catalogue=found.events,
            long_files=long_files,
        )

    def read(self, source: Source) -> Iterator[Item]:
        """Read what a source holds; see `read_records`."""
        path = path_of(source)
        if isinstance(source, Rejection | Aside):
            yield source
            return
        # by the name first, because resolving a path asks the disk for each folder of it
        if path.name in {known.name for known in self.aside} and path.resolve() in self.aside:
            yield Aside(path=path, what=self.aside[path.resolve()])
            return
        try:
            match source:
                case SeisBenchPart():
                    yield from self._read_part(source)
                case Fetched():
                    yield from self._read_fetched(source)
                case Computed():
                    yield from self._read_fetched(source.compute())
                case _:
                    yield from self._read_file(path)
        except UnknownFormatError as error:
            yield self._unknown(path, error)
        except (RecordError, OSError) as error:
            yield rejection(path, error)
        except Exception as error:
            # whatever a reader trips over, the other files are not to suffer for it
            reason = " ".join(str(error).split())[:200] or "no reason given"
            yield Rejection(
                path=path,
                reason=f"Its reader failed ({type(error).__name__}: {printable(reason)}).",
                way_out="Fetch it again from its source, or convert it to miniSEED where it comes from.",
            )

    @staticmethod
    def _unknown(path: Path, error: UnknownFormatError) -> Rejection:
        """Say what a file is that holds no seismogram, where that can be told."""
        try:
            known = recognised(content_of(path))
        except (OSError, RecordError):
            known = None
        return rejection(path, error) if known is None else Rejection(path=path, reason=known[0], way_out=known[1])

    def _read_file(self, path: Path) -> Iterator[Item]:
        if is_css_events(path):
            yield from self._css_table(path)
            return
        file_format = paired_format(path)
        if file_format is not None:
            yield from self._read_paired(path, file_format)
            return
        content = Content.of(content_of(path))
        there = self._there(path, content)
        if there is not None and (there.file_hash not in self.long_files or not self.judge.finder.has_origins):
            yield there
            return
        opened = open_traces(content.data)
        yield from left_out(path, opened.problems)
        tied = self.judge.finder.linked_events(path)
        cutting = Cutting(judge=self.judge, keep=self._read_written)
        if (day := cutting.day(path, opened.traces)) is not None:
            if there is not None:
                yield replace(there, event=None)
            yield from cutting.of_day(path, opened.traces, day)
        elif there is not None:
            yield there
        elif len(tied) != 1 and (crowded := cutting.crowded(opened.traces)):
            yield from cutting.of_stretches(path, opened.traces, crowded)
        else:
            channels, problems = opened.channels()
            yield from left_out(path, problems)
            yield from self.judge.records(path, content, channels, tied=tied)

    def _read_paired(self, path: Path, file_format: FileFormat) -> Iterator[Item]:
        """Read seismograms whose headers are in one file and whose samples in others."""
        traces, problems = read_pair(path, file_format)
        yield from left_out(path, problems)
        tied = self.judge.finder.linked_events(path)
        beside = events_beside(path)
        cutting = Cutting(judge=self.judge, keep=self._read_written, beside=beside)
        if (day := cutting.day(path, traces)) is not None:
            yield from cutting.of_day(path, traces, day)
        elif len(tied) != 1 and (crowded := cutting.crowded(traces)):
            yield from cutting.of_stretches(path, traces, crowded)
        else:
            written = write_miniseed(traces)
            yield from left_out(path, written.problems)
            yield from self._read_written(path, written, tied=tied, beside=beside)

    def _css_table(self, path: Path) -> Iterator[Aside | Rejection]:
        headers = [path.with_suffix(suffix) for suffix in (".wfdisc", ".WFDISC") if path.with_suffix(suffix).is_file()]
        if headers:
            yield Aside(path=path, what=f"part of the database of {headers[0].name}")
            if path.suffix.lower() == ".origin":
                yield from left_out(path, read_css_events(path).problems)
            return
        yield Rejection(
            path=path,
            reason="It is a table of events of a CSS 3.0 database.",
            way_out="Give the database's table of origins as the catalogue: --catalog NAME.origin",
        )

    def _read_part(self, part: SeisBenchPart) -> Iterator[Item]:
        for trace in traces_of(part):
            if isinstance(trace, RecordError):
                yield rejection(part.path, trace)
                continue
            extra = {} if trace.split is None else {"seisbench_split": trace.split}
            place = (trace.latitude, trace.longitude)
            tied = () if trace.event is None else (trace.event,)
            yield from self._read_written(part.path, trace.written, tied=tied, place=place, extra=extra)

    def _read_fetched(self, source: Fetched) -> Iterator[Item]:
        refuse_large(len(source.content))
        content = Content.of(source.content)
        if (there := self._there(source.path, content, source.event)) is not None:
            yield there
        else:
            opened = open_traces(source.content)
            channels, problems = opened.channels()
            yield from left_out(source.path, (*opened.problems, *problems))
            placed = [source.places.complete(channel) for channel in channels]
            yield from self.judge.records(source.path, content, placed, tied=(source.event,))

    def _there(self, path: Path, content: Content, event: SeismicEvent | None = None) -> AlreadyThere | None:
        file_hash = content.file_hash
        if file_hash in self.known_files or file_hash in self.seen:
            return AlreadyThere(path=path, file_hash=file_hash, event=event or self.judge.finder.linked(path))
        self.seen.add(file_hash)
        return None

    def _read_written(
        self, path: Path, written: Written, *, tied: tuple[SeismicEvent, ...] = (), **how: Any
    ) -> Iterator[Item]:
        """Read what had to be written anew, with the codes that it had before."""
        event = tied[0] if tied else how.get("cut_for")
        content = Content.of(written.content)
        if (there := self._there(path, content, event)) is not None:
            yield there
            return
        opened = open_traces(written.content)
        channels, problems = opened.channels()
        yield from left_out(path, (*opened.problems, *problems))
        whole = [replace(channel, waveform=written.whole(channel.waveform)) for channel in channels]
        yield from self.judge.records(path, content, whole, tied=tied, suffix=".mseed", **how)


@lru_cache(maxsize=4)
def events_beside(path: Path) -> EventFinder | None:
    """Return a finder of the events that the tables beside a CSS table of seismograms hold; None without such."""
    if path.suffix.lower() != ".wfdisc" or not is_css_events(path.with_suffix(".origin")):
        return None
    try:
        return EventFinder(read_css_events(path).events)
    except (RecordError, OSError):
        # it is told when the turn of the tables comes
        return None
