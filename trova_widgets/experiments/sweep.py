"""The sweep: a plan's trials minus those that are there, over an executor, into a sink; killable at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from trova_widgets.errors import StoreError
from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.budget import Budget
from trova_widgets.experiments.cost import trial_cost
from trova_widgets.experiments.groups import recipe_key, tasks_of
from trova_widgets.experiments.journal import Journal, write_weights
from trova_widgets.experiments.pool import TaskLostError
from trova_widgets.experiments.sink import ResultSink
from trova_widgets.experiments.trainers import Trainer, trainer
from trova_widgets.space import Trial, TrialResult

Progress = Callable[[int, int, int, float | None], object]
"""Called with (done, failed, total, seconds_left): done are the finished ones, those that were there before
included; seconds_left is None until a first trial is through."""

Round = tuple[Sequence[Trial], Sequence[Trial]]
"""The trials that come next, and those that may come after them, for the time left."""

_TICK_S = 1.0
#: Results that come faster than this go to the sink together; until then the journal has them.
_TOGETHER_S = 0.25
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
    used_up : bool
        Its budget was used before all were done.
    """

    total: int
    done: int
    failed: int
    present: int
    stopped: bool
    used_up: bool = False


def run_sweep(
    trials: Sequence[Trial],
    arrays: Mapping[str, DatasetArrays],
    sink: ResultSink,
    *,
    refused: Mapping[str, str] | None = None,
    journal: Path,
    weights: Path,
    workers: int | None = None,
    executor: Executor | None = None,
    device: str = "cpu",
    then: Callable[[Collection[str]], Round] | None = None,
    budget: Budget | None = None,
    progress: Progress | None = None,
    told: Callable[[str], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> SweepSummary:
    """Run the trials that are not finished yet, and put each result into the sink as it comes.

    A result goes to its weights file, then to the journal, then to the sink, and leaves the journal when the sink
    has it: killed at any moment, a sweep loses the trials in flight and no more, and started again it does what is
    missing and nothing twice. A trial whose worker dies is tried once again. A trial that fails, by an error or by the
    death of a second worker, is a result like any other; the sweep goes on, and the next one tries it again.

    Parameters
    ----------
    trials : sequence of Trial
        In the order in which they are to run.
    arrays : mapping of str to DatasetArrays
        The data set in the fingerprints of each recipe that occurs, by `recipe_key`; written beside the journal, from
        where each worker reads it once.
    sink : ResultSink
        Where results go. Workers never see it.
    refused : mapping of str to str, optional
        Recipes that cannot be applied, by `recipe_key`, with the reason: their trials fail with it.
    journal : Path
        The journal's file; its folder must exist. One running sweep a journal.
    weights : Path
        Folder of the weights, ``<trial_id>.safetensors``.
    workers : int, optional
        Processes on this machine; default: the cores that this process may use.
    executor : concurrent.futures.Executor, optional
        Where to run instead. Dask's ``Client.get_executor()`` sends its workers what they need; those of any other must
        see the journal's folder. It is left open.
    device : str
        Where workers train: ``cpu``, a trial a core; ``cuda`` or ``cuda:1``, trials of one shape side by side in one
        process; ``auto``, a graphics processor where there is one that torch can use.
    then : callable, optional
        Asked for the trials that come next, until there are none: a race decides from what was measured. It is given
        those that failed in this sweep, and ``trials`` are then all that may come.
    budget : Budget, optional
        How long this sweep goes on, or how many trials it trains.
    progress : callable, optional
        Called every second and at every result; see `Progress`.
    told : callable, optional
        Called with sentences about the workers of a cluster: who joins, leaves, or cannot train.
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
    present = sink.finished([trial.trial_id for trial in trials])
    missing = [trial for trial in trials if trial.trial_id not in present]
    classes = max((len(each.classes) for each in arrays.values()), default=0)
    tally = _Tally(trials=missing, present=len(trials) - len(missing), classes=classes)
    stopped = False
    reasons = refused or {}
    hopeless = [TrialResult.failure(trial, reasons[key]) for trial in missing if (key := recipe_key(trial)) in reasons]
    if hopeless:
        keeper.keep(hopeless)
        tally.count(hopeless)
    given_up = {result.trial_id for result in hopeless}
    ready = [trial for trial in missing if trial.trial_id not in given_up]
    purse = _Purse(budget)
    rounds = iter([ready]) if then is None else _rounds(ready, then, keeper, tally)
    with trainer(executor, arrays if missing else {}, journal, workers, device) as place:
        for coming in rounds:
            for batch in _results(place, purse.spent_on(tasks_of(coming, place.device))):
                keeper.keep(batch)
                if batch:
                    tally.count(batch, place.workers())
                    place.learn(batch)
                news = place.news()
                if news and told is not None:
                    told(news)
                if progress is not None:
                    progress(*tally.progress())
                if tally.is_incomplete and should_stop():
                    stopped = True
                    break
            if stopped or purse.is_empty:
                break
    keeper.flush()
    return SweepSummary(
        total=len(trials),
        done=tally.finished,
        failed=tally.failed,
        present=tally.present,
        stopped=stopped,
        used_up=purse.is_empty and not stopped,
    )


def _rounds(
    ready: Sequence[Trial], then: Callable[[Collection[str]], Round], keeper: _Keeper, tally: _Tally
) -> Iterator[Sequence[Trial]]:
    """Yield what comes next, as it is decided from what the sink has, until nothing does."""
    known = {trial.trial_id: trial for trial in ready}
    while True:
        # what is decided on must have arrived
        keeper.flush()
        coming, later = then(tally.failures)
        mine = [known[trial.trial_id] for trial in coming if trial.trial_id in known]
        tally.look_ahead([*mine, *later])
        if not mine:
            return
        yield mine


class _Purse:
    """What a budget leaves; a task that was begun is finished."""

    def __init__(self, budget: Budget | None) -> None:
        self._budget, self._started, self._trials = budget or Budget(), time.monotonic(), 0
        self.is_empty = False

    def spent_on(self, tasks: Sequence[list[Trial]]) -> Iterator[list[Trial]]:
        """Yield tasks as long as the budget lasts."""
        for task in tasks:
            over = self._budget.trials is not None and self._trials >= self._budget.trials
            late = self._budget.seconds is not None and time.monotonic() - self._started >= self._budget.seconds
            if over or late:
                self.is_empty = True
                return
            self._trials += len(task)
            yield task


def _results(place: Trainer, tasks: Iterator[list[Trial]]) -> Iterator[list[TrialResult]]:
    """Yield results as they come, and an empty list every second when none comes."""
    # most often somebody or the system ended the worker, not the trial; and a race must not go on without it
    once_again: list[list[Trial]] = []
    second_tries: set[str] = set()
    running: dict[Future[Any], tuple[list[Trial], float]] = {}
    yield []
    try:
        while True:
            ahead = _AHEAD * place.workers()
            while len(running) < ahead and (task := once_again.pop() if once_again else next(tasks, None)) is not None:
                running[place.submit(task)] = (task, time.perf_counter())
            if not running:
                return
            ended, _ = wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED)
            found: list[TrialResult] = []
            for future in ended:
                task, submitted = running.pop(future)
                if isinstance(future.exception(), TaskLostError) and task[0].trial_id not in second_tries:
                    second_tries.add(task[0].trial_id)
                    once_again.append(task)
                else:
                    found += _results_of(future, task, submitted)
            yield found
    finally:
        for future in running:
            future.cancel()


def _results_of(future: Future[Any], task: Sequence[Trial], submitted: float) -> list[TrialResult]:
    error = future.exception()
    if error is None:
        found = future.result()
        return [found] if isinstance(found, TrialResult) else list(found)
    seconds = time.perf_counter() - submitted
    return [TrialResult.failure(trial, f"{type(error).__name__}: {error}", seconds) for trial in task]


class _Keeper:
    """Brings results to safety: weights, journal, sink, in this order."""

    def __init__(self, sink: ResultSink, journal: Journal, weights: Path) -> None:
        self._sink, self._journal, self._weights = sink, journal, weights
        self._pending: list[TrialResult] = []
        self._flushed_at = 0.0

    def replay(self) -> None:
        """Give the sink what an earlier run could not."""
        left = self._journal.read()
        there = self._sink.finished([result.trial_id for result in left])
        self._pending = [result for result in left if result.trial_id not in there]
        self.flush()
        self._journal.clear()

    def keep(self, results: Sequence[TrialResult]) -> None:
        """Keep results; when the sink cannot take them now, they wait in the journal for the next time.

        To be called when there are none, too: those that have waited are then given to the sink.
        """
        write_weights(self._weights, results)
        for result in results:
            self._journal.write(result)
            self._pending.append(replace(result, weights=b""))
        if time.monotonic() - self._flushed_at < _TOGETHER_S:
            return
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
            self._flushed_at = time.monotonic()


class _Warm(NamedTuple):
    """When each worker had trained something, and how much work that was."""

    moment: float
    work: float


class _Tally:
    """Counts what is done, and from the work of the rest tells the time that it takes."""

    def __init__(self, *, trials: Sequence[Trial], present: int, classes: int) -> None:
        self.present = present
        self.finished = present
        self.failures: set[str] = set()
        self._classes = classes
        self._ahead = {trial.trial_id: trial_cost(trial, classes) for trial in trials}
        self._work_ahead = sum(self._ahead.values())
        self._work_behind = 0.0
        self._latest = time.perf_counter()
        self._quickest, self._workers = float("inf"), 0
        self._warm: _Warm | None = None

    @property
    def failed(self) -> int:
        return len(self.failures)

    @property
    def is_incomplete(self) -> bool:
        return bool(self._ahead)

    def count(self, results: Sequence[TrialResult], workers: int = 0) -> None:
        """Take notice of results; the first of each worker load and compile what the others find ready."""
        self._latest = time.perf_counter()
        for result in results:
            cost = self._ahead.pop(result.trial_id, 0.0)
            self._work_ahead -= cost
            self._work_behind += cost
            if result.state == "failed":
                self.failures.add(result.trial_id)
                continue
            self.finished += 1
            self._workers = workers
            if cost:
                self._quickest = min(self._quickest, result.seconds / cost)
        if self._warm is None and self.finished - self.present >= workers > 0:
            self._warm = _Warm(self._latest, self._work_behind)

    def look_ahead(self, trials: Sequence[Trial]) -> None:
        """Take these for what is still to come, for the time left; the others may have been dropped."""
        self._ahead = {trial.trial_id: trial_cost(trial, self._classes) for trial in trials}
        self._work_ahead = sum(self._ahead.values())

    def progress(self) -> tuple[int, int, int, float | None]:
        total = self.finished + self.failed + len(self._ahead)
        return self.finished, self.failed, total, self._seconds_left()

    def _seconds_left(self) -> float | None:
        if not self._ahead:
            return 0.0
        if self._quickest == float("inf"):
            return None
        if self._warm is not None and self._warm.work < self._work_behind:
            pace = (self._latest - self._warm.moment) / (self._work_behind - self._warm.work)
        else:
            # the time before the first trainings was that of the workers' own start, and the quickest was held up least
            pace = self._quickest / max(self._workers, 1)
        # what has gone by since the latest result is work as well
        return max(self._work_ahead * pace - (time.perf_counter() - self._latest), 0.0)
