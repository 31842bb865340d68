"""The status of a run as a small file, which any page can read without asking the runner or the database."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from trova_widgets.atomic import write_atomically
from trova_widgets.reports import Report

HEARTBEAT_LIMIT_S = 60.0
"""A runner writes every second or so; after this long without a word it is taken for dead."""

_LIVE_STATES = frozenset({"starting", "running"})


@dataclass(frozen=True, kw_only=True, repr=False)
class RunStatus(Report):
    """Where a run stands.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    pid : int
        Process of the runner.
    state : str
        ``starting``, ``running``, ``finished``, ``stopped`` or ``failed``; ``killed`` is what `read_status` makes
        of a runner that died without a word.
    done, failed, total : int
        Trials that are finished, that failed in this run, and that the experiment has.
    seconds_left : float or None
        None while unknown.
    started_at, updated_at : float
        Seconds since 1970 UTC.
    message : str
        Why it failed; empty otherwise.
    """

    experiment: str
    pid: int
    state: str
    done: int = 0
    failed: int = 0
    total: int = 0
    seconds_left: float | None = None
    started_at: float
    updated_at: float
    message: str = ""

    @classmethod
    def starting(cls, experiment: str, pid: int) -> RunStatus:
        """Return the status of a runner that has just been started."""
        now = time.time()
        return cls(experiment=experiment, pid=pid, state="starting", started_at=now, updated_at=now)

    def __str__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        left = f", {self.seconds_left / 60:.0f} min left" if self.is_alive and self.seconds_left else ""
        said = f"{self.experiment}: {self.state}, {self.done} of {self.total} trials{failed}{left}."
        return f"{said} {self.message}".rstrip()

    @property
    def is_alive(self) -> bool:
        """Tell whether the runner is at work: it says so, its process exists, and it was heard of lately."""
        is_recent = time.time() - self.updated_at < HEARTBEAT_LIMIT_S
        return self.state in _LIVE_STATES and is_recent and is_alive(self.pid)


def write_status(path: Path, status: RunStatus) -> None:
    """Write a status, whole or not at all; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(asdict(status)).encode())


def read_status(path: Path) -> RunStatus | None:
    """Return the status in a file, or None when there is none; a runner that died is ``killed``."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    status = RunStatus(**json.loads(content))
    if status.state in _LIVE_STATES and not status.is_alive:
        return replace(status, state="killed", seconds_left=None)
    return status


def is_alive(pid: int) -> bool:
    """Tell whether a process runs on this machine; one that has ended and only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    # The state follows the command's name, which stands in brackets and may hold anything.
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
