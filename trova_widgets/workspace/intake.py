"""Taking records in: files to the waveform folder, events, labels and measured parameters to the store."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from trova_widgets.identity import identity_of
from trova_widgets.records import AlreadyThere, Rejection, SeismicEvent, TakenIn, take_in
from trova_widgets.store import EventRow, LabelRow, ParameterRow, RecordRow, Store
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.waveforms import WaveformFolder

_BATCH = 64

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did, and what it left out and why.

    Attributes
    ----------
    records, events : int
        How many were new.
    already_there : int
        Files whose content the workspace had before.
    rejections : tuple of Rejection
        What was left out: the path, the reason and the way out.
    classes : dict of str to int
        New records of each event class; records without an event stand under ``"unlabelled"``.
    seconds : float
        How long it took.
    """

    records: int
    events: int
    already_there: int
    rejections: tuple[Rejection, ...]
    classes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        lines = [f"{self.records} records of {self.events} new events taken in, in {self.seconds:.1f} s."]
        lines += [f"  {name:<16}{count:6d}" for name, count in sorted(self.classes.items())]
        if self.already_there:
            lines.append(f"{self.already_there} files were there already.")
        if self.rejections:
            lines.append(f"{len(self.rejections)} left out:")
            for reason, count in Counter(item.reason for item in self.rejections).most_common():
                first = next(item for item in self.rejections if item.reason == reason)
                more = f" and {count - 1} more" if count > 1 else ""
                lines.append(f"  {Path(first.path).name}{more}: {reason} {first.way_out}")
        return "\n".join(lines)


def import_records(
    store: Store,
    waveforms: WaveformFolder,
    paths: Iterable[Path],
    *,
    catalog: Path | None,
    event_class: str | None,
    author: str,
    progress: Progress,
) -> ImportReport:
    """Take in files and folders; see `Workspace.import_records`."""
    started = time.monotonic()
    known = frozenset(store.records()["file_hash"])
    found = take_in(paths, catalog=catalog, event_class=event_class, known_files=known)
    records = events = already_there = 0
    rejections: list[Rejection] = []
    classes: Counter[str] = Counter()
    for batch in _batches(progress(found, "importing"), _BATCH):
        taken = [item for item in batch if isinstance(item, TakenIn)]
        rejections += [item for item in batch if isinstance(item, Rejection)]
        already_there += sum(isinstance(item, AlreadyThere) for item in batch)
        new_events, new_records = _keep(store, waveforms, taken, author)
        events += new_events
        records += new_records
        classes.update(item.event_class or "unlabelled" for item in taken)
    return ImportReport(
        records=records,
        events=events,
        already_there=already_there,
        rejections=tuple(rejections),
        classes=dict(classes),
        seconds=time.monotonic() - started,
    )


def _keep(store: Store, waveforms: WaveformFolder, taken: list[TakenIn], author: str) -> tuple[int, int]:
    """Files first, then rows: a row never speaks of a file that is not there."""
    now = time.time_ns()
    names = {}
    for item in taken:
        names[item.file_hash] = waveforms.name_for(item.file_hash, Path(item.source_path))
        waveforms.keep(names[item.file_hash], item.content)
    with_event = [item for item in taken if item.event is not None]
    events = store.add_events(
        [_event_row(item.event, str(item.source_path)) for item in with_event if item.event is not None]
    )
    store.add_labels(
        [
            LabelRow(
                event_id=item.event.event_id,
                event_class=item.event_class,
                author=author,
                made_at_ns=now,
                comment=item.event.event_type or "",
            )
            for item in _first_of_each_event(with_event)
            if item.event is not None and item.event_class is not None
        ]
    )
    rows = [_record_row(item, names[item.file_hash]) for item in taken]
    new_records = store.add_records(rows)
    store.add_parameters(
        [
            ParameterRow(
                record_id=row.record_id, name=name, value=value, source="found", author="trova", made_at_ns=now
            )
            for row, item in zip(rows, taken, strict=True)
            for name, value in item.parameters.items()
        ]
    )
    return events, new_records


def _first_of_each_event(items: list[TakenIn]) -> list[TakenIn]:
    return list({item.event.event_id: item for item in reversed(items) if item.event is not None}.values())


def _event_row(event: SeismicEvent, source: str) -> EventRow:
    return EventRow(
        event_id=event.event_id,
        origin_time_ns=event.origin_time_ns,
        latitude=event.latitude,
        longitude=event.longitude,
        depth_km=event.depth_km,
        magnitude=event.magnitude,
        magnitude_type=event.magnitude_type,
        event_type=event.event_type,
        source=source,
    )


def _record_row(item: TakenIn, name: str) -> RecordRow:
    waveform = item.waveform
    return RecordRow(
        record_id=identity_of([item.file_hash, item.trace_index]),
        event_id=item.event.event_id if item.event is not None else None,
        network=waveform.network,
        station=waveform.station,
        location=waveform.location,
        channel=waveform.channel,
        start_time_ns=waveform.start_time_ns,
        sampling_rate_hz=waveform.sampling_rate_hz,
        sample_count=len(waveform.samples),
        file_hash=item.file_hash,
        file_name=name,
        trace_index=item.trace_index,
    )


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
