"""An answer of the database that holds for a moment, as long as nothing is written to its files."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from trova_widgets.store.hidden import database_file

Answer = TypeVar("Answer")

# What was written may be read a moment later.
_SETTLED_S = 1.0
# Whoever asks also wants to know soon when the process that has the database has ended.
_HOLDS_S = 4.0


class Unwritten(Generic[Answer]):
    """Keeps an answer for some seconds, or until the database's files change: to look at them costs nearly nothing.

    Parameters
    ----------
    folder : Path
        The workspace.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kept = Unwritten(Path(folder))
    ...     kept.ask(lambda: 42)
    42
    """

    def __init__(self, folder: Path) -> None:
        file = database_file(folder)
        self._files = (file, file.with_name(f"{file.name}.wal"))
        self._kept: tuple[object, float, Answer] | None = None

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Return the answer that is kept, or ask."""
        # another thread may ask in the meantime
        now, marks, kept = time.time(), self._marks(), self._kept
        if marks and kept is not None and kept[0] == marks and 0 <= now - kept[1] < _HOLDS_S:
            return kept[2]
        answer = question()
        settled = marks and now - max(written for written, _ in marks) / 1e9 > _SETTLED_S
        self._kept = (marks, now, answer) if settled else None
        return answer

    def _marks(self) -> list[tuple[int, int]]:
        # Windows tells when a file was written only once it is closed
        if sys.platform == "win32":
            return []
        found = []
        for file in self._files:
            try:
                status = file.stat()
            except FileNotFoundError:
                continue
            found.append((status.st_mtime_ns, status.st_size))
        return found
