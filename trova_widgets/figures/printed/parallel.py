"""Parallel coordinates on paper: a line a combination, through its values to its quality and its gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.parallel import Parallel
from trova_widgets.figures.printed.sheet import ACCENT, PAGE_IN, SOFT, colour_bar, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_parallel(lines: Parallel, scale: ColourScale, label: str, inside: NDArray[np.bool_] | None) -> Figure:
    """Draw parallel coordinates.

    Parameters
    ----------
    lines : Parallel
        The lines; the best lie on top.
    scale : ColourScale
        Their colours.
    label : str
        What these mean.
    inside : ndarray of bool, shape of the grid, optional
        Which cells cannot be told from the best: they are drawn strong, the others pale.

    Returns
    -------
    Figure
    """
    from matplotlib.collections import LineCollection

    count = len(lines.axes)
    figure = new_figure(min(max(1.7 * count, 5.5), 1.5 * PAGE_IN), 4.2)
    here = figure.subplots()
    at = np.arange(count, dtype=float)
    told = np.ones(len(lines.index), dtype=bool) if inside is None else inside[tuple(lines.index.T)]
    # what cannot be told from the best lies on top of all else
    for where, strength, width in ((~told, 0.35, 0.8), (told, 0.95, 1.5)):
        paths = [np.column_stack([at, row]) for row in lines.heights[where]]
        colours = [colour for colour, drawn in zip(lines.colours, where, strict=True) if drawn]
        here.add_collection(LineCollection(paths, colors=colours, alpha=strength, linewidths=width, zorder=1 + width))
    if lines.chosen is not None:
        here.plot(at, lines.heights[lines.chosen], color=ACCENT, linewidth=2.2, zorder=4)
    for place, axis in enumerate(lines.axes):
        here.axvline(place, color=SOFT, linewidth=0.9, zorder=5)
        for height, text in axis.ticks:
            here.annotate(
                _in_percent(text) if place >= count - 2 else text,
                (place, height), xytext=(-4, 0), textcoords="offset points", ha="right", va="center",
                fontsize=8, zorder=6, bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.75},
            )  # fmt: skip
    titles = [axis.title for axis in lines.axes]
    titles[-2:] = ["Quality Q [%]", "Gradient |∇Q|\n[points a step]"]
    here.set_xticks(at, titles)
    here.tick_params(length=0, pad=8)
    here.set_yticks([])
    here.spines[:].set_visible(False)
    here.set_xlim(-0.35, count - 0.8)
    here.set_ylim(-0.04, 1.04)
    colour_bar(figure, [here], scale, label)
    return figure


def _in_percent(text: str) -> str:
    return f"{100 * float(text):.3g}"
