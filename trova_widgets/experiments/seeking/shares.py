"""What an experiment may cost, and how it is made to: fewer seeds, then a coarser step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.space import Value, format_values, short_name

_FEWEST_VALUES = 2


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """An experiment as large as its share allows.

    Attributes
    ----------
    axes : mapping of str to tuple
        What it varies.
    seeds : int
        How often each cell is trained on each fold.
    cost : float
        What all of its trainings cost, in the unit of the share.
    fits : bool
        Whether that is within the share; a grid of two values a setting may still be too much.
    told : str
        What was made coarser, a sentence; empty where nothing was.
    """

    axes: Mapping[str, tuple[Value, ...]]
    seeds: int
    cost: float
    fits: bool
    told: str


def fair_share(left: float, wanted: Sequence[float]) -> float:
    """Return what the first of some experiments may cost, when all are treated alike.

    What an experiment does not want is left to the others (max-min fairness).

    Parameters
    ----------
    left : float
        What there is, in any unit.
    wanted : sequence of float
        What each would cost whole, the next one first.

    Examples
    --------
    >>> fair_share(100, [90, 20, 200]), fair_share(100, [10, 20, 200]), fair_share(500, [90, 20, 200])
    (40.0, 10.0, 90.0)
    """
    rest, waiting = float(left), sorted(wanted)
    while waiting and waiting[0] <= rest / len(waiting):
        rest -= waiting.pop(0)
    return min(float(wanted[0]), rest / len(waiting)) if waiting else float(wanted[0])


def fitted(
    axes: Mapping[str, tuple[Value, ...]],
    costs: NDArray[np.float64],
    seeds: int,
    share: float,
    present: Mapping[str, Value],
) -> Fitted:
    """Make an experiment fit its share.

    First the seeds become fewer, since a seed costs a whole grid; then the longest axis gets a coarser step, again and
    again. A coarser axis holds the value that the setting has so far, where the finer one did.

    Parameters
    ----------
    axes : mapping of str to tuple
        What it varies.
    costs : ndarray of float, shape (n1, ..., nk)
        What the trainings of each cell cost with one seed, over all folds; 0 where it cannot be built.
    seeds : int
        How often each cell is to be trained on each fold.
    share : float
        What it may cost.
    present : mapping
        The value of each varied setting so far.

    Examples
    --------
    >>> made = fitted({"size": (1, 2, 3, 4, 5, 6), "kind": ("a", "b")}, np.ones((6, 2)), 3, 6.0, {"size": 2})
    >>> made.axes, made.seeds, made.cost, made.fits
    ({'size': (2, 4, 6), 'kind': ('a', 'b')}, 1, 6.0, True)
    """
    names, steps = list(axes), dict.fromkeys(axes, 1)
    places = {name: np.arange(len(axes[name])) for name in names}

    def cost(count: int) -> float:
        return count * float(costs[np.ix_(*places.values())].sum()) if names else count * float(costs.sum())

    count = seeds
    while count > 1 and cost(count) > share:
        count -= 1
    while cost(count) > share:
        longest = [name for name in names if len(places[name]) > _FEWEST_VALUES and not _has_words(axes[name])]
        if not longest:
            break
        name = max(longest, key=lambda each: len(places[each]))
        before = len(places[name])
        while len(places[name]) >= before:
            steps[name] += 1
            places[name] = _every(axes[name], steps[name], present.get(name))
    coarser = {name: tuple(axes[name][place] for place in places[name]) for name in names}
    told = [f"{count} of {seeds} seeds"] if count < seeds else []
    told += [f"{short_name(name)} {format_values(coarser[name])}" for name in names if coarser[name] != axes[name]]
    total = cost(count)
    return Fitted(
        axes=coarser,
        seeds=count,
        cost=total,
        fits=total <= share,
        told=f"Made coarser to fit the budget: {', '.join(told)}." if told else "",
    )


def _every(values: Sequence[Value], step: int, present: Value | None) -> NDArray[np.int64]:
    """Return the places of every so many values, two at least, that of the present one among them if it is there."""
    start = values.index(present) % step if present in values else 0
    places = np.arange(start, len(values), step)
    if len(places) < _FEWEST_VALUES:
        other = len(values) - 1 if start < len(values) / 2 else 0
        places = np.sort(np.array([start, other]))
    return places


def _has_words(values: Sequence[Value]) -> bool:
    return any(isinstance(value, str) for value in values)
