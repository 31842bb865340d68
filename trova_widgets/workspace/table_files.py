"""Tables as files for other tools: CSV, Parquet and XLSX. Whatever is text stays text there, and numbers numbers."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from trova_widgets.errors import StoreError
from trova_widgets.records.catalogues.sheets import marked_frame

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

KINDS = (".csv", ".parquet", ".xlsx")
"""What a table can be written as, by the end of the file's name."""

# what a sheet holds at most, and a cell of it
_ROWS, _COLUMNS, _LETTERS = 1_048_576, 16_384, 32_767
_WIDEST = 40
_MOMENT = "yyyy-mm-dd hh:mm:ss"


def kind_of(path: Path) -> str:
    """Return which of `KINDS` a file is by its name.

    Raises
    ------
    StoreError
        When it is none of them.

    Examples
    --------
    >>> kind_of(Path("Trials.XLSX"))
    '.xlsx'
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise StoreError(f"{path.name!r} does not say what to write; let its name end in {', '.join(KINDS)}.")
    return kind


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as comma-separated values in UTF-8; texts that begin like a formula stand behind an apostrophe."""
    return str(marked_frame(frame).to_csv(index=False)).encode()


def xlsx_bytes(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Return tables as the sheets of a workbook; each cell has its type, so that no text is ever a formula.

    Parameters
    ----------
    sheets : mapping of str to DataFrame
        By the names of the sheets; moments are in UTC.

    Returns
    -------
    bytes
        A text that is longer than a cell can hold ends in an ellipsis.

    Raises
    ------
    StoreError
        When a table has more rows or columns than a sheet.
    """
    from xlsxwriter import Workbook

    for name, frame in sheets.items():
        if len(frame) >= _ROWS or len(frame.columns) > _COLUMNS:
            raise StoreError(
                f"The table {name} has {len(frame)} rows and {len(frame.columns)} columns, and a sheet holds "
                f"{_ROWS - 1} and {_COLUMNS}; write it as CSV or Parquet."
            )
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "default_date_format": _MOMENT}) as book:
        head = book.add_format({"bold": True})
        for name, frame in sheets.items():
            _fill(book.add_worksheet(name), frame, head)
    return content.getvalue()


def _fill(sheet: "Worksheet", frame: pd.DataFrame, head: "Format") -> None:
    for place, (name, column) in enumerate(frame.items()):
        sheet.write_string(0, place, str(name), head)
        values = _values(column)
        for row, value in enumerate(values, start=1):
            _write(sheet, row, place, value)
        sheet.set_column(place, place, min(max(map(len, (str(name), *map(str, values[:50])))) + 2, _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(frame), max(len(frame.columns) - 1, 0))


def _write(sheet: "Worksheet", row: int, place: int, value: Any) -> None:
    """Write a value by its type; where there is none the cell stays empty."""
    if isinstance(value, str):
        sheet.write_string(row, place, value if len(value) <= _LETTERS else value[: _LETTERS - 1] + "…")
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    elif value is not None:
        sheet.write_datetime(row, place, value)


def _values(column: "pd.Series[Any]") -> Sequence[Any]:
    """Return the values of a column as Python's own; None where there is none."""
    if column.dtype.kind == "M":
        # a sheet knows no time zones
        moments = column.dt.tz_convert("UTC").dt.tz_localize(None) if column.dt.tz is not None else column
        return [None if pd.isna(value) else value.floor("us").to_pydatetime() for value in moments]
    values = column.astype(object)
    return list(values.where(column.notna(), None))
