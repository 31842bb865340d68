"""The series of surfaces on paper: an objective as height over two settings, a surface for each value of a third."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trova_widgets.figures.colour import HATCH
from trova_widgets.figures.panels import window
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.printed.sheet import ACCENT, INK, LINE, PAGE_IN, colour_bar, new_figure, with_room
from trova_widgets.space import Floats, Index

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SURFACES_AT_MOST = 12
_COLUMNS, _TICKS = 4, 6


def draw_surfaces(shown: Landscape, axes: Sequence[int]) -> Figure:
    """Draw a surface for each value of the last of three settings.

    Parameters
    ----------
    shown : Landscape
        The objective.
    axes : sequence of int, length 1 to 3
        The two axes of the ground, and the one with a surface for each value. With one, the surface is a ribbon.

    Returns
    -------
    Figure
    """
    series = axes[2] if len(axes) > 2 else None
    count = 1 if series is None else shown.grid.shape[series]
    places = window(count, SURFACES_AT_MOST, 0 if series is None else shown.place[series])
    columns = min(len(places), _COLUMNS if len(places) != 6 else 3)
    rows = -(-len(places) // columns)
    side = min(1.3 * PAGE_IN / columns, 3.4) if len(places) > 1 else 5.2
    figure = new_figure(side * columns + 0.9, side * 0.92 * rows)
    drawn = []
    for number, place in enumerate(places):
        held = shown.place if series is None else shown.at(**{f"_{series}": place})
        here = figure.add_subplot(rows, columns, number + 1, projection="3d")
        _surface(here, shown, axes, held)
        if series is not None:
            here.set_title(shown.value(series, place), pad=-4)
        drawn.append(here)
    colour_bar(figure, drawn, shown.scale, shown.label)
    return figure


def _pieces(shown: Landscape, values: Floats, along: Sequence[Floats]) -> Any:
    """Return the pieces of a surface: one between four neighbours that all have a result."""
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    corners = np.stack([values[:-1, :-1], values[:-1, 1:], values[1:, 1:], values[1:, :-1]], axis=-1)
    whole = np.isfinite(corners).all(axis=-1)
    row, column = np.nonzero(whole)
    x = along[0][column[:, np.newaxis] + np.array([0, 1, 1, 0])]
    y = along[1][row[:, np.newaxis] + np.array([0, 0, 1, 1])]
    pieces = np.stack([x, y, 100 * corners[whole]], axis=-1)
    colours = shown.scale.rgb(corners[whole].mean(axis=-1))
    return Poly3DCollection(list(pieces), facecolors=colours, edgecolors="#ffffff", linewidths=0.35)


def _twice_where_single(plane: Any) -> Any:
    rows, columns = (2 if count == 1 else 1 for count in plane.shape)
    return np.tile(plane, (rows, columns))


def _surface(here: Any, shown: Landscape, axes: Sequence[int], held: Index) -> None:
    across, up = axes[0], axes[1] if len(axes) > 1 else None
    planes = [
        np.asarray(shown.grid.plane(each, (across,) if up is None else (up, across), held))
        for each in (shown.grid.mean, shown.marked)
    ]
    # a single row of values becomes a ribbon: the same values on both of its edges
    values, marked = (_twice_where_single(np.atleast_2d(each)) for each in planes)
    values = values.astype(float)
    # a ribbon is one step wide
    along = [
        shown.steps(axis) if axis is not None and shown.grid.shape[axis] > 1 else np.array([0.0, 1.0])
        for axis in (across, up)
    ]
    columns, rows = np.meshgrid(*along)
    here.add_collection3d(_pieces(shown, values, along))
    floor, top = 100 * shown.scale.low, 100 * shown.scale.high
    holes = np.isnan(values)
    here.scatter(columns[holes], rows[holes], np.full(int(holes.sum()), floor), marker="x", s=14, c=HATCH)
    told = marked.astype(bool) & ~holes
    here.scatter(columns[told], rows[told], 100 * values[told], s=9, c=INK, depthshade=False, zorder=10, linewidths=0)
    if all(held[axis] == shown.place[axis] for axis in axes[2:3]) and not shown.grid.holes[shown.place]:
        spot = (along[0][shown.place[across]], 0 if up is None else along[1][shown.place[up]])
        height = 100 * float(shown.grid.mean[shown.place])
        here.plot([spot[0]] * 2, [spot[1]] * 2, [floor, height], color=ACCENT, linewidth=1.2, zorder=11)
        here.scatter(*[[each] for each in (*spot, height)], s=38, c=ACCENT, depthshade=False, zorder=12)
    for which, axis, at in zip("xy", (across, up), along, strict=True):
        labels = [] if axis is None else shown.labels(axis)
        kept = with_room(at[: len(labels)] / max(len(labels) - 1, 1), _TICKS) if labels else []
        getattr(here, f"set_{which}ticks")([at[place] for place in kept], [labels[place] for place in kept])
        getattr(here, f"set_{which}label")("" if axis is None else shown.title(axis), labelpad=0)
    here.set_xlim(0, values.shape[1] - 1)
    here.set_ylim(0, values.shape[0] - 1)
    here.set_zlim(floor, top)
    here.set_zticks([100 * tick for tick in shown.scale.ticks(4)])
    here.tick_params(pad=-2, labelsize=7.5)
    for which in "xyz":
        frame = getattr(here, f"{which}axis")
        frame.pane.set_facecolor("#f6f7f9")
        frame.pane.set_edgecolor(LINE)
        frame._axinfo["grid"].update(color="#e3e7ec", linewidth=0.5)
    here.view_init(elev=26, azim=-125)
    here.set_box_aspect((1, 1, 0.7), zoom=0.95)
