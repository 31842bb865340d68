"""The model confidence set: the cells that cannot be told from the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.differences import Differences
from trova_widgets.experiments.choice.losses import Array, BoolArray, IntArray, Losses
from trova_widgets.experiments.choice.sampling import RandomNumbers, bootstrap


@dataclass(frozen=True, kw_only=True, eq=False)
class ConfidenceSet:
    """Which cells cannot be told from the best, and why the others can.

    Parameters
    ----------
    confidence : float
        How sure it is that all of the best cells are in the set.
    inside : ndarray of bool, shape (cell,)
        The set.
    p : ndarray of float, shape (cell,)
        In the set are the cells whose p is above ``1 - confidence``; NaN where nothing was measured.
    rival : ndarray of int, shape (cell,)
        The cell that this one is worse than by the largest standardised difference; -1 where there is none.
    statistic : ndarray of float, shape (cell,)
        That difference, in standard errors.
    leader : int
        The cell of the highest quality, compared on equal terms.
    luck_known : bool
        False where every cell has one training alone: the set then counts the events' chance, not the training's.
    """

    confidence: float
    inside: BoolArray
    p: Array
    rival: IntArray
    statistic: Array
    leader: int
    luck_known: bool

    @property
    def cells(self) -> IntArray:
        """The cells of the set."""
        return np.flatnonzero(self.inside)


def confidence_set(losses: Losses, confidence: float = 0.9, *, numbers: RandomNumbers | None = None) -> ConfidenceSet:
    """Return the cells that cannot be told from the best (Hansen, Lunde and Nason 2011, doi 10.3982/ECTA5771).

    Cells are compared event by event. While the largest standardised difference of any two cells is larger than
    chance explains, the cells that are so much worse than another one leave, and the rest is tested anew. What
    chance explains is found by a bootstrap of the events of each fold and of the luck of each training.

    Parameters
    ----------
    losses : Losses
        What was measured. Cells may lack trainings: fewer of them make a cell harder to tell from the others.
    confidence : float
        How sure it is to be that the set holds all of the best cells, between 0 and 1.
    numbers : RandomNumbers, optional
        The random numbers of the bootstrap; without them those of seed 0 are drawn.

    Returns
    -------
    ConfidenceSet

    Raises
    ------
    PlanError
        When nothing was measured, or the confidence is no share.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> wrong = rng.random((3, 1, 200)) < np.array([0.1, 0.12, 0.5])[:, None, None]
    >>> confidence_set(Losses(values=wrong.astype(float), folds=np.arange(200) % 5)).cells.tolist()
    [0, 1]
    """
    if not 0 < confidence < 1:
        raise PlanError(f"A confidence of {confidence} is none; take a share between 0 and 1, such as 0.9.")
    count = len(losses.values)
    left = np.flatnonzero(losses.measured.any(axis=(1, 2)))
    if not left.size:
        raise PlanError("No training has finished, so no cell can be told from another; run the experiment first.")
    drawn = bootstrap(losses, cells=left, numbers=numbers)
    p, statistic = np.full(count, np.nan), np.full(count, np.nan)
    rival = np.full(count, -1)
    leader = int(left[drawn.losses.argmin()])
    differences = Differences.of(drawn)
    reached = 0.0
    while left.size > 1:
        largest, rivals = differences.largest()
        chance = np.sort(differences.by_chance().max(axis=0))
        above = 1 - np.searchsorted(chance, largest.astype(np.float32), side="left") / len(chance)
        # a later test never makes a cell less likely than an earlier one did
        reached_here = np.maximum(above, reached)
        out = reached_here <= 1 - confidence
        changed = out if out.any() else np.ones(left.size, dtype=bool)
        p[left[changed]] = reached_here[changed]
        statistic[left[changed]] = largest[changed]
        rival[left[changed]] = left[rivals[changed]]
        if not out.any():
            break
        reached = float(reached_here[out].max())
        left, differences = left[~out], differences.select(~out)
    if left.size == 1:
        p[left] = 1.0
    inside = np.zeros(count, dtype=bool)
    inside[left] = True
    return ConfidenceSet(
        confidence=confidence,
        inside=inside,
        p=p,
        rival=rival,
        statistic=statistic,
        leader=leader,
        luck_known=drawn.luck.known,
    )
