"""Tables: a catalogue as CSV, and the list that says which file belongs to which event."""

import io
import re
import warnings
from dataclasses import dataclass
from typing import Any

import pandas

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of
from trova_widgets.records.events import SeismicEvent

COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "event_id": ("event_id", "eventid", "evid", "id", "source_id", "event"),
    "time": ("time", "origin_time", "datetime", "date_time", "source_origin_time", "otime", "utc"),
    "latitude": ("latitude", "lat", "source_latitude_deg", "latitude_deg", "event_latitude"),
    "longitude": ("longitude", "lon", "long", "lng", "source_longitude_deg", "longitude_deg", "event_longitude"),
    "depth_km": ("depth_km", "depth", "source_depth_km", "depthkm", "event_depth"),
    "magnitude": ("magnitude", "mag", "source_magnitude", "ml", "m"),
    "magnitude_type": ("magnitude_type", "magtype", "mag_type", "source_magnitude_type"),
    "event_type": ("event_type", "type", "eventtype", "source_type", "etype", "class", "label", "event_class"),
    "file": ("file", "file_name", "filename", "path", "record", "waveform"),
}
"""What the columns of a table may be called; case, blanks, ``-`` and ``/`` do not matter."""

_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_TEXT = 120


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """A row that ties a file to an event.

    Attributes
    ----------
    file : str
        The file's name or path as the table gives it, with ``/`` between folders.
    event : SeismicEvent
        The event.
    """

    file: str
    event: SeismicEvent


def is_table(content: bytes) -> bool:
    r"""Tell whether content is a table of events: a first line that names an event's identity or time.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    bool
        True when `events_of_table` should read it.

    Examples
    --------
    >>> is_table(b"Time,Lat,Lon,Type\n"), is_table(b"<?xml version='1.0'?>")
    (True, False)
    """
    columns = _columns(_header(content))
    return len(columns) >= 2 and ("event_id" in columns or "time" in columns)


def events_of_table(content: bytes) -> list[SeismicEvent]:
    r"""Read a catalogue that is a table.

    The first line names the columns, see `COLUMN_NAMES`; the separator may be ``,``, ``;``, a tabulator or ``|``,
    and after ``;`` numbers may have a decimal comma. Times are ISO 8601, UTC unless they say otherwise; depths are
    kilometres. A row without an identity gets one made from its values. An event in several rows counts once.

    Parameters
    ----------
    content : bytes
        The table, UTF-8.

    Returns
    -------
    list of SeismicEvent
        In the order of the rows.

    Raises
    ------
    RecordError
        When a row cannot be read; the message names it.

    Examples
    --------
    >>> events_of_table(b"time;lat;lon\n2020-01-01 00:00:10;67,6;33,7\n")[0].latitude
    67.6
    """
    events: dict[str, SeismicEvent] = {}
    for event, _ in _rows(content):
        events.setdefault(event.event_id, event)
    return list(events.values())


def links_of_table(content: bytes) -> list[FileLink]:
    r"""Read the rows that tie a file to an event: those of a table with a column ``file``.

    Parameters
    ----------
    content : bytes
        The table, UTF-8.

    Returns
    -------
    list of FileLink
        Empty when the table has no such column.

    Examples
    --------
    >>> links_of_table(b"file,event_id\na/KBS.mseed,kola7\n")[0].file
    'a/KBS.mseed'
    """
    return [FileLink(file=file.replace("\\", "/"), event=event) for event, file in _rows(content) if file]


def _header(content: bytes) -> str:
    first = content[:4096].decode("utf-8-sig", errors="replace").lstrip().splitlines()
    return first[0].lstrip("#").strip() if first else ""


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header.count)


def _columns(header: str) -> dict[str, int]:
    """Column name to position; the aliases that stand first in the table above win."""
    found = [re.sub(r"[\s/-]+", "_", cell.strip().strip('"').lower()) for cell in header.split(_separator(header))]
    return {
        name: next(found.index(alias) for alias in aliases if alias in found)
        for name, aliases in COLUMN_NAMES.items()
        if any(alias in found for alias in aliases)
    }


def _rows(content: bytes) -> list[tuple[SeismicEvent, str]]:
    header = _header(content)
    columns = _columns(header)
    separator = _separator(header)
    try:
        with warnings.catch_warnings():
            # rows longer than the first line are cut off with no more than a warning
            warnings.simplefilter("error", pandas.errors.ParserWarning)
            table = pandas.read_csv(
                io.BytesIO(content), sep=separator, dtype=str, encoding="utf-8-sig", na_filter=False, index_col=False
            )
    except (ValueError, pandas.errors.ParserWarning) as error:
        raise RecordError(
            f"The table cannot be read: {' '.join(str(error).split())}. Save it as CSV in UTF-8 with as many cells in "
            f"each row as in the first."
        ) from error
    cells = {name: table.iloc[:, position].str.strip() for name, position in columns.items()}
    rows = []
    # line 1 names the columns
    for line, values in enumerate(zip(*cells.values(), strict=True), start=2):
        row = dict(zip(cells, values, strict=True))
        if any(row.values()):
            rows.append((_event(row, line, decimal_comma=separator == ";"), row.get("file", "")))
    return rows


def _event(row: dict[str, str], line: int, *, decimal_comma: bool) -> SeismicEvent:
    values: dict[str, Any] = {
        name: _number(row.get(name, ""), name, line, decimal_comma)
        for name in ("latitude", "longitude", "depth_km", "magnitude")
    }
    values |= {name: _text(row.get(name, "")) or None for name in ("magnitude_type", "event_type")}
    values["origin_time_ns"] = _time_ns(row.get("time", ""), line)
    event_id = _text(row.get("event_id", "")) or f"event-{identity_of(values)}"
    try:
        return SeismicEvent(event_id=event_id, **values)
    except RecordError as error:
        raise RecordError(f"Line {line} of the table: {error}") from error


def _text(cell: str) -> str:
    return "".join(filter(str.isprintable, cell)).strip()[:_LONGEST_TEXT]


def _number(cell: str, name: str, line: int, decimal_comma: bool) -> float | None:
    if cell.lower() in ("", "nan", "none", "null", "na", "-"):
        return None
    try:
        return float(cell.replace(",", ".") if decimal_comma else cell)
    except ValueError:
        raise RecordError(
            f"Line {line} of the table has {cell[:40]!r} as {name}, expected a number; correct the cell or empty it."
        ) from None


def _time_ns(cell: str, line: int) -> int | None:
    if not cell or cell.lower() in ("nan", "nat", "none", "null"):
        return None
    try:
        if not re.match(r"\d{4}\D?\d\d", cell):
            # pandas would also take "now", and guess at 04.05.21
            raise ValueError
        instant = pandas.Timestamp(cell)
        instant = instant.tz_localize("UTC") if instant.tzinfo is None else instant.tz_convert("UTC")
        return int(instant.as_unit("ns").value)
    except ValueError:
        raise RecordError(
            f"Line {line} of the table has {cell[:40]!r} as time, expected ISO 8601 as in 2021-05-04T12:00:00Z; "
            f"correct the cell or empty it."
        ) from None
