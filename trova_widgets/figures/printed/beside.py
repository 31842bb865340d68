"""Two experiments side by side on paper, and their difference: rows of images over two settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trova_widgets.figures.panels import window
from trova_widgets.figures.printed.images import draw_image
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.printed.sheet import PAGE_IN, colour_bar, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS_AT_MOST = 8


def draw_beside(rows: Sequence[tuple[str, Landscape]], axes: Sequence[int]) -> Figure:
    """Draw a row of images for each experiment, and one for their difference.

    Parameters
    ----------
    rows : sequence of (str, Landscape)
        What stands at the left of each row, and what is drawn in it; those before the last share their scale.
    axes : sequence of int, length 1 to 3
        The grid's axes: across, up, and the one with an image for each value.

    Returns
    -------
    Figure
    """
    first = rows[0][1]
    series = axes[2] if len(axes) > 2 else None
    places = window(first.grid.shape[series], _COLUMNS_AT_MOST, first.place[series]) if series is not None else [0]
    counts = [first.grid.shape[axes[0]], first.grid.shape[axes[1]] if len(axes) > 1 else 1]
    wide = min(1.0 + 0.26 * counts[0], 1.25 * PAGE_IN / len(places), 3.2)
    high = max(0.6, min(wide * counts[1] / max(counts[0], 2), 1.6 * wide)) + 0.5
    figure = new_figure(len(places) * wide + 1.6, len(rows) * high + 0.5)
    grid = figure.subplots(len(rows), len(places), squeeze=False, sharex=True, sharey=True)
    for row, (name, shown) in enumerate(rows):
        for column, place in enumerate(places):
            here = grid[row][column]
            held = shown.place if series is None else shown.at(**{f"_{series}": place})
            draw_image(here, shown, axes, held)
            if row == 0 and series is not None:
                here.set_title(shown.value(series, place))
            if row == len(rows) - 1:
                here.set_xlabel(shown.name(axes[0]))
            if column == 0:
                here.set_ylabel(f"{name}\n{shown.name(axes[1])}" if len(axes) > 1 else name)
    colour_bar(figure, grid[:-1].ravel().tolist(), first.scale, first.label)
    colour_bar(figure, grid[-1].tolist(), rows[-1][1].scale, rows[-1][1].label)
    return figure
