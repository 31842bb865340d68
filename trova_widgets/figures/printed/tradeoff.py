"""Quality against gradient on paper, with the Pareto front, the intervals and the confidence set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.figures.colour import round_ticks
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.printed.sheet import ACCENT, INK, SOFT, colour_bar, new_figure
from trova_widgets.figures.tradeoff import Tradeoff

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_tradeoff(points: Tradeoff, shown: Landscape) -> Figure:
    """Draw the cells that have both objectives.

    Parameters
    ----------
    points : Tradeoff
        The points.
    shown : Landscape
        The quality of the same cells, with its intervals.

    Returns
    -------
    Figure
    """
    figure = new_figure(6.4, 4.6)
    here = figure.subplots()
    at = tuple(points.index.T)
    steep, good = 100 * points.gradient, 100 * points.quality
    inside = shown.marked[at]
    size = 34 if len(steep) < 500 else 12
    if shown.low is not None and shown.high is not None and len(steep) <= 500:
        low, high = 100 * shown.low[at], 100 * shown.high[at]
        here.vlines(steep, low, high, color=SOFT, alpha=0.18, linewidth=0.8, zorder=1)
    here.plot(steep[points.front], good[points.front], color=SOFT, linewidth=1.1, linestyle="--", zorder=2)
    here.scatter(
        steep, good, s=size, c=points.colours or None, zorder=3,
        edgecolors=np.where(inside, INK, "#ffffff") if len(steep) else None,
        linewidths=np.where(inside, 1.1, 0.3) if len(steep) else None,
    )  # fmt: skip
    chosen = points.point_of(shown.place)
    if chosen is not None:
        spot = [chosen]
        here.scatter(steep[spot], good[spot], s=120, facecolors="none", edgecolors=ACCENT, linewidths=2, zorder=4)
        said = [f"{shown.name(axis)} {shown.labels(axis)[place]}" for axis, place in enumerate(points.index[chosen])]
        # two in a line, so that they have room on either side
        words = ",\n".join(", ".join(said[first : first + 2]) for first in range(0, len(said), 2))
        right = steep[chosen] > steep.mean()
        here.annotate(
            words, (steep[chosen], good[chosen]), xytext=(-9 if right else 9, 9),
            textcoords="offset points", ha="right" if right else "left", fontsize=8, color=ACCENT, zorder=5,
            bbox={"boxstyle": "square,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8},
        )  # fmt: skip
    across = (100 * points.across[0], 100 * points.across[1])
    here.set_xlim(*across)
    here.set_xticks(round_ticks(*across))
    here.set_xlabel("Gradient |∇Q| [points a step], low is stable")
    here.set_ylabel(shown.label)
    colour_bar(figure, [here], shown.scale, shown.label)
    return figure
