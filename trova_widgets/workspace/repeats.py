"""The trials of an experiment by cell, fold and seed, and what they have told so far."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.experiments.choice import Losses, paired_losses
from trova_widgets.space import Trial, Value, short_name
from trova_widgets.store import ExperimentRow, Store
from trova_widgets.workspace.evidence import ToldRecords

Place = tuple[int, int, int]
"""A cell, a fold and a seed, by their places."""


class Repeats:
    """The trials by their places, and their losses as far as the store has them.

    Parameters
    ----------
    store : Store
        Where results arrive.
    row : ExperimentRow
        The experiment.
    trials : sequence of Trial
        All that are planned, in the order in which they should run.

    Attributes
    ----------
    cells : ndarray of int
        The numbers of the cells in their grid, in ascending order.
    places : dict
        The trial of each place.
    most : int
        How many trials a cell has at most.
    """

    def __init__(self, store: Store, row: ExperimentRow, trials: Sequence[Trial]) -> None:
        self._store, self._dataset = store, store.dataset(row.dataset_id)
        self.cells = np.array(sorted({trial.cell for trial in trials}))
        self._folds = sorted({_fold(trial) for trial in trials})
        # where the seed is an axis, each cell has one of its own
        seeds: dict[int, list[int]] = {}
        for trial in trials:
            seeds.setdefault(trial.cell, []).append(trial.seed)
        ranks = {cell: sorted(set(own)) for cell, own in seeds.items()}
        self.most = len(self._folds) * max(map(len, ranks.values()))
        cells = {int(cell): place for place, cell in enumerate(self.cells)}
        self.places: dict[Place, Trial] = {
            (cells[trial.cell], self._folds.index(_fold(trial)), ranks[trial.cell].index(trial.seed)): trial
            for trial in trials
        }
        self._order = {trial.trial_id: place for place, trial in enumerate(trials)}

    def losses(self) -> Losses:
        """Return what was measured so far; all planned trials have their place in it."""
        trials = self.in_order(self.places.values())
        there = self._store.finished([trial.trial_id for trial in trials])
        table = pd.DataFrame(
            {
                "trial_id": [trial.trial_id for trial in trials],
                "cell": [trial.cell for trial in trials],
                "fold": pd.array([trial.fold for trial in trials], dtype="Int64"),
                "seed": [trial.seed for trial in trials],
                "state": ["finished" if trial.trial_id in there else "planned" for trial in trials],
            }
        )
        told = ToldRecords(self._store, self._dataset, table)
        outcomes, _ = told.outcomes(cells=self.cells, folds=self._folds)
        return paired_losses(outcomes)

    def in_order(self, trials: Iterable[Trial]) -> list[Trial]:
        """Return some of the trials in the order in which they should run."""
        return sorted(trials, key=lambda trial: self._order[trial.trial_id])

    def among(self, trial_ids: Collection[str]) -> NDArray[np.bool_]:
        """Return which places some trials have, shape (cell, fold, seed)."""
        found = np.zeros(np.max([*self.places], axis=0) + 1, dtype=bool)
        for place, trial in self.places.items():
            found[place] = trial.trial_id in trial_ids
        return found

    def missing(self, trials: Sequence[Trial]) -> list[Trial]:
        """Return those of some trials that have not finished."""
        there = self._store.finished([trial.trial_id for trial in trials])
        return [trial for trial in trials if trial.trial_id not in there]


def cells_told(cells: NDArray[np.int64], axes: Mapping[str, Sequence[Value]]) -> pd.DataFrame:
    """Return a table of cells: ``cell`` (its number in the grid), and a column a varied setting."""
    shape = tuple(len(values) for values in axes.values())
    places = np.unravel_index(cells, shape) if shape else ()
    columns: dict[str, Any] = {"cell": cells}
    for (name, values), at in zip(axes.items(), places, strict=True):
        columns[short_name(name)] = [values[place] for place in at]
    return pd.DataFrame(columns)


def _fold(trial: Trial) -> int:
    return 0 if trial.fold is None else trial.fold
