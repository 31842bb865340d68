"""Which class a cell's networks told each record, or each event: the matrix, how sure it is, and who is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Outcomes
from trova_widgets.experiments.choice import Unit
from trova_widgets.experiments.evaluation import share_intervals
from trova_widgets.figures.confusion import Confusion, confusion
from trova_widgets.names import nearest
from trova_widgets.space import Index

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

#: How sure the shares of a matrix are, as of `Confusion`.
Intervals = dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]

_LIST = ("record_id", "event_id", "event_class", "predicted", "times", "told", "probability")


@dataclass(frozen=True, kw_only=True, eq=False)
class Classified:
    """What some trainings of one cell took each record, or each event, for.

    Attributes
    ----------
    classes : tuple of str
        What the networks tell apart.
    by : {"record", "event"}
        What is told.
    tellings : DataFrame
        A row each time that something was told: ``record_id`` (of an event its first record), ``event_id``,
        ``event_class`` (true), ``predicted``, ``probability`` of what was predicted, ``fold``, ``seed``.
    """

    classes: tuple[str, ...]
    by: Unit
    tellings: pd.DataFrame

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """The confusion matrix: rows true, columns predicted."""
        counts: NDArray[np.int64] = self._by_event.sum(axis=0)
        return counts

    @cached_property
    def matrix(self) -> Confusion:
        """The confusion matrix with its margins, and the interval of each share by event, at 95 %."""
        return confusion(self.counts, self.classes, self._intervals)

    @property
    def size(self) -> int:
        """How many different records (or events) were told."""
        return int(self._records.max(initial=-1)) + 1

    @cached_property
    def _records(self) -> NDArray[np.int64]:
        """The place of each telling's record among all that were told."""
        return np.asarray(pd.factorize(self.tellings["record_id"])[0], dtype=np.int64)

    @cached_property
    def _said(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The true and the predicted class of each telling, by their places."""
        place = {name: at for at, name in enumerate(self.classes)}
        true, said = (self.tellings[name].map(place).to_numpy(dtype=np.int64) for name in ("event_class", "predicted"))
        return true, said

    def of_trial(self, fold: int | None, seed: int) -> Classified:
        """Return what one of the trainings told.

        Parameters
        ----------
        fold : int or None
            Its fold; None where the data set has none.
        seed : int
            Its seed.
        """
        told = self.tellings
        here = told["seed"] == seed
        if fold is not None:
            here &= told["fold"] == fold
        return replace(self, tellings=told[here].reset_index(drop=True))

    def records(self, true: str | None = None, predicted: str | None = None) -> pd.DataFrame:
        """Return which records (or events) stand in a cell of the matrix, the surest first.

        Parameters
        ----------
        true, predicted : str, optional
            The classes. Of one alone, the row or the column of the matrix; of none, all that were taken for what they
            are not.

        Returns
        -------
        DataFrame
            A row a record: ``record_id``, ``event_id``, ``event_class`` (true), ``predicted``, ``times`` (how many of
            the trainings said so), ``told`` (of how many that were asked), and the mean ``probability`` they gave it.
            The times add up to the count in the matrix.

        Raises
        ------
        PlanError
            When there is no such class.
        """
        found = self.tellings[self._in_cell(true, predicted)]
        asked = self.tellings.groupby("record_id").size()
        said = found.groupby(["record_id", "event_id", "event_class", "predicted"], as_index=False, observed=True).agg(
            times=("predicted", "size"), probability=("probability", "mean")
        )
        said["told"] = asked.reindex(said["record_id"]).to_numpy()
        order = ["times", "probability", "record_id"]
        return said.sort_values(order, ascending=[False, False, True], ignore_index=True)[list(_LIST)]

    def times(self, true: str | None = None, predicted: str | None = None) -> tuple[int, int]:
        """Return how many rows `records` has, and how many times that was told all together.

        Parameters
        ----------
        true, predicted : str, optional
            As of `records`.
        """
        here = self._in_cell(true, predicted)
        pairs = self._records[here] * len(self.classes) + self._said[1][here]
        return np.unique(pairs).size, pairs.size

    def _in_cell(self, true: str | None, predicted: str | None) -> NDArray[np.bool_]:
        for name in (true, predicted):
            if name is not None and name not in self.classes:
                raise PlanError(f"There is no class {name!r} in this data set; {nearest(name, self.classes)}.")
        labelled, said = self._said
        if true is None and predicted is None:
            return np.asarray(labelled != said)
        here = np.ones(len(labelled), dtype=np.bool_)
        if true is not None:
            here &= labelled == self.classes.index(true)
        if predicted is not None:
            here &= said == self.classes.index(predicted)
        return here

    @cached_property
    def _by_event(self) -> NDArray[np.int64]:
        """The confusion matrix of each event, shape (event, true, predicted)."""
        size = len(self.classes)
        events = pd.factorize(self.tellings["event_id"])[0]
        counts = np.zeros((int(events.max(initial=-1)) + 1, size, size), dtype=np.int64)
        np.add.at(counts, (events, *self._said), 1)
        return counts

    @cached_property
    def _intervals(self) -> Intervals:
        return _matrix_intervals(self._by_event, np.array(len(self.tellings) / max(self.size, 1)))


def matrix_intervals(results: ExperimentResults) -> Intervals:
    """Return how sure the matrices of all cells are that have told something, in the order of their evidence.

    Parameters
    ----------
    results : ExperimentResults
        What an experiment has found.

    Returns
    -------
    dict of str to (ndarray, ndarray)
        As of `Confusion`, with an axis of the cells before the others.
    """
    outcomes = results.evidence.outcomes
    outcomes = outcomes.by_event() if results.by == "event" else outcomes
    cell, seed, record = np.nonzero(outcomes.known)
    event, size = pd.factorize(outcomes.events)[0], len(results.classes)
    shape = (int(event.max()) + 1, len(outcomes.known), size, size)
    said = outcomes.predictions[cell, seed, record]
    flat = np.ravel_multi_index((event[record], cell, outcomes.classes[record], said), shape)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    asked = outcomes.known.any(axis=1).sum(axis=1)
    return _matrix_intervals(counts, outcomes.known.sum(axis=(1, 2)) / np.maximum(asked, 1))


def _matrix_intervals(by_event: NDArray[np.int64], repeats: NDArray[np.float64]) -> Intervals:
    """Return how sure the shares of matrices are, of which one an event is given, shape (event, ..., true, predicted).

    ``repeats`` is how often the same thing was told, of each matrix.
    """
    counts = by_event.astype(float)
    every, right = counts.sum(axis=(-2, -1))[..., None], np.diagonal(counts, axis1=-2, axis2=-1)
    true, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    neither = every - true - predicted + right
    shares = {
        "row_shares": (counts, true[..., None], 2),
        "sensitivity": (right, true, 1),
        "specificity": (neither, every - true, 1),
        "positive_value": (right, predicted, 1),
        "negative_value": (neither, every - predicted, 1),
        "accuracy": (right.sum(axis=-1), every[..., 0], 0),
    }
    return {
        name: share_intervals(part, whole, repeats.reshape(repeats.shape + (1,) * more))
        for name, (part, whole, more) in shares.items()
    }


def classified(results: ExperimentResults, place: Index, trial_id: str = "") -> Classified:
    """Return what the networks of a cell told.

    Parameters
    ----------
    results : ExperimentResults
        What an experiment has found.
    place : tuple of int
        The cell.
    trial_id : str
        One of its trials alone; all of them, if left out.

    Raises
    ------
    PlanError
        When no trial of it has finished, or the trial is none of this cell.
    """
    trials = results.trials_of(place)
    if trial_id:
        trials = trials[trials["trial_id"] == trial_id]
    if trials.empty:
        which = f"trial {trial_id}" if trial_id else "trial"
        raise PlanError(f"No {which} of the cell {results.grid.cell(place)} has finished; run the experiment first.")
    outcomes, measured = results.told_by(place)
    members = measured.assign(number=pd.factorize(measured["event_id"])[0])
    if results.by == "event":
        outcomes = outcomes.by_event()
        members = members.drop_duplicates("number").sort_values("number")
    # seeds are told by their rank among all that the cell plans
    here = (results.places == np.array(place, dtype=np.int64)).all(axis=1)
    seeds = np.sort(results.table["seed"][here].unique())
    known = outcomes.known[0].copy()
    if trial_id:
        row = trials.iloc[0]
        known &= (seeds == row["seed"])[: len(known), None]
        if results.has_folds:
            known &= (members["fold"] == row["fold"]).to_numpy()
    return Classified(
        classes=results.classes, by=results.by, tellings=_tellings(outcomes, known, members, seeds, results)
    )


def missed_shares(results: ExperimentResults, record_id: str) -> NDArray[np.float64]:
    """Return for each cell the share of its trainings that told a record (or its event) wrong.

    Parameters
    ----------
    results : ExperimentResults
        What an experiment has found.
    record_id : str
        The record.

    Returns
    -------
    ndarray of float, shape of the grid
        NaN where no training of the cell was asked about it.

    Raises
    ------
    PlanError
        When no quality of this experiment is measured on the record.
    """
    measured = results.told.measured()
    here = np.flatnonzero(measured["record_id"] == record_id)
    if not here.size:
        raise PlanError(
            f"No quality in {results.experiment} is measured on the record {record_id}; classified().records() lists "
            "those that count."
        )
    if results.by == "event":
        here = np.flatnonzero(measured["event_id"] == measured["event_id"].iloc[here[0]])
    every = results.evidence.outcomes
    outcomes = Outcomes(
        probabilities=every.probabilities[:, :, here],
        classes=every.classes[here],
        events=every.events[here],
        folds=every.folds[here],
    )
    outcomes = outcomes.by_event() if results.by == "event" else outcomes
    wrong = np.where(outcomes.known, outcomes.predictions != outcomes.classes, np.nan)
    asked = outcomes.known.sum(axis=(1, 2))
    shares = np.full(results.grid.mean.size, np.nan)
    told = np.nansum(wrong, axis=(1, 2)) / np.maximum(asked, 1)
    shares[results.evidence.cells] = np.where(asked > 0, told, np.nan)
    return shares.reshape(results.grid.shape)


def _tellings(
    outcomes: Outcomes, known: NDArray[np.bool_], members: pd.DataFrame, seeds: NDArray[Any], results: ExperimentResults
) -> pd.DataFrame:
    seed, at = np.nonzero(known)
    said = outcomes.predictions[0][seed, at]
    names = np.array(results.classes, dtype=object)
    told = members.iloc[at]
    return pd.DataFrame(
        {
            "record_id": told["record_id"].to_numpy(),
            "event_id": told["event_id"].to_numpy(),
            "event_class": told["event_class"].to_numpy(),
            "predicted": names[said],
            "probability": outcomes.probabilities[0][seed, at, said].astype(np.float64),
            "fold": told["fold"].to_numpy(),
            "seed": seeds[seed],
        }
    )
