"""Results: the table of trials, and everything about one of them."""

import math
from functools import cached_property
from typing import Any

import pandas as pd

from trova_widgets.errors import StoreError
from trova_widgets.experiments import Best, Plan
from trova_widgets.experiments.choice import MARGIN, Objective, Unit
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.identity import canonical_text
from trova_widgets.space import TrialResult, Value, group_of
from trova_widgets.store import ExperimentRow
from trova_widgets.workspace.result_reading import read_results
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.tasks.fingerprints import FingerprintTasks
from trova_widgets.workspace.trial_report import TrialReport, read_trial
from trova_widgets.workspace.verdict import Verdict, verdict_beside


class ResultTasks(FingerprintTasks):
    """What is done with results."""

    @cached_property
    def _best_of(self) -> dict[str, tuple[tuple[Any, ...], tuple[float, float]]]:
        return {}

    def results(
        self, experiment: str, objective: Objective = "accuracy", by: Unit = "record", margin: float = MARGIN
    ) -> ExperimentResults:
        """Return what an experiment has found: its table of trials, their grid, the best cell, and how sure that is.

        Parameters
        ----------
        experiment : str
            Its name.
        objective : {"accuracy", "balanced accuracy", "macro-F1", "AUC"}
            What to be good at; accuracy is the article's.
        by : {"record", "event"}
            What is told: each record, or each event by its records together.
        margin : float
            What difference does not matter, as a share: 0.01 is one point.
        """
        return read_results(self._store, self._store.experiment(experiment), objective, by, margin)

    def verdict(self, results: ExperimentResults) -> Verdict:
        """Return how sure the answer of an experiment is; where the database is shared, another process works it out.

        Parameters
        ----------
        results : ExperimentResults
            What it has found; there are folds, and trials have finished.
        """
        if not self._store.is_shared:
            return Verdict.of(results)
        return verdict_beside(
            self.path,
            results.experiment,
            results.objective,
            results.by,
            results.margin,
            visitor=self._store.for_a_visitor,
        )

    def results_mark(self, experiment: str) -> tuple[object, ...]:
        """Return what is the same as long as `results` are: cheap, where reading them is not."""
        return self._store.experiment_mark(experiment)

    def trials(self, experiment: str) -> pd.DataFrame:
        """Return a row a trial, a column a varied setting, and its quality, hold-out, gradient, state, seconds..."""
        return self.results(experiment).table

    def best(self, experiment: str) -> Best:
        """Return the best cell of an experiment and the trial that stands for it: what everything shows and takes.

        Raises
        ------
        PlanError
            When no trial of it has finished.
        """
        return self.results(experiment).best

    def experiment_totals(self) -> pd.DataFrame:
        """Return how far all experiments are, the oldest first, and the best that was found.

        Returns
        -------
        DataFrame
            Columns ``name``, ``race`` (what is kept of one, or None), ``trial_count``, ``finished_count``,
            ``failed_count``, ``seconds`` (that the finished trials took together), ``best_quality`` and
            ``best_holdout`` of the best cell (`best`; of very many trials, where that takes minutes, of the highest
            one); NaN where no trial has finished.
        """
        totals = self._store.experiment_totals()
        experiments = self._store.experiments().set_index("name")
        # a name may be another experiment's by now, and a plan another one
        plans = {row.Index: (row.created_at, canonical_text(row.plan)) for row in experiments.itertuples()}
        found = [
            self._best_figures(row.name, int(row.finished_count), plans.get(row.name))
            for row in totals.itertuples(index=False)
        ]
        return totals.assign(
            best_quality=[quality for quality, _ in found], best_holdout=[holdout for _, holdout in found]
        )

    def _best_figures(self, experiment: str, finished: int, plan: object) -> tuple[float, float]:
        """Return quality and hold-out of an experiment's best cell, once for each plan and number of trials."""
        if not finished:
            return math.nan, math.nan
        known = self._best_of.get(experiment)
        if known is None or known[0] != (plan, finished):
            results = self.results(experiment)
            best = results.best if results.is_quickly_told else results.highest
            known = self._best_of[experiment] = (plan, finished), (best.quality, best.holdout)
        return known[1]

    def trial(self, trial_id: str) -> TrialReport:
        """Return everything about a finished trial: its figures, confusion matrix, curve, diagram and predictions.

        Raises
        ------
        StoreError
            When there is no such trial, or it has not finished.
        """
        return read_trial(self._store, trial_id, self._experiment_of(trial_id))

    def _experiment_of(self, trial: str) -> ExperimentRow:
        row = self._store.experiment_of(trial)
        if row is None:
            raise StoreError(f"There is no trial {trial!r} in this workspace; look it up with trials(experiment).")
        return row


def result_recipe(result: TrialResult, plan: Plan) -> dict[str, Value]:
    """Return the settings of the recipe that a trial was trained with."""
    return group_of({**plan.settings, **result.settings}, FingerprintRecipe.prefix)
