"""What the results page reads of an experiment: its trials, and the grid of both objectives."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.figures.telling import Certainty, told
from trova_widgets.space import Grid, Index
from trova_widgets.workspace.sentences import told_at_first

if TYPE_CHECKING:
    from trova_widgets.experiments import Best
    from trova_widgets.experiments.choice import Objective, Unit
    from trova_widgets.workspace import Workspace
    from trova_widgets.workspace.beside import Beside
    from trova_widgets.workspace.results import ExperimentResults


#: What the card of a combination says of each of its trials.
_OF_A_REPEAT = ("trial_id", "state", "fold", "seed", "quality", "holdout", "parameter_count", "seconds")


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """The trials of an experiment, as they were at one moment.

    Attributes
    ----------
    results : ExperimentResults
        What the experiment has found.
    quality, gradient : Grid
        The objectives over the grid; it has an axis of its own where nothing varies.
    places : ndarray of int, shape (trials, k)
        Which value of each varied setting a trial has.
    indistinct : ndarray of bool, shape of the grid, or None
        Which combinations cannot be told from the best; None where that is not known.
    low, high : ndarray of float, shape of the grid, or None
        The interval of each combination's quality by event; None where that is not known.
    settled : bool
        Whether it has been worked out how sure the answer is.
    """

    results: "ExperimentResults"
    quality: Grid
    gradient: Grid
    places: NDArray[np.int64]
    indistinct: NDArray[np.bool_] | None = None
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    settled: bool = True

    @property
    def experiment(self) -> str:
        """Its name."""
        return self.results.experiment

    @property
    def table(self) -> pd.DataFrame:
        """A row a trial, as of ``Workspace.trials``."""
        return self.results.table

    @cached_property
    def logarithmic(self) -> frozenset[str]:
        """The varied settings of which equal ratios are equal steps."""
        return self.results.logarithmic

    @cached_property
    def certainty(self) -> Certainty:
        """How sure the qualities are, and why there are holes."""
        has_axes = bool(self.results.grid.shape)
        return Certainty(
            low=self.low,
            high=self.high,
            inside=self.indistinct,
            best=None if self.best is None else self.best_place,
            why=lambda index: self.results.why_empty(index if has_axes else ()),
        )

    def told(self, index: Index) -> str:
        """Return what a combination says of itself, in one sentence."""
        return told(self.quality, index, self.certainty, gradient=self.gradient)

    def missed_by(self, record_id: str) -> NDArray[np.bool_]:
        """Return which combinations tell a record (or its event) wrong, by at least half of their trainings."""
        if record_id not in self._missed:
            from trova_widgets.workspace.classified import missed_shares

            shares = missed_shares(self.results, record_id).reshape(self.quality.shape)
            with np.errstate(invalid="ignore"):
                self._missed[record_id] = shares >= 0.5
        return self._missed[record_id]

    def beside(self, other: "ExperimentResults") -> "Beside":
        """Return these results beside those of another experiment."""
        from trova_widgets.workspace.beside import beside

        return beside(self.results, other)

    @cached_property
    def _missed(self) -> dict[str, NDArray[np.bool_]]:
        return {}

    def trials_at(self, index: Index) -> list[dict[str, Any]]:
        """Return the trials of a combination: of each its identity, state, repeat, figures and time."""
        first, last = np.searchsorted(self._by_cell[0], np.ravel_multi_index(index, self.quality.shape) + np.arange(2))
        rows = self._by_cell[1][first:last]
        # a selection of rows of the table would take ten times as long
        columns = [self.table[name].array.take(rows).tolist() for name in _OF_A_REPEAT]
        return [dict(zip(_OF_A_REPEAT, values, strict=True)) for values in zip(*columns, strict=True)]

    @cached_property
    def _by_cell(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of the table in the order of their combinations, and of which combination each then is."""
        cells = np.ravel_multi_index(tuple(self.places.T), self.quality.shape)
        order = np.argsort(cells, kind="stable")
        return cells[order], order

    def index_of(self, trial_id: str) -> Index | None:
        """Return the combination of a trial, or None for a trial that is not of this experiment."""
        found = np.flatnonzero(self.table["trial_id"].to_numpy() == trial_id)
        return tuple(int(place) for place in self.places[found[0]]) if found.size else None

    @cached_property
    def best(self) -> "Best | None":
        """The best combination; None as long as no trial has finished."""
        if self.quality.holes.all():
            return None
        return self.results.best if self.settled else self.results.highest

    @property
    def sentence(self) -> str:
        """The answer of the experiment in words."""
        return self.results.sentence if self.settled else told_at_first(self.results)

    @property
    def best_place(self) -> Index:
        """Where the best combination lies, or the first one as long as there is none."""
        first = (0,) * len(self.quality.shape)
        return first if self.best is None else self.best.place or first


def read_experiment(
    workspace: "Workspace", experiment: str, objective: "Objective" = "accuracy", by: "Unit" = "record"
) -> Reading:
    """Read the trials of an experiment and gather them into the grid of its plan.

    How sure its answer is, is worked out here too, so that nothing is left to do while it is drawn; but not for so many
    trials that one would wait for it.

    Parameters
    ----------
    workspace : Workspace
        The open study.
    experiment : str
        Its name.
    objective, by
        As of ``Workspace.results``.

    Returns
    -------
    Reading
    """
    found = workspace.results(experiment, objective, by)
    return reading_of(found, settled=found.is_quickly_told)


def reading_of(found: "ExperimentResults", *, settled: bool = True) -> Reading:
    """Return the results of an experiment as the page shows them.

    Parameters
    ----------
    found : ExperimentResults
        What the experiment has found.
    settled : bool
        Whether it is to be worked out how sure its answer is.
    """
    quality, places = found.grid, found.places
    if not quality.names:
        # nothing varies: the one combination is the network as it was saved
        axes, places = {"network": ("as saved",)}, np.zeros((len(found.table), 1), dtype=np.int64)
        quality = Grid.of(axes, places, found.table["quality"], list(found.table["state"]))
    if settled:
        # kept with the results, and drawn from there
        _ = found.sentence
    sure = settled and found.has_folds and not found.grid.holes.all()
    low, high = (each.reshape(quality.shape) for each in found.intervals) if sure else (None, None)
    return Reading(
        results=found,
        quality=quality,
        gradient=quality.of_gradient(),
        places=places,
        indistinct=found.indistinct.reshape(quality.shape) if sure else None,
        low=low,
        high=high,
        settled=settled,
    )
