"""When events happen: counts by weekday and hour, the hours that hold most of them, and whether hours matter at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.space import Floats

HOURS, DAYS = 24, 7
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: What is called most of the events.
MOST = 0.9
# the approximation of the test is good from so many on
_LEAST_TESTED = 10


class Span(NamedTuple):
    """Hours, or days, that follow each other round the clock, or the week.

    Attributes
    ----------
    first : int
        The first of them.
    length : int
        How many.
    share : float
        Which share of the events they hold.
    """

    first: int
    length: int
    share: float

    def holds(self, size: int) -> NDArray[np.bool_]:
        """Return which of so many hours or days are in it."""
        return np.asarray((np.arange(size) - self.first) % size < self.length)


@dataclass(frozen=True, kw_only=True, eq=False)
class Clock:
    """When events of some classes happen, in local time.

    Attributes
    ----------
    classes : tuple of str
        Those that have events.
    counts : ndarray of int, shape (class, weekday, hour)
        How many there are; Monday and the hour after midnight first.
    evenness : ndarray of float, shape (class,)
        How likely their hours are where none is preferred (`rayleigh`); NaN for fewer than ten events.
    """

    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    evenness: Floats

    @property
    def totals(self) -> NDArray[np.int64]:
        """How many events of each class there are."""
        return np.asarray(self.counts.sum(axis=(1, 2)))

    @property
    def shares(self) -> Floats:
        """The share of a class's events at each hour, shape (class, hour)."""
        return np.asarray(self.counts.sum(axis=1) / self.totals[:, None])

    def hours_of(self, classes: Sequence[str]) -> NDArray[np.int64]:
        """Return how many events of some classes together there are at each hour."""
        return np.asarray(self.counts[[name in classes for name in self.classes]].sum(axis=(0, 1)))

    def days_of(self, classes: Sequence[str]) -> NDArray[np.int64]:
        """Return how many events of some classes together there are on each weekday."""
        return np.asarray(self.counts[[name in classes for name in self.classes]].sum(axis=(0, 2)))


def clock(hours: ArrayLike, weekdays: ArrayLike, classes: Sequence[str]) -> Clock:
    """Return the clock of events.

    Parameters
    ----------
    hours : array_like of float, shape (n,)
        Local time of the day, 0 to 24 h.
    weekdays : array_like of int, shape (n,)
        0 for Monday to 6 for Sunday.
    classes : sequence of str, length n
        Their classes.

    Examples
    --------
    >>> made = clock([12.5, 13.0, 3.0], [0, 1, 6], ["quarry_blast", "quarry_blast", "earthquake"])
    >>> made.classes, made.totals.tolist(), int(made.counts[1, 0, 12])
    (('earthquake', 'quarry_blast'), [1, 2], 1)
    """
    times = np.asarray(hours, dtype=float) % HOURS
    days = np.asarray(weekdays, dtype=np.int64)
    names, numbers = np.unique(np.asarray(classes, dtype=str), return_inverse=True)
    counts = np.zeros((len(names), DAYS, HOURS), dtype=np.int64)
    np.add.at(counts, (numbers, days, times.astype(np.int64)), 1)
    return Clock(
        classes=tuple(map(str, names)),
        counts=counts,
        evenness=np.array([rayleigh(times[numbers == each]) for each in range(len(names))], dtype=float),
    )


def shortest_span(counts: ArrayLike, share: float = MOST) -> Span:
    """Return the fewest hours in a row that hold a share of the events, round midnight too; of equals the fullest.

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        At each hour, or on each day of the week.
    share : float
        What they hold at least.

    Raises
    ------
    ValueError
        When there is no event.

    Examples
    --------
    >>> counts = np.zeros(24)
    >>> counts[[22, 23, 0, 12]] = 4, 5, 9, 1
    >>> shortest_span(counts)
    Span(first=22, length=3, share=0.9473684210526315)
    """
    numbers = np.asarray(counts, dtype=float)
    total = numbers.sum()
    if not total:
        raise ValueError("No event is counted, so no hours hold most of them; count some first.")
    size = len(numbers)
    before = np.r_[0.0, np.cumsum(np.tile(numbers, 2))]
    for length in range(1, size + 1):
        held = before[length : length + size] - before[:size]
        # the sums of whole numbers are exact, the product may not be
        if held.max() >= share * total - 1e-9:
            break
    return Span(first=int(held.argmax()), length=length, share=float(held.max() / total))


def hours_words(first: int, length: int) -> str:
    """Return hours in a row in words.

    Examples
    --------
    >>> hours_words(22, 3), hours_words(0, 24)
    ('between 22 and 1 h', 'at any hour')
    """
    return "at any hour" if length == HOURS else f"between {first} and {(first + length) % HOURS} h"


def rayleigh(hours: ArrayLike) -> float:
    """Return how likely times of the day are that point so much to one side, where no hour is preferred.

    Rayleigh's test (Mardia and Jupp, 2000, Directional Statistics, doi 10.1002/9780470316979), its probability by the
    approximation of Wilkie (1983, doi 10.2307/2347954). It takes the events to be independent, which a swarm's or a
    great earthquake's aftershocks are not, and it does not see two preferred hours that lie opposite each other.

    Parameters
    ----------
    hours : array_like of float, shape (n,)
        Times of the day [h].

    Returns
    -------
    float
        NaN for fewer than ten events.

    Examples
    --------
    >>> round(rayleigh(np.arange(24)), 2), rayleigh([12, 13] * 20) < 1e-6, rayleigh([12])
    (1.0, True, nan)
    """
    angles = 2 * np.pi * np.asarray(hours, dtype=float) / HOURS
    count = len(angles)
    if count < _LEAST_TESTED:
        return float("nan")
    resultant = float(np.hypot(np.cos(angles).sum(), np.sin(angles).sum()))
    inside = 1 + 4 * count + 4 * (count**2 - resultant**2)
    return float(min(1.0, np.exp(np.sqrt(inside) - (1 + 2 * count))))
