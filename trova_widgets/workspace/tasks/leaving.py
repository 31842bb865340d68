"""What a cell tells of stations, regions and periods that its networks never saw: it is trained anew for that."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError, StoreError
from trova_widgets.experiments import DEVELOPMENT, DatasetArrays, Outcomes
from trova_widgets.experiments.anew import train_anew
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.space import Trial
from trova_widgets.store import DatasetRow, RecordFilter
from trova_widgets.workspace import datasets
from trova_widgets.workspace.described import describe_records
from trova_widgets.workspace.leaving import By, LeftOut, leaving, sentences
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.tasks.experiments import ExperimentTasks


class LeavingTasks(ExperimentTasks):
    """What is done to see whether a result holds elsewhere."""

    def _left_out(
        self,
        found: ExperimentResults,
        described: pd.DataFrame,
        outcomes: Outcomes,
        leave: Sequence[By],
        workers: int | None,
        progress: Progress,
    ) -> tuple[pd.DataFrame, list[str]]:
        """Return the table of what was left out, and sentences about it; as of `LeftOut` and `sentences`."""
        trial, place = self._first_seed(found, outcomes)
        dataset = self._store.dataset(found.plan.dataset_id)
        arrays = self._arrays_of(dataset, trial, progress)
        members = self._store.dataset_members(dataset.dataset_id)
        members = members[members["split"] == DEVELOPMENT].reset_index(drop=True)
        records = self._store.records(RecordFilter(record_ids=list(members["record_id"])))
        members = describe_records(members, records, self._store.events())
        usual = outcomes.probabilities[0, place].argmax(axis=1) == outcomes.classes
        gathered = LeftOut(described, usual, outcomes.classes, described["position"].to_numpy(dtype=np.int64))
        plans = [leaving(by, members, described["record_id"], dataset.classes) for by in leave]
        deals = [deal for plan in plans for deal in plan.deals]
        trained = train_anew(trial, arrays, deals, workers) if deals else ()
        results = dict(progress(trained, "training without a part", len(deals)))
        before = 0
        for plan in plans:
            after = before + len(plan.deals)
            gathered.add(plan, [results[place] for place in range(before, after)], len(dataset.classes))
            before = after
        folds = members["fold"].value_counts()
        usually = float(np.average(len(members) - folds, weights=folds))
        return gathered.table, [*sentences(gathered.table, usually), *gathered.notes]

    def _first_seed(self, found: ExperimentResults, outcomes: Outcomes) -> tuple[Trial, int]:
        """Return a trial of the best cell with the lowest seed that has told all folds, and the place of this seed."""
        (place, *_) = np.flatnonzero(outcomes.known[0].all(axis=1))
        flat = int(np.ravel_multi_index(found.best.place, found.grid.shape)) if found.grid.shape else 0
        asked = [trial for trial in self._trials_of(self._store.experiment(found.experiment)) if trial.cell == flat]
        seed = sorted({trial.seed for trial in asked})[place]
        return next(trial for trial in asked if trial.seed == seed), int(place)

    def _arrays_of(self, dataset: DatasetRow, trial: Trial, progress: Progress) -> DatasetArrays:
        """Return the data set in the fingerprints that a trial wants, which are made where they are missing."""
        recipe = self._ready(FingerprintRecipe.from_dict(trial.group(FingerprintRecipe.prefix)), dataset, progress)
        # who may only look takes what is there
        with suppress(StoreError):
            members = self._store.dataset_members(dataset.dataset_id)
            return datasets.dataset_arrays(self._store, dataset, members, recipe)
        arrays, refused = self._arrays(dataset, [trial], progress)
        for reason in refused.values():
            raise PlanError(f"The best cell cannot be trained anew: {reason}")
        (only,) = arrays.values()
        return only
