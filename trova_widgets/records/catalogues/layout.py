"""What the columns of a table of events are, told from the names in its first line."""

import codecs
import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trova_widgets.errors import RecordError
from trova_widgets.records.letters import composed

COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "event_id": ("event_id", "eventid", "evid", "id", "source_id", "event", "номер", "событие"),
    "origin_time": ("time", "origin_time", "datetime", "date_time", "source_origin_time", "otime", "utc", "время"),
    "latitude": ("latitude", "lat", "source_latitude_deg", "latitude_deg", "event_latitude", "широта"),
    "longitude": (
        "longitude", "lon", "long", "lng", "source_longitude_deg", "longitude_deg", "event_longitude", "долгота",
    ),
    "depth_km": ("depth_km", "depth", "dep", "source_depth_km", "depthkm", "event_depth", "глубина"),
    "magnitude": ("magnitude", "mag", "source_magnitude", "ml", "m", "магнитуда"),
    "magnitude_type": ("magnitude_type", "magtype", "mag_type", "source_magnitude_type", "тип_магнитуды"),
    "event_type": (
        "event_type", "type", "eventtype", "source_type", "etype", "class", "label", "event_class", "тип",
        "тип_события",
    ),
    "type_certainty": ("type_certainty", "event_type_certainty", "certainty", "source_type_certainty", "достоверность"),
    "energy_class": ("energy_class", "k", "kr", "k_class", "class_k", "к", "кр", "класс", "энергетический_класс"),
    "location_error_km": ("location_error_km", "error_km", "source_location_error_km", "smajax", "horizontal_error_km"),
    "file": ("file", "file_name", "filename", "path", "record", "waveform", "файл"),
}  # fmt: skip
"""What the columns of a table may be called; case, blanks, ``-`` and ``/`` do not matter."""

_DATES = ("date", "дата", "day_of_origin", "origin_date")
# a moment in columns of its own for each part of it
_PARTS_OF_TIME = (
    ("year", "yr", "yyyy", "год"),
    ("month", "mo", "mon", "mm", "месяц"),
    ("day", "dy", "dd", "день", "число"),
    ("hour", "hr", "hh", "h", "час", "часы"),
    ("minute", "min", "mn", "мин", "минута", "минуты"),
    ("second", "seconds", "sec", "ss", "s", "сек", "секунда", "секунды"),
)
_NEEDED_OF_TIME = 3
# a time of day, which says nothing without its date
_CLOCKS = ("time", "время", "origin_time", "otime", "utc")

_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_TEXT = 120
_LONGEST_EXAMPLE = 30
_LONGEST_HEADER = 2**16


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
    others : dict of str to tuple of str
        For some of Trova's columns, more of the table's that stand for the same, read where the first is empty.
    """

    names: tuple[str, ...]
    meaning: Mapping[str, tuple[str, ...]]
    separator: str
    examples: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def unread(self) -> tuple[str, ...]:
        """The columns that stand for nothing."""
        read = {name for names in (*self.meaning.values(), *self.others.values()) for name in names}
        return tuple(name for name in self.names if name and name not in read)


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
    found = {
        ours: tuple(dict.fromkeys(names[keys.index(alias)] for alias in aliases if alias in keys))
        for ours, aliases in COLUMN_NAMES.items()
    }
    meaning: dict[str, tuple[str, ...]] = {ours: columns[:1] for ours, columns in found.items() if columns}
    others = {ours: columns[1:] for ours, columns in found.items() if len(columns) > 1}
    date = next((names[keys.index(alias)] for alias in _DATES if alias in keys), None)
    if date is not None and _key(meaning.get("origin_time", ("time",))[0]) in _CLOCKS:
        # a date in a column of its own goes before the time of day, and stands alone where there is none
        meaning["origin_time"] = (date, *meaning.get("origin_time", ()))
        others.pop("origin_time", None)
    elif parts := _parts_of_time(names, keys):
        clock = meaning.get("origin_time", ())
        if not clock:
            meaning["origin_time"] = parts
        elif _key(clock[0]) in _CLOCKS:
            meaning["origin_time"] = (*parts[:_NEEDED_OF_TIME], *clock)
            others.pop("origin_time", None)
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
        others.pop(ours, None)
        if parts:
            meaning[ours] = tuple(names[keys.index(_key(part))] for part in parts)
    separator = _separator(header)
    return TableLayout(
        names=tuple(names),
        meaning=meaning,
        separator=separator,
        examples=_examples(content, separator, len(names)),
        others=others,
    )


def _parts_of_time(names: list[str], keys: list[str]) -> tuple[str, ...]:
    """Return the columns of year, month, day and so on, as far as there are any without a break; none without a day."""
    found: list[str] = []
    for aliases in _PARTS_OF_TIME:
        place = next((keys.index(alias) for alias in aliases if alias in keys), None)
        if place is None:
            break
        found.append(names[place])
    return tuple(found) if len(found) >= _NEEDED_OF_TIME else ()


def _header(content: bytes) -> str:
    first = content[:_LONGEST_HEADER].decode("utf-8-sig", errors="replace").lstrip().splitlines()
    return first[0].lstrip("#").strip(" ") if first else ""


def header_line(content: bytes) -> int:
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
    return re.sub(r"[\s/-]+", "_", composed(name).strip().lower())


def printable(cell: str) -> str:
    """Return a cell without what cannot be printed, and not longer than an identity may be."""
    return "".join(filter(str.isprintable, composed(cell))).strip()[:_LONGEST_TEXT]
