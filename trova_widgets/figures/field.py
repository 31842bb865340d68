"""An objective over the grid of an experiment's varied parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Index = tuple[int, ...]

#: What can be the matter with a combination that has no result.
HOLES = ("missing", "running", "failed", "impossible")


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """A number for each combination of the varied parameters' values.

    Attributes
    ----------
    names : tuple of str
        The varied parameters, one an axis.
    values : tuple of tuple
        The values of each parameter in the order in which they are drawn.
    mean : ndarray of float, shape (n1, ..., nk)
        The mean over the finished trials (seeds) of a combination; NaN is a hole.
    deviation : ndarray of float, shape (n1, ..., nk)
        The standard deviation over seeds; NaN where there are fewer than two.
    count : ndarray of int, shape (n1, ..., nk)
        How many trials are finished.
    state : ndarray of str, shape (n1, ..., nk)
        ``"finished"``, or why there is a hole: one of `HOLES`.
    """

    names: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]
    mean: Floats
    deviation: Floats
    count: NDArray[np.int64]
    state: NDArray[np.str_]

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of values of each parameter."""
        return self.mean.shape

    @property
    def holes(self) -> NDArray[np.bool_]:
        """Where there is nothing to draw."""
        return np.isnan(self.mean)

    def value_at(self, index: Index) -> dict[str, Any]:
        """Return the parameters' values at a combination."""
        return {name: axis[place] for name, axis, place in zip(self.names, self.values, index, strict=True)}

    def plane(self, array: NDArray[Any], shown: Sequence[int], held: Sequence[int]) -> NDArray[Any]:
        """Cut an array of this field's shape.

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
        result: NDArray[Any] = np.transpose(cut, [kept.index(axis) for axis in shown])
        return result

    def top(self, share: float, *, lowest: bool = False) -> NDArray[np.bool_]:
        """Return which combinations are among the best ``share`` of the finished ones (at least one).

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


def field_of(
    values: Mapping[str, Sequence[Any]],
    places: ArrayLike,
    numbers: ArrayLike,
    states: Sequence[str],
    *,
    without_trials: str = "missing",
) -> Field:
    """Gather trials into the grid of their parameters' values.

    Parameters
    ----------
    values : mapping of str to sequence
        The varied parameters and their values.
    places : array_like of int, shape (trials, parameters)
        Which of the values each trial has.
    numbers : array_like of float, shape (trials,)
        The objective; NaN where a trial has none.
    states : sequence of str, length trials
        The state of each trial; a combination is as good as its best trial.
    without_trials : str
        The state of combinations that have no trial at all, one of `HOLES`.

    Returns
    -------
    Field

    Examples
    --------
    >>> field = field_of({"poolSize": [1, 2]}, [[0], [0], [1]], [0.4, 0.6, float("nan")], ["finished"] * 2 + ["failed"])
    >>> field.mean.tolist(), field.state.tolist()
    ([0.5, nan], ['finished', 'failed'])
    """
    shape = tuple(len(axis) for axis in values.values())
    size = int(np.prod(shape))
    index = np.asarray(places, dtype=np.int64).reshape(-1, len(shape))
    flat = np.asarray(np.ravel_multi_index(tuple(index.T), shape))
    given = np.asarray(numbers, dtype=float)
    known = np.isfinite(given)
    count = np.bincount(flat[known], minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(flat[known], given[known], size) / count
        squares = np.bincount(flat[known], (given[known] - mean[flat[known]]) ** 2, size)
        deviation = np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)
    return Field(
        names=tuple(values),
        values=tuple(tuple(axis) for axis in values.values()),
        mean=mean.reshape(shape),
        deviation=deviation.reshape(shape),
        count=count.reshape(shape),
        state=_states(flat, states, size, without_trials).reshape(shape),
    )


def window(count: int, limit: int, centre: int) -> range:
    """Return at most ``limit`` neighbouring places of ``count``, around ``centre``.

    Examples
    --------
    >>> window(5, 8, 0), window(50, 4, 49)
    (range(0, 5), range(46, 50))
    """
    first = min(max(centre - limit // 2, 0), max(count - limit, 0))
    return range(first, min(first + limit, count))


def spoken(value: Any) -> str:
    """Return a parameter's value as a person writes it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def short_name(name: str) -> str:
    """Return a parameter's name without its layer's kind, but with the layer's position.

    Examples
    --------
    >>> short_name("convolution2dLayer_2_filterSize")
    'filterSize (2)'
    """
    parts = name.split("_")
    return f"{parts[-1]} ({parts[-2]})" if len(parts) > 2 and parts[-2].isdigit() else name


def _states(flat: NDArray[np.int64], states: Sequence[str], size: int, without_trials: str) -> NDArray[np.str_]:
    rank = {name: place for place, name in enumerate((*HOLES, "finished"))}
    best = np.full(size, -1, dtype=np.int64)
    np.maximum.at(best, flat, [rank.get(state, 0) for state in states])
    best[best < 0] = rank[without_trials]
    names = np.array([*HOLES, "finished"])
    result: NDArray[np.str_] = names[best]
    return result
