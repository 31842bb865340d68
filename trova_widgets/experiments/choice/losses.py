"""Paired losses: what each cell lost on each event, once for each seed, told by a network that never saw the event."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import PlanError

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def rounded(figures: Array) -> Array:
    """Return figures without the last digits, so that equal ones reached by different sums are equal."""
    return np.asarray(np.round(figures, 12))


@dataclass(frozen=True, kw_only=True, eq=False)
class Losses:
    """The losses of all cells on the same events, so that cells are compared event by event.

    A training is a cell, a fold and a seed; it tells the events of its fold. So the training of cell c on fold f
    with seed s fills ``values[c, s, folds == f]``, all of it, or none where it has not finished.

    Parameters
    ----------
    values : array_like of float, shape (cell, seed, event)
        The loss of each event, the lower the better; NaN where the training is missing.
    folds : array_like of int, shape (event,)
        The fold of each event, from 0.
    weights : array_like of float, shape (event,), optional
        What each event counts, for instance its number of records; all alike without it.

    Attributes
    ----------
    measured : ndarray of bool, shape (cell, fold, seed)
        Which trainings are there.

    Raises
    ------
    PlanError
        When the shapes do not belong together, a weight is not positive, or a training has told a part of its fold.

    Examples
    --------
    >>> losses = Losses(values=[[[0, 1, 0, 1]], [[0, 0, np.nan, np.nan]]], folds=[0, 0, 1, 1])
    >>> losses.quality().tolist()
    [0.5, 1.0]
    >>> losses.measured.sum(axis=(1, 2)).tolist()
    [2, 1]
    """

    values: Array
    folds: IntArray
    weights: Array = None  # type: ignore[assignment]
    measured: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        folds = np.asarray(self.folds)
        if values.ndim != 3 or folds.shape != values.shape[2:] or not folds.size:
            raise PlanError(
                f"Losses of shape {values.shape} do not fit folds of shape {folds.shape}; expected are "
                "(cell, seed, event) and (event,), with one event at least."
            )
        if folds.dtype.kind not in "iu" or folds.min() < 0 or np.bincount(folds).min() == 0:
            raise PlanError(
                f"The folds are {sorted(set(folds.tolist()))[:9]}; expected are whole numbers from 0 that leave none "
                "out. Number them anew."
            )
        weights = np.ones(folds.size) if self.weights is None else np.asarray(self.weights, dtype=np.float64)
        if weights.shape != folds.shape or not (np.isfinite(weights) & (weights > 0)).all():
            raise PlanError(
                f"Weights of shape {weights.shape} do not fit {folds.size} events; expected is one positive number for "
                "each event. Leave out events that count nothing."
            )
        known = np.isfinite(values)
        count = int(folds.max()) + 1
        measured = np.stack([known[:, :, folds == fold].all(axis=2) for fold in range(count)], axis=1)
        if known.sum() != np.einsum("cfs,f->", measured, np.bincount(folds)):
            raise PlanError(
                "A training has told only a part of its fold's events; expected are all of them or none. "
                "Leave the whole training out."
            )
        for name, value in (
            ("values", values),
            ("folds", folds.astype(np.int64)),
            ("weights", weights / weights.sum()),
            ("measured", measured),
        ):
            object.__setattr__(self, name, value)

    @property
    def fold_count(self) -> int:
        """How many folds there are."""
        return int(self.measured.shape[1])

    @cached_property
    def fold_weights(self) -> Array:
        """What each fold counts, together 1."""
        return np.bincount(self.folds, self.weights).astype(np.float64)

    @property
    def complete(self) -> BoolArray:
        """Which cells have all their trainings, shape (cell,)."""
        return np.asarray(self.measured.all(axis=(1, 2)))

    def quality(self) -> Array:
        """Return one minus the loss of each cell, pooled over the folds and seeds that it has; NaN where it has none.

        Returns
        -------
        ndarray of float, shape (cell,)
        """
        told = self.repeats * self.fold_weights
        lost = np.nan_to_num(self.blocks) * told
        total = told.sum(axis=1)
        mean = np.divide(lost.sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0)
        return rounded(1 - mean)

    @cached_property
    def repeats(self) -> IntArray:
        """How many seeds have told each fold, shape (cell, fold)."""
        return np.asarray(self.measured.sum(axis=2), dtype=np.int64)

    @cached_property
    def by_event(self) -> Array:
        """The loss of each event, its mean over the seeds; NaN where there is none, shape (cell, event)."""
        known = np.isfinite(self.values)
        if known.all():
            return np.asarray(self.values.mean(axis=1), dtype=np.float64)
        told = self.repeats[:, self.folds]
        lost = np.where(known, self.values, 0.0).sum(axis=1)
        mean: Array = np.divide(lost, told, out=np.full(lost.shape, np.nan), where=told > 0)
        return mean

    @cached_property
    def blocks(self) -> Array:
        """The mean loss of each cell on each fold; NaN where there is none, shape (cell, fold)."""
        member = np.eye(self.fold_count)[self.folds] * self.weights[:, None]
        means = np.nan_to_num(self.by_event) @ member / self.fold_weights
        return np.where(self.repeats == 0, np.nan, means)

    def select(
        self, *, cells: ArrayLike | None = None, fold: int | None = None, trainings: BoolArray | None = None
    ) -> Losses:
        """Return a part of the losses.

        Parameters
        ----------
        cells : array_like of int or bool, optional
            The cells to keep, in this order.
        fold : int, optional
            The fold to leave out; later folds move up by one.
        trainings : ndarray of bool, shape (cell, fold, seed), optional
            Trainings to keep; the others become holes.

        Returns
        -------
        Losses
        """
        values, folds, weights = self.values, self.folds, self.weights
        if trainings is not None:
            values = np.where(trainings.transpose(0, 2, 1)[:, :, folds], values, np.nan)
        if cells is not None:
            values = values[np.asarray(cells)]
        if fold is not None:
            if self.fold_count < 2:
                raise PlanError("There is one fold alone, so none can be left out; make a data set with two at least.")
            stays = folds != fold
            values, weights = values[:, :, stays], weights[stays]
            folds = folds[stays] - (folds[stays] > fold)
        return Losses(values=values, folds=folds, weights=weights)
