"""The worker process: reads tasks from its input, writes their results to its output, and ends with its parent."""

import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.cells import TrialSpec
from trova_widgets.experiments.results import TrialResult

Task = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def train_from_file(spec: TrialSpec, path: str) -> TrialResult:
    """Train a trial on the data set in a file, which each process reads once.

    Parameters
    ----------
    spec : TrialSpec
        What to train.
    path : str
        File of `DatasetArrays.save`, on a disk that the worker sees.
    """
    from trova_widgets.experiments.training import train_trial

    return train_trial(spec, _arrays(path))


@lru_cache(maxsize=1)
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
