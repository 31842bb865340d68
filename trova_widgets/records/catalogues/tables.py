"""Tables: a catalogue as CSV, and the list that says which file belongs to which event."""

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.layout import TableLayout, header_line, printable, table_layout
from trova_widgets.records.catalogues.sheets import without_mark
from trova_widgets.records.events import SeismicEvent

if TYPE_CHECKING:
    import pandas

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
    for line, values in enumerate(zip(*cells.values(), strict=True), start=header_line(content) + 1):
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
                skiprows=header_line(content),
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
