"""The confusion matrix on paper, with the margins of the article's Fig. 6."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.figures.colour import ink_on
from trova_widgets.figures.confusion import Confusion
from trova_widgets.figures.printed.sheet import SOFT, new_figure
from trova_widgets.wording import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: What is right is blue, what is wrong is red, and both fade to white.
_RIGHT, _WRONG = np.array([0.18, 0.36, 0.55]), np.array([0.74, 0.25, 0.18])
_CELL_IN = 1.15


def draw_matrix(matrix: Confusion) -> Figure:
    """Draw a confusion matrix: rows true, columns predicted, a share of the row in each cell.

    Parameters
    ----------
    matrix : Confusion
        Counts and margins.

    Returns
    -------
    Figure
    """
    count = len(matrix.classes)
    names = [spoken(name) for name in matrix.classes]
    figure = new_figure(_CELL_IN * (count + 2) + 1.6, 0.72 * (count + 2) + 0.9)
    here = figure.subplots()
    share = matrix.row_shares
    for row in range(count):
        for column in range(count):
            full = _RIGHT if row == column else _WRONG
            ground = 1 - (1 - full) * float(np.nan_to_num(share[row, column])) ** 0.7
            ends = _ends(matrix, "row_shares", row, column)
            words = (f"{matrix.counts[row, column]}", _percent(share[row, column]), *ends)
            _box(here, column, row, ground, words, ink_on(ground))
        _box(here, count, row, None, (_percent(matrix.sensitivity[row]), *_ends(matrix, "sensitivity", row)))
        _box(here, count + 1, row, None, (_percent(matrix.specificity[row]), *_ends(matrix, "specificity", row)))
    for column in range(count):
        _box(
            here,
            column,
            count,
            None,
            (_percent(matrix.positive_value[column]), *_ends(matrix, "positive_value", column)),
        )
        _box(
            here,
            column,
            count + 1,
            None,
            (_percent(matrix.negative_value[column]), *_ends(matrix, "negative_value", column)),
        )
    _box(here, count, count, np.array([0.93, 0.94, 0.96]), (_percent(matrix.accuracy),), "#22303c", wide=2, high=2)
    whole = "".join(_ends(matrix, "accuracy"))
    said = f"accuracy{f', {whole}' if whole else ''}\n{matrix.total} told"
    here.text(count + 1, count + 1.3, said, ha="center", va="top", fontsize=8, color=SOFT)
    here.set_xlim(0, count + 2)
    here.set_ylim(count + 2, 0)
    here.set_xticks(np.arange(count + 2) + 0.5, [*names, "sensitivity", "specificity"])
    here.set_yticks(np.arange(count + 2) + 0.5, [*names, "positive\npredictive value", "negative\npredictive value"])
    here.xaxis.tick_top()
    here.tick_params(length=0, labelsize=8.5)
    here.set_xlabel("Predicted class, and what is found of each true class", fontsize=8.5)
    here.xaxis.set_label_position("top")
    here.set_ylabel("True class", fontsize=8.5)
    here.spines[:].set_visible(False)
    return figure


def _box(
    here: Axes,
    column: int,
    row: int,
    ground: np.ndarray | None,
    words: tuple[str, ...],
    ink: str = "#22303c",
    wide: int = 1,
    high: int = 1,
) -> None:
    from matplotlib.patches import Rectangle

    face = "white" if ground is None else tuple(np.clip(ground, 0, 1))
    here.add_patch(Rectangle((column, row), wide, high, facecolor=face, edgecolor="#dfe4ea", linewidth=0.8))
    x, y = column + wide / 2, row + high / 2
    first = {1: 14 if high > 1 else 9.5, 2: 9.5, 3: 11}[len(words)]
    above = 0.1 if high > 1 else 0.13 * (len(words) - 1)
    for line, text in enumerate(words):
        size = first if line == 0 else 8
        here.text(x, y - above + 0.26 * line, text, ha="center", va="center", color=ink, fontsize=size)


def _ends(matrix: Confusion, name: str, *at: int) -> tuple[str, ...]:
    """Return the interval of a share in words; nothing where it is not known."""
    if name not in matrix.intervals:
        return ()
    low, high = (float(ends[at]) for ends in matrix.intervals[name])
    return () if np.isnan(low) else (f"{100 * low:.0f} to {100 * high:.0f}",)


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.1f} %"
