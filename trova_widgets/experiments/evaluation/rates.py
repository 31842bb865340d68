"""The rates at which classes come where a network is used, as a person gives them, and what is told right there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array, IntArray
from trova_widgets.experiments.evaluation.calibration import tempered_out_of_fold, with_prior
from trova_widgets.experiments.evaluation.figures import Figures, by_event, figures
from trova_widgets.experiments.splits import choose_variants

# thirds with two digits add up to 0.99
_ROUNDING = 0.011


def checked_rates(rates: Mapping[str, float], classes: Sequence[str]) -> Array:
    """Return a person's own rates of classes in the order of the classes, adding up to 1.

    What rounding leaves of 1 is made up for. Rates that add up to something else are refused rather than scaled: they
    are likelier a slip than counts.

    Parameters
    ----------
    rates : mapping of str to float
        The share of each class; a class that never comes has 0.
    classes : sequence of str
        All classes that are told.

    Returns
    -------
    ndarray of float, shape (class,)

    Raises
    ------
    PlanError
        When a class is unknown or missing, a rate is no share, or they do not add up to 1.

    Examples
    --------
    >>> checked_rates({"quarry_blast": 0.1, "earthquake": 0.9}, ("earthquake", "quarry_blast")).tolist()
    [0.9, 0.1]
    """
    told = ", ".join(classes)
    unknown = [name for name in rates if name not in classes]
    if unknown:
        raise PlanError(f"{', '.join(unknown)} is no class that is told here; these are {told}.")
    missing = [name for name in classes if name not in rates]
    if missing:
        raise PlanError(f"No rate of {', '.join(missing)}; give one for each of {told}, 0 if it never comes.")
    found = np.array([rates[name] for name in classes], dtype=np.float64)
    wrong = [f"{name}={rates[name]:g}" for name, rate in zip(classes, found, strict=True) if not 0 <= rate < np.inf]
    if wrong:
        raise PlanError(f"{', '.join(wrong)} is no rate; give a share between 0 and 1.")
    total = float(found.sum())
    if total == 0:
        raise PlanError(f"The rates of {told} are all 0; give at least one of more.")
    if abs(total - 1) > _ROUNDING:
        shares = " ".join(f"{name}={rate / total:.3g}" for name, rate in zip(classes, found, strict=True))
        raise PlanError(f"The rates add up to {total:g} and not to 1; as shares of that they are: {shares}")
    return np.asarray(found / total)


def trained_rates(classes: IntArray, variants: Sequence[int], augmentation: str, seed: int, count: int) -> Array:
    """Return at what rates a training saw the classes: levelled ones come alike, whatever the records are.

    Parameters
    ----------
    classes : ndarray of int, shape (record,)
        Of the records that it learnt from.
    variants : sequence of int
        Which each of them has.
    augmentation, seed
        As of `trova_widgets.experiments.choose_variants`.
    count : int
        How many classes are told.

    Returns
    -------
    ndarray of float, shape (class,)

    Examples
    --------
    >>> trained_rates(np.array([0, 0, 0, 1]), (-1, 0, 1), "all", 0, 2).tolist()
    [0.75, 0.25]
    """
    records = np.repeat(np.arange(classes.size), len(variants))
    of_each = np.repeat(classes, len(variants))
    chosen = choose_variants(records, of_each, np.tile(np.asarray(variants), classes.size), augmentation, seed)
    seen = np.bincount(of_each[chosen], minlength=count).astype(np.float64)
    return np.asarray(seen / seen.sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class Rated:
    """What is told right where the classes come at given rates.

    Attributes
    ----------
    classes : tuple of str
    rates : ndarray of float, shape (class,)
        They add up to 1.
    by_record, by_event : Figures
        With the probabilities moved from the rates of the training to these, and each class counted at its rate.
    as_told : Figures
        By record, with the probabilities as they are, which are those of the training's rates.
    """

    classes: tuple[str, ...]
    rates: Array
    by_record: Figures
    by_event: Figures
    as_told: Figures

    @property
    def words(self) -> str:
        """The rates as a person reads them."""
        return ", ".join(f"{name} {100 * rate:.3g} %" for name, rate in zip(self.classes, self.rates, strict=True))


def at_rates(
    probabilities: Array,
    classes: IntArray,
    events: IntArray,
    folds: IntArray,
    *,
    trained: Array,
    names: Sequence[str],
    rates: Array,
) -> Rated:
    """Return what is told right where the classes come at other rates than among the records.

    Within a class the records stand for those that will come (Saerens, Latinne and Decaestecker, 2002, doi
    10.1162/089976602753284446): what differs is how often it comes. Probabilities are tempered by the other folds, as
    they are moved by how sure they are; then they are moved to the rates, and each class is counted at its rate. Those
    of an event are tempered and moved once, after its records are combined.

    Parameters
    ----------
    probabilities : ndarray of float, shape (seed, record, class)
        Told by networks that never saw the events.
    classes, events, folds : ndarray of int, shape (record,)
        The truth, the event and the fold of each record.
    trained : ndarray of float, shape (record, class)
        The rates at which whoever told each record has seen the classes in training.
    names : sequence of str
        What the classes are called.
    rates : ndarray of float, shape (class,)
        Where they come so often, as `checked_rates` returns them.

    Examples
    --------
    >>> told = np.tile([[0.7, 0.3], [0.6, 0.4], [0.2, 0.8], [0.4, 0.6]], (1, 2, 1))
    >>> classes, folds = np.tile([0, 0, 1, 0], 2), np.repeat([0, 1], 4)
    >>> seen, rates = np.full((8, 2), 0.5), np.array([0.9, 0.1])
    >>> found = at_rates(told, classes, np.arange(8), folds, trained=seen, names="ab", rates=rates)
    >>> round(found.as_told.accuracy.value, 2), round(found.by_record.accuracy.value, 2)
    (0.7, 1.0)
    """
    of_events, class_of_event, numbers = by_event(probabilities, classes, events)
    _, first = np.unique(events, return_index=True)
    moved = with_prior(_tempered(probabilities, classes, folds), trained, rates)
    moved_events = with_prior(_tempered(of_events, class_of_event, folds[first]), trained[first], rates)
    return Rated(
        classes=tuple(names),
        rates=rates,
        by_record=figures(moved, classes, events, rates=rates),
        by_event=figures(moved_events, class_of_event, numbers, rates=rates),
        as_told=figures(probabilities, classes, events, rates=rates),
    )


def _tempered(probabilities: Array, classes: IntArray, folds: IntArray) -> Array:
    """Return the probabilities of all seeds, tempered by the other folds."""
    seeds = len(probabilities)
    flat = probabilities.reshape(-1, probabilities.shape[2])
    scaled, _ = tempered_out_of_fold(flat, np.tile(classes, seeds), np.tile(folds, seeds))
    return scaled.reshape(probabilities.shape)
