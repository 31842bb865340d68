"""Small multiples on one sheet: where each panel lies, its labels, its frame, and the hatching of holes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.field import Floats

_LABELS_AT_MOST = 8


@dataclass(frozen=True, kw_only=True)
class Text:
    """A word on a sheet, at a point in the sheet's units.

    Attributes
    ----------
    x, y : float
        The point.
    text : str
        The word.
    align : {"start", "middle", "end"}
        Which part of the word is at the point.
    strong : bool
        Whether it is a title rather than a tick.
    """

    x: float
    y: float
    text: str
    align: str = "middle"
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle on a sheet.

    Attributes
    ----------
    left, bottom, width, height : float
        In the sheet's units; y grows upwards.
    """

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.bottom + self.height

    def outline(self) -> tuple[list[float], list[float]]:
        """Return the five points of the closed outline."""
        return (
            [self.left, self.right, self.right, self.left, self.left],
            [self.bottom, self.bottom, self.top, self.top, self.bottom],
        )

    def across(self, share: object) -> Floats:
        """Return the x of shares (0 to 1) of the width."""
        return self.left + self.width * np.asarray(share, dtype=float)

    def up(self, share: object) -> Floats:
        """Return the y of shares (0 to 1) of the height."""
        return self.bottom + self.height * np.asarray(share, dtype=float)


def layout(
    rows: int, columns: int, *, gap_x: float, gap_y: float, width: float = 1.0, height: float = 1.0
) -> list[list[Box]]:
    """Return the boxes of a table of panels; the first row is the uppermost, the lowest row stands on y = 0.

    Parameters
    ----------
    rows, columns : int
        How many panels.
    gap_x, gap_y : float
        The room between two panels.
    width, height : float
        A panel's size.

    Returns
    -------
    list of list of Box
    """
    return [
        [
            Box(left=column * (width + gap_x), bottom=(rows - 1 - row) * (height + gap_y), width=width, height=height)
            for column in range(columns)
        ]
        for row in range(rows)
    ]


def ticks(labels: Sequence[str], at_most: int = _LABELS_AT_MOST) -> list[tuple[float, str]]:
    """Return labels and their places (0 to 1) in a row of equal cells, thinned to those that have room."""
    every = -(-len(labels) // at_most)
    return [((place + 0.5) / len(labels), text) for place, text in enumerate(labels) if place % every == 0]


def strokes(pieces: Iterable[tuple[Sequence[float], Sequence[float]]]) -> tuple[Floats, Floats]:
    """Join polylines to one, interrupted by NaN, so that one mark draws them all.

    Returns
    -------
    x, y : ndarray of float, shape (points,)
        A line of no length when there are no pieces.
    """
    xs: list[float] = []
    ys: list[float] = []
    for x, y in pieces:
        xs += [*x, np.nan]
        ys += [*y, np.nan]
    joined_x, joined_y = np.array(xs), np.array(ys)
    known = np.flatnonzero(np.isfinite(joined_x) & np.isfinite(joined_y))
    if known.size == 0:
        return np.zeros(2), np.zeros(2)
    # bqplot puts a line's label at its last point, which must therefore be one
    return joined_x[: known[-1] + 1], joined_y[: known[-1] + 1]


def pixels(box: Box, where: NDArray[np.bool_]) -> list[Box]:
    """Return the boxes of some cells of a panel.

    Parameters
    ----------
    box : Box
        The panel.
    where : ndarray of bool, shape (rows, columns)
        Which cells; row 0 is the lowest.

    Returns
    -------
    list of Box
    """
    rows, columns = where.shape
    width, height = box.width / columns, box.height / rows
    return [
        Box(left=box.left + column * width, bottom=box.bottom + row * height, width=width, height=height)
        for row, column in np.argwhere(where).tolist()
    ]


def hatching(box: Box, holes: NDArray[np.bool_], lines: int = 3) -> list[tuple[list[float], list[float]]]:
    """Return oblique lines over the cells of a panel that are holes.

    Parameters
    ----------
    box : Box
        The panel.
    holes : ndarray of bool, shape (rows, columns)
        Row 0 is the lowest.
    lines : int
        How many lines cross a cell.

    Returns
    -------
    list of (x, y)
        Two points each.
    """
    rows, columns = holes.shape
    pieces = []
    # the lines of a cell are x + y = c; they meet those of its neighbours
    for row, column in zip(*np.nonzero(holes), strict=True):
        for line in range(1, 2 * lines):
            total = line / lines
            low, high = max(0.0, total - 1.0), min(1.0, total)
            x = box.across([(column + low) / columns, (column + high) / columns])
            y = box.up([(row + total - low) / rows, (row + total - high) / rows])
            pieces.append((x.tolist(), y.tolist()))
    return pieces
