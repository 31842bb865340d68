"""The cube: an objective as colour at every node of a grid of up to three parameters (the article's Fig. 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.field import Field, Floats, Index, short_name

#: A node's size against the distance between nodes: on a plane at a slider, elsewhere, and when filtered out.
ON_PLANE, OFF_PLANE, FAINT = 0.52, 0.30, 0.10


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
    """

    title: str
    positions: tuple[float, ...]
    low: float
    high: float
    slider: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Cube:
    """The nodes of a cube.

    Attributes
    ----------
    axes : tuple of CubeAxis, length 3
        The edges x, y, z.
    index : ndarray of int, shape (nodes, k)
        The combination of each node in the field, whatever axes are held.
    x, y, z : ndarray of float, shape (nodes,)
        Positions, in the units of the axes.
    colours : ndarray of float, shape (nodes, 3)
        Red, green and blue, 0 to 1.
    sizes : ndarray of float, shape (nodes,)
        Diameters, in the cube's units.
    holes, on_plane, shown : ndarray of bool, shape (nodes,)
        Which nodes have no result, lie on a plane at a slider, pass the filter.
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
    holes: NDArray[np.bool_]
    on_plane: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    chosen: int
    scale: ColourScale


def cube(
    field: Field,
    scale: ColourScale,
    axes: Sequence[int],
    position: Index,
    *,
    shown: NDArray[np.bool_] | None = None,
    locked: Sequence[int] = (),
    weight: Floats | None = None,
) -> Cube:
    """Place the nodes of up to three parameters, with the others held at the sliders.

    Parameters
    ----------
    field : Field
        The objective.
    scale : ColourScale
        Its colours.
    axes : sequence of int, length 1 to 3
        The field's axes along x, y and z; missing ones have one position.
    position : tuple of int, length k
        Where the sliders stand.
    shown : ndarray of bool, shape (n1, ..., nk), optional
        Which combinations pass the filter; the others are drawn as faint dots.
    locked : sequence of int
        Axes that are fixed at their slider: nodes elsewhere are faint.
    weight : ndarray of float, shape (n1, ..., nk), optional
        A second objective, 0 to 1, that makes nodes larger.

    Returns
    -------
    Cube
    """
    counts = [field.shape[axis] for axis in axes]
    grid = np.indices(counts).reshape(len(counts), -1).T
    index = np.tile(np.asarray(position, dtype=np.int64), (len(grid), 1))
    index[:, list(axes)] = grid
    at = tuple(index.T)
    on_plane = np.any([index[:, axis] == position[axis] for axis in axes], axis=0)
    visible = np.ones(len(index), dtype=bool) if shown is None else shown[at]
    for axis in locked:
        visible &= index[:, axis] == position[axis]
    edges = tuple(_edge(field, axis, position[axis]) for axis in axes) + (_NO_EDGE,) * (3 - len(axes))
    x, y, z = (
        np.take(edge.positions, grid[:, column]) if column < len(axes) else np.full(len(grid), 0.5)
        for column, edge in enumerate(edges)
    )
    means, holes = field.mean[at], field.holes[at]
    sizes = np.where(visible, np.where(on_plane, ON_PLANE, OFF_PLANE), FAINT) / max(max(counts), 4)
    sizes = np.where(holes, np.minimum(sizes, OFF_PLANE / max(max(counts), 4)), sizes)
    if weight is not None:
        sizes = sizes * np.where(holes, 1.0, 0.55 + 0.75 * np.nan_to_num(weight[at]))
    return Cube(
        axes=(edges[0], edges[1], edges[2]),
        index=index,
        x=x,
        y=y,
        z=z,
        colours=scale.rgb(means),
        sizes=sizes,
        holes=holes,
        on_plane=on_plane,
        shown=visible,
        chosen=int(np.flatnonzero(np.all(index == np.asarray(position), axis=1))[0]),
        scale=scale,
    )


_NO_EDGE = CubeAxis(title="", positions=(0.5,), low=0.0, high=1.0, slider=0.5)


def _edge(field: Field, axis: int, slider: int) -> CubeAxis:
    positions = _evenly_spaced(field.values[axis])
    step = positions[1] - positions[0] if len(positions) > 1 else 1.0
    return CubeAxis(
        title=short_name(field.names[axis]),
        positions=positions,
        low=positions[0] - step / 2,
        high=positions[-1] + step / 2,
        slider=positions[slider],
    )


def _evenly_spaced(values: tuple[Any, ...]) -> tuple[float, ...]:
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        numbers = np.asarray(values, dtype=float)
        steps = np.diff(numbers)
        if steps.size == 0 or (steps[0] > 0 and np.allclose(steps, steps[0])):
            return tuple(float(number) for number in numbers)
    return tuple(float(place) for place in range(1, len(values) + 1))
