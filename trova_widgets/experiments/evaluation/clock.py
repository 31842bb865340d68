"""How far the hour, the weekday and the place of an event speak against its label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice.losses import Array, IntArray

HOURS, DAYS = 24, 7
NOWHERE, UNKNOWN = -1, -2
#: Monday to Friday, Saturday, Sunday: quarries rest on the last, and on the one before in many countries.
KINDS_OF_DAY = np.array([0, 0, 0, 0, 0, 1, 2])
#: The hour and the weekday are likelier by this factor, twenty, among events of other classes; as a logarithm. Whatever
#: the classes' clocks are like, of rightly labelled events at most one in twenty comes so far by chance (Royall, 2000,
#: doi 10.1080/01621459.2000.10474264).
CONTRADICTED = float(np.log10(20.0))

# what is taken for known of a class before any of its events: half an event for each hour, half a week for the days
_OF_HOURS, _OF_DAYS, _OF_PLACES = 0.5 * HOURS, 0.5 * DAYS, 1.0
# and two events for the quarries that it has, shared out as those of all classes are
_OF_SITES = 2.0
_DAYS_OF_A_KIND = np.bincount(KINDS_OF_DAY)
# a class of fewer other events has no clock that a label could contradict
_LEAST = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class ClockEvidence:
    """What the clock and the quarries say of each label.

    Attributes
    ----------
    against : ndarray of float, shape (event,)
        Logarithm to base 10 of how many times likelier the hour, the weekday and the place are among events of other
        classes than among the others of its own; NaN where there are too few to say.
    rival : ndarray of int, shape (event,)
        The likeliest other class.
    by_time, by_place : ndarray of float, shape (event,)
        The same logarithm for the rival alone, in its two parts.
    """

    against: Array
    rival: IntArray
    by_time: Array
    by_place: Array


def clock_evidence(
    hours: IntArray, weekdays: IntArray, sites: IntArray, classes: IntArray, number: int
) -> ClockEvidence:
    """Return how far the clock and the quarries speak against each label.

    For a class, the hour, the kind of the day (Monday to Friday, Saturday, Sunday), whether a quarry is near, and which
    one, are taken to be independent, and each is told by the counts of the *other* events of that class, so that no
    event vouches for itself: the counts are smoothed by a Dirichlet distribution, and an hour's also by those beside it
    (1/4, 1/2, 1/4). The other classes count by how many events they have; how many the own class has does not count,
    as that says nothing of this event.

    Parameters
    ----------
    hours : ndarray of int, shape (event,)
        Local hours, 0 to 23.
    weekdays : ndarray of int, shape (event,)
        0 for Monday to 6 for Sunday.
    sites : ndarray of int, shape (event,)
        The number of the quarry that is near, `NOWHERE` where none is, `UNKNOWN` where nobody knows.
    classes : ndarray of int, shape (event,)
        The labels.
    number : int
        How many classes there are.

    Returns
    -------
    ClockEvidence

    Examples
    --------
    Twenty blasts at noon, an earthquake at each hour from 0 to 19, and a blast at three at night, which is three times
    likelier among the earthquakes, smoothed as they are:

    >>> hours = np.r_[np.full(20, 12), np.arange(20), 3]
    >>> classes = np.r_[np.zeros(20, int), np.ones(20, int), 0]
    >>> found = clock_evidence(hours, np.zeros(41, int), np.full(41, UNKNOWN), classes, 2)
    >>> round(10 ** float(found.against[40]), 6), int(found.rival[40])
    (3.0, 1)
    """
    days = KINDS_OF_DAY[weekdays]
    own = np.equal.outer(classes, np.arange(number))
    others = np.bincount(classes, minlength=number) - own
    by_hour = _counts(classes, hours, number, HOURS)
    by_hour = by_hour / 2 + (np.roll(by_hour, 1, axis=1) + np.roll(by_hour, -1, axis=1)) / 4
    hour = (by_hour[:, hours].T - own / 2 + _OF_HOURS / HOURS) / (others + _OF_HOURS)
    expected = _OF_DAYS / DAYS * _DAYS_OF_A_KIND
    day = (_counts(classes, days, number, len(expected))[:, days].T - own + expected[days, None]) / (others + _OF_DAYS)
    place = _places(sites, classes, number, own)
    told = np.log10(hour) + np.log10(day) + np.log10(place)
    weighted = np.where(own, 0.0, others) * 10.0**told
    rest = np.where(own, 0, others).sum(axis=1)
    places = np.arange(len(classes))
    enough = (others[places, classes] >= _LEAST) & (rest >= _LEAST)
    against = np.full(len(classes), np.nan)
    against[enough] = np.log10(weighted.sum(axis=1)[enough] / rest[enough]) - told[places, classes][enough]
    rival = np.where(own, -1.0, weighted).argmax(axis=1)

    def of_rival(shares: Array) -> Array:
        return np.asarray(np.log10(shares[places, rival]) - np.log10(shares[places, classes]))

    return ClockEvidence(
        against=against, rival=rival.astype(np.int64), by_time=of_rival(hour * day), by_place=of_rival(place)
    )


def _places(sites: IntArray, classes: IntArray, number: int, own: NDArray[np.bool_]) -> Array:
    """Return how likely the place of each event is for each class, as far as quarries tell it."""
    place = np.ones(own.shape)
    known, near = sites != UNKNOWN, sites >= 0
    if known.any():
        here = own[known]
        count = _counts(classes[known], near[known].astype(np.int64), number, 2)
        others = count.sum(axis=1) - here
        there = count[:, near[known].astype(np.int64)].T
        place[known] = (there - here + _OF_PLACES / 2) / (others + _OF_PLACES)
    if near.any():
        here, at = own[near], sites[near]
        count = _counts(classes[near], at, number, int(at.max()) + 1)
        # a quarry without other events says no more than that one is near
        share = (count.sum(axis=0)[at] - 0.5) / (len(at) - 0.5)
        place[near] *= (count[:, at].T - here + _OF_SITES * share[:, None]) / (count.sum(axis=1) - here + _OF_SITES)
    return place


def _counts(classes: IntArray, values: IntArray, number: int, kinds: int) -> NDArray[np.float64]:
    """Return how many events of each class have each value, shape (class, value)."""
    found = np.bincount(classes * kinds + values, minlength=number * kinds)
    return found.reshape(number, kinds).astype(np.float64)
