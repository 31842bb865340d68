"""Could it be chance: how well the same answers do where the events' classes are dealt at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trova_widgets.experiments.choice.losses import IntArray


@dataclass(frozen=True, kw_only=True)
class Chance:
    """What the answers reach by chance.

    Attributes
    ----------
    accuracy : float
        What they reach.
    mean, highest : float
        What they reach with the classes of the events permuted: on average, and at most.
    probability : float
        Of reaching as much by chance, from above (Phipson and Smyth, 2010, doi 10.2202/1544-6115.1585).
    draws : int
        How often the classes were permuted.
    """

    accuracy: float
    mean: float
    highest: float
    probability: float
    draws: int


def chance(told: IntArray, classes: IntArray, events: IntArray, draws: int = 1000, seed: int = 0) -> Chance:
    """Permute the classes of whole events under the answers.

    Parameters
    ----------
    told, classes : ndarray of int, shape (record,)
        The class that was told, and the true one.
    events : ndarray, shape (record,)
    draws, seed : int
        Of the permutations.

    Examples
    --------
    >>> truth = np.repeat([0, 1], 20)
    >>> found = chance(truth, truth, np.arange(40))
    >>> found.accuracy, found.probability < 0.01
    (1.0, True)
    """
    _, first, place = np.unique(events, return_index=True, return_inverse=True)
    of_event = classes[first]
    rng = np.random.default_rng(seed)
    by_chance = np.array([(told == rng.permutation(of_event)[place]).mean() for _ in range(draws)])
    accuracy = float((told == classes).mean())
    return Chance(
        accuracy=accuracy,
        mean=float(by_chance.mean()),
        highest=float(by_chance.max()),
        probability=float((1 + (by_chance >= accuracy).sum()) / (draws + 1)),
        draws=draws,
    )
