"""Files read and copied into a workspace, in this process or in several, in their order."""

import pickle
import tempfile
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from trova_widgets.experiments import WorkerDiedError, WorkerPool
from trova_widgets.identity import identity_of
from trova_widgets.processes import usable_cores
from trova_widgets.records import (
    AlreadyThere,
    Computed,
    Fetched,
    NewRecord,
    RecordReader,
    Rejection,
    SeismicEvent,
    Source,
    load_readers,
    path_of,
)
from trova_widgets.records.items import Aside
from trova_widgets.records.remarks import Remark
from trova_widgets.store import RecordRow
from trova_widgets.workspace.waveforms import WaveformFolder

# so many files are read by a worker at a time, and so many of such tasks are under way for each worker
_FILES_PER_TASK = 16
_TASKS_PER_WORKER = 3
# then a fresh process takes its place, should a reader of ObsPy's leak
_TASKS_OF_A_WORKER = 1_000
# a worker needs two seconds to start, in which this process reads some hundred files
_WORTH_WORKERS = 600

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class CopiedRecord:
    """A record whose file has been copied, without its samples.

    Attributes
    ----------
    source_path : Path
        The file it came from.
    record : RecordRow
        The record.
    event : SeismicEvent or None
        The event that it shows.
    event_class : str or None
        That event's class.
    parameters : dict of str to float
        What was measured on it.
    is_catalogued : bool
        Whether the event is one of the catalogue.
    is_file : bool
        Whether there is such a file; what a data centre sent, or was computed, is none.
    remarks : tuple of Remark
        What is to be known of it.
    """

    source_path: Path
    record: RecordRow
    event: SeismicEvent | None
    event_class: str | None
    parameters: dict[str, float]
    is_catalogued: bool = False
    is_file: bool = True
    remarks: tuple[Remark, ...] = ()

    def of_event(self, event: SeismicEvent) -> "CopiedRecord":
        """Return the same record with its event under another identity, or with other values."""
        if event == self.event:
            return self
        return replace(self, event=event, record=replace(self.record, event_id=event.event_id))


ReadItem = CopiedRecord | Rejection | AlreadyThere | Aside


@contextmanager
def reader_processes(
    count: int, workers: int | None = None, *, worth: int | None = None
) -> Iterator[WorkerPool | None]:
    """Start the processes that read so many files, none for a few.

    They take a second to get ready, in which the catalogue can be read.

    Parameters
    ----------
    count : int
        How many files there are.
    workers : int, optional
        How many processes; one a core, if left out.
    worth : int
        For how many files they are worth starting; some hundred small ones, if left out.

    Yields
    ------
    WorkerPool or None
        For `read_files`; the processes end with the block, at once where an error leaves it.
    """
    processes = workers or usable_cores()
    if processes == 1 or count < (_WORTH_WORKERS if worth is None else worth):
        yield None
        return
    pool = WorkerPool(processes, _TASKS_OF_A_WORKER)
    try:
        for _ in range(processes):
            pool.submit(load_readers)
        yield pool
    except BaseException:
        pool.shutdown(wait=False)
        raise
    pool.shutdown()


def read_files(
    reader: RecordReader, waveforms: WaveformFolder, sources: Iterable[Source], pool: WorkerPool | None = None
) -> Generator[list[ReadItem], None, None]:
    """Read files and copy what is taken in, and yield what became of each, in their order.

    Of two files with one content both may arrive, where they lie far apart: the store knows the first one by then.

    Parameters
    ----------
    reader : RecordReader
        Judges what the files hold.
    waveforms : WaveformFolder
        Where they are copied to.
    sources : iterable of Source
        The files.
    pool : WorkerPool, optional
        Processes that read, as `reader_processes` starts them; this one reads, if left out. They are left when the
        iterator is closed, and what waits for them is not read.
    """
    chunks = batches(sources, _FILES_PER_TASK)
    if pool is None:
        for chunk in chunks:
            yield from _read_in_process(reader, waveforms, chunk)
    else:
        yield from _read_by_workers(reader, waveforms, chunks, pool)


def record_identity(file_hash: str, trace_index: int) -> str:
    """Return the identity of a record: the file it came in, and its place there."""
    return identity_of([file_hash, trace_index])


def _read_in_process(
    reader: RecordReader, waveforms: WaveformFolder, chunk: Sequence[Source]
) -> Iterator[list[ReadItem]]:
    # a list of all that was ever seen would grow with the archive
    fresh = replace(reader, seen=set())
    for source in chunk:
        is_file = not isinstance(source, Fetched | Computed)
        yield [_copy(item, waveforms, is_file) if isinstance(item, NewRecord) else item for item in fresh.read(source)]


def _copy(item: NewRecord, waveforms: WaveformFolder, is_file: bool) -> CopiedRecord:
    waveform = item.waveform
    name = waveforms.name_for(item.file_hash, item.suffix)
    waveforms.keep(name, item.content)
    return CopiedRecord(
        source_path=item.source_path,
        record=RecordRow(
            record_id=record_identity(item.file_hash, item.trace_index),
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
        ),
        event=item.event,
        event_class=item.event_class,
        parameters=item.parameters,
        is_catalogued=item.is_catalogued,
        is_file=is_file,
        remarks=item.remarks,
    )


def _read_by_workers(
    reader: RecordReader, waveforms: WaveformFolder, chunks: Iterable[list[Source]], pool: WorkerPool
) -> Iterator[list[ReadItem]]:
    with tempfile.TemporaryDirectory(prefix="trova-import-") as folder:
        # each worker reads it once, so that the catalogue does not travel with every task
        plan = Path(folder) / "reader"
        plan.write_bytes(pickle.dumps((reader, waveforms)))
        under_way: deque[tuple[list[Source], Future[list[list[ReadItem]]]]] = deque()
        try:
            for chunk in chunks:
                under_way.append((chunk, pool.submit(_read_chunk, str(plan), chunk)))
                if len(under_way) >= _TASKS_PER_WORKER * pool.workers:
                    yield from _answer(pool, str(plan), *under_way.popleft())
            while under_way:
                yield from _answer(pool, str(plan), *under_way.popleft())
        finally:
            for _, future in under_way:
                future.cancel()


def _answer(
    pool: WorkerPool, plan: str, chunk: list[Source], future: Future[list[list[ReadItem]]]
) -> Iterator[list[ReadItem]]:
    try:
        yield from future.result()
    except WorkerDiedError:
        # one file of the chunk has ended its reader, and the others are not to suffer for it
        for source in chunk:
            try:
                yield from pool.submit(_read_chunk, plan, [source]).result()
            except WorkerDiedError as error:
                yield [
                    Rejection(path=path_of(source), reason=f"Its reader broke down: {error}", way_out="Leave it out.")
                ]


def _read_chunk(plan: str, chunk: Sequence[Source]) -> list[list[ReadItem]]:
    return list(_read_in_process(*_reader(plan), chunk))


@lru_cache(maxsize=1)
def _reader(plan: str) -> tuple[RecordReader, WaveformFolder]:
    found: tuple[RecordReader, WaveformFolder] = pickle.loads(Path(plan).read_bytes())
    return found


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of a size, the last one perhaps shorter.

    Examples
    --------
    >>> list(batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
