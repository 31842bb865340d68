"""What the networks of an experiment told of each record, read for the choice: folds, a single split, a hold-out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import StoreError
from trova_widgets.experiments import DEVELOPMENT, Outcomes
from trova_widgets.space import unpack_probabilities
from trova_widgets.store import DatasetRow, Store, Told

_CONFIDENCE = 0.95
_DRAWS = 2000
_Take = Callable[[str, NDArray[np.int64], NDArray[np.float32]], None]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A share with its interval by event.

    Attributes
    ----------
    value, low, high : float
        0 to 1.
    records, events : int
        What it was measured on.
    """

    value: float
    low: float
    high: float
    records: int
    events: int


class ToldRecords:
    """What finished trials told of the records of their data set.

    Parameters
    ----------
    store : Store
        Where it is kept.
    dataset : DatasetRow
        The data set.
    table : DataFrame
        All planned trials, a row each: ``trial_id``, ``cell``, ``fold``, ``seed``, ``state``.
    """

    def __init__(self, store: Store, dataset: DatasetRow, table: pd.DataFrame) -> None:
        self._store, self._dataset = store, dataset
        members = store.dataset_members(dataset.dataset_id)
        # members of older data sets are fingerprints; what is measured has one a record
        self._members = members.sort_values("position", ignore_index=True)
        self._has_folds = bool((members["split"] == DEVELOPMENT).any())
        self._finished = table[table["state"] == "finished"]
        # by rank within the cell: where the seed is an axis, each cell has one of its own
        ranks = table.groupby("cell")["seed"].rank("dense").astype(int) - 1
        self._seed_place = pd.Series(ranks.to_numpy(), index=table["trial_id"])

    def outcomes(
        self,
        cells: NDArray[np.int64] | None = None,
        folds: Sequence[int] | None = None,
    ) -> tuple[Outcomes, NDArray[np.int64]]:
        """Return what was told of the records that measure quality, and the cell of each row of it.

        Parameters
        ----------
        cells : ndarray of int, optional
            All that are planned, in ascending order; those that have told something, if left out.
        folds : sequence of int, optional
            All that are planned, likewise; records of other folds are left out.

        Raises
        ------
        StoreError
            When trials do not fit the data set.
        """
        measured = self.measured(folds)
        fold_of, dealt = np.zeros(len(measured), dtype=np.int64), [0]
        if self._has_folds:
            dealt = self._dealt(folds)
            fold_of = np.searchsorted(dealt, measured["fold"].to_numpy(dtype=np.int64))
        cells = np.unique(self._finished["cell"]) if cells is None else cells
        seed_count = int(self._seed_place.max()) + 1
        shape = (len(cells), seed_count, len(measured), len(self._dataset.classes))
        probabilities = np.full(shape, np.nan, dtype=np.float32)
        finished = self._finished[self._finished["cell"].isin(cells)]
        # arrays, and no table: there may be a hundred thousand trials
        every = measured["position"].to_numpy(dtype=np.int64)
        part = np.searchsorted(dealt, finished["fold"].to_numpy(dtype=np.int64)) if self._has_folds else None
        parts = [np.flatnonzero(fold_of == fold) for fold in range(len(dealt))] if self._has_folds else []
        rows = np.searchsorted(cells, finished["cell"])
        seeds = self._seed_place.loc[finished["trial_id"]].to_numpy()
        numbers = {trial_id: number for number, trial_id in enumerate(finished["trial_id"])}

        def take(trial_id: str, positions: NDArray[np.int64], said: NDArray[np.float32]) -> None:
            number = numbers[trial_id]
            here = np.arange(len(measured)) if part is None else parts[part[number]]
            probabilities[rows[number], seeds[number], here] = said[_among(positions, every[here])]

        self._each_told(finished["trial_id"], take)
        outcomes = Outcomes(
            probabilities=probabilities,
            classes=self._classes_of(measured),
            events=pd.factorize(measured["event_id"])[0],
            folds=fold_of,
        )
        return outcomes, cells

    def measured(self, folds: Sequence[int] | None = None) -> pd.DataFrame:
        """Return the members of the data set that measure quality, in the order in which `outcomes` tells of them."""
        measured = self._part(DEVELOPMENT if self._has_folds else "validation")
        return (
            measured[measured["fold"].isin(self._dealt(folds))].reset_index(drop=True) if self._has_folds else measured
        )

    def held(self, trial_ids: Sequence[str]) -> tuple[pd.DataFrame, NDArray[np.float64]]:
        """Return the members of the hold-out, and what some trials told of them, shape (trial, record, class)."""
        held = self._part("holdout")
        every = held["position"].to_numpy(dtype=np.int64)
        told: dict[str, NDArray[np.float32]] = {}

        def take(trial_id: str, positions: NDArray[np.int64], said: NDArray[np.float32]) -> None:
            told[trial_id] = said[_among(positions, every)]

        self._each_told(trial_ids, take)
        shape = (len(told), len(held), len(self._dataset.classes))
        return held, np.array(list(told.values()), dtype=np.float64).reshape(shape)

    def holdout(self, trial_ids: Sequence[str]) -> Estimate | None:
        """Return the mean accuracy of some trials on the hold-out; None where there is no hold-out."""
        held, told = self.held(trial_ids)
        if held.empty or not len(told):
            return None
        right = (told.argmax(axis=2) == self._classes_of(held)).mean(axis=0)
        events = pd.factorize(held["event_id"])[0]
        low, high = _interval(right, events)
        return Estimate(value=float(right.mean()), low=low, high=high, records=len(held), events=int(events.max()) + 1)

    def _dealt(self, folds: Sequence[int] | None) -> list[int]:
        return sorted(set(self._finished["fold"].astype(int)) if folds is None else folds)

    def _part(self, split: str) -> pd.DataFrame:
        return self._members[self._members["split"] == split].reset_index(drop=True)

    def _classes_of(self, members: pd.DataFrame) -> NDArray[np.int64]:
        index = {name: place for place, name in enumerate(self._dataset.classes)}
        return np.array([index[name] for name in members["event_class"]], dtype=np.int64)

    def _each_told(self, trial_ids: Sequence[str], take: _Take) -> None:
        """Hand on of each trial the positions of the records that it was asked about, and the probabilities."""
        count = len(self._dataset.classes)

        def unpack(row: Told) -> None:
            trial_id, positions, predicted, packed = row
            said = (
                unpack_probabilities(packed, count)
                if packed
                # older versions kept the class alone
                else np.eye(count, dtype=np.float32)[np.asarray(predicted)]
            )
            if len(said) != len(positions):
                raise StoreError(
                    f"Trial {trial_id} was asked about {len(positions)} records and told of {len(said)}; look with: "
                    "trova doctor"
                )
            take(trial_id, np.asarray(positions), said)

        self._store.told(trial_ids, unpack)


def _among(positions: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at which place each wanted position stands among those that a trial was asked about."""
    order = np.argsort(positions)
    place = np.minimum(np.searchsorted(positions, wanted, sorter=order), len(positions) - 1)
    if (positions[order[place]] != wanted).any():
        raise StoreError("A trial was not asked about all records of its part; look with: trova doctor")
    found: NDArray[np.int64] = order[place]
    return found


def _interval(right: NDArray[np.float64], events: NDArray[np.int64]) -> tuple[float, float]:
    """Return the interval of a mean over records by a bootstrap of their events."""
    sums, sizes = np.bincount(events, right), np.bincount(events)
    drawn = np.random.default_rng(0).multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=_DRAWS)
    means = drawn @ sums / (drawn @ sizes)
    low, high = np.quantile(means, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return float(low), float(high)
