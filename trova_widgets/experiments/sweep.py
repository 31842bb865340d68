"""The sweep: a plan's trials minus those that are there, over an executor, into a sink; killable at any moment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.cells import TrialSpec
from trova_widgets.experiments.cost import trial_cost
from trova_widgets.experiments.journal import Journal, write_weights
from trova_widgets.experiments.pool import WorkerPool
from trova_widgets.experiments.results import ResultSink, TrialResult

Progress = Callable[[int, int, int, float | None], object]
"""Called with (done, failed, total, seconds_left): done are the finished ones, those that were there before
included; seconds_left is None until a first trial is through."""

_TICK_S = 1.0
_AHEAD = 2


@dataclass(frozen=True, kw_only=True)
class SweepSummary:
    """What a sweep did.

    Parameters
    ----------
    total : int
        Trials that were asked for.
    done : int
        Of these, how many are finished now.
    failed : int
        How many ended with an error in this run.
    present : int
        How many were there before it.
    stopped : bool
        It was asked to stop before all were done.
    """

    total: int
    done: int
    failed: int
    present: int
    stopped: bool


def run_sweep(
    specs: Sequence[TrialSpec],
    arrays: DatasetArrays,
    sink: ResultSink,
    *,
    journal: Path,
    weights: Path,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> SweepSummary:
    """Run the trials that are not finished yet, and put each result into the sink as it comes.

    A result goes to its weights file, then to the journal, then to the sink, and leaves the journal when the sink
    has it: killed at any moment, a sweep loses the trials in flight and no more, and started again it does what is
    missing and nothing twice. A trial that fails, by an error or by the death of its worker, is a result like any
    other; the sweep goes on, and the next one tries it again.

    Parameters
    ----------
    specs : sequence of TrialSpec
        In the order in which they are to run.
    arrays : DatasetArrays
        The data set; written beside the journal, from where each worker reads it once.
    sink : ResultSink
        Where results go. Workers never see it.
    journal : Path
        The journal's file; its folder must exist. One running sweep a journal.
    weights : Path
        Folder of the weights, ``<trial_id>.safetensors``.
    workers : int, optional
        Processes on this machine; default: the cores that this process may use.
    executor : concurrent.futures.Executor, optional
        Where to run instead, such as Dask's ``Client.get_executor()``; its workers must see the journal's folder.
        It is left open.
    progress : callable, optional
        Called every second and at every result; see `Progress`.
    should_stop : callable, optional
        Asked every second; when it says True the trials in flight are given up and the sweep returns.

    Returns
    -------
    SweepSummary

    Raises
    ------
    StoreError, OSError
        When the sink has not taken the last results; they stay in the journal for the next start.
    """
    keeper = _Keeper(sink, Journal(journal), weights)
    keeper.replay()
    present = sink.finished([spec.trial_id for spec in specs])
    missing = [spec for spec in specs if spec.trial_id not in present]
    count = workers or usable_cores()
    tally = _Tally(specs=missing, present=len(specs) - len(missing), classes=len(arrays.classes), size=arrays.size)
    stopped = False
    with _dataset_file(arrays, journal) as path, _executor(executor, count) as pool:
        for batch in _results(pool, missing, path, _AHEAD * count):
            if batch:
                keeper.keep(batch)
                tally.count(batch)
            if progress is not None:
                progress(*tally.progress())
            if tally.is_incomplete and should_stop():
                stopped = True
                break
    keeper.flush()
    return SweepSummary(
        total=len(specs),
        done=tally.finished,
        failed=tally.failed,
        present=tally.present,
        stopped=stopped,
    )


def usable_cores() -> int:
    """Return how many processor cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _results(pool: Executor, specs: Sequence[TrialSpec], path: Path, ahead: int) -> Iterator[list[TrialResult]]:
    """Yield results as they come, and an empty list every second when none comes."""
    from trova_widgets.experiments.worker import train_from_file

    waiting = iter(specs)
    running: dict[Future[TrialResult], tuple[TrialSpec, float]] = {}
    yield []
    try:
        while True:
            while len(running) < ahead and (spec := next(waiting, None)) is not None:
                running[pool.submit(train_from_file, spec, str(path))] = (spec, time.perf_counter())
            if not running:
                return
            ended, _ = wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED)
            yield [_result_of(future, *running.pop(future)) for future in ended]
    finally:
        for future in running:
            future.cancel()


def _result_of(future: Future[TrialResult], spec: TrialSpec, submitted: float) -> TrialResult:
    error = future.exception()
    if error is None:
        return future.result()
    return TrialResult(
        trial_id=spec.trial_id,
        state="failed",
        seed=spec.seed,
        values=dict(spec.values),
        finished_at_ns=time.time_ns(),
        seconds=time.perf_counter() - submitted,
        error=f"{type(error).__name__}: {error}",
    )


@contextmanager
def _dataset_file(arrays: DatasetArrays, journal: Path) -> Iterator[Path]:
    path = journal.with_suffix(".dataset.npz").resolve()
    arrays.save(path)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _executor(given: Executor | None, workers: int) -> Iterator[Executor]:
    if given is not None:
        yield given
        return
    pool = WorkerPool(workers)
    try:
        yield pool
    finally:
        # Nothing is in flight after a whole sweep; after a stop or an error the workers are not waited for.
        pool.shutdown(wait=False)


class _Keeper:
    """Brings results to safety: weights, journal, sink, in this order."""

    def __init__(self, sink: ResultSink, journal: Journal, weights: Path) -> None:
        self._sink, self._journal, self._weights = sink, journal, weights
        self._pending: list[TrialResult] = []

    def replay(self) -> None:
        """Give the sink what an earlier run could not."""
        left = self._journal.read()
        there = self._sink.finished([result.trial_id for result in left])
        self._pending = [result for result in left if result.trial_id not in there]
        self.flush()

    def keep(self, results: Sequence[TrialResult]) -> None:
        """Keep results; when the sink cannot take them now, they wait in the journal for the next time."""
        write_weights(self._weights, results)
        for result in results:
            self._journal.write(result)
            self._pending.append(replace(result, weights=b""))
        try:
            self.flush()
        except (StoreError, OSError):
            return

    def flush(self) -> None:
        """Give the sink all that waits, and raise what it raises."""
        if self._pending:
            self._sink.append(self._pending)
            self._pending = []
        self._journal.clear()


class _Tally:
    """Counts what is done, and from the work of the rest tells the time that it takes."""

    def __init__(self, *, specs: Sequence[TrialSpec], present: int, classes: int, size: int) -> None:
        self.present = present
        self.finished = present
        self.failed = 0
        self._ahead = {spec.trial_id: trial_cost(spec, size, classes) for spec in specs}
        self._work_ahead = sum(self._ahead.values())
        self._work_behind = 0.0
        self._started = self._latest = time.perf_counter()

    @property
    def is_incomplete(self) -> bool:
        return bool(self._ahead)

    def count(self, results: Sequence[TrialResult]) -> None:
        self._latest = time.perf_counter()
        for result in results:
            cost = self._ahead.pop(result.trial_id)
            self._work_ahead -= cost
            self._work_behind += cost
            self.finished += result.state == "finished"
            self.failed += result.state == "failed"

    def progress(self) -> tuple[int, int, int, float | None]:
        total = self.finished + self.failed + len(self._ahead)
        return self.finished, self.failed, total, self._seconds_left()

    def _seconds_left(self) -> float | None:
        if not self._ahead:
            return 0.0
        if not self._work_behind:
            return None
        # The pace up to the latest result, less the time that has gone by since.
        pace = (self._latest - self._started) / self._work_behind
        return max(self._work_ahead * pace - (time.perf_counter() - self._latest), 0.0)
