"""The influence of each setting on paper: its size with its interval, and the mean at each of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.figures.colour import round_ticks
from trova_widgets.figures.printed.sheet import ACCENT, BLUE, LINE, PAGE_IN, new_figure, value_ticks
from trova_widgets.space import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True, eq=False)
class Influenced:
    """How one setting acts.

    Attributes
    ----------
    name : str
        The setting.
    labels : tuple of str
        Its values.
    means, low, high : ndarray of float, shape (values,)
        The quality at each value over all other settings, as shares, and its interval; NaN where not known.
    size, size_low, size_high : float
        The influence, as a share; the interval is NaN where it is not known.
    chosen : int
        The value of the picked cell.
    """

    name: str
    labels: tuple[str, ...]
    means: Floats
    low: Floats
    high: Floats
    size: float
    size_low: float
    size_high: float
    chosen: int

    @property
    def is_told(self) -> bool:
        """Whether the influence can be told from nothing."""
        return bool(self.size_low > 0)


def draw_influence(settings: Sequence[Influenced], label: str) -> Figure:
    """Draw bars of the influence, the strongest first, and below them the mean at each value of each setting.

    Parameters
    ----------
    settings : sequence of Influenced
        In any order.
    label : str
        What the mean is, with its unit.

    Returns
    -------
    Figure
    """
    ordered = sorted(settings, key=lambda each: -np.nan_to_num(each.size))
    columns = min(len(ordered), 4)
    rows = -(-len(ordered) // columns)
    wide = min(max(2.6 * columns, 6.0), 1.2 * PAGE_IN)
    figure = new_figure(wide, 0.32 * len(ordered) + 0.9 + 1.9 * rows)
    above, below = figure.subfigures(2, 1, height_ratios=[0.32 * len(ordered) + 0.9, 1.9 * rows])
    _bars(above.subplots(), ordered)
    charts = below.subplots(rows, columns, squeeze=False, sharey=True)
    ends = _ends(ordered)
    for number, here in enumerate(charts.ravel()):
        if number >= len(ordered):
            here.set_axis_off()
            continue
        _means(here, ordered[number], ends)
        if number % columns == 0:
            here.set_ylabel(label)
    return figure


def _bars(here: Axes, settings: Sequence[Influenced]) -> None:
    down = np.arange(len(settings))[::-1]
    sizes = 100 * np.array([np.nan_to_num(each.size) for each in settings])
    told = [each.is_told for each in settings]
    here.barh(down, sizes, height=0.55, color=[BLUE if each else "#b9c6d3" for each in told])
    ends = 100 * np.array([[each.size_low, each.size_high] for each in settings])
    known = np.isfinite(ends).all(axis=1)
    if known.any():
        reach = np.abs(ends[known] - sizes[known, np.newaxis]).T
        here.errorbar(sizes[known], down[known], xerr=reach, fmt="none", ecolor="#22303c", elinewidth=1, capsize=3)
    for place, each in enumerate(settings):
        far = np.nanmax([sizes[place], ends[place, 1] if known[place] else 0.0])
        said = f"{sizes[place]:.1f}"
        if known[place]:
            said += f" ({ends[place, 0]:.1f} to {ends[place, 1]:.1f})"
        if not each.is_told and known[place]:
            said += ", cannot be told from nothing"
        here.annotate(said, (far, down[place]), xytext=(6, 0), textcoords="offset points", va="center", fontsize=8)
    here.set_yticks(down, [each.name for each in settings])
    here.set_xlabel("Influence [points]")
    here.set_xlim(0, 1.7 * max(float(np.nanmax([*sizes, *ends[known].ravel(), 0.1])), 0.1))
    here.spines["left"].set_visible(False)
    here.tick_params(axis="y", length=0)


def _means(here: Axes, one: Influenced, ends: tuple[float, float]) -> None:
    at, known = np.arange(len(one.means)), np.isfinite(one.means)
    here.plot(at[known], 100 * one.means[known], color=BLUE, linewidth=1, marker="o", markersize=3.5)
    sure = known & np.isfinite(one.low)
    here.vlines(at[sure], 100 * one.low[sure], 100 * one.high[sure], color=BLUE, alpha=0.4, linewidth=2)
    if known[one.chosen]:
        here.scatter(
            [one.chosen], [100 * one.means[one.chosen]], s=70, facecolors="none", edgecolors=ACCENT, linewidths=1.8
        )
    here.set_title(one.name)
    here.set_ylim(*ends)
    here.set_yticks(round_ticks(*ends, 4))
    here.grid(axis="y", color=LINE, linewidth=0.5)
    here.set_xlim(-0.5, len(at) - 0.5)
    value_ticks(here, "x", one.labels, 8)


def _ends(settings: Sequence[Influenced]) -> tuple[float, float]:
    every = 100 * np.concatenate([np.concatenate([each.means, each.low, each.high]) for each in settings])
    every = every[np.isfinite(every)]
    if not every.size:
        return 0.0, 100.0
    room = 0.06 * float(np.ptp(every)) or 1.0
    return float(every.min()) - room, float(every.max()) + room
