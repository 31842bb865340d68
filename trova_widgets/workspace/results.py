"""What experiments found: the trials with both objectives over one grid, and the best cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Best, Evidence, Outcomes, Plan, best_cell
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
from trova_widgets.space import Grid, Index
from trova_widgets.workspace.evidence import Estimate, ToldRecords
from trova_widgets.workspace.result_tables import ResultTables, TableName
from trova_widgets.workspace.sentences import told_by_folds, told_by_split
from trova_widgets.workspace.trial_report import TrialReport
from trova_widgets.workspace.views import ResultViews

#: From so many trials on it takes minutes to tell how sure their answer is.
MANY_TRIALS = 20_000


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
    read_trial: Callable[[str], TrialReport] | None = field(default=None, repr=False)
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

    @property
    def is_quickly_told(self) -> bool:
        """Whether how sure the answer is can be worked out while one waits: of very many trials it takes minutes."""
        return not self.has_folds or len(self.table) < MANY_TRIALS or bool(self.grid.holes.all())

    @cached_property
    def highest(self) -> Best:
        """The least steep of the highest cells, told before it is known which can be told from them; as of `best`."""
        return best_cell(self.grid, self.places, self.table, margin=self.margin)

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
