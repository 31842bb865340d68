"""Tables: a catalogue as CSV, and the list that says which file belongs to which event."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.layout import TableLayout, header_line, printable, table_layout
from trova_widgets.records.catalogues.moments import time_ns
from trova_widgets.records.catalogues.rivals import RivalColumns
from trova_widgets.records.catalogues.sheets import without_mark
from trova_widgets.records.encodings import in_utf8
from trova_widgets.records.event_words import NO_NAMES, isf_type, type_and_doubt
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.same_event import apart, known_values

_MOST_COLUMNS = 2000
_WANTED = ("origin_time", "latitude", "longitude", "event_type")
_NAMED = 8
# a row over more lines is one in which a quotation mark was not closed
_LONGEST_ROW = 20
# degrees with the letter of their side of the world: 67.6N, E 33.4, 12.5° S
_DEGREES = re.compile(r"^(?P<before>[NSEW])?\s*(?P<number>\d+(?:\.\d*)?)\s*°?\s*(?P<behind>[NSEW])?$", re.IGNORECASE)
_LETTERS = {"latitude": "NS", "longitude": "EW"}
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
    remarks : tuple of str
        A sentence for each name that stands for several events, and for each pair of rows that contradict each other.
    """

    events: tuple[SeismicEvent, ...]
    links: tuple[FileLink, ...]
    by_line: Mapping[int, SeismicEvent]
    problems: Mapping[int, str]
    remarks: tuple[str, ...] = ()


def read_table(content: bytes, columns: Mapping[str, str] | None = None) -> TableRows:
    r"""Read a catalogue that is a table.

    The first line names the columns, see `layout.COLUMN_NAMES`; the separator may be ``,``, ``;``, a tabulator or
    ``|``, and numbers may have a decimal comma. Times are those of `moments.time_ns`; depths are kilometres. Where
    several columns stand for the same, the first of them counts that is not empty. A row without an identity gets one
    made from its values. An event in several rows counts once; rows of one identity that differ in time or place are
    several events.

    Parameters
    ----------
    content : bytes
        The table, in any encoding of `encodings.decoded`.
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
    content, _ = in_utf8(content)
    layout = table_layout(content, columns)
    if len(layout.names) > _MOST_COLUMNS:
        raise RecordError(
            f"The table has {len(layout.names)} columns, expected at most {_MOST_COLUMNS}; leave out those that say "
            f"nothing of the events."
        )
    places = {ours: [layout.names.index(name) for name in theirs] for ours, theirs in layout.meaning.items()}
    rivals = RivalColumns(layout)
    read: dict[int, SeismicEvent] = {}
    problems: dict[int, str] = {}
    files: dict[int, str] = {}
    for line, cells in _lines(content, layout, problems):
        row = {ours: without_mark(" ".join(cells[place] for place in at).strip()) for ours, at in places.items()}
        rivals.fill(line, row, cells)
        if not any(row.values()):
            continue
        try:
            read[line] = _event(row)
        except RecordError as error:
            problems[line] = f"Line {line} of the table {error}"
            continue
        if file := row.get("file", ""):
            files[line] = file.replace("\\", "/")
    named, remarks = apart(read.values())
    notes = (*rivals.remarks(), *_unread(layout))
    by_line = dict(zip(read, named, strict=True))
    links = tuple(FileLink(file=file, event=by_line[line]) for line, file in files.items())
    return TableRows(
        events=tuple({event.event_id: event for event in named}.values()),
        links=links,
        by_line=by_line,
        problems=problems,
        remarks=(*notes, *remarks),
    )


def _unread(layout: TableLayout) -> Iterator[str]:
    if layout.unread:
        names = ", ".join(printable(name)[:40] for name in layout.unread[:_NAMED])
        more = f" and {len(layout.unread) - _NAMED} more" if len(layout.unread) > _NAMED else ""
        lacking = next((ours for ours in _WANTED if ours not in layout.meaning), None)
        way_out = f"; if one of them says the {lacking}: --columns {lacking}=NAME" if lacking else ""
        yield f"Columns of the table that are not read: {names}{more}{way_out}"
    twice = dict.fromkeys(name for name in layout.names if name and layout.names.count(name) > 1)
    for name in twice:
        yield f"Several columns of the table are called {printable(name)[:40]}; the first of them counts."


def _lines(content: bytes, layout: TableLayout, problems: dict[int, str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the names with their line in the file; what is no row of the table is told."""
    text = content.decode("utf-8-sig", errors="replace")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator)
    width, before, first = len(layout.names), 0, header_line(content)
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            problems[before + 1] = (
                f"Line {before + 1} of the table cannot be read: {error}; correct it and take the catalogue in again."
            )
            before = rows.line_num
            continue
        if cells is None:
            return
        line, before = before + 1, rows.line_num
        if before <= first:
            continue
        extra = cells[width:]
        if any(cell.strip() for cell in extra):
            problems[line] = (
                f"Line {line} of the table cannot be read: it has {len(cells)} cells, expected {width}; write as many "
                f"as there are names in the first line, and texts with the separator in quotation marks."
            )
        elif before - line >= _LONGEST_ROW:
            problems[line] = (
                f"Lines {line} to {before} of the table cannot be read: a quotation mark is opened and not closed; "
                f"close or delete it."
            )
        else:
            yield line, cells[:width] + [""] * (width - len(cells))


def _event(row: Mapping[str, str]) -> SeismicEvent:
    values: dict[str, Any] = {
        name: _number(row.get(name, ""), name)
        for name in ("latitude", "longitude", "depth_km", "magnitude", "energy_class", "location_error_km")
    }
    values["magnitude_type"] = printable(row.get("magnitude_type", "")) or None
    said = printable(row.get("event_type", ""))
    values["event_type"], values["type_certainty"] = isf_type(said) or type_and_doubt(
        said or None, row.get("type_certainty")
    )
    values["origin_time_ns"] = time_ns(row.get("origin_time", ""))
    event_id = printable(row.get("event_id", ""))
    if event_id.lower() in NO_NAMES:
        # a word that stands for no name would make one event of all
        event_id = f"event-{identity_of(known_values(values))}"
    try:
        return SeismicEvent(event_id=event_id, **values)
    except RecordError as error:
        raise RecordError(f"cannot stand: {error}") from error


def _number(cell: str, name: str) -> float | None:
    if cell.lower() in _UNKNOWN:
        return None
    # in a table with commas between its cells, a cell with a comma stands in quotation marks: it is a decimal one too
    text = cell.replace(",", ".")
    sign = 1.0
    if name in _LETTERS and (found := _DEGREES.match(text)) is not None:
        letter = f"{found['before'] or ''}{found['behind'] or ''}".upper()
        if letter in ("", *_LETTERS[name]):
            text, sign = found["number"], -1.0 if letter in ("S", "W") else 1.0
    try:
        return sign * float(text)
    except ValueError:
        raise RecordError(f"has {cell[:40]!r} as {name}, expected a number; correct the cell or empty it.") from None
