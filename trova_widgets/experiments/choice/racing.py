"""Racing: all cells get their first fold; then folds and seeds only for cells that may still be the best.

A race is a pure function of what has been measured, so a runner that was killed and started again decides the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.differences import Differences, Floats
from trova_widgets.experiments.choice.losses import Array, BoolArray, IntArray, Losses
from trova_widgets.experiments.choice.sampling import DRAWS, RandomNumbers, bootstrap

Reason = Literal["size", "equal", "flat", "budget", "measured"]

_REASONS = {
    "size": "as few cells are left as asked",
    "equal": "all cells that are left are practically the same",
    "flat": "nothing can be told apart",
    "budget": "the budget is used",
    "measured": "all that was planned is measured",
}

# the share of the risk that is spent when a share t of the repeats is measured is t to this power: half of the risk
# is spent in the first quarter, where a drop saves most
_SPENDING = 0.5

# repeats of every cell before "nothing can be told apart" is said, where there are fewer folds
_ENOUGH = 3


class Training(NamedTuple):
    """One training: a cell, a fold and a seed, by their places."""

    cell: int
    fold: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class RaceRules:
    """When a race drops a cell, and when it ends.

    Parameters
    ----------
    risk : float
        Over the whole race, the chance of dropping a cell that is better than every other by more than the margin.
    margin : float
        How much better a cell must be to matter, as a share (0.01 is one point). With 0 any difference matters, and
        cells go later.
    size : int
        The race ends when so few cells are left.
    flat_p : float
        No cell is dropped as long as the cells differ no more than by chance, that is while the smaller p of two
        tests (of the best against the mean of all, and of the spread) is above this. With 1 they are from the
        start.
    end_p : float
        Where that p is above this when every fold was told, or later, the race ends: nothing can be told apart.
        In between more is measured, until one or the other is clear. With 1 it never ends so.
    trials : int, optional
        The race ends when so many trainings have been made.
    seconds : float, optional
        The race ends when the trainings have taken so long, all together.
    draws, seed : int
        Draws of the bootstrap, and the seed of their random numbers.

    Raises
    ------
    PlanError
        When a rule cannot be kept.
    """

    risk: float = 0.15
    margin: float = 0.01
    size: int = 1
    flat_p: float = 0.05
    end_p: float = 0.3
    trials: int | None = None
    seconds: float | None = None
    draws: int = DRAWS
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.risk < 1:
            raise PlanError(f"A risk of {self.risk} is none; take a share between 0 and 1, such as 0.1.")
        if not 0 <= self.margin < 1:
            raise PlanError(f"A margin of {self.margin} is none; take a share from 0, such as 0.01 for one point.")
        if self.size < 1:
            raise PlanError(f"A race cannot end with {self.size} cells; ask for 1 at least.")
        if not 0 < self.flat_p <= 1:
            raise PlanError(f"A flat_p of {self.flat_p} is none; take a share above 0 and up to 1, such as 0.05.")
        if not 0 < self.end_p <= 1:
            raise PlanError(f"An end_p of {self.end_p} is none; take a share above 0 and up to 1, such as 0.3.")


@dataclass(frozen=True, kw_only=True)
class Drop:
    """A cell that was dropped, and why.

    Parameters
    ----------
    cell : int
        The cell.
    rival : int
        The running cell that shows it best.
    difference : float
        By how much the rival's quality was higher.
    statistic, critical : float
        That difference and the margin, in standard errors, and what chance explains of it.
    p : float
        The chance of such a statistic, at this or an earlier look, were the cell the best by the margin.
    """

    cell: int
    rival: int
    difference: float
    statistic: float
    critical: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Look:
    """A look at the race: after each repeat of all running cells, beginning with the second.

    Parameters
    ----------
    repeat, fold, seed : int
        The repeat after which it is taken, counted from 1, and its fold and seed.
    running : int
        How many cells ran until then.
    drops : tuple of Drop
        The cells that were dropped.
    risk : float
        The risk spent so far.
    flat_p : float or None
        The p of the test that no cell differs from another; None once it was below the rules'.
    """

    repeat: int
    fold: int
    seed: int
    running: int
    drops: tuple[Drop, ...]
    risk: float
    flat_p: float | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Race:
    """Where a race stands.

    Parameters
    ----------
    rules : RaceRules
        Its rules.
    looks : tuple of Look
        What was decided so far.
    running : ndarray of int
        The cells that may still be the best.
    next : tuple of Training
        What to train next, in this order; nothing where the race has ended.
    reason : {"size", "equal", "flat", "budget", "measured"} or None
        Why it has ended; None while it runs.
    trainings : int
        How many trainings were made.
    planned : int
        How many there are without a race.
    """

    rules: RaceRules
    looks: tuple[Look, ...]
    running: IntArray
    next: tuple[Training, ...]
    reason: Reason | None
    trainings: int
    planned: int

    @property
    def drops(self) -> dict[int, tuple[Look, Drop]]:
        """The dropped cells, each with the look that dropped it."""
        return {drop.cell: (look, drop) for look in self.looks for drop in look.drops}

    def sentence(self) -> str:
        """Tell where the race stands."""
        risk = self.looks[-1].risk if self.looks else 0.0
        state = "The race goes on" if self.reason is None else f"The race has ended: {_REASONS[self.reason]}"
        return (
            f"{state}. {self.trainings} of {self.planned} trainings were made, "
            f"{len(self.running)} of {len(self.running) + len(self.drops)} cells may still be the best, "
            f"{100 * risk:.1f} of {100 * self.rules.risk:g} % risk is spent."
        )


def race(
    losses: Losses,
    rules: RaceRules | None = None,
    *,
    failed: BoolArray | None = None,
    seconds: Array | None = None,
    numbers: RandomNumbers | None = None,
) -> Race:
    """Say which trainings come next, which cells are dropped, and whether the race is at its end.

    The repeats have one order: the folds with the first seed, then with the next. A look is taken when all running
    cells have the next repeat, and sees these repeats alone, so it is the same whatever else is measured already.
    At a look a cell is dropped when it is worse than a running one by more standard errors than chance explains,
    were it better than all others by the margin. A cell's critical value counts that the race is looked at often:
    the bootstrap's draws follow the whole race, and those that would have dropped the cell before count as spent
    (alpha spending, Lan and DeMets 1983, doi 10.1093/biomet/70.3.659; racing as in F-race, Birattari et al. 2002).
    With a margin, a cell may be dropped for one that is practically as good, and that one later for another. Nothing
    is dropped before two repeats, since one alone cannot tell luck, nor as long as cells differ no more than by chance.
    Dropped cells may still be in the confidence set: they are not worth more trainings, which is not to be worse.

    Parameters
    ----------
    losses : Losses
        What was measured so far; all planned seeds have their place in it, NaN where there is nothing yet.
    rules : RaceRules, optional
        When to drop and when to end.
    failed : ndarray of bool, shape (cell, fold, seed), optional
        Trainings that failed for good: they are not waited for. A cell without any result does not race.
    seconds : ndarray of float, shape (cell, fold, seed), optional
        What each training took; needed for a budget in seconds.
    numbers : RandomNumbers, optional
        The random numbers of the bootstrap; without them those of the rules' seed are drawn.

    Returns
    -------
    Race

    Raises
    ------
    PlanError
        When there is a budget in seconds and nothing says what trainings took.

    Examples
    --------
    >>> nothing = Losses(values=np.full((3, 2, 100), np.nan), folds=np.arange(100) % 5)
    >>> race(nothing).next
    (Training(cell=0, fold=0, seed=0), Training(cell=1, fold=0, seed=0), Training(cell=2, fold=0, seed=0))
    """
    rules = RaceRules() if rules is None else rules
    failed = np.zeros_like(losses.measured) if failed is None else failed & ~losses.measured
    cells, folds, seeds = losses.measured.shape
    repeats = [(fold, seed) for seed in range(seeds) for fold in range(folds)]
    out_of_budget, left = _budget(losses, rules, failed, seconds)
    state = _State(losses, rules, len(repeats), numbers)
    reason: Reason | None = None
    coming: list[Training] = []
    for place, (fold, seed) in enumerate(repeats):
        there = losses.measured[:, fold, seed]
        coming = [
            Training(int(cell), fold, seed) for cell in state.running if not (there | failed[:, fold, seed])[cell]
        ]
        if coming:
            break
        state.seen[state.running, fold, seed] = there[state.running]
        reason = state.look(place + 1, fold, seed)
        if reason is not None:
            break
    else:
        reason = "measured"
    if coming and out_of_budget:
        reason = "budget"
    return Race(
        rules=rules,
        looks=tuple(state.looks),
        running=state.running,
        next=() if reason else tuple(coming[:left]),
        reason=reason,
        trainings=int((losses.measured | failed).sum()),
        planned=cells * len(repeats),
    )


def _budget(losses: Losses, rules: RaceRules, failed: BoolArray, seconds: Array | None) -> tuple[bool, int | None]:
    """Return whether the budget is used, and how many trainings it has left."""
    left = None
    if rules.trials is not None:
        left = max(rules.trials - int((losses.measured | failed).sum()), 0)
    over = left == 0
    if rules.seconds is not None:
        if seconds is None:
            raise PlanError("A race with a budget of time must be told what each training took; give the seconds.")
        over = over or float(np.nansum(seconds)) >= rules.seconds
    return over, left


class _State:
    """The race while its looks are gone through."""

    def __init__(self, losses: Losses, rules: RaceRules, repeats: int, numbers: RandomNumbers | None) -> None:
        cells = len(losses.values)
        self.losses, self.rules, self.repeats = losses, rules, repeats
        self.running: IntArray = np.arange(cells)
        self.seen: BoolArray = np.zeros_like(losses.measured)
        self.looks: list[Look] = []
        # the draws in which a cell that is the best would have been dropped already
        self.spent: BoolArray = np.zeros((cells, rules.draws if numbers is None else len(numbers.places)), dtype=bool)
        self.numbers = numbers
        self.told_apart = False

    def look(self, repeat: int, fold: int, seed: int) -> Reason | None:
        """Drop what can be dropped, and return why the race ends, if it does."""
        self.running = self.running[self.seen[self.running].any(axis=(1, 2))]
        if self.running.size <= self.rules.size:
            return "size"
        if repeat < 2:
            return None
        if self.numbers is None:
            self.numbers = RandomNumbers.of(self.losses, self.rules.draws, self.rules.seed)
        drawn = bootstrap(self.losses.select(trainings=self.seen), cells=self.running, numbers=self.numbers)
        ran = self.running
        spendable = self.rules.risk * (repeat / self.repeats) ** _SPENDING
        differences = Differences.of(drawn)
        chance = differences.by_chance()
        flat_p = None if self.told_apart else _flat_p(differences)
        self.told_apart = self.told_apart or (flat_p is not None and flat_p <= self.rules.flat_p)
        drops = self._drop(differences, chance, spendable) if self.told_apart and drawn.luck.known else ()
        self.looks.append(
            Look(repeat=repeat, fold=fold, seed=seed, running=ran.size, drops=drops, risk=spendable, flat_p=flat_p)
        )
        if self.running.size <= self.rules.size:
            return "size"
        is_flat = flat_p is not None and flat_p > max(self.rules.flat_p, self.rules.end_p)
        if is_flat and repeat >= max(self.losses.fold_count, _ENOUGH):
            return "flat"
        if drops:
            differences = differences.select(np.isin(ran, self.running))
            chance = differences.by_chance()
        if self._all_equal(differences, chance):
            return "equal"
        return None

    def _drop(self, differences: Differences, chance: Floats, spendable: float) -> tuple[Drop, ...]:
        spent = self.spent[self.running]
        unspent = np.where(spent, -np.inf, chance)
        ordered = -np.sort(-unspent, axis=1)
        allowed = int(spendable * chance.shape[1] + 1e-9) - spent.sum(axis=1)
        critical = np.where(allowed > 0, ordered[np.arange(len(allowed)), np.maximum(allowed, 0)], np.inf)
        worse = differences.standardised(self.rules.margin)
        worse[differences.losses[:, None] <= differences.losses] = -np.inf
        statistic = worse.max(axis=1)
        dropped = statistic > critical
        self.spent[self.running] |= unspent > critical[:, None]
        rivals = worse.argmax(axis=1)
        drops = tuple(
            Drop(
                cell=int(self.running[place]),
                rival=int(self.running[rivals[place]]),
                difference=float(differences.losses[place] - differences.losses[rivals[place]]),
                statistic=float(statistic[place]),
                critical=float(critical[place]),
                p=float((spent[place] | (chance[place] >= statistic[place])).mean()),
            )
            for place in np.flatnonzero(dropped)
        )
        self.running = self.running[~dropped]
        return drops

    def _all_equal(self, differences: Differences, chance: Floats) -> bool:
        """Tell whether no two running cells can differ by more than the margin."""
        if self.rules.margin == 0:
            return False
        reach = np.quantile(chance.max(axis=0), 1 - self.rules.risk, method="higher")
        width = np.divide(
            reach, differences.inverse, out=np.zeros_like(differences.inverse), where=differences.inverse > 0
        )
        apart = np.abs(differences.losses[:, None] - differences.losses)
        return bool((apart + width).max() <= self.rules.margin)


def _flat_p(differences: Differences) -> float:
    """Return the smaller p of two tests that no cell is better than another: the best against all, and the spread.

    The largest of all pairwise differences would need a best cell to stand out more: it grows with chance at both ends.
    """
    deviations = differences.deviations - differences.deviations.mean(axis=0)
    precision = 1 / np.maximum(deviations.var(axis=1), 1e-12)
    by_chance, measured = (_above_middle(losses, precision) for losses in (deviations.T, differences.losses))
    return min(
        float((by_chance.max(axis=-1) >= measured.max()).mean()),
        float(((by_chance**2).sum(axis=-1) >= (measured**2).sum()).mean()),
    )


def _above_middle(losses: Array | Floats, precision: Floats) -> Array:
    """Return by how many standard errors each cell is better than the mean of all."""
    middle = (losses @ precision / precision.sum())[..., None]
    return np.asarray((middle - losses) * np.sqrt(precision))
