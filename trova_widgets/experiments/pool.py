"""Worker processes behind the interface of `concurrent.futures`, made for long tasks of which one may die.

The standard library's process pool breaks as a whole when a process is killed, and cannot say whose task it
was; a process started by ``spawn`` also imports the caller's main script again, which a plain script or a
notebook is not written for. Here each worker is a process of its own (`trova_widgets.experiments.worker`) that
has one task at a time: when it dies only that task fails, and a new worker takes its place.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from trova_widgets.errors import TrovaError

P = ParamSpec("P")
T = TypeVar("T")

_THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# Every large map of a network is asked of the system and given back anew, whose page faults take a third of the time of
# a network with many filters. So glibc's allocator is told to keep what it has; other systems' do not read these.
_KEEPS_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(1 << 26),
}
_WORKER_MODULE = "trova_widgets.experiments.worker"


class TaskLostError(TrovaError):
    """A task was lost by no fault of its own; it may be tried again."""


class WorkerDiedError(TaskLostError):
    """A worker process ended in the middle of a task; the message says by which signal or status."""


class WorkerPool(Executor):
    """An executor over processes of one thread each.

    Parameters
    ----------
    workers : int
        How many processes; each starts with its first task.
    tasks_per_worker : int
        After so many tasks a process is replaced by a fresh one, so that no leak of memory adds up.

    Examples
    --------
    >>> with WorkerPool(workers=1) as pool:
    ...     pool.submit(pow, 2, 10).result()
    1024
    """

    def __init__(self, workers: int, tasks_per_worker: int = 200) -> None:
        if workers < 1:
            raise TrovaError(f"A pool of {workers} workers cannot work; ask for 1 or more.")
        #: How many processes there are at most.
        self.workers = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="trova-worker")
        self._lanes = [_Lane(tasks_per_worker) for _ in range(workers)]
        # the last in, the first out: a process that runs is asked before another one is started
        self._free: queue.LifoQueue[_Lane] = queue.LifoQueue()
        for lane in self._lanes:
            self._free.put(lane)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn(*args, **kwargs)`` in the next free worker; all of it must pickle.

        The future raises `WorkerDiedError` when the worker ends before it has answered.
        """
        return self._threads.submit(self._run, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers when they have answered; with ``wait=False`` kill them where they are."""
        if not wait:
            for lane in self._lanes:
                lane.kill()
        self._threads.shutdown(wait=True, cancel_futures=cancel_futures or not wait)
        for lane in self._lanes:
            lane.close()

    def _run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        lane = self._free.get()
        try:
            result: T = lane.run(fn, args, kwargs)
            return result
        finally:
            self._free.put(lane)


class _Lane:
    """One worker at a time, replaced when it has died or has done its share."""

    def __init__(self, tasks_per_worker: int) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._tasks_per_worker = tasks_per_worker
        self._tasks_left = 0
        self._killed = False

    def run(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self._killed:
            raise WorkerDiedError("The pool was shut down before this task began.")
        task = pickle.dumps((fn, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        process = self._ready()
        self._tasks_left -= 1
        if process.stdin is None or process.stdout is None:
            raise TrovaError("A worker process has no pipes.")
        try:
            process.stdin.write(task)
            process.stdin.flush()
            ok, value = pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            status = process.wait()
            self.close()
            raise WorkerDiedError(_how_it_ended(status)) from error
        if not ok:
            raise value
        return value

    def kill(self) -> None:
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                # a dead worker has not read all that was meant for it
                with suppress(BrokenPipeError):
                    pipe.close()
        process.wait()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (self._tasks_left <= 0 or self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._process = _start()
            self._tasks_left = self._tasks_per_worker
        return self._process


def _start() -> subprocess.Popen[bytes]:
    # Both must be known before the worker imports numpy or torch; afterwards it is too late for some of them.
    limits = dict.fromkeys(_THREAD_LIMITS, "1")
    search = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", _WORKER_MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**_KEEPS_MEMORY, **os.environ, **limits, "PYTHONPATH": search},
    )


def _how_it_ended(status: int) -> str:
    if status < 0:
        hint = "; most often the machine ran out of memory, so use fewer workers or a smaller network" * (status == -9)
        return f"The worker process was killed by signal {-status}{hint}."
    return f"The worker process ended with status {status} before it had answered; its own messages say why."
