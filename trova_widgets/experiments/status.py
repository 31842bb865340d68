"""The status of a run as a small file, which any page can read without asking the runner or the database."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from trova_widgets.experiments.journal import write_atomically

HEARTBEAT_LIMIT_S = 30.0
"""A runner writes every second or so; after this long without a word it is taken for dead."""

RunState = Literal["starting", "running", "finished", "stopped", "failed", "killed"]
_LIVE_STATES = ("starting", "running")


@dataclass(frozen=True, kw_only=True)
class RunStatus:
    """Where a run stands.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    pid : int
        Process of the runner.
    state : str
        starting, running, finished, stopped, failed; killed is what `read` makes of a runner that died.
    done, failed, total : int
        Trials; done counts the failed too.
    seconds_left : float or None
        None while unknown.
    started_at, updated_at : float
        Seconds since 1970 UTC.
    message : str
        Why it failed; empty otherwise.
    """

    experiment: str
    pid: int
    state: RunState
    done: int = 0
    failed: int = 0
    total: int = 0
    seconds_left: float | None = None
    started_at: float
    updated_at: float
    message: str = ""

    @property
    def is_alive(self) -> bool:
        """Whether the runner is at work: it says so, its process exists, and it has been heard of lately."""
        recent = time.time() - self.updated_at < HEARTBEAT_LIMIT_S
        return self.state in _LIVE_STATES and recent and is_alive(self.pid)

    def write(self, path: Path) -> None:
        """Write the status, whole or not at all; the folder is made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(asdict(self)).encode())

    @classmethod
    def read(cls, path: Path) -> RunStatus | None:
        """Return the status in a file, or None when there is none. A runner that died is ``killed``."""
        try:
            status = cls(**json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        if status.state in _LIVE_STATES and not status.is_alive:
            return cls(**{**asdict(status), "state": "killed", "seconds_left": None})
        return status


def is_alive(pid: int) -> bool:
    """Tell whether a process exists on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
