"""Which cells are practically the same: within a margin that a user does not mind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.differences import Differences
from trova_widgets.experiments.choice.losses import Array, BoolArray, Losses
from trova_widgets.experiments.choice.sampling import RandomNumbers, bootstrap

MARGIN = 0.01
"""One point."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Equivalence:
    """How each cell compares with one, by a margin.

    Parameters
    ----------
    reference : int
        The cell that all others are compared with.
    margin : float
        What difference does not matter.
    difference, low, high : ndarray of float, shape (cell,)
        By how much the quality of each cell is higher than the reference's, and the interval, in which all differences
        lie together as surely as was asked; NaN where nothing was measured.
    """

    reference: int
    margin: float
    difference: Array
    low: Array
    high: Array

    @property
    def alike(self) -> BoolArray:
        """Cells whose figure is within the margin of the reference's: drawn alike on request."""
        return np.asarray(np.abs(self.difference) <= self.margin)

    @property
    def equal(self) -> BoolArray:
        """Cells that are surely within the margin: the whole interval is."""
        return np.asarray((self.low >= -self.margin) & (self.high <= self.margin))

    @property
    def worse(self) -> BoolArray:
        """Cells that are surely worse by more than the margin."""
        return np.asarray(self.high < -self.margin)


def practical_equivalence(
    losses: Losses,
    reference: int,
    margin: float = MARGIN,
    confidence: float = 0.9,
    *,
    numbers: RandomNumbers | None = None,
) -> Equivalence:
    """Compare all cells with one, by a region of practical equivalence (Kruschke 2018, doi 10.1177/2515245918771304).

    Parameters
    ----------
    losses : Losses
        What was measured.
    reference : int
        The cell to compare with, such as the chosen one.
    margin : float
        What difference does not matter, as a share (0.01 is one point).
    confidence : float
        How sure it is to be that all intervals hold together, between 0 and 1.
    numbers : RandomNumbers, optional
        The random numbers of the bootstrap; without them those of seed 0 are drawn.

    Returns
    -------
    Equivalence

    Raises
    ------
    PlanError
        When the reference was not measured, or margin or confidence are none.

    Examples
    --------
    >>> wrong = np.zeros((2, 1, 100))
    >>> wrong[1, 0, ::2] = 1.0
    >>> compared = practical_equivalence(Losses(values=wrong, folds=np.arange(100) % 5), 0)
    >>> compared.equal.tolist(), compared.worse.tolist()
    ([True, False], [False, True])
    """
    if margin < 0 or not 0 < confidence < 1:
        raise PlanError(
            f"A margin of {margin} at a confidence of {confidence} is none; take 0.01 and 0.9, for instance."
        )
    cells = np.flatnonzero(losses.measured.any(axis=(1, 2)))
    if reference not in cells:
        raise PlanError(f"Cell {reference} was not measured, so nothing can be compared with it; take one that was.")
    drawn = bootstrap(losses, cells=cells, numbers=numbers)
    inverse = Differences.of(drawn).inverse[np.searchsorted(cells, reference)]
    apart = drawn.deviations - drawn.deviations[np.searchsorted(cells, reference)]
    reach = np.quantile(np.abs(apart * inverse[:, None]).max(axis=0), confidence)
    width = np.divide(reach, inverse, out=np.zeros(cells.size), where=inverse > 0)
    difference, low, high = np.full((3, len(losses.values)), np.nan)
    difference[cells] = drawn.losses[np.searchsorted(cells, reference)] - drawn.losses
    low[cells], high[cells] = difference[cells] - width, difference[cells] + width
    return Equivalence(reference=reference, margin=margin, difference=difference, low=low, high=high)
