"""The cube: an objective as colour at every node of a grid of up to three parameters (the article's Fig. 3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.spread import axis_title, log_positions
from trova_widgets.space import Floats, Grid, Index, format_value

#: A node's size against the distance between nodes: the largest, the smallest, and one that is filtered out.
LARGEST, SMALLEST, FAINT = 0.52, 0.30, 0.10
#: The ring around a node of the confidence set, against the node's size.
RING = 1.35
_TICKS_AT_MOST = 8


@dataclass(frozen=True, kw_only=True)
class CubeAxis:
    """One edge of the cube.

    Attributes
    ----------
    title : str
        The parameter; empty for an axis that only gives the cube its third dimension.
    positions : tuple of float
        Where the values stand: the values themselves where they are evenly spaced numbers, otherwise 1, 2, 3...
    low, high : float
        The ends of the edge, half a step beyond the first and the last value.
    slider : float
        The position of the slider's plane.
    labels : tuple of str
        The values as words, one a position.
    """

    title: str
    positions: tuple[float, ...]
    low: float
    high: float
    slider: float
    labels: tuple[str, ...] = ("",)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The labels with their places on the edge, 0 to 1, thinned to those that have room."""
        every = -(-len(self.positions) // _TICKS_AT_MOST)
        shares = [self.share(position) for position in self.positions]
        return tuple(zip(shares, self.labels, strict=True))[::every]

    def share(self, position: float) -> float:
        """Return where a position lies on the edge, 0 to 1."""
        return (position - self.low) / (self.high - self.low)

    def shares(self, positions: Floats) -> Floats:
        """Return where positions lie on the edge, 0 to 1."""
        return (positions - self.low) / (self.high - self.low)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cube:
    """The nodes of a cube.

    Attributes
    ----------
    axes : tuple of CubeAxis, length 3
        The edges x, y, z.
    index : ndarray of int, shape (nodes, k)
        The combination of each node in the grid, whatever axes are held.
    x, y, z : ndarray of float, shape (nodes,)
        Positions, in the units of the axes.
    colours : ndarray of float, shape (nodes, 3)
        Red, green and blue, 0 to 1.
    sizes : ndarray of float, shape (nodes,)
        Diameters, in the cube's units.
    rings : ndarray of float, shape (nodes,)
        Diameters of the rings around what cannot be told from the best; 0 where there is none.
    holes, shown, hidden : ndarray of bool, shape (nodes,)
        Which nodes have no result, pass the filter, are not drawn at all.
    chosen : int
        The node where all the planes meet.
    scale : ColourScale
        What the colours mean.
    """

    axes: tuple[CubeAxis, CubeAxis, CubeAxis]
    index: NDArray[np.int64]
    x: Floats
    y: Floats
    z: Floats
    colours: Floats
    sizes: Floats
    rings: Floats
    holes: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    chosen: int
    scale: ColourScale


def cube(
    grid: Grid,
    scale: ColourScale,
    axes: Sequence[int],
    position: Index,
    *,
    shown: NDArray[np.bool_] | None = None,
    locked: Sequence[int] = (),
    weight: Floats | None = None,
    ringed: NDArray[np.bool_] | None = None,
    hidden: NDArray[np.bool_] | None = None,
    logarithmic: Collection[str] = (),
) -> Cube:
    """Place the nodes of up to three parameters, with the others held at the sliders.

    Parameters
    ----------
    grid : Grid
        The objective.
    scale : ColourScale
        Its colours.
    axes : sequence of int, length 1 to 3
        The grid's axes along x, y and z; missing ones have one position.
    position : tuple of int, length k
        Where the sliders stand.
    shown : ndarray of bool, shape (n1, ..., nk), optional
        Which combinations pass the filter; the others are drawn as faint dots.
    locked : sequence of int
        Axes that are fixed at their slider: nodes elsewhere are faint.
    weight : ndarray of float, shape (n1, ..., nk), optional
        What makes nodes larger, 0 to 1: how often a combination was measured, or how stable it is. Without it all
        nodes are equally large: a size that means nothing says nothing.
    ringed : ndarray of bool, shape (n1, ..., nk), optional
        What gets a ring: the confidence set.
    hidden : ndarray of bool, shape (n1, ..., nk), optional
        What is not drawn at all, such as what lies below a threshold.
    logarithmic : collection of str
        The settings of which equal ratios are equal steps.

    Returns
    -------
    Cube
    """
    counts = [grid.shape[axis] for axis in axes]
    nodes = np.indices(counts).reshape(len(counts), -1).T
    index = np.tile(np.asarray(position, dtype=np.int64), (len(nodes), 1))
    index[:, list(axes)] = nodes
    at = tuple(index.T)
    visible = np.ones(len(index), dtype=bool) if shown is None else shown[at]
    for axis in locked:
        visible &= index[:, axis] == position[axis]
    edges = tuple(_edge(grid, axis, position[axis], logarithmic) for axis in axes) + (_NO_EDGE,) * (3 - len(axes))
    x, y, z = (
        np.take(edge.positions, nodes[:, column]) if column < len(axes) else np.full(len(nodes), 0.5)
        for column, edge in enumerate(edges)
    )
    means, holes = grid.mean[at], grid.holes[at]
    away = np.zeros(len(index), dtype=bool) if hidden is None else hidden[at]
    share = np.ones(len(index)) if weight is None else np.nan_to_num(weight[at])
    full = np.where(holes, SMALLEST, SMALLEST + (LARGEST - SMALLEST) * share)
    sizes = np.where(away, 0.0, np.where(visible, full, FAINT)) / max(max(counts), 4)
    inside = np.zeros(len(index), dtype=bool) if ringed is None else ringed[at]
    return Cube(
        axes=(edges[0], edges[1], edges[2]),
        index=index,
        x=x,
        y=y,
        z=z,
        colours=scale.rgb(means),
        sizes=sizes,
        rings=np.where(inside & visible, RING * sizes, 0.0),
        holes=holes,
        shown=visible,
        hidden=away,
        chosen=int(np.flatnonzero(np.all(index == np.asarray(position), axis=1))[0]),
        scale=scale,
    )


_NO_EDGE = CubeAxis(title="", positions=(0.5,), low=0.0, high=1.0, slider=0.5)


def _edge(grid: Grid, axis: int, slider: int, logarithmic: Collection[str]) -> CubeAxis:
    spread = log_positions(grid.values[axis]) if grid.names[axis] in logarithmic else None
    positions = _evenly_spaced(grid.values[axis]) if spread is None else tuple(float(each) for each in spread)
    # values that are not in order leave room for the smallest step
    step = float(np.abs(np.diff(positions)).min()) if len(positions) > 1 else 1.0
    return CubeAxis(
        title=axis_title(grid.names[axis], grid.values[axis], logarithmic=spread is not None),
        positions=positions,
        low=min(positions) - step / 2,
        high=max(positions) + step / 2,
        slider=positions[slider],
        labels=tuple(format_value(value) for value in grid.values[axis]),
    )


def _evenly_spaced(values: tuple[Any, ...]) -> tuple[float, ...]:
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        numbers = np.asarray(values, dtype=float)
        steps = np.diff(numbers)
        if steps.size == 0 or (steps[0] > 0 and np.allclose(steps, steps[0])):
            return tuple(float(number) for number in numbers)
    return tuple(float(place) for place in range(1, len(values) + 1))
