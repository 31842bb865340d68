"""How sure a share is that was counted over records of events: Wilson's interval, with what the events leave of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array

_CONFIDENCE = 0.95


def share_intervals(
    part: ArrayLike, whole: ArrayLike, repeats: ArrayLike = 1.0, confidence: float = _CONFIDENCE
) -> tuple[Array, Array]:
    """Return the intervals of shares that are counted over whole events.

    The score interval (Wilson 1927, doi 10.1080/01621459.1927.10502953) of as many independent counts as the spread
    between events leaves (the effective sample size of Korn and Graubard 1998). Stations of one event are wrong
    together, so these are fewer than the records; where all events agree, each counts once. Unlike a bootstrap it has a
    width where a share is nought or one.

    Parameters
    ----------
    part : array_like of float, shape (event, ...)
        How often each event was counted.
    whole : array_like of float, shape (event, ...)
        Out of how often; 0 where an event has nothing to do with the share.
    repeats : array_like of float
        How often the same thing was told, by trainings of several seeds: these are not independent counts.
    confidence : float
        How sure each interval is to be, between 0 and 1.

    Returns
    -------
    (ndarray, ndarray), shape (...)
        Lower and upper ends, from 0 to 1; NaN where there is nothing to count, and all of 0 to 1 for one event alone.

    Raises
    ------
    PlanError
        When the confidence is no share.

    Examples
    --------
    >>> low, high = share_intervals(np.zeros(9), np.ones(9))
    >>> round(float(low), 2), round(float(high), 2)
    (0.0, 0.37)
    """
    # and not scipy.stats, which is slow to load and large
    from scipy.special import ndtri, stdtrit

    if not 0 < confidence < 1:
        raise PlanError(f"A confidence of {confidence} is none; take a share between 0 and 1, such as 0.95.")
    counted, told = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    total, events = told.sum(axis=0), (told > 0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = counted.sum(axis=0) / total
        apart = ((counted - share * told) ** 2).sum(axis=0)
        variance = apart / total**2 * events / (events - 1)
        size = np.where(variance > 1e-15, share * (1 - share) / variance, events)
        size = np.minimum(size, total / repeats)
        reach = ndtri((1 + confidence) / 2)
        # the spread itself is known from a few events only
        size = size * (reach / stdtrit(np.maximum(events - 1, 1), (1 + confidence) / 2)) ** 2
        middle = share + reach**2 / (2 * size)
        half = reach * np.sqrt(share * (1 - share) / size + reach**2 / (4 * size**2))
        low, high = (middle - half) / (1 + reach**2 / size), (middle + half) / (1 + reach**2 / size)
    alone = events == 1
    low, high = np.where(alone, 0.0, np.clip(low, 0, 1)), np.where(alone, 1.0, np.clip(high, 0, 1))
    nothing = events == 0
    return np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)
