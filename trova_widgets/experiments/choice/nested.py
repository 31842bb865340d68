"""What to expect of a chosen cell: the choice nested in the folds, so that its luck does not count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Losses
from trova_widgets.experiments.choice.rehearsal import FEWEST_FOLDS, price_of, rehearse
from trova_widgets.experiments.choice.sampling import RandomNumbers

Rule = Callable[[Losses], int]
"""A rule that chooses a cell from losses: it is given some folds and returns the cell's place."""


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What to expect of the chosen cell on events that nobody has seen.

    Parameters
    ----------
    chosen : int
        The cell that the rule chooses on all folds.
    apparent : float
        Its pooled quality: the figure of the cube, luck included.
    quality : float
        What to expect of it: the mean over the folds of what a choice without this fold got on it, and ``price``.
    low, high : float
        The interval of ``quality``.
    confidence : float
        How sure the interval is.
    by_fold : tuple of int
        The cell that was chosen without each fold.
    price : float
        How much a choice on one fold less is worse, on average: an estimate, which chance may take below 0.
    luck_known : bool
        False where the interval counts the events' chance alone.
    """

    chosen: int
    apparent: float
    quality: float
    low: float
    high: float
    confidence: float
    by_fold: tuple[int, ...]
    price: float
    luck_known: bool

    @property
    def luck(self) -> float:
        """How much of the apparent quality is luck."""
        return self.apparent - self.quality


def lowest_loss(losses: Losses) -> int:
    """Return the cell of the lowest loss among those with the most trainings; the first of equals."""
    trainings = losses.measured.sum(axis=(1, 2))
    most = trainings == trainings.max()
    return int(np.argmax(np.where(most, losses.quality(), -np.inf)))


def nested_expectation(
    losses: Losses,
    choose: Rule = lowest_loss,
    confidence: float = 0.95,
    *,
    without_fold: Callable[[int], Losses] | None = None,
    numbers: RandomNumbers | None = None,
) -> Expectation:
    """Choose on all folds but one, measure the chosen cell on that one, for each fold in turn.

    A fold's trainings and events had no part in the choice that they measure, so neither the luck of the events
    nor that of the trainings is counted twice (Cawley and Talbot 2010, Journal of Machine Learning Research 11). A
    choice on one fold less is a little worse than the one on all of them; how much is told by how much worse still one
    on two folds less is (`price_of`). How far such an estimate strays is found by a rehearsal: events and luck are
    drawn anew, and all of it, the choice too, is done again (`rehearse`).

    Parameters
    ----------
    losses : Losses
        What was measured.
    choose : callable
        The rule: given losses, the place of a cell among those that have any. By default the lowest loss, by which the
        rehearsal chooses, too, whatever the rule.
    confidence : float
        How sure the interval is to be, between 0 and 1.
    without_fold : callable, optional
        Returns the losses anew without a fold, for objectives that are no mean over events (their losses depend a
        little on all events); by default the losses of the other folds are taken as they are.
    numbers : RandomNumbers, optional
        The random numbers of the bootstrap; without them those of seed 0 are drawn.

    Returns
    -------
    Expectation

    Raises
    ------
    PlanError
        When there is one fold alone, or no cell with more.

    Examples
    --------
    >>> wrong = (np.random.default_rng(0).random((50, 1, 100)) < 0.2).astype(float)
    >>> told = nested_expectation(Losses(values=wrong, folds=np.arange(100) % 5))
    >>> told.apparent > told.quality, told.low < 0.8 < told.high
    (True, True)
    """
    if not 0 < confidence < 1:
        raise PlanError(f"A confidence of {confidence} is none; take a share between 0 and 1, such as 0.95.")
    repeats = losses.repeats
    if losses.fold_count < 2 or (repeats > 0).sum(axis=1).max() < 2:
        raise PlanError(
            "To tell what a choice is worth, some cell must be measured on two folds at least; run more folds."
        )
    chosen = choose(losses)
    cut = without_fold or (lambda fold: losses.select(fold=fold))
    told_folds = np.flatnonzero(repeats.any(axis=0))
    rests = {int(fold): cut(int(fold)) for fold in told_folds}
    by_fold = np.full(losses.fold_count, -1)
    for fold, rest in rests.items():
        # a cell that never told this fold cannot be measured on it, so it is not there to be chosen
        there = repeats[:, fold] > 0
        by_fold[fold] = choose(rest.select(trainings=rest.measured & there[:, None, None]))
        if not there[by_fold[fold]]:
            raise PlanError(
                f"The rule has chosen cell {by_fold[fold]} without fold {fold}, which has no result to choose it by; "
                "choose among the cells that have some."
            )
    shares = losses.fold_weights[told_folds] / losses.fold_weights[told_folds].sum()
    lost = float(shares @ losses.blocks[by_fold[told_folds], told_folds])
    rehearsal = rehearse(losses, RandomNumbers.of(losses) if numbers is None else numbers)
    lost_more = _lost_without_two(losses, choose, rests, shares)
    price = rehearsal.price if lost_more is None else price_of(len(told_folds)) * (lost_more - lost)
    quality = float(np.clip(1 - lost + price, 0.0, 1.0))
    reach = np.quantile(np.abs(rehearsal.error - rehearsal.error.mean()), confidence)
    return Expectation(
        chosen=chosen,
        apparent=float(losses.quality()[chosen]),
        quality=quality,
        low=float(max(quality - reach, 0.0)),
        high=float(min(quality + reach, 1.0)),
        confidence=confidence,
        by_fold=tuple(by_fold.tolist()),
        price=price,
        luck_known=rehearsal.luck_known,
    )


def _lost_without_two(
    losses: Losses, choose: Rule, rests: Mapping[int, Losses], shares: NDArray[np.float64]
) -> float | None:
    """Return the mean loss, on each fold, of choices without it and another one; None where there are none."""
    lost: dict[int, list[float]] = {fold: [] for fold in rests}
    for first, second in combinations(rests, 2):
        if losses.fold_count < FEWEST_FOLDS:
            return None
        there = (losses.repeats[:, first] > 0) & (losses.repeats[:, second] > 0)
        # the second fold has moved up by one
        rest = rests[first].select(fold=second - 1)
        rest = rest.select(trainings=rest.measured & there[:, None, None])
        if not rest.measured.any():
            continue
        cell = choose(rest)
        for fold in (first, second):
            lost[fold].append(float(losses.blocks[cell, fold]))
    if not all(lost.values()):
        return None
    return float(shares @ [np.mean(each) for each in lost.values()])
