"""Experiments: planned, run in a process of their own, watched, stopped, carried elsewhere."""

import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from trova_widgets.errors import PlanError, RecipeError, TrovaWarning
from trova_widgets.experiments import (
    DEVELOPMENT,
    PRECISION,
    Budget,
    DatasetArrays,
    Plan,
    Proposal,
    cells,
    connected,
    propose_next,
    recipe_key,
    trials,
)
from trova_widgets.experiments.choice import RaceRules
from trova_widgets.experiments.seeking import preset as preset_of
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.space import Trial
from trova_widgets.store import DatasetRow, ExperimentRow, SharingImpossible
from trova_widgets.workspace import datasets, imaging, planning
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.journals import export_results, import_results
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.racing import KeptRace, Racer, RaceReport, can_race, ended_race, race_report
from trova_widgets.workspace.results import read_results
from trova_widgets.workspace.running import sweep
from trova_widgets.workspace.states import ExperimentStatus, experiment_status
from trova_widgets.workspace.tasks.base import must_work
from trova_widgets.workspace.tasks.fingerprints import FingerprintTasks
from trova_widgets.workspace.watching import watch

_SELECTION = "fingerprint.selection"


class ExperimentTasks(FingerprintTasks):
    """What is done with experiments."""

    # the totals of all experiments, and the revision at which they were counted
    _counted: tuple[int, pd.DataFrame] | None = None

    @changing
    def plan(
        self,
        name: str,
        *,
        network: str,
        dataset: str,
        axes: Mapping[str, Any] | Sequence[str] | None = None,
        preset: str | None = None,
        fixed: Mapping[str, Any] | None = None,
        seeds: int | Sequence[int] = 1,
        folds: Sequence[int] | None = None,
        epochs: int | None = None,
    ) -> planning.PlanReport:
        """Plan an experiment, or let a planned one grow.

        Parameters
        ----------
        name : str
            The experiment.
        network, dataset : str
            A saved network and a frozen data set.
        axes : mapping of str to str or sequence
            The varied settings: ``"[1:1:8]"`` (minimum, step, maximum), or a list of values. Layer parameters
            (``convolution2dLayer_2_filterSize``), settings of the training (``training.weight_decay``) and of the
            recipe (``fingerprint.keep``), and ``seed``.
        preset : str, optional
            An experiment of the article in place of the axes: ``"article-1"`` to ``"article-4"``, with what its earlier
            experiments had found as fixed.
        fixed : mapping, optional
            Settings fixed at a value other than the network's, the training's usual, or the workspace's recipe's.
        seeds : int or sequence of int
            How often each cell is trained on each fold, or the seeds of that.
        folds : sequence of int, optional
            The folds of the data set that measure the cells; all of them, if left out.
        epochs : int, optional
            How long a trial is trained: short for ``training.epochs`` among the fixed.

        Returns
        -------
        PlanReport
            Cells, which of them cannot be built and why, and the trials that are missing.

        Raises
        ------
        PlanError
            When a setting is unknown, nothing can be built, or an experiment of this name has other settings or would
            lose what was planned.
        """
        axes, fixed = _with_preset(axes, fixed, preset)
        asked = self._draft(network, dataset, axes, fixed, seeds, folds, epochs)
        report = planning.keep_plan(self._store, name, asked)
        return replace(report, known_outside=self._known_outside(asked))

    def preview(
        self,
        *,
        network: str,
        dataset: str,
        axes: Mapping[str, Any] | Sequence[str] | None = None,
        preset: str | None = None,
        fixed: Mapping[str, Any] | None = None,
        seeds: int | Sequence[int] = 1,
        folds: Sequence[int] | None = None,
        epochs: int | None = None,
    ) -> planning.PlanReport:
        """Return what `plan` would report, keeping nothing."""
        axes, fixed = _with_preset(axes, fixed, preset)
        asked = self._draft(network, dataset, axes, fixed, seeds, folds, epochs)
        return replace(planning.report(self._store, "(draft)", asked), known_outside=self._known_outside(asked))

    def experiment_plan(self, experiment: str) -> Plan:
        """Return the plan of an experiment."""
        return Plan.from_dict(self._store.experiment(experiment).plan)

    @changing
    def run(
        self,
        experiment: str,
        workers: int | None = None,
        device: str = "auto",
        *,
        race: bool | RaceRules | None = None,
        budget: str | None = None,
        dask: str | None = None,
        executor: Executor | None = None,
    ) -> ExperimentStatus:
        """Run what is missing of an experiment in a process of its own, and watch it to its end.

        Where databases cannot be shared between processes it is run in this one, and a `TrovaWarning` says so.
        An interruption stops the run after the trials in flight; run it again and it goes on from there.

        Parameters
        ----------
        experiment : str
            A planned experiment.
        workers : int, optional
            Processes; one a core, if left out.
        device : str
            ``cpu``; ``cuda``, or ``cuda:1`` for the second of several graphics processors; ``auto``, a graphics
            processor where there is one that torch can use.
        race : bool or RaceRules, optional
            Whether the cells race: all are trained on the first fold, then those alone that may still be the best, and
            it ends when that is known, or cannot be known. Rules say at what risk; those of the last race hold where
            none are given. False trains everything. If left out, cells race where they are several and have several
            trials each on the folds of a data set.
        budget : str, optional
            How long it may go on, or how many trials it may train: ``"2h"``, ``"90min"``, ``"500 trials"``. Trials that
            were begun are finished; run it again to go on.
        dask : str, optional
            Address of the scheduler of a Dask cluster, ``"tcp://10.0.0.1:8786"``, whose workers train in place of this
            machine's; a runner speaks to it, so this process may end.
        executor : concurrent.futures.Executor, optional
            Where to train, such as Dask's ``Client.get_executor()``; it is this process's, which then runs all.

        Raises
        ------
        PlanError
            When it is running already, or its runner broke down, on a device that is not there for instance.
        """
        if executor is not None:
            return self.run_here(experiment, workers, device, race=race, budget=budget, dask=dask, executor=executor)
        try:
            self.start(experiment, workers, device, race=race, budget=budget, dask=dask)
        except SharingImpossible as reason:
            warnings.warn(f"{reason} The run goes on in this process.", TrovaWarning, stacklevel=2)
            return self.run_here(experiment, workers, device, race=race, budget=budget, dask=dask)
        watch(self._runs, experiment)
        return self.status(experiment)

    @changing
    def start(
        self,
        experiment: str,
        workers: int | None = None,
        device: str = "auto",
        *,
        race: bool | RaceRules | None = None,
        budget: str | None = None,
        dask: str | None = None,
    ) -> int:
        """Start the runner of an experiment and come back at once, with its process number; see `run`."""
        row = self._store.experiment(experiment)
        must_work(workers)
        how = [] if budget is None else ["--budget", str(Budget.read(budget))]
        if self._rules(row, self._trials_of(row), race) is None:
            how.append("--all")
        if dask is not None:
            how += ["--dask", dask]
        self._store.share()
        return self._runs.start(experiment, workers, device, how)

    @changing
    def run_here(
        self,
        experiment: str,
        workers: int | None = None,
        device: str = "auto",
        *,
        race: bool | RaceRules | None = None,
        budget: str | None = None,
        dask: str | None = None,
        executor: Executor | None = None,
    ) -> ExperimentStatus:
        """Run what is missing of an experiment from this process: what the runner does.

        Parameters
        ----------
        experiment, workers, device, race, budget, dask, executor
            As of `run`.
        """
        if dask is not None and executor is not None:
            raise PlanError(
                f"Either the cluster at {dask} trains, or the executor that is given; leave out one of them."
            )
        row = self._store.experiment(experiment)
        must_work(workers)
        dataset = self._store.dataset(row.dataset_id)
        asked = self._trials_of(row)
        rules = self._rules(row, asked, race)

        def prepare(missing: Sequence[Trial], progress: Progress) -> tuple[dict[str, DatasetArrays], dict[str, str]]:
            return self._arrays(dataset, missing, progress)

        with nullcontext(executor) if dask is None else connected(dask) as place:
            sweep(
                self._store,
                self._runs,
                experiment,
                asked,
                prepare,
                workers,
                device,
                racer=None if rules is None else Racer(self._store, row, asked, rules),
                budget=None if budget is None else Budget.read(budget),
                executor=place,
            )
        return self.status(experiment)

    def race(self, experiment: str) -> RaceReport:
        """Return where the race of an experiment stands: which cells it has dropped, when and why.

        It is worked out from the trials that are there, by the rules of the last race, so it is the same whoever asks.

        Raises
        ------
        PlanError
            When its cells have never raced.
        """
        row = self._store.experiment(experiment)
        kept = KeptRace.of(row.race)
        if kept is None:
            raise PlanError(f"The cells of {row.name} have never raced; run it with: trova run {row.name} --race")
        racer = Racer(self._store, row, self._trials_of(row), kept.rules)
        return race_report(racer, row.name, Plan.from_dict(row.plan).axes)

    def _trials_of(self, row: ExperimentRow) -> tuple[Trial, ...]:
        """Return the trials that an experiment plans, in the order in which they should run."""
        dataset, plan = self._store.dataset(row.dataset_id), Plan.from_dict(row.plan)
        own_recipe = self._own_recipe(dataset)
        own_values = None if own_recipe is None else own_recipe.to_dict()
        asked = trials(plan, cells(plan, len(dataset.classes)), own_values)
        return self._in_one_arithmetic(row.experiment_id, asked) if plan.value_of(PRECISION) == "auto" else asked

    def _rules(self, row: ExperimentRow, asked: Sequence[Trial], race: bool | RaceRules | None) -> RaceRules | None:
        """Return the rules by which an experiment is to race, kept with it; None where everything is trained."""
        has_folds = bool(Plan.from_dict(row.plan).folds)
        if race is False or (race is None and not (has_folds and can_race(asked))):
            return None
        kept = KeptRace.of(row.race)
        rules = race if isinstance(race, RaceRules) else kept.rules if kept is not None else RaceRules()
        if not can_race(asked):
            raise PlanError(
                f"The cells of {row.name} cannot race: it takes several cells with several trials each. Plan it on a "
                "data set with folds, or with more seeds."
            )
        if kept is None or kept.rules != rules:
            self._store.keep_race(row.name, KeptRace(rules=rules).to_dict())
        return rules

    def propose(self, experiment: str) -> Proposal | None:
        """Propose the experiment after this one: its best cell fixed, the next three layer parameters varied.

        Returns
        -------
        Proposal or None
            ``axes``, ``fixed`` and ``reason``, for `plan`; None when every parameter has had its turn.

        Raises
        ------
        PlanError
            When no trial of it has finished.
        """
        found = read_results(self._store, self._store.experiment(experiment))
        return propose_next(found.plan, found.best.cell)

    @changing
    def stop(self, experiment: str) -> None:
        """Ask a running experiment to stop after the trials in flight."""
        if not self.status(experiment).is_running:
            raise PlanError(f"{experiment} is not running.")
        self._runs.ask_to_stop(experiment)

    def status(self, experiment: str) -> ExperimentStatus:
        """Return in what state an experiment is, and how far it has come.

        Raises
        ------
        StoreError
            When there is no such experiment.
        """
        name = self._store.experiment(experiment).name
        return next(each for each in self.statuses() if each.experiment == name)

    def statuses(self) -> tuple[ExperimentStatus, ...]:
        """Return in what state each experiment is, the oldest first; cheap enough to be asked for each second."""
        revision = self._store.revision()
        if self._counted is None or self._counted[0] != revision:
            self._counted = revision, self._store.experiment_totals()
        return tuple(
            experiment_status(
                row.name,
                int(row.trial_count),
                int(row.finished_count),
                int(row.failed_count),
                self._runs.status(row.name),
                ended_race(row.race, int(row.trial_count)),
            )
            for row in self._counted[1].itertuples(index=False)
        )

    @changing
    def import_results(self, folder: str | Path, experiment: str | None = None) -> int:
        """Take in trials that were run elsewhere, with weights, and return how many were new.

        Parameters
        ----------
        folder : str or Path
            What `export_results` left.
        experiment : str, optional
            The experiment that they are of here, which gets what is kept of their race; the one of the same name there
            and here, if left out.
        """
        return import_results(self._store, self._runs, Path(folder), experiment)

    def export_results(self, experiment: str, folder: str | Path) -> int:
        """Write an experiment's finished trials, with the weights of the best one, for another workspace to take in."""
        return export_results(self._store, self._runs, self._store.experiment(experiment), Path(folder))

    def _draft(
        self,
        network: str,
        dataset: str,
        axes: Mapping[str, Any] | Sequence[str],
        fixed: Mapping[str, Any] | None,
        seeds: int | Sequence[int],
        folds: Sequence[int] | None,
        epochs: int | None,
    ) -> planning.Draft:
        row = self._store.dataset(dataset)
        there = self._store.folds(row.dataset_id)
        if lacking := sorted(set(folds or ()) - set(there)):
            has = f"the folds {', '.join(map(str, there))}" if there else "no folds, but one split for all trials"
            raise PlanError(f"The data set {row.name} has {has}, so there is no fold {lacking[0]}.")
        return planning.draft(
            self._store.network(network),
            row,
            self._own_recipe(row),
            self.recipe(),
            axes=axes,
            fixed=fixed,
            seeds=seeds,
            folds=there if folds is None else folds,
            epochs=epochs,
        )

    def _own_recipe(self, dataset: DatasetRow) -> FingerprintRecipe | None:
        """Return the recipe that a data set of an older version was made with."""
        return None if dataset.recipe_id is None else self.recipe(dataset.recipe_id)

    def _known_outside(self, asked: planning.Draft) -> int:
        """Return how many records outside of the training are known to the medians that a plan compares with."""
        settings = asked.plan.settings
        named = str(settings["fingerprint.statistics"])
        if not named or "mad" not in asked.plan.axes.get(_SELECTION, (settings[_SELECTION],)):
            return 0
        members = self._store.dataset_members(asked.dataset.dataset_id)
        outside = set(members.loc[~members["split"].isin(["training", DEVELOPMENT]), "record_id"])
        return len(outside.intersection(self._statistics.read(named).record_ids))

    def _in_one_arithmetic(self, experiment_id: str, asked: Sequence[Trial]) -> tuple[Trial, ...]:
        """Let trials whose older plan leaves the precision open be trained as the first of them were."""
        known = self._store.trials(experiment_id)["precision"].dropna()
        if known.empty:
            return tuple(asked)
        return tuple(replace(trial, settings={**trial.settings, PRECISION: known.iloc[0]}) for trial in asked)

    def _arrays(
        self, dataset: DatasetRow, missing: Sequence[Trial], progress: Progress
    ) -> tuple[dict[str, DatasetArrays], dict[str, str]]:
        """Return the data set in the fingerprints of each recipe that trials want, by `recipe_key`, made where missing.

        A recipe that cannot be applied to all its records is refused, with the reason: cells are compared on the same
        records, or not at all.
        """
        members = self._store.dataset_members(dataset.dataset_id)
        cutoffs_hz = dict(zip(members["record_id"], members["cutoff_hz"], strict=True))
        wanted = {recipe_key(trial): trial.group(FingerprintRecipe.prefix) for trial in missing}
        arrays, refused = {}, {}
        for key, values in wanted.items():
            try:
                recipe = self._ready(FingerprintRecipe.from_dict(values), dataset, progress)
                self._store.add_recipe(recipe.identity, recipe.identity[:8], recipe.to_dict())
                if recipe.identity != dataset.recipe_id:
                    report = imaging.compute_fingerprints(
                        self._store,
                        self._waveforms,
                        recipe,
                        self.statistics(recipe),
                        progress,
                        cutoffs_hz=cutoffs_hz,
                    )
                    report.must_be_whole(dataset.name)
                arrays[key] = datasets.dataset_arrays(self._store, dataset, members, recipe)
            except RecipeError as error:
                refused[key] = str(error)
        return arrays, refused

    def _ready(self, recipe: FingerprintRecipe, dataset: DatasetRow, progress: Progress) -> FingerprintRecipe:
        """Return a recipe as it can be applied; one that is not fitted is fitted to the training of the data set."""
        if recipe.is_fitted:
            return recipe
        return self.fit_recipe(recipe, dataset=dataset.name, progress=progress)


def _with_preset(
    axes: Mapping[str, Any] | Sequence[str] | None, fixed: Mapping[str, Any] | None, name: str | None
) -> tuple[Mapping[str, Any] | Sequence[str], Mapping[str, Any] | None]:
    """Return what varies and what is fixed, of an experiment of the article where one is named."""
    if name is None:
        return (axes or {}), fixed
    if axes:
        raise PlanError(f"The preset {name} says what varies; leave out one of the two.")
    found = preset_of(name)
    return found.axes, {**found.fixed, **(fixed or {})}
