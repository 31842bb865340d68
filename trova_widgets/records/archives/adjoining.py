"""Files of an archive that follow each other without a common scheme of names: hours of one channel, for instance.

An event in the last minute of an hour is recorded in two files. Which file goes on where another one ends is told by
the names, that differ in nothing but digits, and by what the files hold.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.records.archives.excerpts import span_ns
from trova_widgets.records.files.merging import LONGEST_BRIDGED_GAP_S
from trova_widgets.records.files.reading import content_of, open_traces
from trova_widgets.records.waveform import NANOSECONDS

_DIGITS = re.compile(r"\d+")


def before(path: Path, traces: Sequence[Any]) -> list[Any]:
    """Return the traces of the file that ends where a file begins; none where there is no such file.

    Parameters
    ----------
    path : Path
        The file.
    traces : sequence of obspy.Trace
        What it holds.
    """
    begin, _ = span_ns(traces)
    found = _of_channels(_neighbour(path, -1), traces)
    return found if found and _is_near(begin - span_ns(found)[1]) else []


def after(path: Path, traces: Sequence[Any]) -> list[Any]:
    """Return the traces of the file that begins where a file ends; parameters as of `before`."""
    _, end = span_ns(traces)
    found = _of_channels(_neighbour(path, 1), traces)
    return found if found and _is_near(span_ns(found)[0] - end) else []


def _is_near(apart_ns: int) -> bool:
    return abs(apart_ns) <= LONGEST_BRIDGED_GAP_S * NANOSECONDS


def _of_channels(path: Path | None, traces: Sequence[Any]) -> list[Any]:
    if path is None:
        return []
    names = {trace.id for trace in traces}
    try:
        return [trace for trace in open_traces(content_of(path)).traces if trace.id in names]
    except (RecordError, OSError):
        # it is told when its own turn comes
        return []


def _neighbour(path: Path, step: int) -> Path | None:
    names = _family(path.parent, _DIGITS.sub("#", path.name))
    place = names.index(path.name) + step if path.name in names else -1
    return path.parent / names[place] if 0 <= place < len(names) else None


@lru_cache(maxsize=16)
def _family(folder: Path, shape: str) -> tuple[str, ...]:
    """Return the files of a folder whose names differ in nothing but digits, in the order of these numbers."""
    try:
        names = [entry.name for entry in folder.iterdir() if _DIGITS.sub("#", entry.name) == shape]
    except OSError:
        return ()
    return tuple(sorted(names, key=lambda name: [int(number) for number in _DIGITS.findall(name)]))
