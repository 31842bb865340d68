"""The seismological bulletin of the Geophysical Survey of RAS (Obninsk): lines of 80 columns.

An event is a line of type 1, perhaps one of type 2 with magnitudes, comments (8), and the phases of stations (10, 11).
The columns are those of the description that the World Data Centre for Solid Earth Physics, Moscow, publishes with the
bulletin. It describes the epicentre line in full, which is what is read here; of the line of magnitudes no description
could be found, so that its magnitudes are left out, and that is told.
"""

import re
from datetime import UTC, datetime, timedelta

from trova_widgets.errors import RecordError
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.waveform import NANOSECONDS

_EPICENTRE = re.compile(r"^ 1(?: [128]|10|11|  )\d{4}[ \d]\d[ \d]\d[ \d]{7}.{3}[ \d]{5}[NS][ \d]{6}[EW]")
_MAGNITUDES = re.compile(r"^ 2(?: [128]|10|11|  )\d{4}[ \d]\d[ \d]\d")
_LOOKED_AT = 2**16


def is_obninsk(text: str) -> bool:
    """Tell whether a text is such a bulletin: its first line with letters is an epicentre line."""
    first = next((line for line in text[:_LOOKED_AT].splitlines() if line.strip()), "")
    return _EPICENTRE.match(first) is not None


def read_obninsk(text: str) -> tuple[list[SeismicEvent], list[str], list[str]]:
    """Read a bulletin.

    Parameters
    ----------
    text : str
        The whole of it.

    Returns
    -------
    events : list of SeismicEvent
        In the order of the bulletin; named by the year and the event's number in it.
    problems : list of str
        A sentence for each epicentre line that was left out.
    remarks : list of str
        What is to be known of the rest.

    Examples
    --------
    >>> line = " 1 1" "20210504" "1200000" "100" "67600N" "033700E" " 10 20  90" "  0" + " " * 25 + "  17" "0 0"
    >>> events, _, _ = read_obninsk(line)
    >>> events[0].event_id, events[0].latitude, events[0].longitude
    ('2021-17', 67.6, 33.7)
    """
    events: list[SeismicEvent] = []
    problems: list[str] = []
    magnitudes = 0
    for number, line in enumerate(text.splitlines(), start=1):
        magnitudes += _MAGNITUDES.match(line) is not None
        if not line.startswith(" 1 ") and not re.match(r" 1[ 1][01128 ]", line):
            continue
        try:
            if _EPICENTRE.match(line) is None:
                raise ValueError
            date = datetime(_digits(line[4:8]), _digits(line[8:10]), _digits(line[10:12]), tzinfo=UTC)
            moment = date + timedelta(hours=_digits(line[12:14]), minutes=_digits(line[14:16]))
            seconds = _digits(line[16:19]) / 10
            since = moment - datetime(1970, 1, 1, tzinfo=UTC)
            counted = line[73:77].strip()
            axis = line[38:41].strip()
            depth = line[45:48].strip()
            events.append(
                SeismicEvent(
                    event_id=f"{date.year}-{int(counted)}" if counted else f"{moment:%Y%m%d%H%M}{round(seconds):02d}",
                    origin_time_ns=round(since.total_seconds()) * NANOSECONDS + round(seconds * NANOSECONDS),
                    latitude=_degrees(line[22:27], 3, line[27], "S"),
                    longitude=_degrees(line[28:34], 3, line[34], "W"),
                    depth_km=float(depth) if depth else None,
                    location_error_km=int(axis) / 10 if axis else None,
                )
            )
        except (ValueError, OverflowError):
            shown = "".join(filter(str.isprintable, line))[:40]
            problems.append(
                f"Line {number} of the bulletin is {shown!r}, which is no epicentre line of 80 columns; correct it."
            )
        except RecordError as error:
            problems.append(f"Line {number} of the bulletin cannot stand: {error}")
    remarks = []
    if magnitudes:
        remarks.append(
            f"{magnitudes} lines of magnitudes of the bulletin are not read, because no description of their columns "
            f"is public; give the magnitudes in a table beside it, with the same event_id."
        )
    return events, problems, remarks


def _digits(cell: str) -> int:
    return int(cell.replace(" ", "0"))


def _degrees(cell: str, decimals: int, letter: str, negative: str) -> float:
    value: float = _digits(cell) / 10.0**decimals
    return -value if letter == negative else value
