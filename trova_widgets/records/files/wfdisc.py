"""The table of seismograms of a CSS 3.0 database, ``.wfdisc``, line by line: one that is wrong costs itself alone.

A line says at fixed columns what a stretch of samples is, and where in which file it lies (Anderson et al., 1990,
"Center Version 3 Database: Schema Reference Manual", Science Applications International Corporation, SAIC-90/1235).
The knowledge base of the NNSA has the same columns, from the end time on one further to the right.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trova_widgets.errors import RecordError
from trova_widgets.records.files.guards import refuse_large
from trova_widgets.records.files.obspy_plugins import obspy_module

# which columns there are up to the end time, and those behind it, which NNSA KB Core has one to the right
_STATION, _CHANNEL, _BEGIN = slice(0, 6), slice(7, 15), slice(16, 33)
_BEHIND = {
    "count": slice(79, 87),
    "rate_hz": slice(88, 99),
    "coding": slice(143, 145),
    "folder": slice(148, 212),
    "file": slice(213, 245),
    "offset": slice(246, 256),
}
_SHIFTS = {"CSS": 0, "NNSA_KB_CORE": 1}
_LONGEST_LINE = 400
# numbers written as text, and what they are read as
_NUMBERS_IN_LETTERS = {"c0": (12, np.int64), "c#": (12, np.int64), "a0": (15, np.float32), "a#": (15, np.float32),
                       "b0": (24, np.float64), "b#": (24, np.float64)}  # fmt: skip
_NUMBERS = {"s4": ">i4", "s2": ">i2", "i4": "<i4", "i2": "<i2", "t4": ">f4", "t8": ">f8", "f4": "<f4", "f8": "<f8"}


@dataclass(frozen=True, kw_only=True)
class WfdiscLine:
    """A line of the table.

    Attributes
    ----------
    number : int
        Its place in the file, from 1.
    station, channel : str
        Codes.
    begin_s : float
        Time of the first sample, seconds since 1970 UTC.
    count : int
        How many samples there are.
    rate_hz : float
        Samples a second.
    coding : str
        How they are written: ``"s4"`` for integers of 4 bytes, the highest first.
    folder, file : str
        Where they lie, from the table's folder.
    offset : int
        Where in that file they begin, bytes.
    """

    number: int
    station: str
    channel: str
    begin_s: float
    count: int
    rate_hz: float
    coding: str
    folder: str
    file: str
    offset: int

    @property
    def codes(self) -> str:
        """The station and the channel."""
        return f"{self.station}.{self.channel}"


def wfdisc_format(content: bytes) -> str | None:
    """Return which of the two layouts the first line that has one has: ``"CSS"`` or ``"NNSA_KB_CORE"``."""
    for number, line in _lines(content):
        for name in _SHIFTS:
            if _parsed(number, line, name) is not None:
                return name
    return None


def wfdisc_lines(content: bytes, layout: str, problems: list[str] | None = None) -> list[WfdiscLine]:
    """Return the lines of a table.

    Parameters
    ----------
    content : bytes
        The whole file.
    layout : {"CSS", "NNSA_KB_CORE"}
        From `wfdisc_format`.
    problems : list of str, optional
        Gets a sentence for each line that is none.
    """
    found = []
    for number, line in _lines(content):
        parsed = _parsed(number, line, layout)
        if parsed is not None:
            found.append(parsed)
        elif problems is not None:
            shown = "".join(filter(str.isprintable, line))[:40]
            problems.append(
                f"Line {number} of the table is {shown!r}, which has not the columns of CSS 3.0; export the table "
                f"again with columns at fixed places."
            )
    return found


def wfdisc_traces(folder: Path, lines: Iterable[WfdiscLine], problems: list[str]) -> Iterator[Any]:
    """Read the seismograms that a table names.

    Parameters
    ----------
    folder : Path
        The table's folder.
    lines : iterable of WfdiscLine
        Its lines.
    problems : list of str
        Gets a sentence for each line whose samples are missing, lie elsewhere, or cannot be read.

    Yields
    ------
    obspy.Trace
        The others.
    """
    for line in lines:
        try:
            yield _trace(folder, line)
        except RecordError as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(
                f"The file {line.file} of the channel {line.codes} cannot be opened: {error.strerror or error}; give "
                f"yourself the right to read it."
            )


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            yield number, line[:_LONGEST_LINE].decode("utf-8", errors="replace")


def _parsed(number: int, line: str, layout: str) -> WfdiscLine | None:
    shift = _SHIFTS[layout]
    cells = {name: line[place.start + shift : place.stop + shift].strip() for name, place in _BEHIND.items()}
    try:
        parsed = WfdiscLine(
            number=number,
            station=line[_STATION].strip(),
            channel=line[_CHANNEL].strip(),
            begin_s=float(line[_BEGIN]),
            count=int(cells["count"]),
            rate_hz=float(cells["rate_hz"]),
            coding=cells["coding"],
            folder=cells["folder"],
            file=cells["file"],
            offset=int(cells["offset"]),
        )
    except ValueError:
        return None
    # what a blank cuts in two is no number of a column
    is_whole = not line[_BEGIN.stop : _BEGIN.stop + 1].strip() and bool(parsed.file and parsed.station)
    return parsed if is_whole and parsed.offset >= 0 and parsed.count > 0 else None


def _trace(folder: Path, line: WfdiscLine) -> Any:
    path = folder / line.folder / line.file
    if not path.is_file():
        raise RecordError(
            f"The headers of {line.codes} name the file {line.file}, which is not beside them; put both into one "
            f"folder."
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise RecordError(
            f"The headers of {line.codes} name the file {path}, which lies outside of their folder; put both into one "
            f"folder."
        )
    size = path.stat().st_size
    refuse_large(size)
    width, kind = _NUMBERS_IN_LETTERS.get(line.coding, (0, None))
    if line.coding in _NUMBERS:
        width = np.dtype(_NUMBERS[line.coding]).itemsize
    elif kind is None:
        raise RecordError(
            f"The samples of {line.codes} are written as {line.coding!r}, which no reader here knows; convert them to "
            f"miniSEED with the program that wrote them."
        )
    if line.offset + width * line.count > size:
        there = max(size - line.offset, 0) // width
        raise RecordError(
            f"The headers of {line.codes} name {line.count} samples, but {line.file} holds {there}; the file is cut "
            f"short, fetch it again from its source."
        )
    with path.open("rb") as stream:
        stream.seek(line.offset)
        content = stream.read(width * line.count)
    try:
        samples = (
            np.frombuffer(content, dtype=f"S{width}").astype(kind)
            if kind is not None
            else np.frombuffer(content, dtype=_NUMBERS[line.coding])
        )
        obspy = obspy_module("obspy")
        header = {
            "station": line.station,
            "channel": line.channel,
            "starttime": obspy.UTCDateTime(line.begin_s),
            "sampling_rate": line.rate_hz,
        }
        return obspy.Trace(np.ascontiguousarray(samples, dtype=samples.dtype.newbyteorder("=")), header=header)
    except (ValueError, OverflowError, TypeError) as error:
        raise RecordError(
            f"Line {line.number} of the table, {line.codes}, cannot be read: {' '.join(str(error).split())[:160]}; "
            f"correct it, or export the table again."
        ) from error
