"""Plans of experiments: made, looked at before they are made, told how long they take, and followed by others."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from trova_widgets.errors import PlanError
from trova_widgets.experiments import (
    DEVELOPMENT,
    PRECISION,
    Plan,
    Proposal,
    cells,
    propose_next,
    trials,
)
from trova_widgets.experiments.seeking import preset as preset_of
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.processes import usable_cores
from trova_widgets.space import Trial
from trova_widgets.store import DatasetRow, ExperimentRow
from trova_widgets.workspace import estimates, planning
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.result_reading import read_results
from trova_widgets.workspace.tasks.fingerprints import FingerprintTasks

_SELECTION = "fingerprint.selection"
_PACE_HOLDS_S = 60.0


class PlanTasks(FingerprintTasks):
    """What is done with plans."""

    # when it was read how long an operation takes, and how long [s]
    _pace: tuple[float, float] | None = None

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
        return self._told_of(planning.keep_plan(self._store, name, asked), asked)

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
        return self._told_of(planning.report(self._store, "(draft)", asked), asked)

    def seconds_an_operation(self, *, calibrate: bool = False) -> float | None:
        """Return how long a core of this machine takes for an operation of a trial [s]; estimates of time rest on it.

        The trials of the latest experiment that was run here tell it; before there is one, a short training on all
        cores at once.

        Parameters
        ----------
        calibrate : bool
            Whether to try, where nothing tells it yet: that takes some seconds, once a workspace and machine.

        Returns
        -------
        float or None
            None where nothing tells it, and none is tried.
        """
        now = time.monotonic()
        if self._pace is not None and now - self._pace[0] < _PACE_HOLDS_S:
            return self._pace[1]
        pace = estimates.pace_of_runs(self._store, self._runs)
        if pace is not None:
            self._pace = now, pace
            return pace
        return estimates.calibrated(self.path / ".trova" / "pace.json", anew=calibrate and not self._store.read_only)

    def experiment_plan(self, experiment: str) -> Plan:
        """Return the plan of an experiment."""
        return Plan.from_dict(self._store.experiment(experiment).plan)

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

    def _told_of(self, report: planning.PlanReport, asked: planning.Draft) -> planning.PlanReport:
        """Return a report with what the workspace knows beside it."""
        pace = self.seconds_an_operation()
        seconds = None if pace is None else report.operations * pace / usable_cores()
        return replace(report, known_outside=self._known_outside(asked), seconds=seconds)

    def _known_outside(self, asked: planning.Draft) -> int:
        """Return how many records outside of the training are known to the medians that a plan compares with."""
        settings = asked.plan.settings
        named = str(settings["fingerprint.statistics"])
        if not named or "mad" not in asked.plan.axes.get(_SELECTION, (settings[_SELECTION],)):
            return 0
        members = self._store.dataset_members(asked.dataset.dataset_id)
        outside = set(members.loc[~members["split"].isin(["training", DEVELOPMENT]), "record_id"])
        return len(outside.intersection(self._statistics.read(named).record_ids))

    def _trials_of(self, row: ExperimentRow) -> tuple[Trial, ...]:
        """Return the trials that an experiment plans, in the order in which they should run."""
        dataset, plan = self._store.dataset(row.dataset_id), Plan.from_dict(row.plan)
        own_recipe = self._own_recipe(dataset)
        own_values = None if own_recipe is None else own_recipe.to_dict()
        asked = trials(plan, cells(plan, len(dataset.classes)), own_values)
        return self._in_one_arithmetic(row.experiment_id, asked) if plan.value_of(PRECISION) == "auto" else asked

    def _in_one_arithmetic(self, experiment_id: str, asked: Sequence[Trial]) -> tuple[Trial, ...]:
        """Let trials whose older plan leaves the precision open be trained as the first of them were."""
        known = self._store.trials(experiment_id)["precision"].dropna()
        if known.empty:
            return tuple(asked)
        return tuple(replace(trial, settings={**trial.settings, PRECISION: known.iloc[0]}) for trial in asked)


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
