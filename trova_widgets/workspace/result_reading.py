"""What an experiment found is read: its trials are laid on the grid of their plan."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.experiments import Evidence, Plan, cells
from trova_widgets.experiments.choice import (
    MARGIN,
    Losses,
    Objective,
    Unit,
    on_equal_terms,
)
from trova_widgets.space import Grid, axis_places
from trova_widgets.store import DatasetRow, ExperimentRow, Store
from trova_widgets.workspace.evidence import ToldRecords
from trova_widgets.workspace.result_tables import ResultTables, result_tables
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.trial_report import read_trial

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
