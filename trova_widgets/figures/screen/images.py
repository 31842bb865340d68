"""An image on a page: an objective over two parameters, a pixel a combination."""

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale, ink_on
from trova_widgets.figures.screen.svg import (
    ACCENT,
    HATCHED,
    LETTER,
    LINE,
    picture,
    place_of,
    tag,
    thinned,
    words,
)
from trova_widgets.space import Grid, Index, format_value, short_name

#: How large a pixel is drawn: few are drawn large, many small.
_LARGEST, _SMALLEST, _SIDE = 28, 9, 224
_BELOW = 36


def image(
    grid: Grid,
    scale: ColourScale,
    span: Sequence[int],
    held: Index,
    position: Index,
    *,
    title: str = "",
    marked: NDArray[np.bool_] | None = None,
    ringed: NDArray[np.bool_] | None = None,
    room_px: float = 800.0,
    said: Callable[[Index], str] | None = None,
) -> str:
    """Draw an objective over one or two parameters, the others held.

    Parameters
    ----------
    grid : Grid
        The objective.
    scale : ColourScale
        Its colours.
    span : sequence of int, length 1 or 2
        The grid's axes to the right and upwards.
    held : tuple of int
        Where the other axes are held.
    position : tuple of int
        The chosen combination, which gets a frame where it is in this image.
    title : str
        What the image shows, for who cannot see it.
    marked : ndarray of bool, shape of the grid, optional
        The combinations that pass a filter: the others are pale.
    ringed : ndarray of bool, shape of the grid, optional
        The confidence set: each gets a ring.
    room_px : float
        How wide the image may be.
    said : callable, optional
        What a combination says under the pointer, where that is not what it says everywhere.

    Returns
    -------
    str
        An ``svg`` element.
    """
    across, up = span[0], span[1] if len(span) > 1 else None
    columns, rows = grid.shape[across], 1 if up is None else grid.shape[up]
    labels = [[format_value(value) for value in grid.values[axis]] for axis in span]
    left = 10 + (LETTER * max(map(len, labels[1])) if up is not None else 0)
    # on a large screen pixels are larger
    largest = _LARGEST + min(max(0.0, room_px - 800) / 40, 20)
    most = min(_SIDE * largest / _LARGEST, room_px - left - 12)
    side = min(largest, max(_SMALLEST, most / max(columns, rows)))
    if up is None:
        # a single row has room for its values below
        side = min(max(side, LETTER * max(map(len, labels[0])) + 10), max(_SMALLEST, (room_px - left - 12) / columns))
    top = 20 if up is not None else 4
    width, height = left + side * columns + 12, top + side * rows + _BELOW
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    index = np.tile(np.asarray(held, dtype=np.int64), (len(cells), 1))
    index[:, across] = [column for _, column in cells]
    if up is not None:
        index[:, up] = [row for row, _ in cells]
    at = tuple(index.T)
    parts = _pixels(grid, scale, at, left, top, side, rows, cells, marked, ringed, said)
    parts.append(
        tag("rect", x=left, y=top, width=side * columns, height=side * rows, fill="none", stroke=LINE, stroke_width=1)
    )
    same = all(held[axis] == position[axis] for axis in range(len(position)) if axis not in span)
    if same:
        x, y = left + side * position[across], top + side * (rows - 1 - (0 if up is None else position[up]))
        parts.append(
            tag(
                "rect", x=x, y=y, width=side, height=side, fill="none", stroke=ACCENT, stroke_width=2.4,
                pointer_events="none", class_="ts-chosen",
            )
        )  # fmt: skip
    for number, text in thinned(labels[0], side):
        parts.append(words(left + side * (number + 0.5), top + side * rows + 15, text))
    parts.append(words(left, top + side * rows + 31, f"{short_name(grid.names[across])} →", "start"))
    if up is not None:
        every = max(1, -int(-16 // side))
        for number in range(0, rows, every):
            parts.append(words(left - 5, top + side * (rows - 0.5 - number) + 4, labels[1][number], "end"))
        parts.append(words(2, 12, f"↑ {short_name(grid.names[up])}", "start"))
    wide = max(
        width,
        left + LETTER * (len(short_name(grid.names[across])) + 3),
        LETTER * (len(short_name(grid.names[up])) + 3) if up is not None else 0,
    )
    return picture(wide, height, parts, title or "quality of each combination", class_="ts-image")


def _pixels(
    grid: Grid,
    scale: ColourScale,
    at: tuple[NDArray[np.int64], ...],
    left: float,
    top: float,
    side: float,
    rows: int,
    cells: Sequence[tuple[int, int]],
    marked: NDArray[np.bool_] | None,
    ringed: NDArray[np.bool_] | None,
    said: Callable[[Index], str] | None,
) -> list[str]:
    """Return the pixels, and the rings of those in the confidence set."""
    values = grid.mean[at]
    holes = np.isnan(values)
    colours, rgb = scale.hexadecimal(values), scale.rgb(values)
    pale = np.zeros(len(cells), dtype=bool) if marked is None else ~marked[at]
    rung = np.zeros(len(cells), dtype=bool) if ringed is None else ringed[at] & ~holes & ~pale
    places = [place_of(index) for index in np.stack(at, axis=-1).tolist()]
    radius, parts = min(5.0, side / 3.5), []
    for each, (row, column) in enumerate(cells):
        x, y = left + side * column, top + side * (rows - 1 - row)
        fill, kind = (HATCHED, "ts-cell ts-hole") if holes[each] else (colours[each], "ts-cell")
        faint = ' opacity=".18"' if pale[each] else ""
        own = "" if said is None else f' data-say="{escape(said(tuple(int(axis[each]) for axis in at)), quote=True)}"'
        # a little wider, so that no seam is seen between two of them
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{side + 0.2:.1f}" height="{side + 0.2:.1f}" fill="{fill}" '
            f'data-at="{places[each]}" class="{kind}"{faint}{own}/>'
        )
        if rung[each]:
            parts.append(
                f'<circle cx="{x + side / 2:.1f}" cy="{y + side / 2:.1f}" r="{radius:.1f}" fill="none" '
                f'stroke="{ink_on(rgb[each])}" stroke-width="1.3" class="ts-ring" pointer-events="none"/>'
            )
    return parts
