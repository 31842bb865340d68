"""Where a sweep's trials are trained: processes of this machine, or whatever executor one has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.groups import recipe_key, resolved_device
from trova_widgets.experiments.pool import WorkerPool
from trova_widgets.processes import usable_cores
from trova_widgets.space import Trial, TrialResult


class Trainer(Protocol):
    """What a sweep asks of the place where its trials are trained."""

    device: str
    """``cpu``, a trial a task; otherwise trials of one shape are one task."""

    def workers(self) -> int:
        """Return how many tasks can be worked on at once, now."""

    def submit(self, task: Sequence[Trial]) -> Future[Any]:
        """Begin a task; its future holds a result, or a list of results."""

    def news(self) -> str:
        """Return what is to be told of the workers since the last time, in sentences; empty where nothing is."""

    def learn(self, results: Sequence[TrialResult]) -> None:
        """Take notice of results."""


class FileTrainer:
    """Trains over an executor whose workers see this machine's disk: the data set is a file, read once by each.

    Parameters
    ----------
    pool : concurrent.futures.Executor
        Where tasks go.
    paths : mapping of str to Path
        The file of the data set in each recipe's fingerprints, by `recipe_key`.
    workers : int
        How many tasks the pool works on at once.
    device : str
        As `resolved_device` returns it.
    """

    def __init__(self, pool: Executor, paths: Mapping[str, Path], workers: int, device: str) -> None:
        self._pool, self._paths, self._workers = pool, paths, workers
        self.device = device

    def workers(self) -> int:
        """Return how many tasks the pool works on at once."""
        return self._workers

    def submit(self, task: Sequence[Trial]) -> Future[Any]:
        """Begin a task."""
        from trova_widgets.experiments.worker import train_from_file, train_group_from_file

        path = str(self._paths[recipe_key(task[0])])
        if self.device == "cpu":
            return self._pool.submit(train_from_file, task[0], path)
        return self._pool.submit(train_group_from_file, list(task), path, self.device)

    def news(self) -> str:
        """Return nothing: a worker that dies fails its task, and says so there."""
        return ""

    def learn(self, results: Sequence[TrialResult]) -> None:
        """Keep nothing of results."""


@contextmanager
def trainer(
    executor: Executor | None,
    arrays: Mapping[str, DatasetArrays],
    journal: Path,
    workers: int | None,
    device: str,
) -> Iterator[Trainer]:
    """Open the place where trials are trained, for the time of a sweep.

    Parameters
    ----------
    executor, arrays, journal, workers, device
        As of `trova_widgets.experiments.run_sweep`.
    """
    if executor is not None and type(executor).__module__.partition(".")[0] == "distributed":
        from trova_widgets.experiments.cluster import ClusterTrainer

        with ClusterTrainer(executor, arrays, device) as cluster:
            yield cluster
        return
    where = resolved_device(device) if arrays else "cpu"
    count = (workers or usable_cores()) if where == "cpu" else 1
    with _dataset_files(arrays, journal) as paths, _pool(executor, count) as pool:
        yield FileTrainer(pool, paths, count, where)


@contextmanager
def _dataset_files(arrays: Mapping[str, DatasetArrays], journal: Path) -> Iterator[dict[str, Path]]:
    paths = {key: journal.with_suffix(f".{key}.npz").resolve() for key in arrays}
    try:
        for key, path in paths.items():
            arrays[key].save(path)
        yield paths
    finally:
        for path in paths.values():
            path.unlink(missing_ok=True)


@contextmanager
def _pool(given: Executor | None, workers: int) -> Iterator[Executor]:
    if given is not None:
        yield given
        return
    pool = WorkerPool(workers)
    try:
        yield pool
    finally:
        # Nothing is in flight after a whole sweep; after a stop or an error the workers are not waited for.
        pool.shutdown(wait=False)
