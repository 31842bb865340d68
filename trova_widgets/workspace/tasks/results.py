"""Results: the table of trials, everything about one of them, and the classes that a trained network names."""

import math
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from trova_widgets.errors import NetworkError, RecordError, StoreError
from trova_widgets.experiments import Best, Plan
from trova_widgets.experiments.choice import MARGIN, Objective, Unit
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.identity import canonical_text
from trova_widgets.names import nearest
from trova_widgets.records import catalogue_file
from trova_widgets.records.catalogues.quakeml_answers import quakeml_of
from trova_widgets.space import TrialResult, Value, group_of
from trova_widgets.store import ExperimentRow
from trova_widgets.workspace import classification
from trova_widgets.workspace.answer_events import events_of
from trova_widgets.workspace.paths import Paths, list_of_paths, write_named
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

    def classify(self, paths: Paths, network: str | None = None, catalog: str | Path | None = None) -> pd.DataFrame:
        """Name the class of every event in some files.

        Of an instrument's components the vertical one is asked. A record of up to five minutes is of one event; in a
        longer one the events are looked for (`detect_events`), each with an answer of its own.

        Parameters
        ----------
        paths : path or paths
            Files of seismograms.
        network : str, optional
            A network or an experiment, the best trial of whose (latest) experiment answers, or a trial; that of the
            latest experiment of all, if left out.
        catalog : path, optional
            Events, as for an import: those that a record can show are answered, each where its waves arrive.

        Returns
        -------
        DataFrame
            A row an event of a record, a column of probability a class. ``start_time`` is that of the record, or of
            what was cut out of a long one, ``onset_time`` that of the event's first wave; ``event_id`` is the
            catalogue's. ``record_id`` says which record of this workspace it is, if any: that one's onset and
            cut-off count then, an analyst's too. ``trial_id`` says whose network has answered, ``remark`` what is to be
            known of an answer, ``note`` why there is none.

        Raises
        ------
        RecordError
            When there is no such file or catalogue.
        NetworkError
            When there is no such network, experiment or trial, or it was not trained in this workspace.
        """
        files = list_of_paths(paths)
        for path in files:
            if path.is_dir():
                raise RecordError(f"{path} is a folder; name the files in it.")
            if not path.is_file():
                raise RecordError(f"There is no file {path}; check the path.")
        events = None if catalog is None else catalogue_file(catalog).events
        return classification.classify(self._trained(network), self._store, files, events)

    def write_answers(self, answers: pd.DataFrame, path: str | Path) -> int:
        """Write the answers of `classify` as QuakeML, with the type of each event and the picks, for other programs.

        Records of one event of a catalogue are combined; every other answer is an event of its own. The type is
        suspected, and a comment has the probabilities and whose network has answered.

        Parameters
        ----------
        answers : DataFrame
            Of `classify`.
        path : path
            The file.

        Returns
        -------
        int
            How many events were written.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        events = events_of(answers)
        write_named(path, quakeml_of(events))
        return len(events)

    def _experiment_of(self, trial: str) -> ExperimentRow:
        row = self._store.experiment_of(trial)
        if row is None:
            raise StoreError(f"There is no trial {trial!r} in this workspace; look it up with trials(experiment).")
        return row

    def _trained(self, name: str | None) -> classification.TrainedNetwork:
        """Find a trial with weights: the one of that name, or the best one of the latest experiment that has it."""
        row, trial_id = self._chosen_trial(name)
        dataset = self._store.dataset(row.dataset_id)
        result = self._store.trial(trial_id)
        plan = Plan.from_dict(row.plan)
        recipe = FingerprintRecipe.from_dict(result_recipe(result, plan))
        if not recipe.is_fitted:
            # as its run did
            recipe = self.fit_recipe(recipe, dataset=dataset.name)
        return classification.TrainedNetwork(
            model=plan.model,
            trial=result,
            weights=self._runs.weights_of(trial_id),
            classes=dataset.classes,
            recipe=recipe,
            fitted=self.statistics(recipe),
        )

    def _chosen_trial(self, name: str | None) -> tuple[ExperimentRow, str]:
        networks = self._store.networks().set_index("network_id")["name"]
        experiments = self._store.experiments()[::-1]
        if name is not None and name not in {*networks, *experiments["name"]}:
            if "trial" not in self._store.kinds_of(name):
                known = [*networks, *experiments["name"]]
                raise NetworkError(
                    f"There is no network, experiment or trial {name!r} in this workspace; {nearest(name, known)}."
                )
            if self._runs.weights_of(name).exists():
                return self._experiment_of(name), name
            experiments = experiments.head(0)
        for experiment in experiments["name"]:
            row = self._store.experiment(experiment)
            if name is None or name in (experiment, networks[row.network_id]):
                found = read_results(self._store, row)
                if not found.grid.holes.all() and self._runs.weights_of(found.best.trial_id).exists():
                    return row, found.best.trial_id
        raise NetworkError(
            f"{f'{name} was not trained here' if name else 'No network was trained here yet'}; run an experiment "
            f"over a network first, or name a trial that was run in this workspace."
        )


def result_recipe(result: TrialResult, plan: Plan) -> dict[str, Value]:
    """Return the settings of the recipe that a trial was trained with."""
    return group_of({**plan.settings, **result.settings}, FingerprintRecipe.prefix)
