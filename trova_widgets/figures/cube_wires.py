"""The bars around a cube's nodes: its edges, and the planes at the sliders.

A line of WebGL is one pixel wide whatever it is told, and vanishes where it lies along a row of pixels; so what is
drawn are thin bars, that are seen from every side.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.cube import Cube
from trova_widgets.space import Floats

_CORNERS = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
#: The twelve edges of a box, as pairs of its corners.
_EDGES = np.array([(0, 4), (0, 2), (0, 1), (1, 3), (3, 2), (4, 5), (5, 7), (7, 6), (6, 4), (1, 5), (2, 6), (3, 7)])
_ROUND = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=float)
#: Two triangles for each of the six sides of a box.
_SIDES = np.array(
    [
        (0, 1, 3), (0, 3, 2), (4, 7, 5), (4, 6, 7), (0, 5, 1), (0, 4, 5),
        (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
    ]
)  # fmt: skip
#: How thick bars are, as shares of the cube's edge.
_EDGE, _PLANE = 0.009, 0.006


class Bars(NamedTuple):
    """Thin bars as triangles.

    Attributes
    ----------
    corners : ndarray of float, shape (points, 3)
        In the units of the cube's axes.
    triangles : ndarray of uint32, shape (triangles, 3)
        The three points of each triangle.
    """

    corners: Floats
    triangles: NDArray[np.uint32]


def nowhere(count: int) -> Bars:
    """Return so many bars that lie in one point, where nothing is seen of them."""
    return Bars(np.zeros((8 * count, 3)), _triangles(count))


def edges(cube: Cube) -> Bars:
    """Return the twelve edges."""
    return _bars(cube, _CORNERS[_EDGES], _EDGE)


def planes(cube: Cube) -> tuple[Bars, ...]:
    """Return the outline of the plane across each edge, where the edge begins; nowhere where nothing varies along it.

    A plane follows its slider by an offset, so that what is drawn of it stays as it is.
    """
    across = []
    for held, edge in enumerate(cube.axes):
        plane = np.insert(_ROUND, held, 0.0, axis=1)
        lines = np.stack([plane, np.roll(plane, -1, axis=0)], axis=1)
        across.append(_bars(cube, lines, _PLANE) if edge.title else nowhere(len(lines)))
    return tuple(across)


def _bars(cube: Cube, lines: Floats, thickness: float) -> Bars:
    """Return a bar for each line (start and end, in shares of the edges; along one of them), shape (lines, 2, 3)."""
    low, high = lines.min(axis=1) - thickness / 2, lines.max(axis=1) + thickness / 2
    corners = low[:, np.newaxis] + _CORNERS * (high - low)[:, np.newaxis]
    ends = np.array([(edge.low, edge.high) for edge in cube.axes])
    return Bars(ends[:, 0] + corners.reshape(-1, 3) * (ends[:, 1] - ends[:, 0]), _triangles(len(lines)))


def _triangles(count: int) -> NDArray[np.uint32]:
    """Return the triangles of so many bars."""
    of_each = _SIDES + 8 * np.arange(count)[:, np.newaxis, np.newaxis]
    return of_each.reshape(-1, 3).astype(np.uint32)
