"""What experiments found: the trials with both objectives over one grid, the best cell, and everything of one trial."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Best, Evidence, Outcomes, Plan, best_cell, cells
from trova_widgets.experiments.choice import (
    MARGIN,
    Effect,
    Expectation,
    Losses,
    Objective,
    Unit,
    effects,
    on_equal_terms,
)
from trova_widgets.networks import LayerSummary, summary
from trova_widgets.networks import architecture as model_of
from trova_widgets.space import Grid, Index, TrialResult, axis_places
from trova_widgets.store import DatasetRow, ExperimentRow, Store
from trova_widgets.workspace.evidence import Estimate, ToldRecords
from trova_widgets.workspace.result_tables import ResultTables, TableName, result_tables
from trova_widgets.workspace.sentences import told_by_folds, told_by_split
from trova_widgets.workspace.views import ResultViews

_FIRST = ("trial_id", "cell", "fold", "seed")
_LAST = (
    "quality",
    "holdout",
    "cell_quality",
    "cell_deviation",
    "gradient",
    "state",
    "loss",
    "seconds",
    "parameter_count",
    "error",
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExperimentResults(ResultViews):
    """What an experiment has found so far: at the end of a notebook's cell all of it is seen.

    Attributes
    ----------
    experiment : str
        Its name.
    plan : Plan
        Its plan.
    table : DataFrame
        A row a trial: ``trial_id``, ``cell``, ``fold``, ``seed``, a column a varied setting, ``quality`` and
        ``holdout`` of the trial, ``cell_quality``, ``cell_deviation`` and ``gradient`` of its cell over all repeats,
        ``state``, ``loss``, ``seconds``, ``parameter_count``, ``error``.
    places : ndarray of int, shape (trials, axes)
        Where each row stands in the grid.
    grid : Grid
        The objective over the varied settings, pooled over the repeats; its ``gradient`` is the other objective.
    measured_on : int
        Records that the quality of a cell is measured on, each told once for each seed.
    objective : str
        What the grid shows; as of `Evidence`.
    by : {"record", "event"}
        Likewise.
    margin : float
        What difference does not matter, as a share.
    classes : tuple of str
        What the networks tell apart.
    origin : tuple of (str, str, str)
        Where it comes from: what, its name, and more about it.
    """

    experiment: str
    plan: Plan
    table: pd.DataFrame
    places: NDArray[np.int64]
    grid: Grid
    measured_on: int
    objective: Objective = "accuracy"
    by: Unit = "record"
    margin: float = MARGIN
    classes: tuple[str, ...] = ()
    origin: tuple[tuple[str, str, str], ...] = ()
    read_trial: Callable[[str], "TrialReport"] | None = field(default=None, repr=False)
    read: Callable[[], Evidence] | None = field(default=None, repr=False)
    read_told: Callable[[], ToldRecords] | None = field(default=None, repr=False)
    read_tables: Callable[["ExperimentResults"], ResultTables] | None = field(default=None, repr=False)
    read_reasons: Callable[[], Mapping[int, str]] | None = field(default=None, repr=False)

    @property
    def has_folds(self) -> bool:
        """Whether every record was told by networks that never saw its event."""
        return bool(self.plan.folds)

    @cached_property
    def evidence(self) -> Evidence:
        """What the networks told of each event, and how sure that makes the answer; read when it is first asked for.

        Raises
        ------
        PlanError
            As long as no trial has finished.
        """
        if self.grid.holes.all() or self.read is None:
            raise PlanError("No trial has finished yet, so there is no evidence; run the experiment first.")
        return self.read()

    @cached_property
    def told(self) -> ToldRecords:
        """What each trial told of the records of its data set; raises as `evidence` does."""
        if self.grid.holes.all() or self.read_told is None:
            raise PlanError("No trial has finished yet, so there is no evidence; run the experiment first.")
        return self.read_told()

    @cached_property
    def best(self) -> Best:
        """The best cell; PlanError as long as no trial has finished."""
        if not self.has_folds or self.grid.holes.all():
            return best_cell(self.grid, self.places, self.table, self.measured_on)
        return best_cell(self.grid, self.places, self.table, margin=self.margin, among=self.competing)

    @cached_property
    def indistinct(self) -> NDArray[np.bool_]:
        """The cells that cannot be told from the best, of the grid's shape."""
        return self.mask(self.evidence.cells[self.evidence.set.inside])

    @cached_property
    def competing(self) -> NDArray[np.bool_]:
        """The cells among which is chosen: those that cannot be told from the best and are measured as well."""
        return self.mask(self.evidence.cells[self.evidence.competing])

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """How much each varied setting acts, and whether that can be told from nothing."""
        evidence = self.evidence
        return effects(self.plan.axes, evidence.cells, evidence.losses, numbers=evidence.numbers)

    @cached_property
    def expectation(self) -> Expectation | None:
        """What to expect of the best cell on events that nobody has seen; None while that cannot be told."""
        if not self.has_folds:
            return None
        return self.evidence.expectation(self._choose)

    @cached_property
    def intervals(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The interval of each cell's quality by event, at 95 %: lower and upper ends of the grid's shape."""
        low, high = (np.full(self.grid.mean.size, np.nan) for _ in range(2))
        low[self.evidence.cells], high[self.evidence.cells] = self.evidence.intervals
        return low.reshape(self.grid.shape), high.reshape(self.grid.shape)

    @cached_property
    def holdout(self) -> Estimate | None:
        """What the networks of the best cell get on the hold-out, with its interval; None without a hold-out."""
        return self.holdout_at(self.best.place)

    def holdout_at(self, place: Index) -> Estimate | None:
        """Return what the networks of a cell get on the hold-out, with its interval; None without a hold-out."""
        return self.told.holdout(self.trials_of(place)["trial_id"].tolist())

    @cached_property
    def tables(self) -> ResultTables:
        """Every setting, figure, interval and origin of all trials and cells, as tables; read when first asked for.

        Raises
        ------
        PlanError
            When these results were laid out by hand, and no workspace has more of them.
        """
        if self.read_tables is None:
            raise PlanError(f"The results of {self.experiment} come from no workspace; ask one for them.")
        return self.read_tables(self)

    def export(self, path: str | Path, table: TableName = "trials") -> None:
        """Write a table into a file for other tools: ``.csv``, ``.parquet``, or ``.xlsx`` with all of them.

        Parameters
        ----------
        path : path
            The file; as of `ResultTables.write`.
        table : {"trials", "cells", "columns"}
            Which table.

        Raises
        ------
        StoreError
            When the name ends in none of these, or the file cannot be written.
        """
        self.tables.write(path, table)

    def why_empty(self, place: Index) -> str:
        """Return why a cell has no result: the layer that cannot be built, or what its trial failed with.

        Nothing is returned for a cell that has a result, and for one that is only still to be run.
        """
        state = str(self.grid.state[tuple(place)])
        if state == "impossible":
            flat = int(np.ravel_multi_index(tuple(place), self.grid.shape)) if self.grid.shape else 0
            return self._reasons.get(flat, "")
        if state == "failed":
            here = (self.places == np.array(place, dtype=np.int64)).all(axis=1)
            errors = [error for error in self.table["error"][here] if isinstance(error, str)]
            return errors[0] if errors else ""
        return ""

    @cached_property
    def _reasons(self) -> Mapping[int, str]:
        return self.read_reasons() if self.read_reasons is not None else {}

    def counts_at(self, place: Index) -> NDArray[np.float64]:
        """Return the confusion matrix of a cell pooled over its repeats: rows true, columns predicted.

        Raises
        ------
        PlanError
            When no trial of the cell has finished.
        """
        flat = int(np.ravel_multi_index(tuple(place), self.grid.shape)) if self.grid.shape else 0
        rows = np.flatnonzero(self.evidence.cells == flat)
        if not rows.size:
            raise PlanError(f"No trial of the cell {self.grid.cell(place)} has finished; run the experiment first.")
        matrix: NDArray[np.float64] = self.evidence.confusion[rows[0]]
        return matrix

    def told_by(self, place: Index) -> tuple[Outcomes, pd.DataFrame]:
        """Return what the networks of one cell told, and the records (or fingerprints) of which they told it.

        Of an experiment without folds the evidence of all cells may never be asked for, so only this cell's is read.
        """
        measured = self.told.measured()
        flat = int(np.ravel_multi_index(tuple(place), self.grid.shape)) if self.grid.shape else 0
        if "evidence" not in self.__dict__:
            return self.told.outcomes(np.array([flat]))[0], measured
        every = self.evidence.outcomes
        row = self.evidence.cells == flat
        return replace(every, probabilities=every.probabilities[row]), measured

    def mask(self, cells: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return some cells, given by their number in C order, as an array of the grid's shape."""
        flat = np.zeros(self.grid.mean.size, dtype=bool)
        flat[cells] = True
        return flat.reshape(self.grid.shape)

    @cached_property
    def sentence(self) -> str:
        """The best cell in words, and how sure that is; empty as long as no trial has finished."""
        if self.grid.holes.all():
            return ""
        return told_by_folds(self) if self.has_folds else told_by_split(self)

    def trials_of(self, place: Index) -> pd.DataFrame:
        """Return the finished trials of a cell."""
        here = (self.places == np.array(place, dtype=np.int64)).all(axis=1)
        return self.table[here & (self.table["state"] == "finished").to_numpy()]

    def _choose(self, losses: Losses) -> int:
        """Choose a cell by the rule of `best` from a part of the folds, as the estimate without luck does."""
        quality = on_equal_terms(losses)
        repeats = losses.repeats.sum(axis=1)
        mean = np.full(self.grid.mean.size, np.nan)
        mean[self.evidence.cells] = quality
        grid = replace(self.grid, mean=mean.reshape(self.grid.shape))
        among = self.mask(self.evidence.cells[repeats >= repeats.max() - 1])
        best = best_cell(grid, self.places, self.table, margin=self.margin, among=among)
        flat = int(np.ravel_multi_index(best.place, self.grid.shape)) if self.grid.shape else 0
        return int(np.flatnonzero(self.evidence.cells == flat)[0])


def read_results(
    store: Store,
    row: ExperimentRow,
    objective: Objective = "accuracy",
    by: Unit = "record",
    margin: float = MARGIN,
) -> ExperimentResults:
    """Return the results of an experiment; its trials are laid on the grid once.

    Parameters
    ----------
    store : Store
        Where they are kept.
    row : ExperimentRow
        The experiment.
    objective, by, margin
        As of `Evidence`.
    """
    plan, stored = Plan.from_dict(row.plan), store.trials(row.experiment_id)
    sizes = store.part_sizes(row.dataset_id)
    fold_sizes = store.fold_sizes(row.dataset_id)
    measured_on = sizes.get("validation", 0) or sum(fold_sizes.get(fold, 0) for fold in plan.folds)
    found = lay_out(row.name, plan, stored, measured_on, fold_sizes)
    dataset = store.dataset(row.dataset_id)

    def read_told() -> ToldRecords:
        return ToldRecords(store, dataset, found.table)

    def read() -> Evidence:
        outcomes, cells = read_told().outcomes()
        return Evidence(outcomes=outcomes, cells=cells, objective=objective, by=by, margin=margin)

    def read_tables(results: ExperimentResults) -> ResultTables:
        return result_tables(store, row, results)

    def read_reasons() -> Mapping[int, str]:
        every = cells(plan, len(dataset.classes))
        return {cell.index: cell.reason for cell in every if cell.reason is not None}

    found = replace(
        found,
        classes=dataset.classes,
        origin=_origin(store, row, dataset),
        read_trial=lambda trial_id: read_trial(store, trial_id, row),
        objective=objective,
        by=by,
        margin=margin,
        read=read,
        read_told=read_told,
        read_tables=read_tables,
        read_reasons=read_reasons,
    )
    if (objective, by) == ("accuracy", "record") or found.grid.holes.all():
        return found
    evidence = read()
    mean = np.full(found.grid.mean.size, np.nan)
    mean[evidence.cells] = evidence.quality
    grid = replace(found.grid, mean=mean.reshape(found.grid.shape))
    return _with_grid(found, grid, lambda: evidence)


def lay_out(
    experiment: str,
    plan: Plan,
    stored: pd.DataFrame,
    measured_on: int,
    fold_sizes: Mapping[int, int] | None = None,
) -> ExperimentResults:
    """Lay trials on the grid of their plan.

    Parameters
    ----------
    experiment : str
        Its name.
    plan : Plan
        It has the axes.
    stored : DataFrame
        A row a planned trial, as of `Store.trials`.
    measured_on : int
        Records that the quality of a cell is measured on.
    fold_sizes : mapping of int to int, optional
        Records of each fold, where the data set has some.
    """
    values = {name: [cell[name] for cell in stored["values"]] for name in plan.axes}
    places = axis_places(plan.axes, stored["values"].tolist())
    # a cell of which the plan asks no trial is one that cannot be built
    empty = "impossible" if len(stored) else "missing"
    grid = Grid.of(plan.axes, places, stored["quality"], list(stored["state"]), without_trials=empty)
    table = stored.assign(**values)
    # a plan that grew has numbered its cells anew
    table["cell"] = np.ravel_multi_index(tuple(places.T), grid.shape) if plan.axes else np.zeros(len(table), dtype=int)
    if fold_sizes:
        grid = replace(grid, mean=_pooled(table, grid, fold_sizes).reshape(grid.shape))
    order = np.lexsort((table["fold"].fillna(-1), table["seed"], table["cell"]))
    results = ExperimentResults(
        experiment=experiment,
        plan=plan,
        table=table.iloc[order].reset_index(drop=True),
        places=places[order],
        grid=grid,
        measured_on=measured_on,
    )
    return _with_grid(results, grid, None)


def _origin(store: Store, row: ExperimentRow, dataset: DatasetRow) -> tuple[tuple[str, str, str], ...]:
    planned = pd.Timestamp(row.created_at_ns, tz="UTC")
    return (
        ("saved network", store.network(row.network_id).name, row.network_id),
        ("data set", dataset.name, row.dataset_id),
        ("planned", f"{planned:%Y-%m-%d %H:%M} UTC", row.experiment_id),
    )


def _with_grid(results: ExperimentResults, grid: Grid, read: Callable[[], Evidence] | None) -> ExperimentResults:
    """Return results with another objective on the grid, and in the table."""
    at, finished = tuple(results.places.T), (results.table["state"] == "finished").to_numpy()
    figures = {"cell_quality": grid.mean, "cell_deviation": grid.deviation, "gradient": grid.gradient}
    table = results.table.assign(**{name: np.where(finished, each[at], np.nan) for name, each in figures.items()})
    columns = list(dict.fromkeys([*_FIRST, *results.plan.axes, *_LAST]))
    return replace(results, grid=grid, table=table[columns], read=read)


def _pooled(table: pd.DataFrame, grid: Grid, fold_sizes: Mapping[int, int]) -> NDArray[np.float64]:
    """Return the accuracy of each cell over the records of all folds, from those of its trials."""
    finished = table[(table["state"] == "finished") & table["fold"].notna()]
    pooled = np.full(grid.mean.size, np.nan)
    if finished.empty:
        return pooled
    cells, row = np.unique(finished["cell"], return_inverse=True)
    folds, column = np.unique(finished["fold"].astype(int), return_inverse=True)
    seeds, layer = np.unique(finished["seed"], return_inverse=True)
    # a fold stands for its records: one place of that weight, whose loss is the share that was told wrong
    values = np.full((len(cells), len(seeds), len(folds)), np.nan)
    values[row, layer, column] = 1 - finished["quality"].to_numpy(dtype=float)
    weights = [fold_sizes[int(fold)] for fold in folds]
    pooled[cells] = on_equal_terms(Losses(values=values, folds=np.arange(len(folds)), weights=np.array(weights)))
    return pooled


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialReport:
    """Everything about one finished trial.

    Attributes
    ----------
    experiment : str
        The experiment in which it was planned first.
    result : TrialResult
        What it has left behind.
    plan : Plan
        The plan of that experiment.
    classes : tuple of str
        What the network's outputs stand for.
    predictions : DataFrame
        What its network said of each record that did not train it: ``record_id``, ``event_id``, ``event_class`` (true),
        ``split``, ``predicted`` class and its ``probability``.
    """

    experiment: str
    result: TrialResult
    plan: Plan
    classes: tuple[str, ...]
    read_members: Callable[[], pd.DataFrame] = field(repr=False)

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """What its network said of each record that did not train it, read when it is asked for."""
        said = pd.DataFrame(dict(self.result.predictions), columns=["position", "predicted", "probability"])
        said["predicted"] = [self.classes[index] for index in said["predicted"]]
        members = self.read_members()
        return said.merge(members[["position", "record_id", "event_id", "event_class", "split"]], on="position")

    @property
    def confusion(self) -> pd.DataFrame:
        """The confusion matrix on the validation set: a row a true class, a column a predicted one."""
        return pd.DataFrame(
            self.result.confusion,
            index=pd.Index(self.classes, name="true"),
            columns=pd.Index(self.classes, name="predicted"),
            dtype=int,
        )

    @property
    def curve(self) -> pd.DataFrame:
        """The learning curve: a row an epoch."""
        return pd.DataFrame(self.result.curve)

    @property
    def diagram(self) -> tuple[LayerSummary, ...]:
        """The layers of its network, with their values, output shapes and parameter counts."""
        model = model_of(self.plan.network_type, self.plan.architecture)
        settings = self.result.settings
        values = {name: settings[name] for name in model.space if name in settings}
        return summary(model, values, int(settings.get("fingerprint.size", 64)), len(self.classes))


def read_trial(store: Store, trial_id: str, row: ExperimentRow) -> TrialReport:
    """Return everything about a finished trial, in a handful of queries.

    Parameters
    ----------
    store : Store
        Where it is kept.
    trial_id : str
        The trial.
    row : ExperimentRow
        An experiment that plans it.
    """
    result = store.trial(trial_id)
    dataset: DatasetRow = store.dataset(row.dataset_id)
    return TrialReport(
        experiment=row.name,
        result=result,
        plan=Plan.from_dict(row.plan),
        classes=dataset.classes,
        read_members=lambda: store.dataset_members(row.dataset_id),
    )
