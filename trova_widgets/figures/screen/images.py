"""An image on a page: an objective over two parameters, a pixel a combination."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale, ink_on
from trova_widgets.figures.screen.svg import (
    ACCENT,
    HATCHED,
    LETTER,
    LINE,
    Markable,
    around_mark,
    place_of,
    tag,
    thinned,
    words,
)
from trova_widgets.space import Grid, Index, format_value, short_name

#: How large a pixel is drawn: few are drawn large, many small.
_LARGEST, _SMALLEST, _SIDE = 28, 9, 224
_BELOW = 36
#: What stands around the pixels of an image, and how small a pixel may become for the sake of others beside it.
_AROUND, _LEGIBLE = 38.0, 14.0
#: A pixel that has its number in it is at least so wide and high, and at most so high.
_NUMBER, _HIGHEST = (46, 20), 64


@dataclass(frozen=True, kw_only=True, eq=False)
class Image(Markable):
    """An image in which a combination gets a frame.

    Attributes
    ----------
    grid : Grid
        The objective.
    span : tuple of int, length 1 or 2
        The grid's axes to the right and upwards.
    held : tuple of int
        Where the other axes are held.
    corner, size : tuple of float
        Where the first pixel at the top begins, and how wide and high each is.
    before, after : str
        As of `Markable`.
    """

    grid: Grid
    span: tuple[int, ...]
    held: Index
    corner: tuple[float, float]
    size: tuple[float, float]

    def mark(self, position: Index) -> list[str]:
        """Return a frame around a combination, where that is in this image."""
        if any(self.held[axis] != position[axis] for axis in range(len(position)) if axis not in self.span):
            return []
        (left, top), (wide, high) = self.corner, self.size
        across, up = position[self.span[0]], 0
        if len(self.span) > 1:
            up = self.grid.shape[self.span[1]] - 1 - position[self.span[1]]
        frame = tag(
            "rect", x=left + wide * across, y=top + high * up, width=wide, height=high, fill="none", stroke=ACCENT,
            stroke_width=2.4, class_="ts-chosen",
        )  # fmt: skip
        return [frame]


def image(
    grid: Grid,
    scale: ColourScale,
    span: Sequence[int],
    held: Index,
    *,
    title: str = "",
    marked: NDArray[np.bool_] | None = None,
    ringed: NDArray[np.bool_] | None = None,
    room_px: float = 800.0,
    high_px: float | None = None,
    beside: int = 1,
    said: Callable[[Index], str] | None = None,
) -> Image:
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
    title : str
        What the image shows, for who cannot see it.
    marked : ndarray of bool, shape of the grid, optional
        The combinations that pass a filter: the others are pale.
    ringed : ndarray of bool, shape of the grid, optional
        The confidence set: each gets a ring.
    room_px : float
        How wide the image may be.
    high_px : float, optional
        How high the pixels are together. Where it is given they fill the room, and have their numbers in them.
    beside : int
        How many images there are: where a little less makes as many of them fit side by side, they are smaller.
    said : callable, optional
        What a combination says under the pointer, where that is not what it says everywhere.

    Returns
    -------
    Image
    """
    across, up = span[0], span[1] if len(span) > 1 else None
    columns, rows = grid.shape[across], 1 if up is None else grid.shape[up]
    labels = [[format_value(value) for value in grid.values[axis]] for axis in span]
    left = 10 + (LETTER * max(map(len, labels[1])) if up is not None else 0)
    # on a large screen pixels are larger
    largest = _LARGEST + min(max(0.0, room_px - 800) / 40, 20)
    most = min(_SIDE * largest / _LARGEST, room_px - left - 12)
    side = min(largest, max(_SMALLEST, most / max(columns, rows)))
    for count in range(beside, 1, -1):
        fitting = (room_px / count - _AROUND - left) / columns
        if fitting >= max(0.75 * side, _LEGIBLE):
            side = min(side, fitting)
            break
    if up is None:
        # a single row has room for its values below
        side = min(max(side, LETTER * max(map(len, labels[0])) + 10), max(_SMALLEST, (room_px - left - 12) / columns))
    wide = high = side
    if high_px is not None:
        wide = max(side, (room_px - left - 12) / columns)
        high = min(max(high_px / rows, min(side, _NUMBER[1])), _HIGHEST)
    top = 20 if up is not None else 4
    width, height = left + wide * columns + 12, top + high * rows + _BELOW
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    index = np.tile(np.asarray(held, dtype=np.int64), (len(cells), 1))
    index[:, across] = [column for _, column in cells]
    if up is not None:
        index[:, up] = [row for row, _ in cells]
    at = tuple(index.T)
    corners = [(left + wide * column, top + high * (rows - 1 - row)) for row, column in cells]
    parts = _pixels(grid, scale, at, corners, (wide, high), marked, ringed, said)
    if high_px is not None and wide >= _NUMBER[0] and high >= _NUMBER[1]:
        parts += _numbers(grid, scale, at, corners, (wide, high), marked)
    parts.append(
        tag("rect", x=left, y=top, width=wide * columns, height=high * rows, fill="none", stroke=LINE, stroke_width=1)
    )
    around = []
    for number, text in thinned(labels[0], wide):
        around.append(words(left + wide * (number + 0.5), top + high * rows + 15, text))
    around.append(words(left, top + high * rows + 31, f"{short_name(grid.names[across])} →", "start"))
    if up is not None:
        every = max(1, -int(-16 // high))
        for number in range(0, rows, every):
            around.append(words(left - 5, top + high * (rows - 0.5 - number) + 4, labels[1][number], "end"))
        around.append(words(2, 12, f"↑ {short_name(grid.names[up])}", "start"))
    whole = max(
        width,
        left + LETTER * (len(short_name(grid.names[across])) + 3),
        LETTER * (len(short_name(grid.names[up])) + 3) if up is not None else 0,
    )
    title = title or "quality of each combination"
    before, after = around_mark(whole, height, parts, around, title, class_="ts-image")
    return Image(
        grid=grid,
        span=tuple(span[:2]),
        held=tuple(held),
        corner=(left, top),
        size=(wide, high),
        before=before,
        after=after,
    )


def _pixels(
    grid: Grid,
    scale: ColourScale,
    at: tuple[NDArray[np.int64], ...],
    corners: Sequence[tuple[float, float]],
    size: tuple[float, float],
    marked: NDArray[np.bool_] | None,
    ringed: NDArray[np.bool_] | None,
    said: Callable[[Index], str] | None,
) -> list[str]:
    """Return the pixels, and the rings of those in the confidence set."""
    values = grid.mean[at]
    holes = np.isnan(values)
    colours, rgb = scale.hexadecimal(values), scale.rgb(values)
    pale = np.zeros(len(corners), dtype=bool) if marked is None else ~marked[at]
    rung = np.zeros(len(corners), dtype=bool) if ringed is None else ringed[at] & ~holes & ~pale
    places = [place_of(index) for index in np.stack(at, axis=-1).tolist()]
    (wide, high), parts = size, []
    radius = min(5.0, min(size) / 3.5)
    # in the corner, where there is a number in the middle
    numbered = wide >= _NUMBER[0] and high >= _NUMBER[1]
    aside, below = (9.0, 9.0 if high > 34 else high / 2) if numbered else (wide / 2, high / 2)
    for each, (x, y) in enumerate(corners):
        fill, kind = (HATCHED, "ts-cell ts-hole") if holes[each] else (colours[each], "ts-cell")
        faint = ' opacity=".18"' if pale[each] else ""
        own = "" if said is None else f' data-say="{escape(said(tuple(int(axis[each]) for axis in at)), quote=True)}"'
        # a little wider, so that no seam is seen between two of them
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide + 0.2:.1f}" height="{high + 0.2:.1f}" fill="{fill}" '
            f'data-at="{places[each]}" class="{kind}"{faint}{own}/>'
        )
        if rung[each]:
            parts.append(
                f'<circle cx="{x + aside:.1f}" cy="{y + below:.1f}" r="{radius:.1f}" fill="none" '
                f'stroke="{ink_on(rgb[each])}" stroke-width="1.3" class="ts-ring" pointer-events="none"/>'
            )
    return parts


def _numbers(
    grid: Grid,
    scale: ColourScale,
    at: tuple[NDArray[np.int64], ...],
    corners: Sequence[tuple[float, float]],
    size: tuple[float, float],
    marked: NDArray[np.bool_] | None,
) -> list[str]:
    """Return the number of each pixel: per cent, or the gradient itself."""
    values, parts = grid.mean[at], []
    for (x, y), value, rgb, shown in zip(
        corners, values, scale.rgb(values), np.ones(len(values)) if marked is None else marked[at], strict=True
    ):
        if np.isfinite(value) and shown:
            said = f"{100 * value:.1f}" if scale.is_share else f"{value:.3f}"
            parts.append(
                f'<text x="{x + size[0] / 2:.1f}" y="{y + size[1] / 2 + 4:.1f}" text-anchor="middle" class="ts-number" '
                f'style="fill:{ink_on(rgb)}" font-size="12" pointer-events="none">{said}</text>'
            )
    return parts
