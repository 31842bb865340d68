"""What a runner says of its run: a small file, which any page can read without asking the runner or the database."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from trova_widgets.atomic import read_whole, write_atomically
from trova_widgets.processes import ProcessIdentity

# A runner of an older program did not note when it began; it wrote every second or so, and its number alone tells
# nothing after so long without a word.
_SILENCE_S = 60.0

_LIVE_STATES = frozenset({"starting", "running"})


@dataclass(frozen=True, kw_only=True)
class RunStatus:
    """How far the last run of an experiment has come, as its runner said.

    In what state the experiment is, follows from it and from what the store has: see `Workspace.status`.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    pid : int
        Process of the runner.
    began : float or None
        When that began, see `ProcessIdentity`; None in what an older program has written.
    state : str
        ``starting``, ``running``, ``finished``, ``stopped`` or ``failed``; ``died`` is what `read_status` makes
        of a runner that has ended without a word.
    done, failed, total : int
        Trials that are finished, that failed in this run, and that the experiment has.
    seconds_left : float or None
        None while unknown.
    started_at, updated_at : float
        Seconds since 1970 UTC.
    message : str
        Why it failed, what it is about before the first trial, or how it ended; empty otherwise.
    """

    experiment: str
    pid: int
    began: float | None = None
    state: str
    done: int = 0
    failed: int = 0
    total: int = 0
    seconds_left: float | None = None
    started_at: float
    updated_at: float
    message: str = ""

    @classmethod
    def starting(cls, experiment: str, process: ProcessIdentity) -> RunStatus:
        """Return the status of a runner that has just been started."""
        now = time.time()
        return cls(
            experiment=experiment,
            pid=process.pid,
            began=process.began,
            state="starting",
            started_at=now,
            updated_at=now,
        )

    @property
    def is_alive(self) -> bool:
        """Whether the runner is at work: it has not said that it is done, and its process is there."""
        if self.state not in _LIVE_STATES:
            return False
        if self.began is None and time.time() - self.updated_at > _SILENCE_S:
            return False
        return ProcessIdentity(pid=self.pid, began=self.began).is_alive


def write_status(path: Path, status: RunStatus) -> None:
    """Write a status, whole or not at all; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(asdict(status)).encode())


def read_status(path: Path) -> RunStatus | None:
    """Return the status in a file, or None when there is none; that of a runner that died says so."""
    try:
        content = read_whole(path)
    except FileNotFoundError:
        return None
    # another version of the program may have had more to say
    known = {each.name for each in fields(RunStatus)}
    status = RunStatus(**{name: value for name, value in json.loads(content).items() if name in known})
    if status.state in _LIVE_STATES and not status.is_alive:
        return replace(status, state="died", seconds_left=None)
    return status
