"""Tables: a catalogue as CSV, and the list that says which file belongs to which event."""

import codecs
import csv
import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.sheets import without_mark
from trova_widgets.records.events import SeismicEvent

if TYPE_CHECKING:
    import pandas

COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "event_id": ("event_id", "eventid", "evid", "id", "source_id", "event"),
    "origin_time": ("time", "origin_time", "datetime", "date_time", "source_origin_time", "otime", "utc"),
    "latitude": ("latitude", "lat", "source_latitude_deg", "latitude_deg", "event_latitude"),
    "longitude": ("longitude", "lon", "long", "lng", "source_longitude_deg", "longitude_deg", "event_longitude"),
    "depth_km": ("depth_km", "depth", "dep", "source_depth_km", "depthkm", "event_depth"),
    "magnitude": ("magnitude", "mag", "source_magnitude", "ml", "m"),
    "magnitude_type": ("magnitude_type", "magtype", "mag_type", "source_magnitude_type"),
    "event_type": ("event_type", "type", "eventtype", "source_type", "etype", "class", "label", "event_class"),
    "file": ("file", "file_name", "filename", "path", "record", "waveform"),
}
"""What the columns of a table may be called; case, blanks, ``-`` and ``/`` do not matter."""

_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_TEXT = 120
_LONGEST_EXAMPLE = 30
_LONGEST_HEADER = 2**16
_MOST_COLUMNS = 2000
_UNKNOWN = ("", "nan", "nat", "none", "null", "na", "-")


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


@dataclass(frozen=True, kw_only=True)
class TableLayout:
    """The columns of a table, and what they are taken for.

    Attributes
    ----------
    names : tuple of str
        The columns as the first line names them.
    meaning : dict of str to tuple of str
        For each of Trova's columns (see `COLUMN_NAMES`) the table's; several stand for their texts joined by a blank,
        as a date and a time of day are.
    separator : str
        What stands between the cells.
    examples : tuple of str
        What stands under each name in the first row.
    """

    names: tuple[str, ...]
    meaning: Mapping[str, tuple[str, ...]]
    separator: str
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TableRows:
    """What the rows of a table say.

    Attributes
    ----------
    events : tuple of SeismicEvent
        In the order of the rows, each identity once.
    links : tuple of FileLink
        The rows that tie a file to an event.
    by_line : dict of int to SeismicEvent
        The event of each line of the file; line 1 names the columns.
    problems : dict of int to str
        A sentence for each line that was left out.
    """

    events: tuple[SeismicEvent, ...]
    links: tuple[FileLink, ...]
    by_line: Mapping[int, SeismicEvent]
    problems: Mapping[int, str]


def is_table(content: bytes, columns: Mapping[str, str] | None = None) -> bool:
    r"""Tell whether content is a table of events: a first line that names an event's identity or time.

    Parameters
    ----------
    content : bytes
        The whole file.
    columns : mapping of str to str, optional
        Trova's columns and the table's: then it is a table when its first line names them.

    Returns
    -------
    bool
        True when `read_table` should read it.

    Examples
    --------
    >>> is_table(b"Time,Lat,Lon,Type\n"), is_table(b"<?xml version='1.0'?>")
    (True, False)
    """
    meaning = table_layout(content).meaning
    if columns:
        named = _cells(_header(content))
        parts = [part for given in columns.values() for part in given.split("+") if part.strip()]
        return {_key(part) for part in parts} <= {_key(name) for name in named}
    return len(meaning) >= 2 and ("event_id" in meaning or "origin_time" in meaning)


def table_layout(content: bytes, columns: Mapping[str, str] | None = None) -> TableLayout:
    r"""Guess what the columns of a table are, from their names.

    Parameters
    ----------
    content : bytes
        The table, UTF-8.
    columns : mapping of str to str, optional
        Trova's columns and the table's, ``{"origin_time": "date+time"}`` for instance; they count before a guess, and
        an empty text says that the table has no such column.

    Returns
    -------
    TableLayout
        The names, and the meaning of those that have one.

    Raises
    ------
    RecordError
        When `columns` names a column that neither Trova nor the table has.

    Examples
    --------
    >>> table_layout(b"Date;Time;Lat\n", {"origin_time": "Date+Time"}).meaning["origin_time"]
    ('Date', 'Time')
    """
    header = _header(content)
    names = _cells(header)
    keys = [_key(name) for name in names]
    meaning: dict[str, tuple[str, ...]] = {
        ours: (names[next(keys.index(alias) for alias in aliases if alias in keys)],)
        for ours, aliases in COLUMN_NAMES.items()
        if any(alias in keys for alias in aliases)
    }
    for ours, given in (columns or {}).items():
        if ours not in COLUMN_NAMES:
            raise RecordError(
                f"{ours!r} is no column of a catalogue; expected one of {', '.join(COLUMN_NAMES)}, as in "
                f"origin_time=time."
            )
        parts = tuple(part.strip() for part in given.split("+") if part.strip())
        if unknown := [part for part in parts if _key(part) not in keys]:
            raise RecordError(
                f"The table has no column {unknown[0][:40]!r} to take as {ours}; it has {', '.join(names)[:300]}."
            )
        meaning.pop(ours, None)
        if parts:
            meaning[ours] = tuple(names[keys.index(_key(part))] for part in parts)
    separator = _separator(header)
    return TableLayout(
        names=tuple(names), meaning=meaning, separator=separator, examples=_examples(content, separator, len(names))
    )


def read_table(content: bytes, columns: Mapping[str, str] | None = None) -> TableRows:
    r"""Read a catalogue that is a table.

    The first line names the columns, see `COLUMN_NAMES`; the separator may be ``,``, ``;``, a tabulator or ``|``,
    and after ``;`` numbers may have a decimal comma. Times are ISO 8601, UTC unless they say otherwise; depths are
    kilometres. A row without an identity gets one made from its values. An event in several rows counts once.

    Parameters
    ----------
    content : bytes
        The table, UTF-8.
    columns : mapping of str to str, optional
        Trova's columns and the table's, where their names do not tell.

    Returns
    -------
    TableRows
        The events and what ties files to them; rows that cannot be read are told among the problems.

    Raises
    ------
    RecordError
        When the table as a whole cannot be read.

    Examples
    --------
    >>> rows = read_table(b"time;lat;lon\n2020-01-01 00:00:10;67,6;33,7\n2020-01-02;north;33,7\n")
    >>> rows.events[0].latitude, len(rows.problems)
    (67.6, 1)
    """
    layout = table_layout(content, columns)
    table = _frame(content, layout)
    cells = {
        ours: reduce(lambda joined, more: joined + " " + more, [table[layout.names.index(name)] for name in theirs])
        for ours, theirs in layout.meaning.items()
    }
    events: dict[str, SeismicEvent] = {}
    by_line: dict[int, SeismicEvent] = {}
    problems: dict[int, str] = {}
    links = []
    for line, values in enumerate(zip(*cells.values(), strict=True), start=_header_line(content) + 1):
        row = {name: without_mark(value.strip()) for name, value in zip(cells, values, strict=True)}
        if not any(row.values()):
            continue
        try:
            event = by_line[line] = _event(row, decimal_comma=layout.separator == ";")
        except RecordError as error:
            problems[line] = f"Line {line} of the table {error}"
            continue
        events.setdefault(event.event_id, event)
        if file := row.get("file", ""):
            links.append(FileLink(file=file.replace("\\", "/"), event=event))
    return TableRows(events=tuple(events.values()), links=tuple(links), by_line=by_line, problems=problems)


def _header(content: bytes) -> str:
    first = content[:_LONGEST_HEADER].decode("utf-8-sig", errors="replace").lstrip().splitlines()
    return first[0].lstrip("#").strip(" ") if first else ""


def _header_line(content: bytes) -> int:
    """Return which line names the columns, from 1: blank ones may stand before it."""
    begin = content[:_LONGEST_HEADER].removeprefix(codecs.BOM_UTF8)
    return len(begin[: len(begin) - len(begin.lstrip())].splitlines()) + 1


def _examples(content: bytes, separator: str, count: int) -> tuple[str, ...]:
    lines = content[:_LONGEST_HEADER].decode("utf-8-sig", errors="replace").lstrip().splitlines()[1:2]
    try:
        row = next(csv.reader(lines, delimiter=separator), [])
    except csv.Error:
        row = []
    return tuple(printable(cell)[:_LONGEST_EXAMPLE] for cell in (*row, *[""] * count)[:count])


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header.count)


def _cells(header: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([header], delimiter=_separator(header)), [])]
    except csv.Error:
        return []


def _key(name: str) -> str:
    return re.sub(r"[\s/-]+", "_", name.strip().lower())


def _frame(content: bytes, layout: TableLayout) -> "pandas.DataFrame":
    # imported here, because a process that reads seismograms needs none of it
    import pandas

    if len(layout.names) > _MOST_COLUMNS:
        raise RecordError(
            f"The table has {len(layout.names)} columns, expected at most {_MOST_COLUMNS}; leave out those that say "
            f"nothing of the events."
        )
    try:
        with warnings.catch_warnings():
            # rows longer than the first line are cut off with no more than a warning
            warnings.simplefilter("error", pandas.errors.ParserWarning)
            return pandas.read_csv(
                io.BytesIO(content),
                sep=layout.separator,
                dtype=str,
                encoding="utf-8-sig",
                na_filter=False,
                index_col=False,
                header=None,
                skiprows=_header_line(content),
                names=range(len(layout.names)),
                skip_blank_lines=False,
            )
    except (ValueError, pandas.errors.ParserWarning) as error:
        raise RecordError(
            f"The table cannot be read: {' '.join(str(error).split())[:200]}; save it as CSV in UTF-8 with as many "
            f"cells in each row as in the first."
        ) from error


def _event(row: Mapping[str, str], *, decimal_comma: bool) -> SeismicEvent:
    values: dict[str, Any] = {
        name: _number(row.get(name, ""), name, decimal_comma)
        for name in ("latitude", "longitude", "depth_km", "magnitude")
    }
    values |= {name: printable(row.get(name, "")) or None for name in ("magnitude_type", "event_type")}
    values["origin_time_ns"] = time_ns(row.get("origin_time", ""))
    event_id = printable(row.get("event_id", "")) or f"event-{identity_of(values)}"
    try:
        return SeismicEvent(event_id=event_id, **values)
    except RecordError as error:
        raise RecordError(f"cannot stand: {error}") from error


def printable(cell: str) -> str:
    """Return a cell without what cannot be printed, and not longer than an identity may be."""
    return "".join(filter(str.isprintable, cell)).strip()[:_LONGEST_TEXT]


def _number(cell: str, name: str, decimal_comma: bool) -> float | None:
    if cell.lower() in _UNKNOWN:
        return None
    try:
        return float(cell.replace(",", ".") if decimal_comma else cell)
    except ValueError:
        raise RecordError(f"has {cell[:40]!r} as {name}, expected a number; correct the cell or empty it.") from None


def time_ns(cell: str) -> int | None:
    """Return the nanoseconds since 1970 UTC that a cell in ISO 8601 tells, None where it is empty.

    Raises
    ------
    RecordError
        When it is another text; the message goes on after the name of the row.
    """
    import pandas

    if cell.lower() in _UNKNOWN:
        return None
    try:
        if not re.match(r"\d{4}\D?\d\d", cell):
            # pandas would also take "now", and guess at 04.05.21
            raise ValueError
        instant = pandas.Timestamp(cell)
        instant = instant.tz_localize("UTC") if instant.tzinfo is None else instant.tz_convert("UTC")
        return int(instant.as_unit("ns").value)
    except (ValueError, OverflowError):
        raise RecordError(
            f"has {cell[:40]!r} as time, expected ISO 8601 as in 2021-05-04T12:00:00Z; correct the cell or empty it."
        ) from None
