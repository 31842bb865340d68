"""How far the nested choice strays: the whole of it done again with other events and another luck."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from trova_widgets.experiments.choice.behind import behind_noise
from trova_widgets.experiments.choice.losses import Array, Losses
from trova_widgets.experiments.choice.sampling import Floats, RandomNumbers, moved_blocks

FEWEST_FOLDS = 3
"""Without two of them, one is left to choose on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rehearsal:
    """What a rehearsal of the nested choice shows.

    Parameters
    ----------
    error : ndarray of float, shape (draw,)
        The estimated quality minus the true one.
    price : float
        How much lower the true quality of choices on one fold less is, in the rehearsed landscape.
    luck_known : bool
        Whether the luck of the trainings could be drawn.
    """

    error: Array
    price: float
    luck_known: bool


def rehearse(losses: Losses, numbers: RandomNumbers) -> Rehearsal:
    """Do the nested choice again and again where the truth is known.

    Every draw has other events and another luck of each training around one landscape of the cells: the figures that
    may be expected behind theirs (`behind_noise`). In it the lowest loss is chosen on all folds, without each, and
    without each two; the truth of the first is known. So the error has all its parts: the events, the luck, that the
    cells chosen without a fold differ, that a fold's luck is in the choices which the other folds measure, and how
    surely the price of one fold less is known. A landscape in which a cell stands out less than it does would add
    choices of other cells that nobody makes, and an interval that is too wide.

    Parameters
    ----------
    losses : Losses
        What was measured. The cells with the most trainings take part.
    numbers : RandomNumbers
        The random numbers of the draws.

    Returns
    -------
    Rehearsal
    """
    trainings = losses.measured.sum(axis=(1, 2))
    cells = np.flatnonzero(trainings == trainings.max())
    folds = np.flatnonzero((losses.repeats[cells] > 0).any(axis=0))
    moved, luck = moved_blocks(losses, numbers, cells)
    moved = moved[folds]
    shares = (losses.fold_weights[folds] / losses.fold_weights[folds].sum()).astype(np.float32)
    landscape = _landscape(1 - losses.quality()[cells], np.tensordot(shares, moved, 1))
    drawn = moved + landscape[None, :, None].astype(np.float32)
    total = np.tensordot(shares, drawn, 1)
    every = np.arange(total.shape[1])
    lost, truth = np.zeros((2, total.shape[1]))
    for share, block in zip(shares, drawn, strict=True):
        without = (total - share * block).argmin(axis=0)
        lost += share * block[without, every]
        truth += share * landscape[without]
    best = landscape[total.argmin(axis=0)]
    price = float((truth - best).mean())
    estimate = lost - price
    if len(folds) >= FEWEST_FOLDS:
        lost_more = np.zeros_like(lost)
        for first, second in combinations(range(len(folds)), 2):
            without = (total - shares[first] * drawn[first] - shares[second] * drawn[second]).argmin(axis=0)
            for fold in (first, second):
                lost_more += shares[fold] * drawn[fold][without, every] / (len(folds) - 1)
        estimate = lost - price_of(len(folds)) * (lost_more - lost)
    return Rehearsal(error=best - estimate, price=price, luck_known=luck.known)


def price_of(folds: int) -> float:
    """Return what part of the loss that a second fold less adds the first one has added already.

    The loss of a choice falls about as one over the number of folds that it is made on, as that of a mean does. So it
    falls by a part 1 / (K (K - 1)) from K - 1 folds to K, and by 1 / ((K - 1) (K - 2)) from K - 2 to K - 1.

    Examples
    --------
    >>> price_of(5)
    0.6
    """
    return (folds - 2) / folds


def _landscape(figures: Array, deviations: Floats) -> Array:
    """Return the figures behind those measured, as far as their differences are noise."""
    return behind_noise(figures, (deviations - deviations.mean(axis=0)).std(axis=1).astype(np.float64))
