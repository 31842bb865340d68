"""The runner's journal: finished trials on disk until the sink has confirmed them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from trova_widgets.atomic import write_atomically
from trova_widgets.space import TrialResult


class Journal:
    """Results as lines of JSON, each forced to disk before anything else happens to it.

    Parameters
    ----------
    path : Path
        The file; made when the first result comes.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     journal = Journal(Path(folder) / "journal.jsonl")
    ...     journal.write(TrialResult(trial_id="a", state="finished", settings={"seed": 0}, finished_at_ns=1))
    ...     [result.trial_id for result in journal.read()]
    ['a']
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, result: TrialResult) -> None:
        """Append a result, without its weights, and wait until it is on the disk."""
        line = json.dumps(result.to_dict(), separators=(",", ":")) + "\n"
        with self._path.open("ab") as file:
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[TrialResult]:
        """Return what is in the journal; a last line that a kill has cut short is left out."""
        if not self._path.exists():
            return []
        *whole, _torn = self._path.read_bytes().split(b"\n")
        return [TrialResult.from_dict(json.loads(line)) for line in whole]

    def clear(self) -> None:
        """Empty the journal: the sink has confirmed everything in it."""
        if self._path.exists():
            write_atomically(self._path, b"")


def write_weights(folder: Path, results: Sequence[TrialResult]) -> None:
    """Write the weights of each result as ``<trial_id>.safetensors``."""
    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        if result.weights:
            write_atomically(folder / f"{result.trial_id}.safetensors", result.weights)
