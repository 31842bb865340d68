"""Successive halving: all cells for a few epochs, the better part for more, and so on.

It saves epochs where racing saves repeats. No risk can be stated for it: a cell that learns slowly is lost, however
many events there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array, IntArray


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
    """

    rungs: tuple[Rung, ...]
    rung: int
    cells: IntArray
    next: IntArray
    dropped: tuple[IntArray, ...]

    @property
    def done(self) -> bool:
        """Whether the last rung is measured."""
        return self.rung == len(self.rungs) - 1 and not self.next.size

    @property
    def saved(self) -> float:
        """The share of the epochs of all cells' full trainings that the plan saves; below 0 where it costs more."""
        return 1 - sum(rung.cost for rung in self.rungs) / (self.rungs[0].cells * self.rungs[-1].epochs)


def rungs(cells: int, epochs: int, *, factor: int = 3, least_epochs: int = 1) -> tuple[Rung, ...]:
    """Plan successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943).

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
            return Halving(rungs=plan, rung=place, cells=cells, next=lacking, dropped=tuple(dropped))
        # of equals the first stays
        order = np.argsort(-figures[cells], kind="stable")
        dropped.append(np.sort(cells[order[plan[place + 1].cells :]]))
        cells = np.sort(cells[order[: plan[place + 1].cells]])
    raise AssertionError("a plan has a rung at least")
