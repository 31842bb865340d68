"""The grid of line charts on paper: an objective over one setting, a chart for each pair of values of two others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trova_widgets.figures.colour import HATCH, HOLE, round_ticks
from trova_widgets.figures.panels import window
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.printed.sheet import ACCENT, BLUE, INK, LINE, PAGE_IN, new_figure, value_ticks
from trova_widgets.space import Floats, Index

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: More charts a side, or lines a chart, than this are looked at through a window around the picked cell.
CHARTS_AT_MOST, LINES_AT_MOST = 12, 6
#: From Okabe and Ito (2008): one for each value of a fourth setting.
_COLOURS = (BLUE, "#D55E00", "#009E73", "#CC79A7", "#8a6d00", "#56B4E9")


def draw_lines(shown: Landscape, axes: Sequence[int]) -> Figure:
    """Draw a chart over the third setting for each pair of values of the first two.

    Parameters
    ----------
    shown : Landscape
        The objective.
    axes : sequence of int, length 1 to 4
        With one it is the horizontal axis; with two the first has the columns; with three the second has the rows; the
        fourth has a line for each value.

    Returns
    -------
    Figure
    """
    along = axes[min(len(axes), 3) - 1]
    across = axes[0] if len(axes) > 1 else None
    down = axes[1] if len(axes) > 2 else None
    lines = axes[3] if len(axes) > 3 else None
    columns, rows, several = (
        range(1) if axis is None else window(shown.grid.shape[axis], limit, shown.place[axis])
        for axis, limit in ((across, CHARTS_AT_MOST), (down, CHARTS_AT_MOST), (lines, LINES_AT_MOST))
    )
    wide = min(max(0.9, 1.25 * PAGE_IN / len(columns)), 2.4) if across is not None else 5.5
    high = min(max(0.72, 9.0 / len(rows)), 1.5) if down is not None else 2.4
    size = (wide * len(columns) + 1.4, high * len(rows) + 1.0)
    figure = new_figure(*size, arranged=False)
    # laid out by hand, and no axis shared: among so many Matplotlib takes seconds for both
    room = {"left": 0.7 / size[0], "right": 1 - 0.7 / size[0], "bottom": 0.5 / size[1], "top": 1 - 0.5 / size[1]}
    grid = figure.subplots(
        len(rows), len(columns), squeeze=False,
        gridspec_kw={**room, "wspace": 0.08, "hspace": 0.14},
    )  # fmt: skip
    low, high_end = _ends(shown, axes)
    for row, below in enumerate(rows):
        for column, right in enumerate(columns):
            here = grid[row][column]
            for number, line in enumerate(several):
                moved = {}
                for axis, place in ((across, right), (down, below), (lines, line)):
                    if axis is not None:
                        moved[f"_{axis}"] = place
                _line(here, shown, along, shown.at(**moved), _COLOURS[number], several=lines is not None)
            ticks = round_ticks(low, high_end, 3 if high < 1.2 else 5)
            here.set(ylim=(low, high_end), xlim=(-0.5, shown.grid.shape[along] - 0.5))
            here.set_yticks(ticks, [f"{tick:g}" for tick in ticks] if column == 0 else [])
            labels = shown.labels(along) if row == len(rows) - 1 else [""] * shown.grid.shape[along]
            value_ticks(here, "x", labels, max(4, int(5 * wide)), shown.steps(along))
            here.grid(axis="y", color=LINE, linewidth=0.5)
            if row == 0 and across is not None:
                here.set_title(shown.value(across, right) if column == 0 else shown.labels(across)[right])
            if column == len(columns) - 1 and down is not None:
                # the rows go on downwards as the values grow
                said = shown.labels(down)[below]
                here.annotate(said, (1.03, 0.5), xycoords="axes fraction", va="center", annotation_clip=False)
    grid[-1][0].set_xlabel(shown.title(along))
    grid[0][0].set_ylabel(shown.label)
    if down is not None:
        middle = grid[0][-1]
        middle.annotate(
            shown.name(down), (1.03, 1.06), xycoords="axes fraction", va="bottom", ha="left", annotation_clip=False
        )
    if lines is not None:
        from matplotlib.lines import Line2D

        handles = [
            Line2D([], [], color=_COLOURS[number], marker="o", markersize=4, label=shown.value(lines, line))
            for number, line in enumerate(several)
        ]
        figure.legend(handles=handles, loc="lower right", bbox_to_anchor=(1, 1), ncols=len(handles), frameon=False)
    return figure


def _ends(shown: Landscape, axes: Sequence[int]) -> tuple[float, float]:
    """Return the ends of the upright axis, in per cent: whatever is drawn, intervals included, has room."""
    held = list(shown.place)
    cut = tuple(slice(None) if axis in axes[:4] else place for axis, place in enumerate(held))
    parts = [each[cut] for each in (shown.grid.mean, shown.low, shown.high) if each is not None]
    every = np.concatenate([np.ravel(part) for part in parts])
    every = every[np.isfinite(every)]
    if not every.size:
        return 0.0, 100.0
    low, high = 100 * float(every.min()), 100 * float(every.max())
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _line(here: Axes, shown: Landscape, along: int, held: Index, colour: str, *, several: bool) -> None:
    values, low, high, marked = (
        None if each is None else np.asarray(shown.grid.plane(each, (along,), held))
        for each in (shown.grid.mean, shown.low, shown.high, shown.marked)
    )
    assert values is not None and marked is not None
    at = shown.steps(along)
    if low is not None and high is not None:
        known = np.isfinite(low.astype(float))
        _band(here, at, low.astype(float), high.astype(float), known, colour)
    here.plot(at, 100 * values, color=colour, linewidth=1.0)
    full = np.isfinite(values.astype(float))
    inside = marked.astype(bool) & full
    here.scatter(at[full], 100 * values[full], s=11, color=colour, linewidths=0, zorder=3)
    here.scatter(at[inside], 100 * values[inside], s=24, facecolors="none", edgecolors=INK, linewidths=0.9, zorder=4)
    if not several:
        half = 0.5 * float(np.diff(at).min(initial=1.0))
        for hole in at[~full]:
            here.axvspan(
                hole - half, hole + half, facecolor=HOLE, edgecolor=HATCH, hatch="////", linewidth=0, alpha=0.6
            )
    if all(held[axis] == shown.place[axis] for axis in range(len(held)) if axis != along):
        best = shown.place[along]
        here.scatter(
            [at[best]], [100 * values[best]], s=70, facecolors="none", edgecolors=ACCENT, linewidths=1.8, zorder=5
        )


def _band(here: Axes, at: Any, low: Floats, high: Floats, known: Any, colour: str) -> None:
    if known.sum() > 1:
        here.fill_between(at, 100 * low, 100 * high, where=known, color=colour, alpha=0.16, linewidth=0)
    # a value without neighbours has no band
    beside = np.concatenate([[False], known[:-1]]) | np.concatenate([known[1:], [False]])
    alone = known & ~beside
    here.vlines(at[alone], 100 * low[alone], 100 * high[alone], color=colour, alpha=0.35, linewidth=1.2)
