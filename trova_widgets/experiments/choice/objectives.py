"""The objectives, each as losses by event: accuracy, balanced accuracy, macro-F1, and the AUC.

An objective that is no mean over events is linearised: an event's loss is that of all plus what the event adds to it
(its influence), so the losses' mean is the objective itself, and they can be compared and drawn anew as any others.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array, BoolArray, IntArray, Losses
from trova_widgets.experiments.choice.outcomes import Outcomes

Objective = Literal["accuracy", "balanced accuracy", "macro-F1", "AUC"]
Unit = Literal["record", "event"]

OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
"""The objectives; the first is the article's."""


def paired_losses(outcomes: Outcomes, objective: Objective = "accuracy", by: Unit = "record") -> Losses:
    """Return the losses of all cells by event, whose pooled mean is one minus the objective.

    Accuracy is the share of records told right; balanced accuracy the mean of the shares of each class; macro-F1 the
    mean of each class's harmonic mean of precision and sensitivity, of all folds' counts together; the AUC is that of
    each class against the others, averaged over the classes, taken within each training, whose probabilities alone
    are on one scale (Forman and Scholz 2010, doi 10.1145/1882471.1882479; its influence after DeLong et al. 1988,
    doi 10.2307/2531595). Where there are several seeds, each is told for itself and they are averaged.

    Parameters
    ----------
    outcomes : Outcomes
        What was told.
    objective : {"accuracy", "balanced accuracy", "macro-F1", "AUC"}
        What to be good at.
    by : {"record", "event"}
        What is told: each record, or each event by the records of it together.

    Returns
    -------
    Losses
        Its events in the order of their numbers.

    Raises
    ------
    PlanError
        When there is no such objective, or no class can be told from another.

    Examples
    --------
    >>> told = Outcomes.of_predictions(
    ...     [[[0, 0, 1, 0]]], 2, classes=[0, 0, 1, 1], events=[0, 1, 2, 3], folds=[0, 1, 0, 1]
    ... )
    >>> {name: float(paired_losses(told, name).quality()[0].round(3)) for name in OBJECTIVES}
    {'accuracy': 0.75, 'balanced accuracy': 0.75, 'macro-F1': 0.733, 'AUC': 0.75}
    """
    if objective not in OBJECTIVES or by not in get_args(Unit):
        raise PlanError(
            f"There is no objective {objective!r} by {by!r}; take one of {', '.join(OBJECTIVES)}, by record or event."
        )
    told = outcomes.by_event() if by == "event" else outcomes
    _, first, place = np.unique(told.events, return_index=True, return_inverse=True)
    member = np.zeros((place.size, first.size))
    member[np.arange(place.size), place] = 1.0
    counts = member.sum(axis=0)
    if objective == "accuracy":
        wrong = np.where(told.known, told.predictions != told.classes, np.nan)
        values = _sums(wrong, told.known, place) / counts
    else:
        values = np.full((*told.known.shape[:2], first.size), np.nan)
        _linearise(told, objective, member, values)
    return Losses(values=values, folds=told.folds[first], weights=counts)


def confusion(outcomes: Outcomes, by: Unit = "record") -> Array:
    """Return the confusion matrix of each cell, pooled over its folds and seeds.

    Parameters
    ----------
    outcomes : Outcomes
        What was told.
    by : {"record", "event"}
        What is counted.

    Returns
    -------
    ndarray of float, shape (cell, true class, predicted class)
        Counts.
    """
    told = outcomes.by_event() if by == "event" else outcomes
    return np.asarray(_counts(told, told.known).sum(axis=1))


def class_auc(outcomes: Outcomes, by: Unit = "record") -> Array:
    """Return the AUC of each class against all others, the mean of the trainings by their numbers of records.

    Parameters
    ----------
    outcomes : Outcomes
        What was told.
    by : {"record", "event"}
        What is told.

    Returns
    -------
    ndarray of float, shape (cell, class)
        NaN where a cell has no training in whose fold the class and another one occur.
    """
    told = outcomes.by_event() if by == "event" else outcomes
    class_count = told.probabilities.shape[3]
    total, weight = np.zeros((2, len(told.probabilities), class_count))
    for fold in range(int(told.folds.max()) + 1):
        here = told.folds == fold
        size = int(here.sum())
        there = told.known[:, :, here].all(axis=2)
        for each in range(class_count):
            positive = told.classes[here] == each
            if not positive.any() or positive.all():
                continue
            area, _ = _auc(np.nan_to_num(told.probabilities[:, :, here, each]), positive)
            total[:, each] += size * np.where(there, area, 0.0).sum(axis=1)
            weight[:, each] += size * there.sum(axis=1)
    mean: Array = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
    return mean


def _sums(values: Array, known: BoolArray, place: IntArray) -> Array:
    """Sum the records of each event, whose place each record has; NaN where nothing was told."""
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    sums = np.add.reduceat(np.where(known, values, 0.0)[..., order], starts, axis=-1)
    return np.where(np.logical_or.reduceat(known[..., order], starts, axis=-1), sums, np.nan)


def _linearise(told: Outcomes, objective: Objective, member: Array, values: Array) -> None:
    """Fill in the losses of an objective that is no mean over events."""
    counts = member.sum(axis=0)
    if objective == "AUC":
        folds = told.folds
        for fold in range(int(folds.max()) + 1):
            here = folds == fold
            quality, influence = _macro_auc(told.probabilities[:, :, here], told.classes[here])
            inside = member[here].any(axis=0)
            added = influence @ member[here][:, inside] * (here.sum() / counts[inside])
            values[:, :, inside] = 1 - quality[:, :, None] - added
        return
    # cells that told the same records are counted together
    patterns, which = np.unique(told.known.reshape(-1, told.known.shape[2]), axis=0, return_inverse=True)
    which = which.reshape(told.known.shape[:2])
    for number, known in enumerate(patterns):
        if not known.any():
            continue
        some = which == number
        counted = _counts(told, told.known)[some]
        quality, gradient = _balanced(counted) if objective == "balanced accuracy" else _macro_f1(counted)
        classes, predictions = told.classes[known], told.predictions[some][:, known]
        influence = gradient[np.arange(len(gradient))[:, None], classes, predictions]
        inside = member[known].any(axis=0)
        added = influence @ member[known][:, inside] * (known.sum() / counts[inside])
        filled = np.full((int(some.sum()), counts.size), np.nan)
        filled[:, inside] = 1 - quality[:, None] - added
        values[some] = filled


def _counts(told: Outcomes, known: BoolArray) -> Array:
    """Return the confusion matrix of each cell and seed."""
    classes = told.probabilities.shape[3]
    cells, seeds, records = known.shape
    place = (np.arange(cells * seeds)[:, None] * classes + told.classes) * classes
    place = place + np.maximum(told.predictions, 0).reshape(cells * seeds, records)
    flat = np.bincount(place[known.reshape(cells * seeds, records)], minlength=cells * seeds * classes**2)
    return flat.reshape(cells, seeds, classes, classes).astype(np.float64)


def _balanced(counts: Array) -> tuple[Array, Array]:
    """Return balanced accuracy and what one record more in each place of the confusion matrix adds to it."""
    size = counts.sum(axis=2)
    occurs = size > 0
    share = np.divide(np.diagonal(counts, axis1=1, axis2=2), size, out=np.zeros_like(size), where=occurs)
    number = occurs.sum(axis=1, keepdims=True)
    right = np.eye(counts.shape[1])[None] - share[:, :, None]
    gradient = right * np.divide(1.0, size * number, out=np.zeros_like(size), where=occurs)[:, :, None]
    return np.asarray(share.sum(axis=1) / number[:, 0]), gradient


def _macro_f1(counts: Array) -> tuple[Array, Array]:
    """Return macro-F1 and what one record more in each place of the confusion matrix adds to it."""
    hits = np.diagonal(counts, axis1=1, axis2=2)
    both = counts.sum(axis=1) + counts.sum(axis=2)
    occurs = both > 0
    share = np.divide(2 * hits, both, out=np.zeros_like(both), where=occurs)
    number = occurs.sum(axis=1, keepdims=True)
    one = np.divide(1.0, both * number, out=np.zeros_like(both), where=occurs)
    gradient = 2 * np.eye(counts.shape[1]) * one[:, :, None] - (share * one)[:, :, None] - (share * one)[:, None, :]
    return np.asarray(share.sum(axis=1) / number[:, 0]), gradient


def _macro_auc(probabilities: NDArray[np.floating], classes: IntArray) -> tuple[Array, Array]:
    """Return the AUC averaged over the classes of a fold, and each record's influence on it."""
    occurring = [each for each in np.unique(classes) if (classes != each).any()]
    if not occurring:
        raise PlanError("A fold has records of one class alone, so it has no AUC; take fewer folds or more events.")
    parts = [_auc(probabilities[..., each], classes == each) for each in occurring]
    quality = np.mean([area for area, _ in parts], axis=0)
    return quality, np.mean([influence for _, influence in parts], axis=0)


def _auc(scores: NDArray[np.floating], positive: BoolArray) -> tuple[Array, Array]:
    """Return the AUC over the last axis, ties counted half, and the influence of each record on it."""
    from scipy.stats import rankdata

    ahead, behind = int(positive.sum()), int((~positive).sum())
    ranks = rankdata(scores, axis=-1)
    above = (ranks[..., positive] - rankdata(scores[..., positive], axis=-1)) / behind
    below = 1 - (ranks[..., ~positive] - rankdata(scores[..., ~positive], axis=-1)) / ahead
    area = above.mean(axis=-1)
    influence = np.empty(scores.shape)
    influence[..., positive] = (above - area[..., None]) / ahead
    influence[..., ~positive] = (below - area[..., None]) / behind
    return area, np.where(np.isfinite(scores), influence, np.nan)
