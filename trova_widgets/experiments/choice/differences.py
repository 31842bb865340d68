"""Standardised differences of all pairs of cells, and how large they get where no cell is better than another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice.losses import Array, IntArray
from trova_widgets.experiments.choice.sampling import Draws

Floats = NDArray[np.float32]

_TINY = 1e-12
#: So many cells are compared with all others at once; ten thousand with ten thousand would fill the memory.
_AT_ONCE = 1024


@dataclass(frozen=True, kw_only=True, eq=False)
class Differences:
    """Differences between cells over their standard errors.

    Parameters
    ----------
    losses : ndarray of float, shape (cell,)
        The loss of each cell.
    deviations : ndarray of float32, shape (cell, draw)
        How it moves from draw to draw.
    inverse : ndarray of float32, shape (cell, cell)
        One over the standard error of each difference; 0 where two cells never differ.
    """

    losses: Array
    deviations: Floats
    inverse: Floats

    @classmethod
    def of(cls, draws: Draws) -> Differences:
        """Compare the cells of a bootstrap."""
        return cls(losses=draws.losses, deviations=draws.deviations, inverse=_inverse_errors(draws.deviations))

    def select(self, keep: NDArray[np.bool_]) -> Differences:
        """Keep some of the cells."""
        return Differences(
            losses=self.losses[keep],
            deviations=self.deviations[keep],
            inverse=self.inverse[np.ix_(keep, keep)],
        )

    def standardised(self, margin: float = 0.0) -> Array:
        """Return by how many standard errors each cell (row) is worse than each other (column).

        Parameters
        ----------
        margin : float
            How much better the row is held to be where nothing is measured.
        """
        return np.asarray((self.losses[:, None] - self.losses + margin) * self.inverse, dtype=np.float64)

    def largest(self) -> tuple[Array, IntArray]:
        """Return by how many standard errors each cell is worse than any other at most, and than which one.

        Alone, a cell is worse than none: minus infinity.
        """
        statistic, rival = np.empty(len(self.losses)), np.empty(len(self.losses), dtype=np.int64)
        for rows in _parts(len(self.losses)):
            worse = np.asarray((self.losses[rows, None] - self.losses) * self.inverse[rows], dtype=np.float64)
            worse[np.arange(len(worse)), np.arange(rows.start, rows.stop)] = -np.inf
            statistic[rows], rival[rows] = worse.max(axis=1), worse.argmax(axis=1)
        return statistic, rival

    def by_chance(self) -> Floats:
        """Return, for each draw and cell, the largest standardised difference to any other, shape (cell, draw).

        It is what a cell would show if all of them were equally good: the draws minus what was measured.
        """
        moved = self.deviations
        largest, worse = np.empty_like(moved), np.empty_like(moved)
        for cell, inverse in enumerate(self.inverse):
            np.subtract(moved[cell], moved, out=worse)
            worse *= inverse[:, None]
            worse.max(axis=0, out=largest[cell])
        return largest


def _parts(count: int) -> Iterator[slice]:
    """Yield the cells in parts that fit the memory."""
    for start in range(0, count, _AT_ONCE):
        yield slice(start, min(start + _AT_ONCE, count))


def _inverse_errors(deviations: Floats) -> Floats:
    """Return one over the standard error of each difference, shape (cell, cell)."""
    if len(deviations) <= _AT_ONCE:
        covariance = np.atleast_2d(np.cov(deviations, dtype=np.float64))
        own = np.diag(covariance)
        return _inverse(covariance, own, own)
    centred = deviations.astype(np.float64)
    centred -= centred.mean(axis=1, keepdims=True)
    degrees = deviations.shape[1] - 1
    own = np.einsum("ij,ij->i", centred, centred) / degrees
    inverse = np.empty((len(own),) * 2, dtype=np.float32)
    for rows in _parts(len(own)):
        inverse[rows] = _inverse(centred[rows] @ centred.T / degrees, own[rows], own)
    return inverse


def _inverse(covariance: Array, own: Array, others: Array) -> Floats:
    squared = own[:, None] + others - 2 * covariance
    noticed = squared > _TINY * max(float(others.max()), _TINY)
    inverse = np.where(noticed, 1 / np.sqrt(np.where(noticed, squared, 1.0)), 0.0)
    return inverse.astype(np.float32)
