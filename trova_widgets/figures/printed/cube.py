"""The cube on paper: an objective as colour at every node of a grid; four settings are a row of cubes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trova_widgets.figures.colour import HATCH
from trova_widgets.figures.cube import Cube, cube
from trova_widgets.figures.panels import window
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.printed.sheet import (
    ACCENT,
    INK,
    LINE,
    PAGE_IN,
    colour_bar,
    new_figure,
    value_ticks,
    with_room,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: More cubes at once than this are looked at through a window around the picked cell.
CUBES_AT_MOST = 8
_COLUMNS, _SIDE_IN = 4, 4.0
#: Values that have room along an edge: of one cube, of several.
_TICKS, _TICKS_OF_MANY = 8, 4


def draw_cube(shown: Landscape, axes: Sequence[int]) -> Figure:
    """Draw the nodes of one to four settings.

    Parameters
    ----------
    shown : Landscape
        The objective.
    axes : sequence of int, length 1 to 4
        The grid's axes along x, y and z, and the one with a cube for each value. One or two are a row and a plane.

    Returns
    -------
    Figure
    """
    series = axes[3] if len(axes) > 3 else None
    count = 1 if series is None else shown.grid.shape[series]
    places = window(count, CUBES_AT_MOST, 0 if series is None else shown.place[series])
    columns = min(len(places), _COLUMNS)
    rows = -(-len(places) // columns)
    side = _SIDE_IN if len(places) > 1 else 5.2
    wide = min(side * columns + 0.9, 1.6 * PAGE_IN)
    figure = new_figure(wide, side * rows * (0.95 if len(axes) > 2 else 0.9 if len(axes) > 1 else 0.32))
    drawn = []
    for number, place in enumerate(places):
        held = shown.place if series is None else shown.at(**{f"_{series}": place})
        nodes = cube(shown.grid, shown.scale, axes[:3], held, logarithmic=shown.logarithmic)
        spatial = len(axes) > 2
        here = figure.add_subplot(rows, columns, number + 1, projection="3d" if spatial else None)
        if spatial:
            _space(here, shown, nodes, axes, held)
        else:
            _plane(here, shown, nodes, axes)
        if series is not None:
            here.set_title(shown.value(series, place))
        drawn.append(here)
    colour_bar(figure, drawn, shown.scale, shown.label)
    return figure


def _space(here: Any, shown: Landscape, nodes: Cube, axes: Sequence[int], held: Sequence[int]) -> None:
    at = tuple(nodes.index.T)
    marked, holes = shown.marked[at], nodes.holes
    largest = max(shown.grid.shape[axis] for axis in axes[:3])
    alone = here.get_subplotspec().get_gridspec().ncols == 1
    size = (150 if alone else 90) * (5 / max(largest, 4)) ** 1.2
    full = ~holes
    here.scatter(
        nodes.x[full], nodes.y[full], nodes.z[full],
        s=size, c=nodes.colours[full], depthshade=False,
        edgecolors=np.where(marked[full], INK, "#ffffff"), linewidths=np.where(marked[full], 1.5, 0.3),
    )  # fmt: skip
    here.scatter(nodes.x[holes], nodes.y[holes], nodes.z[holes], s=size / 4, c=HATCH, marker="x", linewidths=0.9)
    if tuple(held) == tuple(shown.place):
        one = [nodes.chosen]
        here.scatter(
            nodes.x[one], nodes.y[one], nodes.z[one],
            s=2.6 * size, facecolors="none", edgecolors=ACCENT, linewidths=1.8, depthshade=False,
        )  # fmt: skip
    for which, axis, edge in zip("xyz", axes, nodes.axes, strict=False):
        labels = shown.labels(axis)
        kept = with_room(edge.shares(np.asarray(edge.positions)), _TICKS if alone else _TICKS_OF_MANY)
        ticks = [edge.positions[place] for place in kept]
        getattr(here, f"set_{which}ticks")(ticks, [labels[place] for place in kept])
        getattr(here, f"set_{which}lim")(edge.low, edge.high)
        getattr(here, f"set_{which}label")(edge.title, labelpad=2 if max(map(len, labels)) < 5 else 9)
        frame = getattr(here, f"{which}axis")
        frame.pane.set_facecolor("#f6f7f9")
        frame.pane.set_edgecolor(LINE)
        frame._axinfo["grid"].update(color="#e3e7ec", linewidth=0.5)
        here.tick_params(axis=which, pad=-1)
    here.view_init(elev=22, azim=-58)
    here.set_box_aspect((1, 1, 0.9), zoom=0.92)


def _plane(here: Any, shown: Landscape, nodes: Cube, axes: Sequence[int]) -> None:
    """Draw one or two settings as they are: without a third dimension that nothing stands along."""
    at = tuple(nodes.index.T)
    x = shown.steps(axes[0])[nodes.index[:, axes[0]]]
    y = shown.steps(axes[1])[nodes.index[:, axes[1]]] if len(axes) > 1 else np.zeros(len(x))
    marked, full = shown.marked[at], ~nodes.holes
    size = 260 * min((6 / max(shown.grid.shape[axes[0]], 4)) ** 1.5, 1.5)
    here.scatter(
        x[full], y[full], s=size, c=nodes.colours[full],
        edgecolors=np.where(marked[full], INK, "#ffffff"), linewidths=np.where(marked[full], 1.6, 0.3),
    )  # fmt: skip
    here.scatter(x[~full], y[~full], s=size / 4, c=HATCH, marker="x", linewidths=1.0)
    here.scatter(x[[nodes.chosen]], y[[nodes.chosen]], s=2.4 * size, facecolors="none", edgecolors=ACCENT, linewidths=2)
    value_ticks(here, "x", shown.labels(axes[0]), steps=shown.steps(axes[0]))
    here.set_xlabel(shown.title(axes[0]))
    here.set_xlim(-0.7, shown.grid.shape[axes[0]] - 0.3)
    if len(axes) > 1:
        value_ticks(here, "y", shown.labels(axes[1]), steps=shown.steps(axes[1]))
        here.set_ylabel(shown.title(axes[1]))
        here.set_ylim(-0.7, shown.grid.shape[axes[1]] - 0.3)
    else:
        here.set_yticks([])
        here.set_ylim(-1, 1)
        here.spines["left"].set_visible(False)
