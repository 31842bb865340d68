"""Standardised differences of all pairs of cells, and how large they get where no cell is better than another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice.losses import Array
from trova_widgets.experiments.choice.sampling import Draws

Floats = NDArray[np.float32]

_TINY = 1e-12


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
        deviations = draws.deviations
        covariance = np.atleast_2d(np.cov(deviations, dtype=np.float64))
        own = np.diag(covariance)
        squared = own[:, None] + own - 2 * covariance
        noticed = squared > _TINY * max(float(own.max()), _TINY)
        inverse = np.where(noticed, 1 / np.sqrt(np.where(noticed, squared, 1.0)), 0.0)
        return cls(losses=draws.losses, deviations=deviations, inverse=inverse.astype(np.float32))

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
