"""Known quarries and mines: the table that SEISAN keeps as ``quarry.dat``, or a CSV.

The first line of SEISAN's table says how far from a quarry an event may lie to be told of, kilometres; each line after
it has the latitude in its columns 1 to 7, the longitude in 9 to 16, degrees, and then the quarry's name (SEISAN,
Havskov and Ottemöller, 1999, https://doi.org/10.1785/gssrl.70.5.532; the columns are those that its programs read).
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.layout import COLUMN_NAMES, printable, table_layout
from trova_widgets.records.catalogues.sheets import without_mark
from trova_widgets.records.encodings import in_utf8
from trova_widgets.records.files.formats import refuse_packed
from trova_widgets.records.files.reading import content_of

USUAL_RADIUS_KM = 10.0
"""How far from a quarry an event may lie, where no table says it: what a small network's locations are off by."""

_MOST_RADIUS_KM = 500.0
_NAMES = ("name", "quarry", "mine", "site", "quarry_name", "mine_name", "карьер", "название", "рудник", "шахта")
_RADII = ("radius_km", "radius", "distance_km", "радиус")
_RADIUS_LINE = re.compile(r"^\s*\d+(\.\d*)?\s*$")
_PLACE_LINE = re.compile(r"^[ \d.+-]{5,7}\s[ \d.+-]{6,9}\s*\S")
_LATITUDE, _LONGITUDE, _NAME = slice(0, 7), slice(8, 16), slice(16, None)
_LOOKED_AT = 2**16


@dataclass(frozen=True, kw_only=True)
class Quarry:
    """A place where blasts are fired.

    Attributes
    ----------
    name : str
        What it is called.
    latitude, longitude : float
        Degrees north and east.
    radius_km : float
        How far from it an event may lie to be thought of as one of its blasts.

    Raises
    ------
    RecordError
        When a number is out of range.
    """

    name: str
    latitude: float
    longitude: float
    radius_km: float = USUAL_RADIUS_KM

    def __post_init__(self) -> None:
        if not (abs(self.latitude) <= 90 and -180 <= self.longitude <= 360):
            raise RecordError(
                f"The quarry {self.name[:60]} lies at {self.latitude:g}, {self.longitude:g} degrees, which is no place "
                f"on the Earth; correct it in the table."
            )
        if not 0 < self.radius_km <= _MOST_RADIUS_KM:
            raise RecordError(
                f"The quarry {self.name[:60]} has the radius {self.radius_km:g} km, expected more than 0 and at most "
                f"{_MOST_RADIUS_KM:g}; correct it in the table."
            )


@dataclass(frozen=True, kw_only=True)
class QuarryTable:
    """The quarries of a file, and what of it could not be taken.

    Attributes
    ----------
    quarries : tuple of Quarry
        In the order of the file.
    problems : tuple of str
        A sentence for each line that was left out.
    """

    quarries: tuple[Quarry, ...]
    problems: tuple[str, ...] = ()


def is_quarry_table(content: bytes) -> bool:
    r"""Tell whether content is a table of quarries, SEISAN's or a CSV without times.

    Examples
    --------
    >>> is_quarry_table(b"50.\n 67.668   34.125 Koashva\n"), is_quarry_table(b"name,lat,lon\nKoashva,67.7,34.1\n")
    (True, True)
    >>> is_quarry_table(b"event_id,time,lat,lon\n")
    False
    """
    text = in_utf8(content[:_LOOKED_AT])[0]
    lines = text.decode("utf-8-sig", errors="replace").splitlines()
    return _is_of_seisan(lines) or _columns(text) is not None


def read_quarries(source: Path | str | bytes, radius_km: float | None = None) -> QuarryTable:
    r"""Read a table of quarries.

    Parameters
    ----------
    source : Path, str or bytes
        The name of a file, or its content: SEISAN's ``quarry.dat``, or a CSV with the columns ``name``, ``latitude``,
        ``longitude`` and perhaps ``radius_km``.
    radius_km : float, optional
        How far from a quarry an event may lie, in place of what the table says.

    Raises
    ------
    RecordError
        When it is no such table, or none of its lines is a quarry.
    OSError
        When it cannot be opened.

    Examples
    --------
    >>> (quarry,) = read_quarries(b"50.\n 67.668   34.125 Koashva (RUS)\n").quarries
    >>> quarry.name, quarry.latitude, quarry.longitude, quarry.radius_km
    ('Koashva (RUS)', 67.668, 34.125, 50.0)
    """
    content = content_of(source)
    refuse_packed(content)
    text, _ = in_utf8(content)
    lines = text.decode("utf-8-sig", errors="replace").splitlines()
    columns = _columns(text)
    if _is_of_seisan(lines):
        rows = _rows_of_seisan(lines)
    elif columns is not None:
        rows = _rows_of_csv(text, columns)
    else:
        raise RecordError(
            "It is no table of quarries; give SEISAN's quarry.dat, or a CSV with the columns name, latitude and "
            "longitude."
        )
    quarries: list[Quarry] = []
    problems: list[str] = []
    for number, row in rows:
        try:
            quarries.append(_quarry(row, radius_km))
        except RecordError as error:
            problems.append(f"Line {number}: {error}")
        except ValueError:
            shown = ", ".join(printable(str(cell))[:30] for cell in row)
            problems.append(
                f"Line {number} of the table of quarries has {shown!r} as name, latitude, longitude and radius; "
                f"correct it."
            )
    if not quarries:
        raise RecordError(problems[0] if problems else "The table of quarries is empty; fill it in.")
    return QuarryTable(quarries=tuple(quarries), problems=tuple(problems))


Row = tuple[str, str, str, str]


def _quarry(row: Row, radius_km: float | None) -> Quarry:
    name, latitude, longitude, radius = row
    return Quarry(
        name=printable(name) or "unnamed",
        latitude=_number(latitude),
        longitude=_number(longitude),
        radius_km=radius_km if radius_km is not None else _number(radius) if radius.strip() else USUAL_RADIUS_KM,
    )


def _number(cell: str) -> float:
    return float(cell.strip().replace(",", "."))


def _is_of_seisan(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()][:2]
    return len(filled) == 2 and bool(_RADIUS_LINE.match(filled[0]) and _PLACE_LINE.match(filled[1]))


def _rows_of_seisan(lines: Sequence[str]) -> list[tuple[int, Row]]:
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    radius = filled[0][1].strip()
    return [(number, (line[_NAME], line[_LATITUDE], line[_LONGITUDE], radius)) for number, line in filled[1:]]


def _columns(text: bytes) -> Mapping[str, int] | None:
    """Return where the columns of a CSV are; None where it is no table of quarries."""
    layout = table_layout(text)
    keys = [re.sub(r"[\s/-]+", "_", name.strip().lower()) for name in layout.names]
    found = {
        ours: next((keys.index(alias) for alias in aliases if alias in keys), None)
        for ours, aliases in (
            ("name", _NAMES),
            ("latitude", COLUMN_NAMES["latitude"]),
            ("longitude", COLUMN_NAMES["longitude"]),
            ("radius", _RADII),
        )
    }
    if None in (found["name"], found["latitude"], found["longitude"]) or "origin_time" in layout.meaning:
        return None
    return {ours: place for ours, place in found.items() if place is not None}


def _rows_of_csv(text: bytes, columns: Mapping[str, int]) -> list[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text.decode("utf-8-sig", errors="replace")), delimiter=table_layout(text).separator)
    rows: list[tuple[int, Row]] = []
    try:
        for cells in reader:
            if reader.line_num == 1 or not any(cell.strip() for cell in cells):
                continue

            def cell(ours: str, cells: Sequence[str] = cells) -> str:
                place = columns.get(ours)
                return without_mark(cells[place].strip()) if place is not None and place < len(cells) else ""

            rows.append((reader.line_num, (cell("name"), cell("latitude"), cell("longitude"), cell("radius"))))
    except csv.Error as error:
        raise RecordError(
            f"Line {reader.line_num} of the table of quarries cannot be read: {error}; correct it."
        ) from error
    return rows
