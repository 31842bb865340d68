"""The rates at which classes come where a network is used, as a person gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array

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
