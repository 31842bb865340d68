"""Successive halving: all cells for a few epochs, the better part for more, and so on.

It saves epochs where racing saves repeats (Karnin, Koren and Somekh 2013, Proceedings of Machine Learning Research 28,
1238 to 1246; for trainings Jamieson and Talwalkar 2016, arXiv:1502.07943). No risk can be stated for it: a cell that
learns slowly is lost, however many events there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array, IntArray


@dataclass(frozen=True, kw_only=True)
class HalvingRules:
    """By which steps the epochs are halved.

    Parameters
    ----------
    factor : int
        Each rung keeps one cell of so many, and trains them so many times as long.
    least_epochs : int
        The shortest training that tells anything.

    Raises
    ------
    PlanError
        When a rule cannot be kept.

    Examples
    --------
    >>> [(rung.epochs, rung.cells) for rung in HalvingRules().rungs(72, 15)]
    [(5, 72), (15, 24)]
    """

    factor: int = 3
    least_epochs: int = 3

    def __post_init__(self) -> None:
        if self.factor < 2 or self.least_epochs < 1:
            raise PlanError(
                f"A factor of {self.factor} from {self.least_epochs} epochs up makes no steps; take a factor of 2 and "
                "1 epoch at least."
            )

    def rungs(self, cells: int, epochs: int) -> tuple[Rung, ...]:
        """Return the steps for so many cells whose full training has so many epochs; see `rungs`."""
        return rungs(cells, epochs, factor=self.factor, least_epochs=min(self.least_epochs, epochs))


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A step of successive halving.

    Parameters
    ----------
    epochs : int
        How long each of its cells is trained.
    cells : int
        How many cells come so far.
    cost : int
        The epochs of the rung, trained anew from the start.
    """

    epochs: int
    cells: int
    cost: int


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A cell that was dropped, and why.

    Parameters
    ----------
    epochs : int
        How long it was trained.
    quality : float
        Its quality then; minus infinity where all its trainings failed.
    place : int
        Its place among the cells of its rung, the best is 1.
    needed : float
        The quality of the last cell that stayed.
    """

    epochs: int
    quality: float
    place: int
    needed: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Halving:
    """Where successive halving stands.

    Parameters
    ----------
    rungs : tuple of Rung
        The plan.
    rung : int
        The rung that is being measured, or was the last.
    cells : ndarray of int
        The cells on it, in the order of their places.
    next : ndarray of int
        The cells that this rung still lacks; nothing where all is done.
    dropped : tuple of ndarray of int
        The cells that each finished rung has dropped.
    quality : ndarray of float, shape (rung, cell)
        What was decided on.
    """

    rungs: tuple[Rung, ...]
    rung: int
    cells: IntArray
    next: IntArray
    dropped: tuple[IntArray, ...]
    quality: Array

    @property
    def done(self) -> bool:
        """Whether the last rung is measured."""
        return self.rung == len(self.rungs) - 1 and not self.next.size

    @property
    def drops(self) -> dict[int, Dropped]:
        """The dropped cells, each with what dropped it."""
        found: dict[int, Dropped] = {}
        here: IntArray = np.arange(self.rungs[0].cells)
        for rung, figures, dropped in zip(self.rungs, self.quality, self.dropped, strict=False):
            order = _ordered(here, figures)
            kept = len(here) - len(dropped)
            for place, cell in enumerate(order[kept:], kept + 1):
                found[int(cell)] = Dropped(
                    epochs=rung.epochs,
                    quality=float(figures[cell]),
                    place=place,
                    needed=float(figures[order[kept - 1]]),
                )
            here = np.sort(order[:kept])
        return found

    def sentence(self) -> str:
        """Tell where it stands, what it saves, and what it may have lost."""
        first, here = self.rungs[0], self.rungs[self.rung]
        if self.done:
            state = (
                f"The halving has ended: {len(self.cells)} of {first.cells} cells were trained for {here.epochs} epochs"
            )
        else:
            state = (
                f"The halving goes on: {len(self.cells)} of {first.cells} cells are trained for {here.epochs} epochs, "
                f"{len(self.next)} of them are still to come"
            )
        return f"{state}. {cost_sentence(self.rungs)}"


def epochs_saved(plan: tuple[Rung, ...]) -> float:
    """Return the share of the epochs of all cells' full trainings that a plan saves; below 0 where it costs more."""
    return 1 - sum(rung.cost for rung in plan) / (plan[0].cells * plan[-1].epochs)


def cost_sentence(plan: tuple[Rung, ...]) -> str:
    """Tell what a plan costs, and what is risked by it.

    Examples
    --------
    >>> cost_sentence(rungs(72, 15, least_epochs=5)).split(". ")[0]
    '72 cells for 5 epochs, 24 for 15: 33 % of the epochs of all are saved'
    """
    steps = ", ".join(
        f"{rung.cells} {'cells ' if place == 0 else ''}for {rung.epochs}{' epochs' if place == 0 else ''}"
        for place, rung in enumerate(plan)
    )
    share = epochs_saved(plan)
    cost = (
        f"{100 * share:.0f} % of the epochs of all are saved"
        if share >= 0
        else (f"{-100 * share:.0f} % more epochs than all take")
    )
    return (
        f"{steps}: {cost}. No risk can be stated for it, as it can for a race: a cell that learns slowly is lost, "
        "however good it would have become."
    )


def rungs(cells: int, epochs: int, *, factor: int = 3, least_epochs: int = 1) -> tuple[Rung, ...]:
    """Plan successive halving.

    Parameters
    ----------
    cells : int
        How many cells there are.
    epochs : int
        A full training.
    factor : int
        Each rung keeps one cell of so many, and trains them so many times as long.
    least_epochs : int
        The shortest training that tells anything.

    Returns
    -------
    tuple of Rung
        The last is the full training; a single one where there is nothing to save.

    Raises
    ------
    PlanError
        When the numbers make no plan.

    Examples
    --------
    >>> [(rung.epochs, rung.cells, rung.cost) for rung in rungs(64, 27, least_epochs=3)]
    [(3, 64, 192), (9, 22, 198), (27, 8, 216)]
    """
    if cells < 1 or factor < 2 or not 1 <= least_epochs <= epochs:
        raise PlanError(
            f"{cells} cells, {least_epochs} to {epochs} epochs and a factor of {factor} make no plan; take 1 cell, "
            "1 epoch and a factor of 2 at least."
        )
    lengths = [epochs]
    while lengths[0] >= factor * least_epochs and factor ** len(lengths) <= cells * (factor - 1):
        lengths.insert(0, lengths[0] // factor)
    kept = [ceil(cells / factor**step) for step in range(len(lengths))]
    return tuple(
        Rung(epochs=length, cells=count, cost=length * count) for length, count in zip(lengths, kept, strict=True)
    )


def halve(plan: tuple[Rung, ...], quality: Array) -> Halving:
    """Say which cells are trained next, from what is measured: the same whenever it is asked.

    Parameters
    ----------
    plan : tuple of Rung
        As of `rungs`.
    quality : ndarray of float, shape (rung, cell)
        The quality of each cell on each rung; NaN where it is not measured, minus infinity where it failed.

    Returns
    -------
    Halving

    Raises
    ------
    PlanError
        When the quality does not fit the plan.

    Examples
    --------
    >>> plan = rungs(4, 4, factor=2, least_epochs=2)
    >>> at = halve(plan, np.array([[0.5, 0.9, 0.8, 0.6], [np.nan] * 4]))
    >>> at.rung, at.next.tolist(), [each.tolist() for each in at.dropped]
    (1, [1, 2], [[0, 3]])
    """
    if quality.shape != (len(plan), plan[0].cells):
        raise PlanError(
            f"Quality of shape {quality.shape} does not fit the plan; expected is {(len(plan), plan[0].cells)}."
        )
    cells: IntArray = np.arange(plan[0].cells)
    dropped: list[IntArray] = []
    for place, figures in enumerate(quality):
        lacking = cells[np.isnan(figures[cells])]
        if lacking.size or place == len(plan) - 1:
            return Halving(rungs=plan, rung=place, cells=cells, next=lacking, dropped=tuple(dropped), quality=quality)
        order, kept = _ordered(cells, figures), plan[place + 1].cells
        dropped.append(np.sort(order[kept:]))
        cells = np.sort(order[:kept])
    raise AssertionError("a plan has a rung at least")


def _ordered(cells: IntArray, figures: Array) -> IntArray:
    """Return cells by their figures, the best first, and of equals the first."""
    return cells[np.argsort(-figures[cells], kind="stable")]
