"""What the networks told of each record: the probabilities of all classes, for every cell and seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import BoolArray, IntArray

# less than this counts as this, so that one station's certainty does not silence all others
_LEAST = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes:
    """Probabilities of every class for each record, told by networks that never saw its event.

    Parameters
    ----------
    probabilities : array_like of float, shape (cell, seed, record, class)
        NaN where the training that tells this record is missing; single precision is kept as it is.
    classes : array_like of int, shape (record,)
        The true class, a place on the last axis.
    events : array_like, shape (record,)
        The event of each record.
    folds : array_like of int, shape (record,)
        The fold of each record, from 0; all records of an event have the same.

    Raises
    ------
    PlanError
        When shapes do not belong together, or an event stands in two folds.

    Examples
    --------
    >>> told = Outcomes(
    ...     probabilities=[[[[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]]]], classes=[0, 0, 1], events=[7, 7, 9], folds=[0, 0, 1]
    ... )
    >>> told.by_event().predictions.tolist(), told.by_event().events.tolist()
    ([[[0, 1]]], [7, 9])
    """

    probabilities: NDArray[np.floating]
    classes: IntArray
    events: IntArray
    folds: IntArray

    def __post_init__(self) -> None:
        # of a hundred thousand trainings they are a large part of the memory: what comes in half the size stays so
        probabilities = np.asarray(self.probabilities)
        probabilities = probabilities if probabilities.dtype == np.float32 else probabilities.astype(np.float64)
        classes, events, folds = (np.asarray(each) for each in (self.classes, self.events, self.folds))
        records = probabilities.shape[2:3]
        if probabilities.ndim != 4 or not records[0] or any(each.shape != records for each in (classes, events, folds)):
            raise PlanError(
                f"Probabilities of shape {probabilities.shape} do not fit {classes.size} classes, {events.size} events "
                f"and {folds.size} folds; expected are (cell, seed, record, class) and one of each for every record."
            )
        if classes.dtype.kind not in "iu" or classes.min() < 0 or classes.max() >= probabilities.shape[3]:
            raise PlanError(
                f"The classes go from {classes.min()} to {classes.max()}; expected are whole numbers from 0 to "
                f"{probabilities.shape[3] - 1}, one for each column of the probabilities."
            )
        _, first, place = np.unique(events, return_index=True, return_inverse=True)
        if (folds != folds[first][place]).any():
            raise PlanError("An event stands in two folds; deal whole events, so that nothing is told by who knows it.")
        for name, value in (
            ("probabilities", probabilities),
            ("classes", classes.astype(np.int64)),
            ("events", events),
            ("folds", folds.astype(np.int64)),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def of_predictions(
        cls, predictions: ArrayLike, class_count: int, *, classes: ArrayLike, events: ArrayLike, folds: ArrayLike
    ) -> Outcomes:
        """Make outcomes of predicted classes alone, as of results without probabilities.

        Parameters
        ----------
        predictions : array_like of int, shape (cell, seed, record)
            The predicted class; -1 where the training is missing.
        class_count : int
            How many classes there are.
        classes, events, folds : array_like, shape (record,)
            As of the class.

        Returns
        -------
        Outcomes
            With the probability 1 at the predicted class: good for accuracy, balanced accuracy and F1 by record.
        """
        predicted = np.asarray(predictions)
        sure = np.eye(class_count)[np.maximum(predicted, 0)]
        return cls(
            probabilities=np.where((predicted < 0)[..., None], np.nan, sure),
            classes=np.asarray(classes),
            events=np.asarray(events),
            folds=np.asarray(folds),
        )

    @cached_property
    def known(self) -> BoolArray:
        """Which cells have told which records, shape (cell, seed, record)."""
        return np.asarray(np.isfinite(self.probabilities).all(axis=3))

    @cached_property
    def predictions(self) -> NDArray[np.int16]:
        """The class of the highest probability; -1 where nothing was told, shape (cell, seed, record)."""
        told = np.nan_to_num(self.probabilities, nan=-1.0).argmax(axis=3).astype(np.int16)
        return np.where(self.known, told, np.int16(-1))

    def by_event(self) -> Outcomes:
        """Combine the records of each event by the mean of the logarithms of their probabilities.

        Returns
        -------
        Outcomes
            One record an event, in the order of the events' numbers.

        Raises
        ------
        PlanError
            When the records of an event are of two classes.
        """
        events, first, place = np.unique(self.events, return_index=True, return_inverse=True)
        if (self.classes != self.classes[first][place]).any():
            raise PlanError("The records of an event are of two classes; compare by record, or mend the labels.")
        order = np.argsort(place, kind="stable")
        starts = np.searchsorted(place[order], np.arange(events.size))
        logarithms = np.log(np.maximum(self.probabilities, _LEAST, dtype=np.float64))
        mean = np.add.reduceat(logarithms[:, :, order], starts, axis=2) / np.bincount(place)[:, None]
        shares = np.exp(mean - mean.max(axis=3, keepdims=True))
        return Outcomes(
            probabilities=shares / shares.sum(axis=3, keepdims=True),
            classes=self.classes[first],
            events=events,
            folds=self.folds[first],
        )

    def without_fold(self, fold: int) -> Outcomes:
        """Return the records of the other folds, which move up by one."""
        stays = self.folds != fold
        if not stays.any() or stays.all():
            raise PlanError(f"Fold {fold} cannot be left out of {self.folds.max() + 1}; take one of at least two.")
        folds = self.folds[stays]
        return Outcomes(
            probabilities=self.probabilities[:, :, stays],
            classes=self.classes[stays],
            events=self.events[stays],
            folds=folds - (folds > fold),
        )
