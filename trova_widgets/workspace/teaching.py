"""The teaching set into a workspace: what is missing of it, some events being computed while others are taken in."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path

from trova_widgets.experiments import WorkerPool
from trova_widgets.identity import Identities
from trova_widgets.records import RecordReader, SeismicEvent
from trova_widgets.records.judging import RecordJudge
from trova_widgets.records.matching import EventFinder
from trova_widgets.records.synthetics import planned_events, teaching_events, teaching_sources
from trova_widgets.records.synthetics import write_teaching_set as write_events
from trova_widgets.store import Store
from trova_widgets.workspace.event_register import EventRegister, names_of
from trova_widgets.workspace.import_report import Counted, ImportReport
from trova_widgets.workspace.importing import store_records
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.reading import read_files, reader_processes
from trova_widgets.workspace.waveforms import WaveformFolder

_MAKING = "making the teaching set"
# an event takes twenty times as long to make and read as a file does to be read
_WORTH_WORKERS = 50


def import_teaching_set(
    store: Store,
    waveforms: WaveformFolder,
    events: int,
    seed: int,
    *,
    class_mapping: Mapping[str, str],
    author: str,
    pool: WorkerPool | None,
    progress: Progress,
) -> ImportReport:
    """Take in what is missing of a teaching set; see `Workspace.import_teaching_set`."""
    planned = planned_events(events, seed)
    kept = store.file_hashes() & waveforms.hashes()
    there = _there(store, planned, kept)
    judge = RecordJudge(finder=EventFinder([]), class_mapping=class_mapping)
    reader = RecordReader(judge=judge, known_files=Identities(kept))
    made = teaching_sources(events, seed, there=there)
    own = reader_processes(len(made), worth=_WORTH_WORKERS) if pool is None else nullcontext(pool)
    # closed where an error leaves it: nothing that waits is read then
    with own as readers, closing(read_files(reader, waveforms, made, readers)) as read:
        watched = progress(read, _MAKING, len(made))
        report = store_records(store, waveforms, reader, watched, author=author)
    return replace(
        report,
        already_there=report.already_there + len(there),
        files=report.files + Counted(total=len(there), used=len(there)),
    )


def write_teaching_set(folder: Path, events: int, seed: int, progress: Progress) -> int:
    """Write a teaching set as files; see `Workspace.write_teaching_set`."""
    return write_events(folder, progress(teaching_events(events, seed), _MAKING, events))


def _there(store: Store, planned: Sequence[SeismicEvent], kept: Collection[str]) -> set[str]:
    """Return which events are there with all the files of their records: what is in one file came with it."""
    register = EventRegister(store)
    register.look_up(names_of(planned))
    known = {found.event_id: event.event_id for event in planned if (found := register.find(event)) is not None}
    records = store.records()
    is_kept = records["file_hash"].isin(list(kept)).groupby(records["event_id"]).all()
    return {known[event_id] for event_id in is_kept.index[is_kept] if event_id in known}
