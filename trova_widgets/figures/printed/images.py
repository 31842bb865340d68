"""The series of images on paper: two settings span an image, the third and the fourth a table of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.figures.panels import window
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.printed.sheet import (
    ACCENT,
    PAGE_IN,
    colour_bar,
    colour_map,
    hatch_cells,
    inks,
    new_figure,
    value_ticks,
)
from trova_widgets.space import Index

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS_AT_MOST, _ROWS_AT_MOST, _SERIES_AT_MOST = 8, 8, 24


def draw_images(shown: Landscape, axes: Sequence[int]) -> Figure:
    """Draw an image over two settings for each value of a third, and of a fourth.

    Parameters
    ----------
    shown : Landscape
        The objective.
    axes : sequence of int, length 1 to 4
        The grid's axes: across, up, and those with an image for each value. With one, the image is a row.

    Returns
    -------
    Figure
    """
    tables = _places(shown, axes)
    rows, columns = len(tables), max(len(row) for row in tables)
    counts = [shown.grid.shape[axes[0]], shown.grid.shape[axes[1]] if len(axes) > 1 else 1]
    # as many pixels as there are, none flat, the whole no wider than a page
    wide = min(1.0 + 0.24 * counts[0], (1.3 * PAGE_IN) / columns, 3.4) if columns > 1 else min(5.6, 1 + 0.5 * counts[0])
    high = max(0.5, min(wide * counts[1] / max(counts[0], 2), 2.2 * wide)) + 0.55
    figure = new_figure(columns * wide + 1.0, rows * high + 0.6)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for row, places in enumerate(tables):
        for column in range(columns):
            here = grid[row][column]
            if column >= len(places):
                here.set_axis_off()
                continue
            held = places[column]
            draw_image(here, shown, axes, held)
            here.set_title(_title(shown, axes, held))
            if row == rows - 1 or column >= len(tables[row + 1]):
                here.set_xlabel(shown.name(axes[0]))
                here.tick_params(labelbottom=True)
            if column == 0 and len(axes) > 1:
                here.set_ylabel(shown.name(axes[1]))
    colour_bar(figure, grid.ravel().tolist(), shown.scale, shown.label)
    return figure


def _places(shown: Landscape, axes: Sequence[int]) -> list[list[Index]]:
    """Return where each image is held: a row a value of the fourth setting, or the third's values line by line."""
    if len(axes) < 3:
        return [[shown.place]]
    third, shape = axes[2], shown.grid.shape
    if len(axes) > 3:
        fourth = axes[3]
        down = window(shape[fourth], _ROWS_AT_MOST, shown.place[fourth])
        along = window(shape[third], _COLUMNS_AT_MOST, shown.place[third])
        return [[shown.at(**{f"_{third}": at, f"_{fourth}": below}) for at in along] for below in down]
    along = window(shape[third], _SERIES_AT_MOST, shown.place[third])
    columns = min(len(along), 4 if len(along) > 3 else len(along)) if len(along) < 13 else _COLUMNS_AT_MOST
    every = [shown.at(**{f"_{third}": at}) for at in along]
    return [every[first : first + columns] for first in range(0, len(every), columns)]


def _title(shown: Landscape, axes: Sequence[int], held: Index) -> str:
    return "\n".join(shown.value(axis, held[axis]) for axis in axes[2:4])


def draw_image(here: Axes, shown: Landscape, axes: Sequence[int], held: Index) -> None:
    """Draw one image over the first two axes, the others held."""
    across, up = axes[0], axes[1] if len(axes) > 1 else None
    plane = [
        np.atleast_2d(shown.grid.plane(each, (across,) if up is None else (up, across), held))
        for each in (shown.grid.mean, shown.marked)
    ]
    values, marked = plane[0].astype(float), plane[1].astype(bool)
    here.imshow(
        values, origin="lower", cmap=colour_map(shown.scale), vmin=shown.scale.low, vmax=shown.scale.high,
        aspect="equal" if up is not None else 1.0, interpolation="nearest",
    )  # fmt: skip
    rows, columns = np.nonzero(np.isnan(values))
    hatch_cells(here, rows.tolist(), columns.tolist())
    rows, columns = np.nonzero(marked)
    here.scatter(columns, rows, s=9, c=inks(shown.scale, values[rows, columns]) or None, linewidths=0)
    if all(held[axis] == shown.place[axis] for axis in axes[2:4]):
        from matplotlib.patches import Rectangle

        corner = (shown.place[across] - 0.5, (0 if up is None else shown.place[up]) - 0.5)
        here.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=ACCENT, linewidth=2, zorder=5))
    value_ticks(here, "x", shown.labels(across), 10)
    if up is None:
        here.set_yticks([])
    else:
        value_ticks(here, "y", shown.labels(up), 12)
    here.spines[:].set_visible(False)
