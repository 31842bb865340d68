"""Learning curves on paper: accuracy and loss after each epoch, a pale line a training, their mean on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.figures.learning import LearningCurve
from trova_widgets.figures.printed.sheet import BLUE, LINE, new_figure
from trova_widgets.space import Floats
from trova_widgets.wording import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: For what was learnt from, what was looked at after each epoch, and what quality is measured on.
_COLOURS = {"training": BLUE, "test": "#D55E00", "validation": "#009E73"}


def draw_learning(curves: Sequence[LearningCurve]) -> Figure:
    """Draw the learning curves of a cell's trainings.

    Parameters
    ----------
    curves : sequence of LearningCurve
        One a training, of any lengths.

    Returns
    -------
    Figure
    """
    figure = new_figure(8.4, 3.2)
    left, right = figure.subplots(1, 2)
    _draw(left, [{name: 100 * series for name, series in each.shares.items()} for each in curves], "Accuracy [%]")
    _draw(right, [each.losses for each in curves], "Loss")
    names = sorted({_part(name) for each in curves for name in (*each.shares, *each.losses)})
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=_colour(name), linewidth=2, label=name) for name in names]
    if handles:
        figure.legend(handles=handles, loc="outside upper right", ncols=len(handles), frameon=False, fontsize=8.5)
    return figure


def _draw(here: Axes, curves: Sequence[dict[str, Floats]], label: str) -> None:
    longest = max((len(series) for each in curves for series in each.values()), default=1)
    for name in dict.fromkeys(name for each in curves for name in each):
        colour = _colour(_part(name))
        every = np.full((len(curves), longest), np.nan)
        for row, each in zip(every, curves, strict=True):
            series = each.get(name, np.empty(0))
            row[: len(series)] = series
            if len(curves) > 1:
                here.plot(np.arange(1, len(series) + 1), series, color=colour, alpha=0.22, linewidth=0.7)
        known = np.isfinite(every).any(axis=0)
        mean = np.nanmean(every[:, known], axis=0)
        epochs = np.flatnonzero(known) + 1
        here.plot(epochs, mean, color=colour, linewidth=2, marker="o" if len(epochs) == 1 else None)
    here.set_xlabel("Epoch")
    here.set_ylabel(label)
    here.xaxis.get_major_locator().set_params(integer=True)
    here.grid(axis="y", color=LINE, linewidth=0.5)


def _part(name: str) -> str:
    return spoken(name.replace("_accuracy", "").replace("_loss", ""))


def _colour(name: str) -> str:
    return _COLOURS.get(name, "#7f7f7f")
