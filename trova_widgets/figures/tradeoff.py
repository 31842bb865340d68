"""Quality against gradient: the combinations of which no other is better in both (the Pareto front)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.space import Floats, Grid, Index


@dataclass(frozen=True, kw_only=True, eq=False)
class Tradeoff:
    """Points of combinations with both objectives.

    Attributes
    ----------
    index : ndarray of int, shape (points, k)
        The combination of each point.
    gradient, quality : ndarray of float, shape (points,)
        The two objectives.
    colours : list of str
        The colour of each point.
    shown : ndarray of bool, shape (points,)
        Which points pass the filter.
    front : ndarray of int, shape (best,)
        The points of the Pareto front, by growing gradient.
    across, up : tuple of float
        The ends of the axes of gradient and quality, with a little room around the points.
    """

    index: NDArray[np.int64]
    gradient: Floats
    quality: Floats
    colours: list[str]
    shown: NDArray[np.bool_]
    front: NDArray[np.int64]
    across: tuple[float, float]
    up: tuple[float, float]

    def point_of(self, position: Index) -> int | None:
        """Return the point of a combination; None where it is none."""
        found = np.flatnonzero(np.all(self.index == np.asarray(position), axis=1))
        return int(found[0]) if found.size else None


def tradeoff(
    quality: Grid,
    gradient: Grid,
    scale: ColourScale,
    *,
    shown: NDArray[np.bool_] | None = None,
    by_gradient: bool = False,
) -> Tradeoff:
    """Return the combinations that have both objectives, as points.

    Parameters
    ----------
    quality, gradient : Grid
        The objectives over the same grid.
    scale : ColourScale
        The colours of the quality, or of the gradient.
    shown : ndarray of bool, shape of the grid, optional
        The combinations that pass the filter.
    by_gradient : bool
        Whether the colours are those of the gradient.

    Returns
    -------
    Tradeoff
    """
    index = np.argwhere(~quality.holes & ~gradient.holes)
    at = tuple(index.T)
    steep, good = gradient.mean[at], quality.mean[at]
    return Tradeoff(
        index=index,
        gradient=steep,
        quality=good,
        colours=scale.hexadecimal(steep if by_gradient else good),
        shown=np.ones(len(index), dtype=bool) if shown is None else shown[at],
        front=pareto_front(good, steep),
        across=_ends(steep),
        up=_ends(good),
    )


def _ends(numbers: Floats) -> tuple[float, float]:
    if numbers.size == 0:
        return 0.0, 1.0
    room = 0.04 * float(np.ptp(numbers)) or 0.05
    return float(numbers.min()) - room, float(numbers.max()) + room


def pareto_front(high: Floats, low: Floats) -> NDArray[np.int64]:
    """Return the points of which no other is at least as good in both objectives and better in one.

    Parameters
    ----------
    high, low : ndarray of float, shape (points,)
        What should be high, and what should be low.

    Returns
    -------
    ndarray of int
        By growing ``low``.

    Examples
    --------
    >>> pareto_front(np.array([0.9, 0.8, 0.95]), np.array([0.1, 0.2, 0.3])).tolist()
    [0, 2]
    """
    order = np.lexsort((-high, low))
    before = np.concatenate([[-np.inf], np.maximum.accumulate(high[order])[:-1]])
    return order[high[order] > before]
