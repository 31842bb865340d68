"""The lines around a cube's nodes: its edges, the planes at the sliders, and a box around the chosen node."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.cube import Cube
from trova_widgets.figures.field import Floats

_CORNERS = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
#: The twelve edges of a box, the three that begin at its first corner first: along x, along y, along z.
_EDGES = np.array(
    [(0, 4), (0, 2), (0, 1), (1, 3), (3, 2), (4, 5), (5, 7), (7, 6), (6, 4), (1, 5), (2, 6), (3, 7)], dtype=np.uint32
)
_ROUND = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=float)


class Wires(NamedTuple):
    """Lines between points.

    Attributes
    ----------
    corners : ndarray of float, shape (points, 3)
        In the units of the cube's axes.
    lines : ndarray of uint32, shape (lines, 2)
        The two points of each line.
    """

    corners: Floats
    lines: NDArray[np.uint32]


def edges(cube: Cube) -> tuple[Wires, Wires, Wires, Wires]:
    """Return the edges that the parameters grow along (x, y, z), and the other nine."""
    low, high = _ends(cube)
    corners = low + _CORNERS * (high - low)
    x, y, z = (Wires(corners[_EDGES[axis]], np.array([[0, 1]], dtype=np.uint32)) for axis in range(3))
    return x, y, z, Wires(corners, _EDGES[3:])


def planes(cube: Cube) -> Wires:
    """Return the outlines of the planes at the sliders, one for each parameter."""
    low, high = _ends(cube)
    corners: list[Floats] = []
    for held, edge in enumerate(cube.axes):
        if edge.title:
            share = np.insert(_ROUND, held, 0.0, axis=1)
            plane = low + share * (high - low)
            plane[:, held] = edge.slider
            corners.append(plane)
    ring = np.array([(0, 1), (1, 2), (2, 3), (3, 0)])
    lines = np.concatenate([ring + 4 * number for number in range(len(corners))])
    return Wires(np.concatenate(corners), lines.astype(np.uint32))


def marker(cube: Cube) -> Wires:
    """Return a box around the chosen node."""
    low, high = _ends(cube)
    centre = np.array([edge.slider for edge in cube.axes])
    side = (high - low) / np.array([max(len(edge.positions), 4) for edge in cube.axes]) / 1.2
    return Wires(centre + (_CORNERS - 0.5) * side, _EDGES)


def _ends(cube: Cube) -> tuple[Floats, Floats]:
    return np.array([edge.low for edge in cube.axes]), np.array([edge.high for edge in cube.axes])
