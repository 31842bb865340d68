"""Experiments: planned, run in a process of their own, watched, stopped, carried elsewhere."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from trova_widgets.errors import PlanError, TrovaWarning
from trova_widgets.experiments import Plan, RunStatus, TrainingSettings, cells, trial_specs
from trova_widgets.store import DatasetRow, NetworkRow, SharingImpossible
from trova_widgets.workspace import datasets, planning
from trova_widgets.workspace.journals import export_results, import_results
from trova_widgets.workspace.running import sweep
from trova_widgets.workspace.tasks.ground import Ground
from trova_widgets.workspace.watching import watch


class ExperimentTasks(Ground):
    """What is done with experiments."""

    def plan(
        self,
        name: str,
        *,
        network: str,
        dataset: str,
        axes: Mapping[str, Any],
        fixed: Mapping[str, Any] | None = None,
        seeds: int | Sequence[int] = 1,
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
            The varied parameters: ``"[1:1:8]"`` (minimum, step, maximum), or a list of values.
        fixed : mapping, optional
            Parameters fixed at a value other than the network's.
        seeds : int or sequence of int
            How many trials each cell gets, or their seeds.
        epochs : int, optional
            How long a trial is trained; the usual number, if left out.

        Returns
        -------
        PlanReport
            Cells, which of them cannot be built and why, and the trials that are missing.

        Raises
        ------
        PlanError
            When a parameter is unknown, or an experiment of this name would lose what was planned.
        """
        plan, network_row, dataset_row = self._draft(network, dataset, axes, fixed, seeds, epochs)
        return planning.keep_plan(self._store, name, network_row, dataset_row, plan, self._size(dataset_row.recipe_id))

    def preview(
        self,
        *,
        network: str,
        dataset: str,
        axes: Mapping[str, Any],
        fixed: Mapping[str, Any] | None = None,
        seeds: int | Sequence[int] = 1,
        epochs: int | None = None,
    ) -> planning.PlanReport:
        """Return what `plan` would report, keeping nothing."""
        plan, _, row = self._draft(network, dataset, axes, fixed, seeds, epochs)
        size, class_count = self._size(row.recipe_id), len(row.classes)
        specs = trial_specs(plan, size, class_count)
        done = self._store.finished([spec.trial_id for spec in specs])
        return planning.report("(draft)", cells(plan, size, class_count), len(specs), len(specs) - len(done))

    def experiments(self) -> pd.DataFrame:
        """Return a row an experiment."""
        return self._store.experiments()

    def experiment_totals(self) -> pd.DataFrame:
        """Return how far all experiments are, counted by the database.

        Returns
        -------
        DataFrame
            A row an experiment, the oldest first: ``name``, ``trial_count``, ``finished_count``, ``failed_count``,
            ``best_quality``, ``seconds`` (of the finished trials together).
        """
        return self._store.experiment_totals()

    def experiment_plan(self, experiment: str) -> Plan:
        """Return the plan of an experiment."""
        return Plan.from_dict(self._store.experiment(experiment).plan)

    def run(self, experiment: str, workers: int | None = None) -> RunStatus:
        """Run what is missing of an experiment in a process of its own, and watch it to its end.

        Where databases cannot be shared between processes it is run in this one, and a `TrovaWarning` says so.
        An interruption stops the run after the trials in flight; run it again and it goes on from there.

        Parameters
        ----------
        experiment : str
            A planned experiment.
        workers : int, optional
            Processes; one a core, if left out.

        Raises
        ------
        PlanError
            When it is running already, or its runner broke down.
        """
        try:
            self.start(experiment, workers)
        except SharingImpossible as reason:
            warnings.warn(f"{reason} The run goes on in this process.", TrovaWarning, stacklevel=2)
            return self.run_here(experiment, workers)
        return watch(self._runs, experiment)

    def start(self, experiment: str, workers: int | None = None) -> int:
        """Start the runner of an experiment and come back at once, with its process number."""
        self._store.must_write()
        self._store.experiment(experiment)
        _must_work(workers)
        self._store.share()
        return self._runs.start(experiment, workers)

    def run_here(self, experiment: str, workers: int | None = None) -> RunStatus:
        """Run what is missing of an experiment from this process: what the runner does."""
        self._store.must_write()
        row = self._store.experiment(experiment)
        _must_work(workers)
        dataset = self._dataset(row.dataset_id)
        size = self._size(dataset.recipe_id)
        arrays = datasets.dataset_arrays(self._store, dataset, size)
        specs = trial_specs(Plan.from_dict(row.plan), size, len(dataset.classes))
        return sweep(self._store, self._runs, experiment, specs, arrays, workers)

    def stop(self, experiment: str) -> None:
        """Ask a running experiment to stop after the trials in flight."""
        status = self.status(experiment)
        if status is None or not status.is_alive:
            raise PlanError(f"{experiment} is not running.")
        self._runs.ask_to_stop(experiment)

    def status(self, experiment: str) -> RunStatus | None:
        """Return how far the last run of an experiment has come; None where it was never run."""
        status = self._runs.status(experiment)
        if status is None:
            # a name that is mistyped is no experiment that was never run
            self._store.experiment(experiment)
        return status

    def import_results(self, folder: str | Path) -> int:
        """Take in trials that were run elsewhere, a journal with weights, and return how many were new."""
        self._store.must_write()
        return import_results(self._store, self._runs, Path(folder))

    def export_results(self, experiment: str, folder: str | Path) -> int:
        """Write an experiment's finished trials, with the weights of the best one, for another workspace to take in."""
        return export_results(self._store, self._runs, self._store.experiment(experiment), Path(folder))

    def _draft(
        self,
        network: str,
        dataset: str,
        axes: Mapping[str, Any],
        fixed: Mapping[str, Any] | None,
        seeds: int | Sequence[int],
        epochs: int | None,
    ) -> tuple[Plan, NetworkRow, DatasetRow]:
        network_row, dataset_row = self._store.network(network), self._store.dataset(dataset)
        plan = Plan.make(
            network_type=network_row.network_type,
            architecture=network_row.architecture,
            dataset_id=dataset_row.dataset_id,
            values=network_row.values,
            axes=axes,
            fixed=fixed,
            seeds=seeds,
            training=TrainingSettings() if epochs is None else TrainingSettings(epochs=epochs),
        )
        return plan, network_row, dataset_row


def _must_work(workers: int | None) -> None:
    if workers is not None and workers < 1:
        raise PlanError(f"{workers} workers cannot run anything; ask for 1 or more, or leave the number out.")
