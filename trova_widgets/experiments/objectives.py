"""The two objectives over the grid of a plan: quality, to be highest, and its gradient, to be lowest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.networks import Value

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class QualityGrid:
    """A figure of merit at every node of a grid of parameters.

    Parameters
    ----------
    names : tuple of str
        The varied parameters.
    values : tuple of tuple
        The values along each axis.
    mean : ndarray, one axis a parameter
        Mean over the seeds; NaN where no trial has finished.
    std : ndarray
        Standard deviation over the seeds (n - 1); NaN for fewer than two.
    count : ndarray of int
        How many seeds have finished.
    """

    names: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    mean: Array
    std: Array
    count: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each axis has."""
        return tuple(len(values) for values in self.values)

    def is_enumerated(self, axis: int) -> bool:
        """Tell whether an axis has words for values, which have no order."""
        return any(isinstance(value, str) for value in self.values[axis])

    def place(self, cell: Mapping[str, Value]) -> tuple[int, ...]:
        """Return the indices of a cell."""
        return tuple(values.index(cell[name]) for name, values in zip(self.names, self.values, strict=True))

    def cell(self, place: Sequence[int]) -> dict[str, Value]:
        """Return the parameters at a place."""
        return {name: values[at] for name, values, at in zip(self.names, self.values, place, strict=True)}


def quality_grid(
    trials: pd.DataFrame, axes: Mapping[str, Sequence[Value]] | Sequence[str], value: str = "quality"
) -> QualityGrid:
    """Lay finished trials on the grid of their varied parameters.

    Parameters
    ----------
    trials : DataFrame
        A row a trial: a column for each axis, ``state``, and the column ``value``.
    axes : mapping of str to values, or sequence of str
        The varied parameters with all their values (`Plan.axes`), so that cells that are still missing are holes;
        names alone take the values that occur, sorted.
    value : str
        The column to lay out.

    Returns
    -------
    QualityGrid
        Failed trials count as missing.

    Raises
    ------
    PlanError
        When a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> trials = pd.DataFrame({"size": [1, 2, 2], "state": "finished", "quality": [0.5, 0.8, 0.9]})
    >>> grid = quality_grid(trials, {"size": (1, 2, 3)})
    >>> grid.mean.round(2).tolist(), grid.count.tolist()
    ([0.5, 0.85, nan], [1, 2, 0])
    """
    # imported here, because a process that trains or reads files needs none of it
    import pandas as pd

    missing = [name for name in (*axes, "state", value) if name not in trials]
    if missing:
        raise PlanError(f"The table of trials has no column {', '.join(missing)}; it has {', '.join(trials.columns)}.")
    if isinstance(axes, Mapping):
        values = tuple(tuple(each) for each in axes.values())
    else:
        values = tuple(tuple(sorted(trials[name].unique().tolist())) for name in axes)
    names = tuple(axes)
    shape = tuple(len(each) for each in values)
    rows = trials[(trials["state"] == "finished") & trials[value].notna()]
    codes = [pd.Index(each).get_indexer(rows[name]) for name, each in zip(names, values, strict=True)]
    on_grid = np.all([code >= 0 for code in codes], axis=0) if codes else np.ones(len(rows), dtype=bool)
    places = tuple(code[on_grid] for code in codes)
    figures = rows[value].to_numpy(dtype=np.float64)[on_grid]
    # a plan without axes has one node
    nodes = np.ravel_multi_index(places, shape) if shape else np.zeros(len(figures), dtype=np.intp)
    count = np.bincount(nodes, minlength=prod(shape))
    total = np.bincount(nodes, figures, len(count))
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    squares = np.bincount(nodes, (figures - mean[nodes]) ** 2, len(count))
    std = np.sqrt(np.divide(squares, count - 1, out=np.full(len(count), np.nan), where=count > 1))
    return QualityGrid(
        names=names,
        values=values,
        mean=mean.reshape(shape),
        std=std.reshape(shape),
        count=count.reshape(shape),
    )


def gradient(grid: QualityGrid) -> Array:
    """Return how steeply the quality changes around each node: the article's second objective.

    Along a numeric axis it is the change for each step of the grid: half the difference of the two neighbours,
    or, at the ends and beside holes, the difference to the one that is there. An enumerated axis has no
    neighbours, so there it is the largest difference to any other value. The axes are put together as the length
    of a vector. Differences of neighbours are blind to a spike between two equal ones: see `largest_step`.

    Parameters
    ----------
    grid : QualityGrid
        The quality.

    Returns
    -------
    ndarray, shape of the grid
        Not negative; NaN in holes, and where no axis has a neighbour to compare with.

    Examples
    --------
    >>> plane = np.add.outer(3.0 * np.arange(4), 4.0 * np.arange(5))
    >>> axes = (tuple(range(4)), tuple(range(5)))
    >>> grid = QualityGrid(names=("a", "b"), values=axes, mean=plane, std=plane * 0, count=np.ones((4, 5), int))
    >>> bool(np.allclose(gradient(grid), 5.0))
    True
    """
    slopes = [
        _largest_difference(grid.mean, axis) if grid.is_enumerated(axis) else _slope(grid.mean, axis)
        for axis in range(grid.mean.ndim)
    ]
    squares = np.array([slope**2 for slope in slopes]).reshape(len(slopes), *grid.shape)
    known = np.isfinite(squares)
    length = np.sqrt(np.where(known, squares, 0.0).sum(axis=0))
    return np.where(known.any(axis=0) & np.isfinite(grid.mean), length, np.nan)


def largest_step(grid: QualityGrid) -> Array:
    """Return the largest change of quality from each node to any direct neighbour: a lucky spike stands out.

    Parameters
    ----------
    grid : QualityGrid
        The quality.

    Returns
    -------
    ndarray, shape of the grid
        Not negative; NaN in holes and where there is no neighbour.

    Examples
    --------
    >>> spike = np.array([0.5, 0.9, 0.5])
    >>> grid = QualityGrid(names=("a",), values=((1, 2, 3),), mean=spike, std=spike * 0, count=np.ones(3, int))
    >>> gradient(grid)[1].round(2).item(), largest_step(grid)[1].round(2).item()
    (0.0, 0.4)
    """
    largest = np.full(grid.shape, np.nan)
    for axis in range(grid.mean.ndim):
        if grid.is_enumerated(axis):
            largest = np.fmax(largest, _largest_difference(grid.mean, axis))
            continue
        for neighbour in _neighbours(grid.mean, axis):
            largest = np.fmax(largest, np.abs(neighbour - grid.mean))
    return largest


def influence(grid: QualityGrid) -> dict[str, float]:
    """Return how strongly each parameter acts on the quality: the mean change from one value to the next.

    Parameters
    ----------
    grid : QualityGrid
        The quality.

    Returns
    -------
    dict
        Mean absolute difference of neighbours along each axis (of all pairs where it is enumerated), the
        strongest parameter first; 0 where nothing can be compared.
    """
    strength = {}
    for axis, name in enumerate(grid.names):
        moved = np.moveaxis(grid.mean, axis, 0)
        if grid.is_enumerated(axis):
            pairs = [moved[first] - moved[second] for first, second in combinations(range(len(moved)), 2)]
            differences = np.abs(np.array(pairs))
        else:
            differences = np.abs(np.diff(moved, axis=0))
        known = differences[np.isfinite(differences)]
        strength[name] = float(known.mean()) if known.size else 0.0
    return dict(sorted(strength.items(), key=lambda item: -item[1]))


def _neighbours(mean: Array, axis: int) -> tuple[Array, Array]:
    """Return the quality one step lower and one step higher along an axis, NaN beyond the ends."""
    width = [(0, 0)] * mean.ndim
    width[axis] = (1, 1)
    padded = np.pad(mean, width, constant_values=np.nan)
    count = mean.shape[axis]
    lower = np.take(padded, np.arange(count), axis=axis)
    higher = np.take(padded, np.arange(2, count + 2), axis=axis)
    return lower, higher


def _slope(mean: Array, axis: int) -> Array:
    lower, higher = _neighbours(mean, axis)
    central = (higher - lower) / 2
    one_sided = np.where(np.isfinite(higher), higher - mean, mean - lower)
    return np.where(np.isfinite(central), central, one_sided)


def _largest_difference(mean: Array, axis: int) -> Array:
    moved = np.moveaxis(mean, axis, 0)
    largest = np.full_like(moved, np.nan)
    for shift in range(1, len(moved)):
        largest = np.fmax(largest, np.abs(np.roll(moved, shift, axis=0) - moved))
    return np.moveaxis(largest, 0, axis)
