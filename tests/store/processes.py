"""Other processes on the same workspace, started anew as a notebook or a runner would be."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.store.samples import parameter, trial
from trova_widgets.store import Store, owner, schema
from trova_widgets.store.hidden import read_owner

SPAWN = multiprocessing.get_context("spawn")


@contextmanager
def another_process(work: Callable[..., None], folder: Path, *arguments: Any) -> Iterator[BaseProcess]:
    """Run work in another process and go on when it says that it is ready."""
    ready = SPAWN.Event()
    process = SPAWN.Process(target=work, args=(folder, ready, *arguments))
    process.start()
    try:
        assert ready.wait(300), "the other process did not start"
        yield process
    finally:
        process.kill()
        process.join()


def hold(folder: Path, ready: threading.Event) -> None:
    """Open the workspace as a notebook does, write every now and then, and keep it."""
    store = Store.open(folder)
    count = 0
    while True:
        store.annotate("held", str(count), "holder")
        ready.set()
        count += 1
        time.sleep(0.02)


def leave_at_once(folder: Path, ready: threading.Event) -> None:
    """Be a client, and die without a word."""
    Store.open(folder, shared=True)
    ready.set()
    os.kill(os.getpid(), signal.SIGKILL)


def write_trials(folder: Path, ready: threading.Event, start: threading.Event, author: str, count: int) -> None:
    """Write the same trials as the other writers, and a note of one's own beside each."""
    with Store.open(folder, shared=True) as store:
        ready.set()
        start.wait()
        for number in range(count):
            store.add_trials([trial(f"t{number}", finished_at_ns=time.time_ns())])
            store.annotate(author, str(number), author)


def wait_for(condition: Callable[[], bool], patience_s: float = 300.0) -> None:
    """Wait until something has happened."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def write_parameters(folder: Path, ready: threading.Event, start: threading.Event, count: int) -> None:
    """Append the same values to a record's history as the other writers."""
    with Store.open(folder, shared=True) as store:
        ready.set()
        start.wait()
        for number in range(count):
            store.add_parameters([parameter("r0", f"p{number}", number, made_at_ns=number)])


def own_as_before(folder: Path, ready: threading.Event, version: int) -> None:
    """Own the workspace as a program of an earlier version does."""
    schema.MIGRATIONS = schema.MIGRATIONS[:version]
    threading.Thread(target=_wait_for_owner, args=(folder, ready), daemon=True).start()
    owner.main([str(folder)])


def _wait_for_owner(folder: Path, ready: threading.Event) -> None:
    while read_owner(folder) is None:
        time.sleep(0.02)
    ready.set()
