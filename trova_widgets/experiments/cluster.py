"""Training on a Dask cluster: no shared disk, data that travels once a worker, workers that come and go."""

from __future__ import annotations

import io
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trova_widgets.errors import PlanError
from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.groups import recipe_key
from trova_widgets.experiments.pool import TaskLostError
from trova_widgets.space import FOLD, SEED, Trial, TrialResult

if TYPE_CHECKING:
    from distributed import Client

#: Weights travel back for trials that are among so many best of their fold and seed when they end.
_BEST_OF_A_REPEAT = 8
_PATIENCE_S = 20.0
_INSTALL = "install it with: pip install 'trova-widgets[dask]'"
# torch draws a network's first values from one generator a process, so two trials must not be built in it at once
_ONE_AT_A_TIME = threading.Lock()


class OtherVersionError(TaskLostError):
    """A worker has another version of Trova than the runner; the message names both."""


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """Connect to a Dask scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://10.0.0.1:8786``.

    Yields
    ------
    concurrent.futures.Executor
        For `trova_widgets.experiments.run_sweep`.

    Raises
    ------
    PlanError
        When Dask is not installed here, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise PlanError(f"Dask is needed to train on a cluster, and is not there; {_INSTALL}") from error
    try:
        client = Client(address, timeout=_PATIENCE_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise PlanError(
            f"No Dask scheduler answers at {address} ({error}); start one with: dask scheduler, "
            "and name the address that it prints."
        ) from error
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]


class ClusterTrainer:
    """Trains over the workers of a Dask cluster.

    A data set is sent to the scheduler once, unpacked by each worker once, and made anew where a worker has died. A
    worker trains one trial at a time, whatever its threads. Workers that join take part at once; those of another
    version of Trova get nothing to do.

    Parameters
    ----------
    executor : distributed.cfexecutor.ClientExecutor
        What ``Client.get_executor()`` returns.
    arrays : mapping of str to DatasetArrays
        The data set in the fingerprints of each recipe, by `recipe_key`.
    device : str
        ``cpu`` or ``auto``, a trial a task; ``cuda``, trials of one shape side by side on the worker's processor.
    """

    def __init__(self, executor: Executor, arrays: Mapping[str, DatasetArrays], device: str) -> None:
        self._client: Client = executor._client  # type: ignore[attr-defined]
        self._executor: Executor = self._client.get_executor(pure=False)
        self.device = "cpu" if device == "auto" else device
        self._data = {
            key: self._client.submit(_unpacked, _packed(each), key=f"trova-{self._client.id}-{key}")
            for key, each in arrays.items()
        }
        self._known: set[str] = set()
        self._others: set[str] = set()
        self._best: dict[tuple[Any, ...], list[float]] = defaultdict(list)
        self._waiting = False

    def __enter__(self) -> ClusterTrainer:
        return self

    def __exit__(self, *_: object) -> None:
        for future in self._data.values():
            future.release()

    def workers(self) -> int:
        """Return how many workers may train now; 1 while none is there, so that something waits for the first."""
        return max(len(self._known - self._others), 1)

    def submit(self, task: Sequence[Trial]) -> Future[Any]:
        """Begin a task on whichever worker is free."""
        data = self._data[recipe_key(task[0])]
        able = sorted(self._known - self._others)
        # named only where one must be kept out, so that others that join later may take the task
        where = {"workers": able} if self._others and able else {}
        return self._executor.submit(
            train_on_cluster, list(task), data, self.device, self._floors(task), _version(), **where
        )

    def news(self) -> str:
        """Return who has come, who has gone, and who cannot train.

        Raises
        ------
        PlanError
            When all workers that are there have another version of Trova.
        """
        there = dict(self._client.scheduler_info(n_workers=-1)["workers"])
        come, gone = sorted(set(there) - self._known), sorted(self._known - set(there))
        said = []
        if come:
            versions = self._client.run(_version, workers=come, on_error="return")
            for address in come:
                if (found := versions.get(address, "")) != _version():
                    self._others.add(address)
                    said.append(f"Worker {address} has {_named(found)} and gets nothing to do: here is {_version()}.")
        self._known = set(there)
        self._others &= self._known
        able = len(self._known - self._others)
        if there and not able:
            raise PlanError(f"No worker of the cluster can train. {' '.join(said)}")
        if gone:
            said.append(f"{_workers(len(gone))} left; what was in training there is trained elsewhere.")
        if joined := [address for address in come if address not in self._others]:
            threads = max(int(there[address]["nthreads"]) for address in joined)
            said.append(f"{_workers(len(joined))} joined, {able} {'trains' if able == 1 else 'train'} now.")
            if threads > 1:
                said.append(f"A trial takes one thread: start them with --nthreads 1 and {threads} times as many.")
        if not there and not self._waiting:
            said.append("The cluster has no worker yet; it goes on when one joins.")
        self._waiting = not there
        return " ".join(said)

    def learn(self, results: Sequence[TrialResult]) -> None:
        """Note which qualities are the best so far: weights come back for such trials alone."""
        for result in results:
            if result.quality is not None:
                best = self._best[_repeat(result.settings)]
                best.append(result.quality)
                best.sort(reverse=True)
                del best[_BEST_OF_A_REPEAT:]

    def _floors(self, task: Sequence[Trial]) -> list[float]:
        found = (self._best.get(_repeat(trial.settings), []) for trial in task)
        return [best[-1] if len(best) == _BEST_OF_A_REPEAT else 0.0 for best in found]


def train_on_cluster(
    trials: list[Trial], arrays: DatasetArrays, device: str, floors: list[float], version: str
) -> list[TrialResult]:
    """Train trials on a worker of a cluster.

    Parameters
    ----------
    trials : list of Trial
        What to train; on the processor one after another.
    arrays : DatasetArrays
        The data set, which the worker keeps.
    device : str
        ``cpu`` or ``cuda``.
    floors : list of float
        The quality from which the weights of each trial are worth their way.
    version : str
        The runner's version of Trova.

    Raises
    ------
    OtherVersionError
        When this worker has another one.
    """
    if version != _version():
        raise OtherVersionError(f"The worker has {_version()} and the runner {version}; install the same on both.")
    with _ONE_AT_A_TIME:
        if device == "cpu":
            from trova_widgets.experiments.training import train_trial

            found = [train_trial(trial, arrays) for trial in trials]
        else:
            from trova_widgets.experiments.together import device_named, train_together

            found = list(train_together(trials, arrays, device_named(device)))
    return [
        result if result.quality is not None and result.quality >= floor else replace(result, weights=b"")
        for result, floor in zip(found, floors, strict=True)
    ]


def _packed(arrays: DatasetArrays) -> bytes:
    file = io.BytesIO()
    arrays.write(file, compressed=True)
    return file.getvalue()


def _unpacked(content: bytes) -> DatasetArrays:
    return DatasetArrays.load(io.BytesIO(content))


def _repeat(settings: Mapping[str, Any]) -> tuple[Any, ...]:
    return settings.get(FOLD.name), settings.get(SEED.name)


def _version() -> str:
    from importlib.metadata import version

    return f"Trova {version('trova-widgets')}"


def _named(found: object) -> str:
    return found if isinstance(found, str) and found else f"no Trova that answers ({found})"


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"
