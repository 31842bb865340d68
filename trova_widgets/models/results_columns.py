"""The columns of the table of trials: how their numbers are spread, and between which ends a row passes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import TrovaError
from trova_widgets.models.results_reading import Reading
from trova_widgets.space import format_value

_BINS = 14
#: An end that is open; a browser knows no infinity.
OPEN = 1e308
#: Columns that are written in per cent.
_SHARES = frozenset({"cell_quality", "quality", "holdout"})
#: Columns of numbers beyond the varied settings.
NUMERIC = ("seed", "fold", "cell_quality", "quality", "holdout", "gradient", "parameter_count", "seconds")


def read_range(text: str, key: str, labels: Sequence[str] = ()) -> tuple[float, float]:
    """Return the ends of what a person wrote above a column: ``8``, ``8:16``, ``8:`` or ``:16``.

    Parameters
    ----------
    text : str
        What was written.
    key : str
        The column; qualities are written in per cent.
    labels : sequence of str
        The values of a varied setting: its ends are places among them.

    Raises
    ------
    TrovaError
        When it is no range.

    Examples
    --------
    >>> read_range("80:90", "quality"), read_range("8:20", "a_2_n", ["4", "8", "16", "32"]), read_range("3", "seed")
    ((0.8, 0.9), (1.0, 2.0), (3.0, 3.0))
    """
    written = text.strip()
    if written in labels:
        place = float(list(labels).index(written))
        return place, place
    low, colon, high = (part.strip().removesuffix("%").strip() for part in written.partition(":"))
    try:
        ends = (float(low) if low else -OPEN, (float(high) if high else OPEN) if colon else float(low))
    except ValueError:
        said = f"; it has {', '.join(labels)}" if labels else ""
        raise TrovaError(f"{text!r} is no range; write 8, 8:16, 8: or :16{said}.") from None
    if not labels:
        factor = 0.01 if key in _SHARES else 1.0
        # what is written with fewer digits than it has is in
        rounding = 0.0005 if key in _SHARES and not colon else 0.0
        low_end, high_end = (
            # as many digits as an address has of it
            end if is_open(end) else round(end * factor + side * rounding, 9)
            for side, end in zip((-1, 1), ends, strict=True)
        )
        return low_end, high_end
    numbers = pd.to_numeric(pd.Series(list(labels)), errors="coerce").to_numpy(dtype=float)
    inside = np.flatnonzero((numbers >= ends[0]) & (numbers <= ends[1]))
    if not inside.size:
        raise TrovaError(f"No value lies in {text!r}; it has {', '.join(labels)}.")
    return float(inside.min()), float(inside.max())


def is_open(end: float) -> bool:
    """Return whether nobody set this end of a range."""
    return abs(end) >= OPEN


def rows_within(table: pd.DataFrame, limits: Mapping[str, Sequence[float]]) -> NDArray[np.bool_]:
    """Return which rows lie between the ends that were set above their columns."""
    inside = np.ones(len(table), dtype=bool)
    for key, (low, high) in limits.items():
        if key in table:
            numbers = pd.to_numeric(table[key], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
            with np.errstate(invalid="ignore"):
                inside &= (numbers >= low) & (numbers <= high)
    return inside


def histogram(reading: Reading, key: str, passing: NDArray[np.bool_]) -> list[list[float]]:
    """Return how the numbers of a column are spread: a bar of all rows and one of those that pass, 0 to 1 each.

    Parameters
    ----------
    reading : Reading
        The trials.
    key : str
        The column; a varied setting has a bar for each value.
    passing : ndarray of bool
        The rows that pass.

    Returns
    -------
    list of (float, float)
        Nothing for a column of words, and for one whose numbers are all alike.
    """
    if key in reading.quality.names:
        axis = reading.quality.names.index(key)
        size = reading.quality.shape[axis]
        at = reading.places[:, axis]
        counts = [np.bincount(at[rows], minlength=size) for rows in (np.ones(len(at), dtype=bool), passing)]
    elif key in NUMERIC:
        numbers = pd.to_numeric(reading.table[key], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(numbers)
        if not known.any() or numbers[known].min() == numbers[known].max():
            return []
        ends = (float(numbers[known].min()), float(numbers[known].max()))
        counts = [np.histogram(numbers[known & rows], _BINS, ends)[0] for rows in (known, passing)]
    else:
        return []
    most = max(int(counts[0].max()), 1)
    return [[round(float(every) / most, 3), round(float(some) / most, 3)] for every, some in zip(*counts, strict=True)]


def range_words(ends: Sequence[float] | None, key: str, labels: Sequence[str] = ()) -> str:
    """Return the ends as a person would write them; nothing where there are none.

    Examples
    --------
    >>> range_words((1.0, 2.0), "a_2_n", ["4", "8", "16"]), range_words((0.8, 1e308), "quality")
    ('8:16', '80:')
    """
    if ends is None:
        return ""
    low, high = ends
    if labels:
        first, last = labels[int(np.ceil(low))], labels[int(np.floor(high))]
        return first if first == last else f"{first}:{last}"
    factor = 100 if key in _SHARES else 1
    said = [f"{round(factor * end, 4):g}" if not is_open(end) else "" for end in (low, high)]
    return said[0] if said[0] == said[1] else ":".join(said)


def labels_of(reading: Reading, key: str) -> list[str]:
    """Return the values of a varied setting in words; nothing for another column."""
    if key not in reading.quality.names:
        return []
    return [format_value(value) for value in reading.quality.values[reading.quality.names.index(key)]]


def limit_of(key: str) -> str:
    """Return what the limit of a column is called that holds for whole combinations."""
    return {"cell_quality": "quality"}.get(key, key)


def column_words(
    reading: Reading,
    headers: Sequence[Mapping[str, str]],
    passing: NDArray[np.bool_],
    limits: Mapping[str, Any],
    of_rows: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return the columns with their histograms, and with what was written above them."""
    found = []
    for column in headers:
        key = column["key"]
        labels = labels_of(reading, key)
        ends = of_rows.get(key) or limits.get(limit_of(key) if key != "quality" else "")
        is_open = bool(labels) or key in NUMERIC
        found.append(
            {
                **column,
                "bars": histogram(reading, key, passing),
                "range": range_words(ends, key, labels),
                "filtered": is_open,
            }
        )
    return found
