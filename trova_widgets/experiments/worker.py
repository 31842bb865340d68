"""The worker process: reads tasks from its input, writes their results to its output, and ends with its parent."""

import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.space import Trial, TrialResult

Task = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def train_from_file(trial: Trial, path: str) -> TrialResult:
    """Train a trial on the data set in a file, which each process reads once.

    Parameters
    ----------
    trial : Trial
        What to train.
    path : str
        File of `DatasetArrays.save`, on a disk that the worker sees.
    """
    from trova_widgets.experiments.training import train_trial

    return train_trial(trial, _arrays(path))


def train_dealt_from_file(trial: Trial, path: str, learnt: NDArray[np.int64], told: NDArray[np.int64]) -> TrialResult:
    """Train a trial on other parts of a data set than its fold's; its weights are not kept.

    Parameters
    ----------
    trial, path
        As of `train_from_file`; the trial has no fold.
    learnt, told : (n,) int64
        As of `DatasetArrays.dealt`.
    """
    from trova_widgets.experiments.training import train_trial

    return replace(train_trial(trial, _arrays(path).dealt(learnt, told)), weights=b"")


def train_group_from_file(trials: list[Trial], path: str, device: str) -> list[TrialResult]:
    """Train trials side by side on a device of this machine.

    Parameters
    ----------
    trials : list of Trial
        What to train.
    path : str
        As of `train_from_file`.
    device : str
        ``cuda``, for instance; as of `trova_widgets.experiments.together.device_named`.
    """
    from trova_widgets.experiments.together import device_named, train_together

    return list(train_together(trials, _arrays(path), device_named(device)))


def name_of_device(device: str) -> str:
    """Return which device this process would train on; raise PlanError when there is no such one."""
    from trova_widgets.experiments.together import device_named

    return str(device_named(device))


# recipes may vary along an axis, and neighbours in the order of trials then differ in it
@lru_cache(maxsize=4)
def _arrays(path: str) -> DatasetArrays:
    return DatasetArrays.load(Path(path))


def main() -> None:
    """Answer tasks until the parent closes the pipe; when it does so in the middle of one, end at once."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(tasks,), daemon=True).start()
    while True:
        fn, args, kwargs = tasks.get()
        try:
            answer = (True, fn(*args, **kwargs))
        except Exception as error:  # whatever a task raises belongs to whoever waits for it
            answer = (False, error)
        answers.write(pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL))
        answers.flush()


def _read(tasks: "queue.SimpleQueue[Task]") -> None:
    try:
        while True:
            tasks.put(pickle.load(sys.stdin.buffer))
    except EOFError:
        # The parent is gone or has no more tasks. A training in flight could not be delivered any more.
        os._exit(0)


if __name__ == "__main__":
    main()
