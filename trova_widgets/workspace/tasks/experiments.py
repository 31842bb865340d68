"""Experiments: run in a process of their own, watched, stopped, carried elsewhere."""

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path

import pandas as pd

from trova_widgets.errors import PlanError, RecipeError, TrovaWarning
from trova_widgets.experiments import (
    Budget,
    DatasetArrays,
    Plan,
    connected,
    recipe_key,
    shortened,
)
from trova_widgets.experiments.choice import HalvingRules, RaceRules
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.space import Trial
from trova_widgets.store import DatasetRow, ExperimentRow, SharingImpossible
from trova_widgets.workspace import datasets, imaging
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.halving import Halver, HalvingReport, halving_report, why_not_halved
from trova_widgets.workspace.journals import export_results, import_results
from trova_widgets.workspace.kept_race import KeptRace, Rules, ended_race
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.racing import Racer, RaceReport, can_race, race_report
from trova_widgets.workspace.running import sweep
from trova_widgets.workspace.states import ExperimentStatus, experiment_status
from trova_widgets.workspace.tasks.base import must_work
from trova_widgets.workspace.tasks.plans import PlanTasks
from trova_widgets.workspace.watching import watch


class ExperimentTasks(PlanTasks):
    """What is done with experiments."""

    # the totals of all experiments, and the revision at which they were counted
    _counted: tuple[int, pd.DataFrame] | None = None

    @changing
    def run(
        self,
        experiment: str,
        workers: int | None = None,
        device: str = "auto",
        *,
        race: bool | RaceRules | None = None,
        halve: bool | HalvingRules | None = None,
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
        halve : bool or HalvingRules, optional
            Whether, in place of a race, all cells are trained for few epochs first, on all folds, the better third of
            them for three times as many, and so on up to the planned ones. `race` says afterwards what that saved. It
            spares epochs where a race spares folds, and no risk can be stated for it: a cell that learns slowly is
            lost, and what to expect of the best one is told of those alone that came to the end. Trials of fewer epochs
            are kept by themselves. If left out, it goes on where it was asked for before.
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
            return self.run_here(
                experiment, workers, device, race=race, halve=halve, budget=budget, dask=dask, executor=executor
            )
        try:
            self.start(experiment, workers, device, race=race, halve=halve, budget=budget, dask=dask)
        except SharingImpossible as reason:
            warnings.warn(f"{reason} The run goes on in this process.", TrovaWarning, stacklevel=2)
            return self.run_here(experiment, workers, device, race=race, halve=halve, budget=budget, dask=dask)
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
        halve: bool | HalvingRules | None = None,
        budget: str | None = None,
        dask: str | None = None,
    ) -> int:
        """Start the runner of an experiment and come back at once, with its process number; see `run`."""
        row = self._store.experiment(experiment)
        must_work(workers)
        how = [] if budget is None else ["--budget", str(Budget.read(budget))]
        if self._rules(row, self._trials_of(row), race, halve) is None:
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
        halve: bool | HalvingRules | None = None,
        budget: str | None = None,
        dask: str | None = None,
        executor: Executor | None = None,
    ) -> ExperimentStatus:
        """Run what is missing of an experiment from this process: what the runner does.

        Parameters
        ----------
        experiment, workers, device, race, halve, budget, dask, executor
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
        rules = self._rules(row, asked, race, halve)
        decider = None if rules is None else self._decider(row, asked, rules)

        def prepare(missing: Sequence[Trial], progress: Progress) -> tuple[dict[str, DatasetArrays], dict[str, str]]:
            return self._arrays(dataset, missing, progress)

        with nullcontext(executor) if dask is None else connected(dask) as place:
            sweep(
                self._store,
                self._runs,
                experiment,
                asked if decider is None else decider.trials,
                prepare,
                workers,
                device,
                decider=decider,
                budget=None if budget is None else Budget.read(budget),
                executor=place,
            )
        return self.status(experiment)

    def race(self, experiment: str) -> RaceReport | HalvingReport:
        """Return where the race of an experiment stands: which cells it has dropped, when and why.

        It is worked out from the trials that are there, by the rules of the last race, so it is the same whoever asks.
        Where the epochs were halved in place of a race, it tells of that.

        Raises
        ------
        PlanError
            When its cells have never raced.
        """
        row = self._store.experiment(experiment)
        kept = KeptRace.of(row.race)
        if kept is None:
            raise PlanError(f"The cells of {row.name} have never raced; run it with: trova run {row.name} --race")
        decider, axes = self._decider(row, self._trials_of(row), kept.rules), Plan.from_dict(row.plan).axes
        if isinstance(decider, Halver):
            return halving_report(decider, row.name, axes)
        return race_report(decider, row.name, axes)

    def _rules(
        self,
        row: ExperimentRow,
        asked: Sequence[Trial],
        race: bool | RaceRules | None,
        halve: bool | HalvingRules | None,
    ) -> Rules | None:
        """Return the rules by which cells are dropped, kept with the experiment; None where everything is trained."""
        kept = KeptRace.of(row.race)
        before = None if kept is None else kept.rules
        if halve and race is not None:
            raise PlanError(
                f"Either the cells of {row.name} race, or its epochs are halved, or everything is trained; leave out "
                "all but one of them."
            )
        usual = before if isinstance(before, HalvingRules) else HalvingRules()
        goes_on = halve is None and race is None and isinstance(before, HalvingRules)
        # what was halved before may have been edited since
        if halve or (goes_on and not why_not_halved(row.name, asked, usual)):
            wanted = halve if isinstance(halve, HalvingRules) else usual
            if refusal := why_not_halved(row.name, asked, wanted):
                raise PlanError(refusal)
            rules: Rules = wanted
        else:
            has_folds = bool(Plan.from_dict(row.plan).folds)
            if race is False or (race is None and not (has_folds and can_race(asked))):
                return None
            usual_race = before if isinstance(before, RaceRules) else RaceRules()
            rules = race if isinstance(race, RaceRules) else usual_race
            if not can_race(asked):
                raise PlanError(
                    f"The cells of {row.name} cannot race: it takes several cells with several trials each. Plan it on "
                    "a data set with folds, or with more seeds."
                )
        if before != rules:
            self._store.keep_race(row.name, KeptRace(rules=rules).to_dict())
        return rules

    def _decider(self, row: ExperimentRow, asked: Sequence[Trial], rules: Rules) -> Racer | Halver:
        """Return what decides which trials come next."""
        if isinstance(rules, RaceRules):
            return Racer(self._store, row, asked, rules)
        own_recipe = self._own_recipe(self._store.dataset(row.dataset_id))
        own_values = None if own_recipe is None else own_recipe.to_dict()
        plan = Plan.from_dict(row.plan)
        return Halver(self._store, row, asked, rules, lambda epochs: shortened(plan, asked, epochs, own_values))

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
        row = self._store.experiment(experiment)
        kept, others = KeptRace.of(row.race), list[str]()
        if kept is not None and isinstance(kept.rules, HalvingRules):
            # without the trials of fewer epochs nobody could tell why cells were dropped
            others = [trial.trial_id for trial in self._decider(row, self._trials_of(row), kept.rules).trials]
        return export_results(self._store, self._runs, row, Path(folder), others)

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
