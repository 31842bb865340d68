"""How far a probability can be taken at its word: reliability, expected calibration error, temperature, a prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array, IntArray

_BINS = 10
# that a logarithm of nothing is no infinity
_LEAST = 1e-6
_TEMPERATURES = np.geomspace(0.2, 10, 160)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reliability:
    """How often what was told with some confidence was right.

    Attributes
    ----------
    confidence, accuracy : ndarray of float, shape (bin,)
        Mean confidence of each bin, and the share that was right.
    count : ndarray of int, shape (bin,)
        How many were told so.
    error : float
        The expected calibration error: the mean distance of the two, by count (Guo et al., 2017, arXiv 1706.04599).
    """

    confidence: Array
    accuracy: Array
    count: IntArray
    error: float


def reliability(probabilities: Array, classes: IntArray, bins: int = _BINS) -> Reliability:
    """Return how reliable the confidence of the class that was told is, in bins of equal count.

    Parameters
    ----------
    probabilities : ndarray of float, shape (record, class)
    classes : ndarray of int, shape (record,)
    bins : int
        How many.

    Examples
    --------
    >>> told = np.tile([0.8, 0.2], (10, 1))
    >>> round(reliability(told, np.repeat([0, 1], [8, 2]), bins=1).error, 3)
    0.0
    """
    surest = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == classes
    parts = [part for part in np.array_split(np.argsort(surest, kind="stable"), bins) if part.size]
    confidence, accuracy = (np.array([each[part].mean() for part in parts]) for each in (surest, right))
    count = np.array([part.size for part in parts], dtype=np.int64)
    error = float((np.abs(confidence - accuracy) * count).sum() / count.sum())
    return Reliability(confidence=confidence, accuracy=accuracy, count=count, error=error)


def tempered(probabilities: Array, temperature: float) -> Array:
    """Return probabilities made less sure (a temperature above 1) or surer (below 1), of any leading shape.

    Examples
    --------
    >>> tempered(np.array([0.8, 0.2]), 2.0).round(3).tolist()
    [0.667, 0.333]
    """
    if not temperature > 0:
        raise PlanError(f"The temperature is {temperature:g}; it must be more than 0, and 1 changes nothing.")
    logits = np.log(np.maximum(probabilities, _LEAST)) / temperature
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def fit_temperature(probabilities: Array, classes: IntArray) -> float:
    """Return the temperature with the lowest cross-entropy (Guo et al., 2017, arXiv 1706.04599).

    Parameters
    ----------
    probabilities : ndarray of float, shape (record, class)
        Told by networks that never saw the records.
    classes : ndarray of int, shape (record,)

    Examples
    --------
    >>> told = np.tile([0.99, 0.01], (10, 1))
    >>> fit_temperature(told, np.repeat([0, 1], [8, 2])) > 2
    True
    """
    places = np.arange(len(classes))
    losses = [-np.log(tempered(probabilities, each)[places, classes]).mean() for each in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def tempered_out_of_fold(probabilities: Array, classes: IntArray, folds: IntArray) -> tuple[Array, float]:
    """Temper the probabilities of each fold by the temperature that the other folds ask for.

    Parameters
    ----------
    probabilities : ndarray of float, shape (record, class)
    classes, folds : ndarray of int, shape (record,)

    Returns
    -------
    (ndarray of float, float)
        The probabilities, and the temperature that all folds together ask for: the one to use on new records.
    """
    scaled = np.empty_like(probabilities)
    for fold in np.unique(folds):
        here = folds == fold
        scaled[here] = tempered(probabilities[here], fit_temperature(probabilities[~here], classes[~here]))
    return scaled, fit_temperature(probabilities, classes)


def with_prior(probabilities: Array, trained: Array, wanted: Array) -> Array:
    """Return probabilities for other rates of the classes than those that the networks were trained with.

    Parameters
    ----------
    probabilities : ndarray of float, shape (..., class)
    trained : ndarray of float, shape (class,), or (..., class) where they were not told by one network
        The rates in training; they are made to add up to 1.
    wanted : ndarray of float, shape (class,)
        The rates where the network is used, likewise.

    References
    ----------
    Saerens, Latinne and Decaestecker (2002), doi 10.1162/089976602753284446.

    Examples
    --------
    >>> with_prior(np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.array([0.9, 0.1])).round(2).tolist()
    [0.9, 0.1]
    """
    trained, wanted = (np.asarray(each, dtype=np.float64) for each in (trained, wanted))
    classes = probabilities.shape[-1:]
    if trained.shape[-1:] != classes or wanted.shape != classes or (trained <= 0).any() or (wanted < 0).any():
        raise PlanError(
            f"The rates {wanted.tolist()} do not fit {classes[0]} classes; give one rate of 0 or more for each."
        )
    if not wanted.sum() > 0:
        raise PlanError("The rates of the classes are all 0; give at least one of more.")
    shares = probabilities * (wanted / wanted.sum() / (trained / trained.sum(axis=-1, keepdims=True)))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, kw_only=True, eq=False)
class Abstaining:
    """What is right of those that are told, if the least sure ones are left to a person.

    Attributes
    ----------
    coverage : ndarray of float, shape (n,)
        Share that is told, rising.
    accuracy : ndarray of float, shape (n,)
        Share of these that is right.
    confidence : ndarray of float, shape (n,)
        The confidence from which on is told.
    """

    coverage: Array
    accuracy: Array
    confidence: Array

    def at(self, coverage: float) -> float:
        """Return the accuracy when this share is told."""
        return float(self.accuracy[min(int(np.searchsorted(self.coverage, coverage)), len(self.coverage) - 1)])


def abstaining(probabilities: Array, classes: IntArray) -> Abstaining:
    """Return accuracy against coverage, the surest first.

    Examples
    --------
    >>> told = abstaining(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([0, 1]))
    >>> told.coverage.tolist(), told.accuracy.tolist(), told.at(0.5)
    ([0.5, 1.0], [1.0, 0.5], 1.0)
    """
    surest = probabilities.max(axis=1)
    order = np.argsort(-surest, kind="stable")
    right = (probabilities.argmax(axis=1) == classes)[order]
    told = np.arange(1, order.size + 1)
    return Abstaining(
        coverage=told / order.size, accuracy=np.cumsum(right) / told, confidence=np.asarray(surest[order])
    )
