"""Importing records: files to the waveform folder, events, labels and measured parameters to the store."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.identity import Identities
from trova_widgets.records import AlreadyThere, RecordReader, Rejection, SeismicEvent, class_of, printable
from trova_widgets.records.archives.excerpts import LONGEST_RECORD_S
from trova_widgets.records.items import Aside
from trova_widgets.records.remarks import Remark
from trova_widgets.store import LabelRow, ParameterRow, Store
from trova_widgets.workspace.event_register import EventRegister, event_row, names_of
from trova_widgets.workspace.import_report import WITHOUT_CLASS, WITHOUT_EVENT, Counted, ImportReport
from trova_widgets.workspace.matching import GIVEN, Relabelling, match_again, relabel
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.reading import CopiedRecord, ReadItem, batches, read_files
from trova_widgets.workspace.waveforms import WaveformFolder

# what a killed import has to read again at most, and few enough that a page soon sees them
_FILES_PER_TRANSACTION = 500


def attach_catalog(
    store: Store,
    waveforms: WaveformFolder,
    *,
    catalog: Path,
    columns: Mapping[str, str] | None,
    class_mapping: Mapping[str, str],
    author: str,
    progress: Progress,
) -> ImportReport:
    """Match what a workspace has with a catalogue; see `Workspace.attach_catalog`."""
    long_files = store.long_files(LONGEST_RECORD_S)
    known = Identities(store.file_hashes())
    reader = RecordReader.open(
        catalog, None, known, columns=columns, class_mapping=class_mapping, long_files=frozenset(long_files)
    )
    paths = store.source_paths()

    def items() -> Iterator[list[ReadItem]]:
        """Yield the files that are there, and what a catalogue cuts out of the long ones."""
        for file_hash in sorted(known):
            names = [Path(path) for path in paths.get(file_hash, [])]
            event = next((found for name in names if (found := reader.judge.finder.linked(name)) is not None), None)
            there = AlreadyThere(path=names[0] if names else Path(file_hash), file_hash=file_hash, event=event)
            if file_hash not in long_files or not reader.judge.finder.has_origins:
                yield [there]
                continue
            for read in read_files(reader, waveforms, [waveforms.path / long_files[file_hash]]):
                yield [there, *(item for item in read if not isinstance(item, AlreadyThere | Rejection | Aside))]

    found = (Path(path) for every in paths.values() for path in every)
    watched = progress(items(), "matching", len(known))
    return store_records(store, waveforms, reader, watched, author=author, files=found, is_attaching=True)


@dataclass
class _Tally:
    """What an import comes to, counted as its files come."""

    records: int = 0
    events: int = 0
    already_there: int = 0
    files: Counted = field(default_factory=Counted)
    rejections: list[Rejection] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)
    types_without_class: Counter[str] = field(default_factory=Counter)
    asides: Counter[str] = field(default_factory=Counter)

    def add_file(self, items: Sequence[ReadItem], new: set[str]) -> None:
        """Count a file by what came of it: a record, or else what it was before, or else why it is none."""
        self.rejections += [item for item in items if isinstance(item, Rejection)]
        self.asides.update(item.what for item in items if isinstance(item, Aside))
        copied = [item for item in items if isinstance(item, CopiedRecord)]
        self.remarks += [remark for item in copied if item.record.record_id in new for remark in item.remarks]
        is_new = any(item.record.record_id in new for item in copied)
        is_known = not is_new and (bool(copied) or any(isinstance(item, AlreadyThere) for item in items))
        # a copy of the same content further on is none
        new -= {item.record.record_id for item in copied}
        self.already_there += is_known
        self.files += Counted(total=1, used=int(is_new or is_known), told=int(not (is_new or is_known)))

    def add_record(self, item: CopiedRecord) -> None:
        """Count a record by its class."""
        if item.event is None:
            self.classes[WITHOUT_EVENT] += 1
        elif item.event_class is None:
            self.classes[WITHOUT_CLASS] += 1
            if item.event.event_type is not None:
                self.types_without_class[item.event.event_type] += 1
        else:
            self.classes[item.event_class] += 1


def store_records(
    store: Store,
    waveforms: WaveformFolder,
    reader: RecordReader,
    arriving: Iterable[list[ReadItem]],
    *,
    author: str,
    files: Iterable[Path] = (),
    is_attaching: bool = False,
) -> ImportReport:
    """Keep what a reader has judged and `read_files` yields, and match again what was there.

    Parameters
    ----------
    store, waveforms : Store and WaveformFolder
        Where it is kept.
    reader : RecordReader
        It has read the files.
    arriving : iterable of list of ReadItem
        What became of each file.
    author : str
        Who takes it in.
    files : iterable of Path
        All files that were given, for the rows of a table that name files.
    is_attaching : bool
        Whether the files are those of the workspace itself, which are not counted.
    """
    started = time.monotonic()
    waveforms.forget_partials()
    register = EventRegister(store)
    tally = _Tally(rejections=list(reader.problems), remarks=list(reader.remarks))
    # by a later word of a catalogue or of the user, known records may get another event or class
    is_matching = bool(reader.catalogue or reader.judge.event_class or reader.judge.places.epochs)
    # what came before a catalogue is looked at as well, wherever its files are now
    eventless = store.files_without_event() if reader.catalogue else set()
    known = {file_hash: AlreadyThere(path=Path(file_hash), file_hash=file_hash) for file_hash in eventless}
    relabelling = Relabelling()
    for batch in batches(arriving, _FILES_PER_TRANSACTION):
        arrived = _new_contents(store, batch)
        register.look_up(names_of([item.event for item in arrived if item.event is not None]))
        if arrived:
            waveforms.settle()
        new = _store_batch(store, register, arrived, reader, author, tally, relabelling)
        for items in batch:
            tally.add_file(items, new)
            if is_matching:
                for item in items:
                    if isinstance(item, AlreadyThere) and (item.event is not None or item.file_hash not in known):
                        known[item.file_hash] = item
        _note_sources(store, batch)
    matched = match_again(store, waveforms, register, reader, known, author, relabelling) if known else None
    kept = _keep_catalogue(store, register, reader, author) if is_attaching else 0
    store.revise_events([event_row(event, _source(reader)) for event in register.revised.values()])
    relabelled = relabel(store, register, reader, relabelling, author)
    register.tell_twins(reader.catalogue)
    waveforms.forget_partials()
    unshown, untimed = _unshown(store, reader)
    shown = len(reader.catalogue) - len(unshown)
    met, unmet = _met(reader, files)
    problems = len(reader.problems)
    return ImportReport(
        records=tally.records,
        events=tally.events + (matched.new_events if matched is not None else 0) + kept,
        already_there=0 if is_attaching else tally.already_there,
        rejections=tuple(tally.rejections),
        remarks=(*tally.remarks, *register.remarks, *(matched.remarks if matched else ()), *relabelled.remarks),
        classes=dict(tally.classes),
        types_without_class=dict(tally.types_without_class + (matched.types_without_class if matched else Counter())),
        files=Counted() if is_attaching else tally.files,
        asides={} if is_attaching else dict(tally.asides),
        catalogue_events=Counted(total=len(reader.catalogue) + problems, used=shown, told=len(unshown) + problems),
        unshown=unshown,
        untimed=untimed,
        kept=len(unshown) if is_attaching else 0,
        file_rows=Counted(total=met + len(unmet), used=met, told=len(unmet)),
        unmet=unmet,
        matched=matched.count if matched is not None else 0,
        relabelled=relabelled.count,
        revised=len(register.revised),
        seconds=time.monotonic() - started,
    )


def _new_contents(store: Store, batch: Sequence[Sequence[ReadItem]]) -> list[CopiedRecord]:
    """Return what comes of files whose content is new."""
    arrived = [[item for item in items if isinstance(item, CopiedRecord)] for items in batch]
    seen = store.known_files({item.record.file_hash for items in arrived for item in items})
    new: list[CopiedRecord] = []
    for items in arrived:
        contents = {item.record.file_hash for item in items}
        new += [item for item in items if item.record.file_hash not in seen]
        seen |= contents
    return new


def _store_batch(
    store: Store,
    register: EventRegister,
    arrived: Sequence[CopiedRecord],
    reader: RecordReader,
    author: str,
    tally: _Tally,
    relabelling: Relabelling,
) -> set[str]:
    """Keep the rows of some files, or of those among them that the database does not refuse; return the new records."""
    named = [_identified(item, register) for item in arrived]
    try:
        events, records = _keep(store, named, reader, author)
    except StoreError as error:
        if not error.is_refusal or len({item.record.file_hash for item in named}) == 1:
            if not error.is_refusal:
                raise
            tally.rejections.append(
                Rejection(
                    path=named[0].source_path,
                    reason=f"The database refuses it: {str(error).rstrip('.')}.",
                    way_out="Correct the values of the file or of its event, then import it again.",
                )
            )
            return set()
        # one file has brought a value that cannot be kept, and the others are not to suffer for it
        by_file: dict[str, list[CopiedRecord]] = {}
        for item in arrived:
            by_file.setdefault(item.record.file_hash, []).append(item)
        return {
            record_id
            for items in by_file.values()
            for record_id in _store_batch(store, register, items, reader, author, tally, relabelling)
        }
    register.mark_stored()
    tally.events += events
    tally.records += records
    for item in named:
        tally.add_record(item)
        if item.event is not None and item.event_class is not None:
            relabelling.note(item.event, item.event_class, is_given=reader.judge.event_class is not None)
    return {item.record.record_id for item in named}


def _identified(item: CopiedRecord, register: EventRegister) -> CopiedRecord:
    """Return a record whose event has the identity that it has in the workspace."""
    if item.event is None:
        return item
    event = register.identified(item.event, item.record.start_time_ns, is_catalogued=item.is_catalogued)
    return item.of_event(event)


def _keep(store: Store, arrived: Sequence[CopiedRecord], reader: RecordReader, author: str) -> tuple[int, int]:
    """Keep the rows of files that have been copied: a row never speaks of a file that is not there."""
    now = time.time_ns()
    first_of_event: dict[str, CopiedRecord] = {}
    for item in arrived:
        if item.event is not None:
            first_of_event.setdefault(item.event.event_id, item)
    return store.add_record_batch(
        events=[
            event_row(item.event, _source(reader) if item.is_catalogued else printable(item.source_path))
            for item in first_of_event.values()
            if item.event is not None
        ],
        labels=[
            LabelRow(
                event_id=event_id,
                event_class=item.event_class,
                author=author,
                made_at_ns=now,
                comment=GIVEN
                if reader.judge.event_class
                else (item.event.event_type if item.event is not None else None) or "",
            )
            for event_id, item in first_of_event.items()
            if item.event_class is not None
        ],
        records=[item.record for item in arrived],
        parameters=[
            ParameterRow(
                record_id=item.record.record_id,
                name=name,
                value=value,
                source="found",
                author="trova",
                made_at_ns=now,
            )
            for item in arrived
            for name, value in item.parameters.items()
        ],
    )


def _keep_catalogue(store: Store, register: EventRegister, reader: RecordReader, author: str) -> int:
    """Keep the events of a catalogue that is attached, those without a record too: files that come later may show them.

    Returns
    -------
    int
        How many of them were new.
    """
    register.look_up(names_of(reader.catalogue))
    events: dict[str, SeismicEvent] = {}
    for entry in reader.catalogue:
        event = register.identified(entry, None, is_catalogued=True)
        events[event.event_id] = event
    now = time.time_ns()
    new, _ = store.add_record_batch(
        events=[event_row(event, _source(reader)) for event in events.values()],
        labels=[
            LabelRow(event_id=name, event_class=by_type, author=author, made_at_ns=now, comment=event.event_type or "")
            for name, event in events.items()
            if (by_type := class_of(event.event_type, reader.judge.class_mapping)) is not None
        ],
        records=[],
        parameters=[],
    )
    register.mark_stored()
    return new


def _source(reader: RecordReader) -> str:
    """Return what is said of where the events of a catalogue came from."""
    catalogue = next((path for path, what in reader.aside.items() if what == "the catalogue"), None)
    return "a catalogue" if catalogue is None else printable(catalogue)


def _note_sources(store: Store, batch: Sequence[Sequence[ReadItem]]) -> None:
    sources_of: dict[tuple[str, str], None] = {}
    for items in batch:
        for item in items:
            if isinstance(item, CopiedRecord) and item.is_file:
                sources_of[item.record.file_hash, printable(os.path.abspath(item.source_path))] = None  # noqa: PTH100
            elif isinstance(item, AlreadyThere) and item.path.is_absolute():
                sources_of[item.file_hash, printable(item.path)] = None
    store.note_sources(list(sources_of))


def _unshown(store: Store, reader: RecordReader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the catalogue's events that no record shows, and of those among them that have no time."""
    fresh = EventRegister(store)
    fresh.look_up(names_of(reader.catalogue))
    unshown = [event for event in reader.catalogue if fresh.record_count(event) == 0]
    untimed = (event.event_id for event in unshown if event.origin_time_ns is None)
    return tuple(event.event_id for event in unshown), tuple(untimed)


def _met(reader: RecordReader, files: Iterable[Path]) -> tuple[int, tuple[str, ...]]:
    """Return how many rows of a table name a file that came, and which files did not."""
    rows = reader.judge.finder.rows
    if not rows:
        return 0, ()
    met = {match.row for path in files if (match := reader.judge.finder.match_of(path)) is not None}
    return len(met), tuple(str(row) for row in rows if row not in met)


def label_by_type(store: Store, mapping: Mapping[str, str], author: str) -> int:
    """Append the class of its type to each event that has no class, or one that was read off its type.

    Returns
    -------
    int
        How many labels were appended.
    """
    labels = store.labels()
    latest = labels.groupby("event_id").last() if len(labels) else labels.set_index("event_id")
    said = latest["comment"].to_dict()
    now = time.time_ns()
    rows = [
        LabelRow(event_id=event.event_id, event_class=found, author=author, made_at_ns=now, comment=event.event_type)
        for event in store.events().itertuples(index=False)
        if isinstance(event.event_type, str)
        and (found := class_of(event.event_type, mapping)) is not None
        and found != event.event_class
        and said.get(event.event_id, event.event_type) == event.event_type
    ]
    return store.add_labels(rows)
