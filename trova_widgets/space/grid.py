"""The grid: an objective over the cells of a plan, with what it does between neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import SettingError
from trova_widgets.space.setting import Value

Floats = NDArray[np.float64]
Index = tuple[int, ...]

#: What can be the matter with a cell that has no result.
HOLES = ("missing", "running", "failed", "impossible")


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """A number for each cell: the mean over its repeats, with their spread and their count.

    Attributes
    ----------
    names : tuple of str
        The varied settings, one an axis.
    values : tuple of tuple
        The values of each setting in the order in which they are drawn.
    mean : ndarray of float, shape (n1, ..., nk)
        The mean over the finished trials of a cell; NaN is a hole.
    deviation : ndarray of float, shape (n1, ..., nk)
        The standard deviation over them; NaN where there are fewer than two.
    count : ndarray of int, shape (n1, ..., nk)
        How many trials are finished.
    state : ndarray of str, shape (n1, ..., nk)
        ``"finished"``, or why there is a hole: one of `HOLES`.
    """

    names: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    mean: Floats
    deviation: Floats
    count: NDArray[np.int64]
    state: NDArray[np.str_]

    @classmethod
    def of(
        cls,
        axes: Mapping[str, Sequence[Value]],
        places: ArrayLike,
        numbers: ArrayLike,
        states: Sequence[str] | None = None,
        *,
        without_trials: str = "missing",
    ) -> Grid:
        """Lay trials on the grid of their varied settings.

        Parameters
        ----------
        axes : mapping of str to sequence
            The varied settings with all their values, so that cells without a trial are holes.
        places : array_like of int, shape (trials, k)
            Which of the values each trial has (`axis_places`).
        numbers : array_like of float, shape (trials,)
            The objective; NaN where a trial has none.
        states : sequence of str, length trials, optional
            The state of each trial; a cell is as good as its best trial. Finished where there is a number, failed where
            there is none, if left out.
        without_trials : str
            The state of cells that have no trial at all, one of `HOLES`.

        Returns
        -------
        Grid

        Examples
        --------
        >>> grid = Grid.of({"poolSize": [1, 2]}, [[0], [0], [1]], [0.4, 0.6, float("nan")])
        >>> grid.mean.tolist(), grid.state.tolist()
        ([0.5, nan], ['finished', 'failed'])
        """
        shape = tuple(len(axis) for axis in axes.values())
        size = prod(shape)
        given = np.asarray(numbers, dtype=float)
        index = np.asarray(places, dtype=np.int64).reshape(len(given), len(shape))
        # a plan without axes has one cell
        flat = (
            np.asarray(np.ravel_multi_index(tuple(index.T), shape)) if shape else np.zeros(len(given), dtype=np.int64)
        )
        known = np.isfinite(given)
        count = np.bincount(flat[known], minlength=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.bincount(flat[known], given[known], size) / count
            squares = np.bincount(flat[known], (given[known] - mean[flat[known]]) ** 2, size)
            deviation = np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)
        told = np.where(known, "finished", "failed").tolist() if states is None else states
        return cls(
            names=tuple(axes),
            values=tuple(tuple(axis) for axis in axes.values()),
            mean=mean.reshape(shape),
            deviation=deviation.reshape(shape),
            count=count.reshape(shape),
            state=_states(flat, told, size, without_trials).reshape(shape),
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of values of each setting."""
        return self.mean.shape

    @property
    def holes(self) -> NDArray[np.bool_]:
        """Where there is no result."""
        return np.isnan(self.mean)

    def is_enumerated(self, axis: int) -> bool:
        """Tell whether an axis is a list of words, which have no neighbours."""
        return any(isinstance(value, str) for value in self.values[axis])

    def cell(self, place: Sequence[int]) -> dict[str, Value]:
        """Return the settings' values at a place."""
        return {name: axis[at] for name, axis, at in zip(self.names, self.values, place, strict=True)}

    def place(self, cell: Mapping[str, Value]) -> Index:
        """Return the place of a cell."""
        return tuple(axis.index(cell[name]) for name, axis in zip(self.names, self.values, strict=True))

    @cached_property
    def gradient(self) -> Floats:
        """How steeply the objective changes around each cell: the article's second objective, to be low.

        Along a numeric axis it is the larger one of the steps to the two neighbours, and along an enumerated one,
        which has none, the largest difference to any other value; the axes are put together as the length of a vector.
        On a slope that is the change for each step of the grid, as the article has it; half the difference of the two
        neighbours would be the same there, but nothing at all on a lucky spike between two equal ones.
        Not negative; NaN in holes, and where no axis has a neighbour to compare with.

        Examples
        --------
        >>> plane = np.add.outer(3.0 * np.arange(4), 4.0 * np.arange(5))
        >>> bool(np.allclose(_grid_of(plane).gradient, 5.0))
        True
        >>> _grid_of(np.array([0.5, 0.9, 0.5])).gradient.round(2).tolist()
        [0.4, 0.4, 0.4]
        """
        steps = np.array([self._largest_step(axis) for axis in range(self.mean.ndim)])
        steps = steps.reshape(self.mean.ndim, *self.shape)
        known = np.isfinite(steps)
        length = np.sqrt(np.where(known, steps**2, 0.0).sum(axis=0))
        return np.where(known.any(axis=0) & ~self.holes, length, np.nan)

    def of_gradient(self) -> Grid:
        """Return the gradient as an objective of its own over the same cells."""
        return replace(self, mean=self.gradient, deviation=np.full(self.shape, np.nan))

    def plane(self, array: NDArray[np.generic], shown: Sequence[int], held: Sequence[int]) -> NDArray[np.generic]:
        """Cut an array of this grid's shape.

        Parameters
        ----------
        array : ndarray, shape (n1, ..., nk)
            For instance ``mean`` or ``state``.
        shown : sequence of int
            The axes that stay, in the order of the result.
        held : sequence of int, length k
            The place at which every other axis is held.

        Returns
        -------
        ndarray
            As many dimensions as ``shown`` has axes.
        """
        cut = array[tuple(slice(None) if axis in shown else held[axis] for axis in range(array.ndim))]
        kept = sorted(shown)
        return np.transpose(cut, [kept.index(axis) for axis in shown])

    def top(self, share: float, *, lowest: bool = False) -> NDArray[np.bool_]:
        """Return which cells are among the best ``share`` of the finished ones (at least one).

        Parameters
        ----------
        share : float
            For instance 0.1 for the top 10 %.
        lowest : bool
            Whether low numbers are the good ones, as for the gradient.
        """
        finite = self.mean[~self.holes]
        if finite.size == 0:
            return np.zeros(self.shape, dtype=bool)
        ordered = np.sort(finite if lowest else -finite)
        limit = ordered[max(int(np.ceil(share * finite.size)), 1) - 1]
        with np.errstate(invalid="ignore"):
            return np.asarray((self.mean if lowest else -self.mean) <= limit)

    def _largest_step(self, axis: int) -> Floats:
        moved = np.moveaxis(self.mean, axis, 0)
        largest = np.full_like(moved, np.nan)
        if self.is_enumerated(axis):
            for shift in range(1, len(moved)):
                largest = np.fmax(largest, np.abs(np.roll(moved, shift, axis=0) - moved))
        elif len(moved) > 1:
            steps = np.abs(np.diff(moved, axis=0))
            largest[1:] = steps
            largest[:-1] = np.fmax(largest[:-1], steps)
        return np.moveaxis(largest, 0, axis)


def axis_places(axes: Mapping[str, Sequence[Value]], cells: Sequence[Mapping[str, Value]]) -> NDArray[np.int64]:
    """Return where trials stand on the axes of a plan.

    Parameters
    ----------
    axes : mapping of str to sequence
        The varied settings with their values.
    cells : sequence of mapping, length trials
        Each trial's values of these settings.

    Returns
    -------
    ndarray of int, shape (trials, k)

    Raises
    ------
    SettingError
        When a trial has a value that is not on its axis.

    Examples
    --------
    >>> axis_places({"a": (1, 2), "b": ("on", "off")}, [{"a": 2, "b": "on"}, {"a": 1, "b": "off"}]).tolist()
    [[1, 0], [0, 1]]
    """
    places = np.empty((len(cells), len(axes)), dtype=np.int64)
    for axis, (name, values) in enumerate(axes.items()):
        index = {value: at for at, value in enumerate(values)}
        try:
            places[:, axis] = [index[cell[name]] for cell in cells]
        except KeyError as error:
            raise SettingError(
                f"A trial has {error} for {name}, which is not among the plan's values {tuple(values)}."
            ) from error
    return places


def _states(flat: NDArray[np.int64], states: Sequence[str], size: int, without_trials: str) -> NDArray[np.str_]:
    rank = {name: place for place, name in enumerate((*HOLES, "finished"))}
    best = np.full(size, -1, dtype=np.int64)
    np.maximum.at(best, flat, [rank.get(str(state), 0) for state in states])
    best[best < 0] = rank[without_trials]
    names = np.array([*HOLES, "finished"])
    result: NDArray[np.str_] = names[best]
    return result


def _grid_of(numbers: Floats) -> Grid:
    """Return a grid with the axes 0, 1, 2... and these numbers."""
    axes = {f"axis {axis}": tuple(range(count)) for axis, count in enumerate(numbers.shape)}
    return Grid.of(axes, np.argwhere(np.ones(numbers.shape)), numbers.ravel())
