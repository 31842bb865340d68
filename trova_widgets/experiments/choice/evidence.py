"""The evidence of an experiment: what its networks told of each event, and how sure that makes its answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.confidence_set import ConfidenceSet, confidence_set
from trova_widgets.experiments.choice.equivalence import MARGIN, Equivalence, practical_equivalence
from trova_widgets.experiments.choice.intervals import quality_intervals
from trova_widgets.experiments.choice.losses import Array, IntArray, Losses
from trova_widgets.experiments.choice.nested import Expectation, Rule, lowest_loss, nested_expectation
from trova_widgets.experiments.choice.objectives import Objective, Unit, confusion, paired_losses
from trova_widgets.experiments.choice.outcomes import Outcomes
from trova_widgets.experiments.choice.sampling import RandomNumbers, on_equal_terms


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What is known of some cells, for one objective; everything is worked out when it is first asked for.

    Parameters
    ----------
    outcomes : Outcomes
        What the networks told of each record.
    cells : ndarray of int, shape (cell,)
        Which cell of the plan's grid (in C order) each row of the outcomes is.
    objective : str
        As of `paired_losses`.
    by : {"record", "event"}
        Likewise.
    margin : float
        What difference does not matter, as a share.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> wrong = rng.random((3, 1, 200)) < np.array([0.1, 0.12, 0.5])[:, None, None]
    >>> outcomes = Outcomes.of_predictions(
    ...     wrong.astype(int), 2, classes=np.zeros(200, int), events=np.arange(200), folds=np.arange(200) % 5)
    >>> evidence = Evidence(outcomes=outcomes, cells=np.array([4, 7, 9]))
    >>> evidence.cells[evidence.set.inside].tolist(), evidence.quality.round(2).tolist()
    ([4, 7], [0.9, 0.88, 0.55])
    """

    outcomes: Outcomes
    cells: IntArray
    objective: Objective = "accuracy"
    by: Unit = "record"
    margin: float = MARGIN

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.outcomes.probabilities):
            raise PlanError(
                f"There are {len(self.cells)} cells and outcomes of {len(self.outcomes.probabilities)}; expected is "
                "one of each."
            )

    @cached_property
    def losses(self) -> Losses:
        """The paired losses by event."""
        return paired_losses(self.outcomes, self.objective, self.by)

    @cached_property
    def numbers(self) -> RandomNumbers:
        """The random numbers of every bootstrap: the same ones, whatever is asked first."""
        return RandomNumbers.of(self.losses)

    @cached_property
    def quality(self) -> Array:
        """The objective of each cell pooled over its repeats, a cell that lacks some set right by the others."""
        return on_equal_terms(self.losses)

    @cached_property
    def intervals(self) -> tuple[Array, Array]:
        """The interval of each cell's quality by event, at 95 %: lower ends, upper ends."""
        return quality_intervals(self.losses, numbers=self.numbers)

    @cached_property
    def set(self) -> ConfidenceSet:
        """The cells that cannot be told from the best, at 90 %."""
        return confidence_set(self.losses, numbers=self.numbers)

    @cached_property
    def competing(self) -> IntArray:
        """The cells among which is chosen: of the confidence set, and measured as often as any, or once less.

        A cell that a race dropped early is not taken, though it may be in the set: too little is known of it.
        """
        repeats = self.losses.repeats.sum(axis=1)
        return np.flatnonzero(self.set.inside & (repeats >= repeats.max() - 1))

    def expectation(self, choose: Rule = lowest_loss) -> Expectation | None:
        """Return what to expect of the cell that a rule chooses; None while no cell is measured on two folds.

        Parameters
        ----------
        choose : callable
            As of `nested_expectation`.
        """
        repeats = self.losses.repeats
        if self.losses.fold_count < 2 or (repeats > 0).sum(axis=1).max() < 2:
            return None
        is_mean = self.objective == "accuracy"

        def without(fold: int) -> Losses:
            # an objective that is no mean over events is worked out anew from the other folds
            return paired_losses(self.outcomes.without_fold(fold), self.objective, self.by)

        return nested_expectation(self.losses, choose, without_fold=None if is_mean else without, numbers=self.numbers)

    def compared_with(self, cell: int, margin: float | None = None) -> Equivalence:
        """Compare all cells with one of them, by its place in the grid."""
        (place,) = np.flatnonzero(self.cells == cell)
        return practical_equivalence(
            self.losses, int(place), self.margin if margin is None else margin, numbers=self.numbers
        )

    @cached_property
    def confusion(self) -> Array:
        """The confusion matrix of each cell, pooled over its repeats, shape (cell, true class, predicted class)."""
        return confusion(self.outcomes, self.by)
