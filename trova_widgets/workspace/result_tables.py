"""The results of an experiment as tables for other tools: a row a trial, a row a cell, and what each column means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Plan, cells
from trova_widgets.experiments.choice import OBJECTIVES, on_equal_terms, paired_losses, quality_intervals
from trova_widgets.space import FOLD, SEED, Space, Value
from trova_widgets.store import DatasetRow, ExperimentRow, Store, parquet_bytes
from trova_widgets.workspace.paths import write_named
from trova_widgets.workspace.table_columns import Columns, Kind
from trova_widgets.workspace.table_files import csv_bytes, kind_of, xlsx_bytes

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

TableName = Literal["trials", "cells", "columns"]
TABLES: tuple[TableName, ...] = get_args(TableName)

_KINDS: Mapping[str, Kind] = {"integer": "integer", "real": "real"}
_SPLITS = {
    "training": "the records that it was trained on, augmented as they were",
    "test": "the records that were shown after each epoch",
    "holdout": "whole events on which nothing is ever chosen",
}
_VERSIONS = {
    "trova": "Trova",
    "python": "Python",
    "torch": "PyTorch",
    "numpy": "NumPy",
    "precision": "The arithmetic of the training",
    "device": "The processor of the training",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class ResultTables:
    """Everything that is known of an experiment's trials and cells, as tables.

    Attributes
    ----------
    trials : DataFrame
        A row a planned trial, those of the best cell first: every setting, its figures, those of its cell with their
        intervals by event (``cell_...``), and where it comes from.
    cells : DataFrame
        A row a cell of the grid, the best first: the varied settings, and the ``cell_...`` columns.
    columns : DataFrame
        What the columns mean: ``column``, ``unit``, ``meaning``.
    """

    trials: pd.DataFrame
    cells: pd.DataFrame
    columns: pd.DataFrame

    def __getitem__(self, table: TableName) -> pd.DataFrame:
        """Return a table by its name."""
        found: pd.DataFrame = getattr(self, table)
        return found

    def to_bytes(self, kind: str, table: TableName = "trials") -> bytes:
        """Return the content of a file.

        Parameters
        ----------
        kind : {".csv", ".parquet", ".xlsx"}
            In CSV an apostrophe stands before a text that a spreadsheet would take for a formula; Parquet has the
            meanings of the columns in the file's key-value metadata; a workbook has all three tables, a sheet each.
        table : {"trials", "cells", "columns"}
            Which table a file of one table has.

        Returns
        -------
        bytes
        """
        if kind == ".xlsx":
            return xlsx_bytes({name: self[name] for name in TABLES})
        if kind == ".csv":
            return csv_bytes(self[table])
        meanings = zip(self.columns["column"], self.columns["meaning"], strict=True)
        return parquet_bytes(self[table], {name: meaning for name, meaning in meanings if name in self[table]})

    def write(self, path: str | Path, table: TableName = "trials") -> None:
        """Write a file; the end of its name says of which kind.

        Parameters
        ----------
        path : path
            The file.
        table : {"trials", "cells", "columns"}
            As of `to_bytes`.

        Raises
        ------
        StoreError
            When the name says nothing of it, or the file cannot be written.
        """
        write_named(path, self.to_bytes(kind_of(Path(path)), table))


def result_tables(store: Store, row: ExperimentRow, results: ExperimentResults) -> ResultTables:
    """Return the tables of an experiment.

    Parameters
    ----------
    store : Store
        Where it is kept.
    row : ExperimentRow
        The experiment.
    results : ExperimentResults
        What it has found, for the objective in question.

    Returns
    -------
    ResultTables
    """
    dataset = store.dataset(row.dataset_id)
    ended = store.trial_details(row.experiment_id).set_index("trial_id").to_dict("index")
    of_cells = _cells(results, dataset)
    of_trials = _trials(results, dataset, ended)
    origin = _provenance(store, row, results, dataset, ended)
    by_cell = of_cells.frame()
    repeated = by_cell.drop(columns=["cell", *results.plan.axes]).iloc[of_trials.values["cell"].to_numpy(dtype=int)]
    trials = pd.concat([of_trials.frame(), repeated.reset_index(drop=True), origin.frame()], axis="columns")
    best_first = ["cell_quality", "cell", "seed", "fold"]
    meanings = {**of_trials.meanings, **of_cells.meanings, **origin.meanings}
    return ResultTables(
        trials=trials.sort_values(best_first, ascending=[False, True, True, True], ignore_index=True),
        cells=by_cell.sort_values(["cell_quality", "cell"], ascending=[False, True], ignore_index=True),
        columns=pd.DataFrame(
            [(name, *meaning) for name, meaning in meanings.items()], columns=["column", "unit", "meaning"]
        ),
    )


def _trials(results: ExperimentResults, dataset: DatasetRow, ended: Mapping[str, Mapping[str, Any]]) -> Columns:
    """Return what is a trial's own: its settings and its figures, in the order of the results' table."""
    table, columns = results.table, Columns()
    columns.add("trial_id", table["trial_id"], "text", "Its identity: equal settings on equal data have the same.")
    columns.add("cell", table["cell"], "integer", "Number of its cell in the grid, the last axis running fastest.")
    _add_settings(columns, results, dataset, ended)
    columns.add("state", table["state"], "text", "planned, finished, or failed.")
    mine = [ended.get(trial_id, {}) for trial_id in table["trial_id"]]
    columns.add("attempt", [each.get("attempt") for each in mine], "integer", "Which attempt at the trial this is.")
    measured = "its fold" if results.has_folds else "the validation split"
    columns.add("quality", table["quality"], "real", f"Accuracy on {measured}, 0 to 1.")
    columns.add("loss", table["loss"], "real", f"Mean cross-entropy on {measured}.", "nat")
    for split, what in _SPLITS.items():
        name = "holdout" if split == "holdout" else f"{split}_accuracy"
        scores = [each.get("scores", {}).get(split) for each in mine]
        if any(score is not None for score in scores):
            columns.add(name, scores, "real", f"Accuracy on {what}, 0 to 1.")
    places = list(product(enumerate(dataset.classes), repeat=2))
    for (row, true), (column, said) in places:
        counts = [each["confusion"][row][column] if each.get("confusion") else None for each in mine]
        meaning = f"How many records of {true} in {measured} were taken for {said}."
        columns.add(f"confusion.{true}.{said}", counts, "integer", meaning)
    columns.add("parameter_count", table["parameter_count"], "integer", "How many numbers the network learns.")
    columns.add("seconds", table["seconds"], "real", "How long it took.", "s")
    columns.add("error", table["error"], "text", "What went wrong, where it failed.")
    return columns


def _add_settings(
    columns: Columns, results: ExperimentResults, dataset: DatasetRow, ended: Mapping[str, Mapping[str, Any]]
) -> None:
    """Add every setting: those that a trial was trained with, or will be."""
    plan, table = results.plan, results.table
    planned = {cell.index: cell.settings for cell in cells(plan, len(dataset.classes))}
    known: list[dict[str, Value]] = [
        {**planned[cell], SEED.name: seed, **ended.get(trial_id, {}).get("settings", {})}
        for trial_id, cell, seed in zip(table["trial_id"], table["cell"], table["seed"], strict=True)
    ]
    columns.add(FOLD.name, table["fold"], "integer", _sentence(FOLD.meaning))
    columns.add(SEED.name, table["seed"], "integer", _sentence(SEED.meaning))
    declared: Space = plan.space
    # a setting that this version does not know any more was one all the same
    names = dict.fromkeys([*plan.axes, *declared, *(name for settings in known for name in settings)])
    for name in names:
        if name in (FOLD.name, SEED.name):
            continue
        values = [settings.get(name) for settings in known]
        if name not in declared:
            columns.add(name, values, "text", "A setting of an older version.")
            continue
        setting = declared[name]
        kind = _KINDS.get(setting.kind, "text")
        columns.add(name, values, kind, _sentence(setting.meaning), setting.unit)


def _cells(results: ExperimentResults, dataset: DatasetRow) -> Columns:
    """Return what is known of each cell over all of its trials, in C order of the grid."""
    grid, columns = results.grid, Columns()
    numbers = range(grid.mean.size)
    places = list(np.ndindex(grid.shape))
    columns.add("cell", numbers, "integer", "Number of the cell in the grid, the last axis running fastest.")
    _add_axes(columns, results.plan, places)
    columns.add("cell_state", grid.state.ravel(), "text", "finished, failed, missing, or impossible to build.")
    columns.add(
        "cell_repeats", grid.count.ravel(), "integer", "How many of its trials, folds with seeds, have finished."
    )
    finished = not grid.holes.all()
    best = results.best.place if finished else None
    inside = results.indistinct if finished else np.zeros(grid.shape, dtype=bool)
    told = "event" if results.by == "event" else "record"
    _add_figure(
        columns,
        "cell_quality",
        grid.mean.ravel(),
        [end.ravel() for end in results.intervals] if finished else None,
        f"What it was chosen by: {results.objective} by {told}, pooled over its repeats, 0 to 1",
    )
    taken = [None if grid.holes[place] else place == best for place in places]
    columns.add("cell_taken", taken, "truth", "Whether it is the one that is taken: the best.")
    alike = [None if grid.holes[place] else bool(inside[place]) for place in places]
    meaning = "Whether it cannot be told from the best (90 %, the model confidence set)."
    columns.add("cell_in_confidence_set", alike, "truth", meaning)
    columns.add(
        "gradient", grid.gradient.ravel(), "real", "How steeply the quality changes around the cell, for a step."
    )
    columns.add(
        "cell_deviation", grid.deviation.ravel(), "real", "Standard deviation of the quality between its repeats."
    )
    if finished:
        _add_objectives(columns, results, told)
        _add_confusion(columns, results, dataset, told)
    return columns


def _add_axes(columns: Columns, plan: Plan, places: list[tuple[int, ...]]) -> None:
    for axis, (name, values) in enumerate(plan.axes.items()):
        setting = plan.space[name]
        kind = _KINDS.get(setting.kind, "text")
        columns.add(name, [values[place[axis]] for place in places], kind, _sentence(setting.meaning), setting.unit)


def _add_figure(
    columns: Columns, name: str, values: NDArray[np.float64], ends: Iterable[NDArray[np.float64]] | None, meaning: str
) -> None:
    """Add a figure with the ends of its interval."""
    columns.add(name, values, "real", f"{meaning}.")
    low, high = ends if ends is not None else (np.full(len(values), np.nan),) * 2
    columns.add(f"{name}_low", low, "real", f"Lower end of the 95 % interval of {name}, by events and trainings.")
    columns.add(f"{name}_high", high, "real", f"Upper end of the 95 % interval of {name}, likewise.")


def _add_objectives(columns: Columns, results: ExperimentResults, told: str) -> None:
    """Add what each cell is by each of the objectives."""
    evidence = results.evidence
    for objective in OBJECTIVES:
        figures = np.full((3, results.grid.mean.size), np.nan)
        try:
            losses = paired_losses(evidence.outcomes, objective, results.by)
        except PlanError:
            # a fold with records of one class alone has no AUC; the column says so
            pass
        else:
            figures[:, evidence.cells] = on_equal_terms(losses), *quality_intervals(losses, numbers=evidence.numbers)
        empty = "; empty where a fold has records of one class alone" if objective == "AUC" else ""
        name = f"cell_{objective.lower().replace(' ', '_').replace('-', '_')}"
        _add_figure(columns, name, figures[0], figures[1:], f"{objective} by {told}, pooled over its repeats{empty}")


def _add_confusion(columns: Columns, results: ExperimentResults, dataset: DatasetRow, told: str) -> None:
    """Add the confusion matrix of each cell."""
    evidence = results.evidence
    counts = np.full((results.grid.mean.size, len(dataset.classes), len(dataset.classes)), np.nan)
    counts[evidence.cells] = evidence.confusion
    for (row, true), (column, said) in product(enumerate(dataset.classes), repeat=2):
        meaning = f"How many {told}s of {true} were taken for {said}, over all of its repeats."
        columns.add(f"cell_confusion.{true}.{said}", counts[:, row, column], "integer", meaning)


def _provenance(
    store: Store,
    row: ExperimentRow,
    results: ExperimentResults,
    dataset: DatasetRow,
    ended: Mapping[str, Mapping[str, Any]],
) -> Columns:
    """Return where each trial comes from, in the order of the results' table."""
    network, columns = store.network(row.network_id), Columns()
    count = len(results.table)
    mine = [ended.get(trial_id, {}) for trial_id in results.table["trial_id"]]
    columns.add("finished_at", [each.get("finished_at") for each in mine], "moment", "When the trial ended.", "UTC")
    for name, value, meaning in (
        ("experiment", row.name, "The experiment that plans the trial."),
        ("dataset", dataset.name, "The data set that trains and measures it."),
        ("dataset_id", dataset.dataset_id, "Its identity: the same records, classes and parts have the same."),
        ("network", network.name, "The saved network that the plan varies."),
        ("network_id", network.network_id, "Its identity."),
        ("network_type", results.plan.network_type, "Its type in the catalogue."),
        ("architecture", results.plan.architecture, "Its architecture model in the catalogue."),
    ):
        columns.add(name, [value] * count, "text", meaning)
    planned_at = pd.Timestamp(row.created_at_ns, tz="UTC")
    columns.add("planned_at", [planned_at] * count, "moment", "When the experiment was planned first.", "UTC")
    for name, what in _VERSIONS.items():
        versions = [each.get("versions", {}).get(name) for each in mine]
        version = "" if name in ("precision", "device") else ", the version that trained it"
        columns.add(f"version_{name}", versions, "text", f"{what}{version}.")
    return columns


def _sentence(meaning: str) -> str:
    """Return what a setting means as a sentence."""
    return f"{meaning[:1].upper()}{meaning[1:].rstrip('.')}." if meaning else ""
