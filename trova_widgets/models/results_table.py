"""The table of trials: sorted, filtered and cut into pages here, so that the browser only ever has one page of it."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.models.formatting import duration, percent
from trova_widgets.models.results_reading import Reading
from trova_widgets.space import format_value, short_name

ROWS_A_PAGE = 12

_LAST = {
    "cell_quality": "Quality, %",
    "quality": "This trial, %",
    "holdout": "Hold-out, %",
    "gradient": "Gradient",
    "parameter_count": "Parameters",
    "seconds": "Time",
    "state": "State",
}


def headers(reading: Reading) -> list[dict[str, str]]:
    """Return the columns: the key by which a row has it and is sorted, and the title."""
    axes = {name: short_name(name) for name in reading.quality.names if name in reading.table}
    fold = {"fold": "Fold"} if reading.table["fold"].notna().any() else {}
    return [{"key": key, "title": title} for key, title in {**axes, **fold, "seed": "Seed", **_LAST}.items()]


def ordered(reading: Reading, passing: NDArray[np.bool_], sort: str, descending: bool) -> NDArray[np.int64]:
    """Return the rows that pass the filters, in order.

    Parameters
    ----------
    reading : Reading
        The trials.
    passing : ndarray of bool, shape (trials,)
        The rows that pass.
    sort : str
        A column.
    descending : bool
        The highest first. Trials without a value come last either way.

    Returns
    -------
    ndarray of int
        Row numbers of the reading's table.
    """
    rows = np.flatnonzero(passing)
    column: pd.Series[Any] = reading.table[sort].iloc[rows]
    order = column.reset_index(drop=True).sort_values(ascending=not descending, kind="stable", na_position="last")
    sorted_rows: NDArray[np.int64] = rows[order.index.to_numpy()]
    return sorted_rows


def page_of_rows(reading: Reading, order: NDArray[np.int64], page: int) -> list[dict[str, Any]]:
    """Return one page of rows as words."""
    part = reading.table.iloc[order[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]]
    axes = [name for name in reading.quality.names if name in reading.table]
    return [_words(row, axes) for row in part.to_dict("records")]


def number(value: Any, text: str) -> str:
    """Return a formatted number, or a dash for what is not known."""
    return "–" if value is None or pd.isna(value) else format(value, text)


def _words(row: dict[str, Any], axes: list[str]) -> dict[str, Any]:
    return {
        "trial_id": row["trial_id"],
        **{name: format_value(row[name]) for name in axes},
        "fold": "" if pd.isna(row["fold"]) else str(row["fold"]),
        "seed": str(row["seed"]),
        **{name: percent(row[name]).removesuffix(" %") or "–" for name in ("cell_quality", "quality", "holdout")},
        "gradient": number(row["gradient"], ".4f"),
        "parameter_count": number(row["parameter_count"], ",.0f"),
        "seconds": duration(row["seconds"]) or "–",
        "state": row["state"],
        "error": row["error"] if isinstance(row["error"], str) else "",
    }
