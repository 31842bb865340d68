"""Effects: how much each setting acts on the quality, and whether that can be told from nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice.losses import Array, IntArray, Losses
from trova_widgets.experiments.choice.sampling import RandomNumbers, bootstrap
from trova_widgets.space import Value

_CONFIDENCE = 0.95
_ROUNDING = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class Effect:
    """How much one setting acts, all others taken together.

    Attributes
    ----------
    name : str
        The setting.
    values : tuple
        Its values.
    means, low, high : ndarray of float, shape (value,)
        The quality at each value, on average over the values of the other settings, with its interval; NaN where no
        cell has a result.
    size, size_low, size_high : float
        The influence: the standard deviation of these means from value to value, what chance adds to it taken off,
        and its interval; NaN where fewer than two values can be compared.
    """

    name: str
    values: tuple[Value, ...]
    means: Array
    low: Array
    high: Array
    size: float
    size_low: float
    size_high: float

    @property
    def is_told(self) -> bool:
        """Whether the influence can be told from nothing."""
        return self.size_low > 0


def effects(
    axes: Mapping[str, Sequence[Value]],
    cells: IntArray,
    losses: Losses,
    *,
    numbers: RandomNumbers | None = None,
) -> tuple[Effect, ...]:
    """Return how much each varied setting acts, in the order of the axes.

    An additive model is fitted to the qualities, so that cells without a result favour no value; on a whole grid its
    figures are the plain means. The same fit of every draw of the bootstrap (other events, another luck of each
    training) tells what chance does to them. Chance makes means spread even where nothing acts, so the influence and
    its interval are found by inverting a test: which sizes would have led to the spread that is seen. A setting that
    does nothing is told to act in one case of forty.

    Parameters
    ----------
    axes : mapping of str to sequence
        The varied settings with their values.
    cells : ndarray of int, shape (cell,)
        Which cell of the grid (in C order) each row of the losses is.
    losses : Losses
        What was measured.
    numbers : RandomNumbers, optional
        The random numbers of the bootstrap; without them those of seed 0 are drawn.

    Returns
    -------
    tuple of Effect

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> wrong = rng.random((4, 1, 400)) < np.array([0.1, 0.3, 0.1, 0.3])[:, None, None]
    >>> losses = Losses(values=wrong.astype(float), folds=np.arange(400) % 5)
    >>> found = effects({"size": (1, 2), "step": (1, 2)}, np.arange(4), losses)
    >>> [(each.name, each.is_told) for each in found]
    [('size', False), ('step', True)]
    """
    shape = tuple(len(values) for values in axes.values())
    told = np.flatnonzero(losses.measured.any(axis=(1, 2)))
    drawn = bootstrap(losses, cells=told, numbers=numbers)
    places = np.array(np.unravel_index(cells[told], shape)).T if shape else np.empty((told.size, 0), dtype=np.int64)
    means_of = _means(places, shape)
    means = means_of @ (1 - drawn.losses)
    moved = means_of @ drawn.deviations.astype(np.float64)
    found, start = [], 0
    for axis, (name, values) in enumerate(axes.items()):
        rows = slice(start, start + len(values))
        known = np.isin(np.arange(len(values)), places[:, axis])
        found.append(_effect(name, tuple(values), means[rows], moved[rows], known))
        start += len(values)
    return tuple(found)


def _effect(name: str, values: tuple[Value, ...], means: Array, moved: Array, known: NDArray[np.bool_]) -> Effect:
    ends = np.quantile(moved, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2], axis=1)
    size_low, size, size_high = np.nan, np.nan, np.nan
    if known.sum() > 1:
        sizes = _sizes(means[known], moved[known])
        size_low, size, size_high = np.quantile(sizes, [(1 - _CONFIDENCE) / 2, 0.5, (1 + _CONFIDENCE) / 2]).tolist()
    # a loss that is higher is a quality that is lower
    low, high, shown = (np.where(known, each, np.nan) for each in (means - ends[1], means - ends[0], means))
    return Effect(
        name=name, values=values, means=shown, low=low, high=high, size=size, size_low=size_low, size_high=size_high
    )


def _sizes(means: Array, moved: Array) -> Array:
    """Return the influence with which each draw's chance would have come to the spread that is seen, shape (draw,).

    A draw shifts the means; the variance of a truth of size s, in the direction that is seen, is then
    s^2 + 2 s c + v. It is solved for s where that is the variance that is seen, and is 0 where chance alone exceeds it.
    """
    around, chance = means - means.mean(), moved - moved.mean(axis=0)
    variance = float((around**2).mean())
    # what is less than the rounding of the sums is nothing
    if variance < _ROUNDING**2:
        return np.zeros(moved.shape[1])
    along = (around / np.sqrt(variance)) @ chance / len(means)
    left = variance - (chance**2).mean(axis=0)
    found: Array = np.where(left > 0, np.sqrt(along**2 + np.maximum(left, 0.0)) - along, 0.0)
    return found


def _means(places: IntArray, shape: tuple[int, ...]) -> Array:
    """Return what makes the mean at each value of each axis, (values of all axes, cells), of the cells' qualities."""
    starts = np.cumsum([0, *shape])
    design = np.zeros((len(places), int(starts[-1]) + 1))
    design[:, -1] = 1.0
    counted = np.zeros((len(shape), int(starts[-1])))
    for axis, start in enumerate(starts[:-1]):
        design[np.arange(len(places)), start + places[:, axis]] = 1.0
        there = start + np.unique(places[:, axis])
        # the mean over the values that any cell has
        counted[axis, there] = 1 / len(there)
    rows = np.zeros((int(starts[-1]), design.shape[1]))
    for axis, (start, stop) in enumerate(pairwise(starts)):
        rows[start:stop, :-1] = counted.sum(axis=0) - counted[axis]
        rows[np.arange(start, stop), np.arange(start, stop)] = 1.0
    rows[:, -1] = 1.0
    found: Array = rows @ np.linalg.pinv(design)
    return found
