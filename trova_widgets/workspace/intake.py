"""Taking records in: files to the waveform folder, events, labels and measured parameters to the store."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trova_widgets.identity import Identities
from trova_widgets.records import AlreadyThere, Desk, Rejection, SeismicEvent, class_of, printed, sources
from trova_widgets.reports import Report
from trova_widgets.store import EventRow, LabelRow, ParameterRow, Store
from trova_widgets.workspace.arrivals import Arrival, Arrived, arrivals, batches, readers
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.waveforms import WaveformFolder

# what a killed import has to read again at most, and few enough that a page soon sees them
_FILES_PER_TRANSACTION = 500

# the comment of a label that was not read off the event's type
_GIVEN = "given for all of an import"

# files that a report names of those left out for one reason; `rejections` has them all
_NAMED = 5


@dataclass(frozen=True, kw_only=True, repr=False)
class ImportReport(Report):
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

    records: int = 0
    events: int = 0
    already_there: int = 0
    rejections: tuple[Rejection, ...] = ()
    classes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    def of(cls, reports: Iterable["ImportReport"], seconds: float) -> "ImportReport":
        """Return several imports as one that took so long."""
        every = list(reports)
        return cls(
            records=sum(report.records for report in every),
            events=sum(report.events for report in every),
            already_there=sum(report.already_there for report in every),
            rejections=tuple(rejection for report in every for rejection in report.rejections),
            classes=dict(sum((Counter(report.classes) for report in every), Counter())),
            seconds=seconds,
        )

    def __str__(self) -> str:
        lines = [f"{self.records} records of {self.events} new events taken in, in {self.seconds:.1f} s."]
        lines += [f"  {name:<16}{count:6d}" for name, count in sorted(self.classes.items())]
        if self.already_there:
            lines.append(f"{self.already_there} files were there already.")
        if self.rejections:
            lines.append(f"{len(self.rejections)} left out:")
            for reason, count in Counter(item.reason for item in self.rejections).most_common():
                alike = [item for item in self.rejections if item.reason == reason]
                names = ", ".join(dict.fromkeys(printed(Path(item.path).name) for item in alike[:_NAMED]))
                more = f" and {count - _NAMED} more" if count > _NAMED else ""
                lines.append(f"  {names}{more}: {printed(reason)} {printed(alike[0].way_out)}")
        return "\n".join(lines)


def import_records(
    store: Store,
    waveforms: WaveformFolder,
    paths: Iterable[Path],
    *,
    catalog: Path | None,
    event_class: str | None,
    columns: Mapping[str, str] | None,
    stations: Path | None,
    class_mapping: Mapping[str, str],
    author: str,
    progress: Progress,
    workers: int | None = None,
) -> ImportReport:
    """Take in files and folders; see `Workspace.import_records`."""
    count = sum(1 for _ in sources(paths))
    with readers(count, workers) as pool:
        # a file that has been lost is read again and so restored
        known = Identities(store.file_hashes() & waveforms.hashes())
        desk = Desk.open(catalog, event_class, known, columns=columns, stations=stations, class_mapping=class_mapping)
        watched = progress(arrivals(desk, waveforms, sources(paths), pool), "importing", count)
        return keep_arrivals(store, waveforms, desk, watched, author=author)


def keep_arrivals(
    store: Store, waveforms: WaveformFolder, desk: Desk, arriving: Iterable[list[Arrived]], *, author: str
) -> ImportReport:
    """Keep what a desk has judged and `arrivals` brings."""
    started = time.monotonic()
    waveforms.forget_partials()
    records = events = already_there = 0
    rejections: list[Rejection] = list(desk.problems)
    classes: Counter[str] = Counter()
    for batch in batches(arriving, _FILES_PER_TRANSACTION):
        rejections += [item for file in batch for item in file if isinstance(item, Rejection)]
        arrived, copies = _new_contents(store, batch)
        already_there += copies
        if arrived:
            waveforms.settle()
        new_events, new_records = _keep(store, arrived, desk.event_class, author)
        events += new_events
        records += new_records
        classes.update(item.event_class or "unlabelled" for item in arrived)
    waveforms.forget_partials()
    return ImportReport(
        records=records,
        events=events,
        already_there=already_there,
        rejections=tuple(rejections),
        classes=dict(classes),
        seconds=time.monotonic() - started,
    )


def _new_contents(store: Store, batch: Sequence[Sequence[Arrived]]) -> tuple[list[Arrival], int]:
    """Return what comes of files whose content is new, and how many contents are not."""
    arrived = [[item for item in items if isinstance(item, Arrival)] for items in batch]
    copies = sum(isinstance(item, AlreadyThere) for items in batch for item in items)
    seen = store.known_files({item.record.file_hash for items in arrived for item in items})
    new: list[Arrival] = []
    for items in arrived:
        contents = {item.record.file_hash for item in items}
        new += [item for item in items if item.record.file_hash not in seen]
        copies += len(contents & seen)
        seen |= contents
    return new, copies


def _keep(store: Store, arrived: Sequence[Arrival], event_class: str | None, author: str) -> tuple[int, int]:
    """Keep the rows of files that have been copied: a row never speaks of a file that is not there."""
    now = time.time_ns()
    first_of_event: dict[str, Arrival] = {}
    for item in arrived:
        if item.event is not None:
            first_of_event.setdefault(item.event.event_id, item)
    return store.add_arrivals(
        events=[
            _event_row(item.event, printed(item.source_path))
            for item in first_of_event.values()
            if item.event is not None
        ],
        labels=[
            LabelRow(
                event_id=event_id,
                event_class=item.event_class,
                author=author,
                made_at_ns=now,
                comment=_GIVEN if event_class else (item.event.event_type if item.event is not None else None) or "",
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
