"""The figures of one who tells classes: by record or by event, each with its interval by a bootstrap of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import Outcomes
from trova_widgets.experiments.choice.losses import Array, BoolArray, IntArray

CONFIDENCE = 0.95
_DRAWS = 2000


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with its interval.

    Attributes
    ----------
    value, low, high : float
        From 0 to 1; NaN where it cannot be told.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is said of one who tells classes.

    Attributes
    ----------
    count, events : int
        Records (or events) that were told, and the events that they are of.
    accuracy, balanced, macro_f1, auc : Figure
        Share told right; mean of the classes' recalls; mean of their F1; area under the ROC curve of each class
        against the others, averaged.
    recall, precision : tuple of Figure
        Of each class.
    confusion : ndarray of float, shape (class, class)
        Rows true, columns predicted; summed over the seeds and divided by their number.
    """

    count: int
    events: int
    accuracy: Figure
    balanced: Figure
    macro_f1: Figure
    auc: Figure
    recall: tuple[Figure, ...]
    precision: tuple[Figure, ...]
    confusion: Array


def figures(
    probabilities: Array,
    classes: IntArray,
    events: IntArray,
    *,
    rates: Array | None = None,
    draws: int = _DRAWS,
    seed: int = 0,
) -> Figures:
    """Return the figures of some told records.

    Parameters
    ----------
    probabilities : ndarray of float, shape (record, class) or (seed, record, class)
        What was told; each seed counts alike.
    classes : ndarray of int, shape (record,)
        The truth.
    events : ndarray, shape (record,)
        The event of each record: drawn as a whole in the bootstrap.
    rates : ndarray of float, shape (class,), optional
        Count the records of each class so that the classes come at these rates, which add up to 1; as they come, if
        left out. The area under the ROC curve is always that of the records as they come.
    draws, seed : int
        Of the bootstrap.

    Returns
    -------
    Figures
        With rates, ``confusion`` holds shares that add up to 1.

    Raises
    ------
    PlanError
        When there is nothing to tell, or shapes do not belong together.

    Examples
    --------
    >>> told = np.eye(2)[[0, 0, 1, 0]]
    >>> found = figures(told, np.array([0, 0, 1, 1]), np.arange(4))
    >>> found.accuracy.value, found.recall[1].value, found.precision[1].value
    (0.75, 0.5, 1.0)
    """
    stack = np.asarray(probabilities, dtype=np.float64)
    stack = stack[None] if stack.ndim == 2 else stack
    if stack.ndim != 3 or stack.shape[1:2] != classes.shape or classes.shape != np.shape(events) or not classes.size:
        raise PlanError(
            f"Probabilities of shape {stack.shape} do not fit {np.size(classes)} classes and {np.size(events)} events; "
            "expected are (seed, record, class) and one of each for every record."
        )
    number = stack.shape[2]
    names, place = np.unique(events, return_inverse=True)
    counts = np.zeros((names.size, number, number))
    for told in stack.argmax(axis=2):
        np.add.at(counts, (place, classes, told), 1.0)
    drawn = _events_drawn(place, classes, names.size, draws, seed)
    whole = counts.sum(axis=0)
    again = np.einsum("de,eij->dij", drawn, counts)
    seeds = float(len(stack))
    if rates is not None:
        whole, again, seeds = _at_rates(whole[None], rates)[0], _at_rates(again, rates), 1.0
    auc = np.array([mean_auc(one, classes) for one in stack]).mean()
    return Figures(
        count=int(classes.size),
        events=int(names.size),
        accuracy=_figure(_accuracy(whole[None])[0], _accuracy(again)),
        balanced=_figure(float(np.nanmean(_recall(whole[None]))), np.nanmean(_recall(again), axis=1)),
        macro_f1=_figure(float(np.nanmean(_f1(whole[None]))), np.nanmean(_f1(again), axis=1)),
        auc=_auc_figure(auc, stack, classes, place, drawn[: min(draws, 200)]),
        recall=_each(_recall(whole[None])[0], _recall(again)),
        precision=_each(_precision(whole[None])[0], _precision(again)),
        confusion=whole / seeds,
    )


def accuracy_lost(before: BoolArray, after: BoolArray, classes: IntArray, events: IntArray) -> Figure:
    """Return by how much the share of the same records that is told right is lower after than before.

    Parameters
    ----------
    before, after : ndarray of bool, shape (record,)
        Whether each was told right.
    classes, events : ndarray of int, shape (record,)
        The truth, and the event of each record.

    Returns
    -------
    Figure
        From -1 to 1, its interval by a bootstrap of events in which both are drawn together.

    Examples
    --------
    >>> right = np.array([True, True, True, False])
    >>> accuracy_lost(right, right & False, np.zeros(4, dtype=int), np.arange(4)).value
    0.75
    """
    names, place = np.unique(events, return_inverse=True)
    drawn = _events_drawn(place, classes, names.size, _DRAWS, 0)
    lost = np.bincount(place, before.astype(np.float64) - after)
    told = np.bincount(place).astype(np.float64)
    return _figure(float(lost.sum() / told.sum()), drawn @ lost / (drawn @ told))


def mean_auc(probabilities: Array, classes: IntArray) -> float:
    """Return the area under the ROC curve of each class against the others, averaged; NaN for one class alone."""
    areas = [_area(probabilities[:, each], classes == each) for each in np.unique(classes) if (classes != each).any()]
    return float(np.mean(areas)) if areas else float("nan")


def _area(scores: Array, positive: BoolArray) -> float:
    from scipy.stats import rankdata

    ahead, behind = int(positive.sum()), int((~positive).sum())
    return float((rankdata(scores)[positive].sum() - ahead * (ahead + 1) / 2) / (ahead * behind))


def by_event(probabilities: Array, classes: IntArray, events: IntArray) -> tuple[Array, IntArray, IntArray]:
    """Combine the records of each event by the mean of the logarithms of their probabilities.

    Parameters
    ----------
    probabilities : ndarray of float, shape (seed, record, class)
    classes, events : ndarray, shape (record,)

    Returns
    -------
    (ndarray, ndarray, ndarray)
        The same of events: probabilities, classes, and the events' own numbers.
    """
    outcomes = Outcomes(
        probabilities=probabilities[None], classes=classes, events=events, folds=np.zeros(len(classes), dtype=np.int64)
    ).by_event()
    return outcomes.probabilities[0], outcomes.classes, outcomes.events


def in_parts(values: Array, edges: Sequence[float]) -> list[tuple[str, BoolArray]]:
    """Return the parts into which edges divide some values, each with its name, those that are empty left out.

    Examples
    --------
    >>> [(name, part.tolist()) for name, part in in_parts(np.array([1.0, 7.0, np.nan]), (5.0,))]
    [('below 5', [True, False, False]), ('5 and more', [False, True, False]), ('not known', [False, False, True])]
    """
    bounds = [-np.inf, *edges, np.inf]
    parts = []
    for low, high in pairwise(bounds):
        here = np.asarray((values >= low) & (values < high))
        name = (
            f"below {high:g}" if low == -np.inf else f"{low:g} and more" if high == np.inf else f"{low:g} to {high:g}"
        )
        parts.append((name, here))
    parts.append(("not known", np.isnan(values)))
    return [(name, here) for name, here in parts if here.any()]


def _events_drawn(place: IntArray, classes: IntArray, count: int, draws: int, seed: int) -> Array:
    """Return how often each event is drawn, each class by itself, so that none is ever empty, shape (draw, event)."""
    class_of = np.zeros(count, dtype=np.int64)
    class_of[place] = classes
    rng = np.random.default_rng(seed)
    drawn = np.zeros((draws, count))
    for each in np.unique(class_of):
        here = np.flatnonzero(class_of == each)
        drawn[:, here] = rng.multinomial(here.size, np.full(here.size, 1 / here.size), size=draws)
    return drawn


def _figure(value: float, again: Array) -> Figure:
    if not np.isfinite(value):
        return Figure(value=float("nan"), low=float("nan"), high=float("nan"))
    low, high = np.nanquantile(again, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Figure(value=float(value), low=float(low), high=float(high))


def _each(values: Array, again: Array) -> tuple[Figure, ...]:
    return tuple(_figure(value, column) for value, column in zip(values.tolist(), again.T, strict=True))


def _auc_figure(auc: float, stack: Array, classes: IntArray, place: IntArray, drawn: Array) -> Figure:
    """Return the area with its interval, from the first seed and some draws: each takes an ordering anew."""
    again = []
    for weights in drawn:
        records = np.repeat(np.arange(classes.size), weights[place].astype(np.int64))
        again.append(mean_auc(stack[0][records], classes[records]))
    around = np.array(again) - mean_auc(stack[0], classes)
    return _figure(auc, np.clip(auc + around, 0, 1))


def _at_rates(counts: Array, rates: Array) -> Array:
    """Return counts as shares whose rows add up to the rates; a class that was not drawn counts nothing."""
    return (
        np.nan_to_num(_divided(counts, np.broadcast_to(counts.sum(axis=2, keepdims=True), counts.shape)))
        * (np.asarray(rates)[:, None])
    )


def _divided(above: Array, below: Array) -> Array:
    return np.asarray(np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0))


def _hits(counts: Array) -> Array:
    return np.asarray(np.diagonal(counts, axis1=1, axis2=2))


def _accuracy(counts: Array) -> Array:
    return np.asarray(_hits(counts).sum(axis=1) / counts.sum(axis=(1, 2)))


def _recall(counts: Array) -> Array:
    return _divided(_hits(counts).copy(), counts.sum(axis=2))


def _precision(counts: Array) -> Array:
    return _divided(_hits(counts).copy(), counts.sum(axis=1))


def _f1(counts: Array) -> Array:
    return _divided(2 * _hits(counts), counts.sum(axis=1) + counts.sum(axis=2))
