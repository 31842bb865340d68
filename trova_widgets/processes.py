"""Other processes of this machine: started to outlive us, told apart, looked for and ended, on every system alike.

A process is known by its number and the time at which it began, because a system gives the number of a process that has
ended to another one.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

# Two looks at when one process began differ by less [s].
_SAME_S = 0.05
_LOOKS_EVERY_S = 0.05
#: How far what runs for hours goes behind the pages.
RUN_NICE = 10


@dataclass(frozen=True, kw_only=True)
class ProcessIdentity:
    """What tells a process from all others, those before it and after it included.

    Attributes
    ----------
    pid : int
        Its number.
    began : float or None
        When it began [s]; None where nobody has noted it, and the number alone has to tell. It is counted from 1970,
        but on Linux, where that changes when the clock is set, from the machine's start.

    Examples
    --------
    >>> this_process().is_alive
    True
    >>> ProcessIdentity(pid=this_process().pid, began=0.0).is_alive
    False
    """

    pid: int
    began: float | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it is there and at work; one that has ended and waits for its parent to look is not."""
        return self._process() is not None

    def end(self, patience_s: float) -> bool:
        """Ask it to end, and wait for that; where a system knows no such wish, as Windows, it is ended at once.

        Parameters
        ----------
        patience_s : float
            How long to wait [s].

        Returns
        -------
        bool
            Whether it has ended.
        """
        process = self._process()
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        deadline = time.monotonic() + patience_s
        while self.is_alive:
            if time.monotonic() >= deadline:
                return False
            # not by waiting for a child: how it ended is for whoever has started it to learn
            time.sleep(_LOOKS_EVERY_S)
        return True

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            same = self.began is None or abs(_beginning(process) - self.began) < _SAME_S
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


class DetachedProcess(subprocess.Popen[bytes]):
    """A process that goes on when the one that has started it ends, and that Ctrl-C at its terminal does not reach.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    log : Path
        The file to which it writes what it would write to a terminal; its folder is there.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        with log.open("ab") as stream:
            # whoever reads the log expects this coding, whatever that of the system is
            environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
            super().__init__(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=environment, **apart(hidden=True)
            )
        #: What tells it from all others.
        self.identity = identity_of_process(self.pid)
        # one that has ended stays in the system's table until its parent looks
        _detached[:] = [other for other in _detached if other.poll() is None]
        _detached.append(self)

    def __del__(self) -> None:
        """Let it run on: Popen would complain here of a process that still does."""


_detached: list[DetachedProcess] = []


def apart(*, hidden: bool = False) -> dict[str, Any]:
    """Return what `subprocess.Popen` is told so that Ctrl-C at our terminal leaves a process alone.

    Parameters
    ----------
    hidden : bool
        Whether the end of the terminal, too, is to leave it alone, where a system asks for that.
    """
    if sys.platform == "win32":
        # a console of its own that nobody sees: without any, each process that it starts would open a window
        console = subprocess.CREATE_NO_WINDOW if hidden else 0
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | console}
    return {"start_new_session": True}


def identity_of_process(pid: int) -> ProcessIdentity:
    """Return the identity of the process that has a number now; it may have ended already."""
    try:
        return ProcessIdentity(pid=pid, began=_beginning(psutil.Process(pid)))
    except psutil.Error:
        return ProcessIdentity(pid=pid)


def this_process() -> ProcessIdentity:
    """Return the identity of the process that asks."""
    return identity_of_process(os.getpid())


def give_way(nice: int) -> None:
    """Let other processes of this machine go first; what this process starts goes behind as well.

    On an idle machine nothing takes longer.

    Parameters
    ----------
    nice : int
        How far, from 0 (not at all) to 19.
    """
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    os.nice(nice)
    # where Linux shares the time among sessions, how nice one process is counts within its session alone
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")


def usable_cores() -> int:
    """Return how many processor cores this process may use."""
    affinity = getattr(psutil.Process(), "cpu_affinity", None)
    return len(affinity()) if affinity else os.cpu_count() or 1


def _beginning(process: psutil.Process) -> float:
    began: float = process.create_time()
    if sys.platform == "linux":
        # the system counts from its start, and psutil adds what the clock says of that now
        began -= psutil.boot_time()
    return round(began, 2)
