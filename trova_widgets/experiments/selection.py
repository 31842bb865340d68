"""Choosing among trials: how sure an accuracy is, and which one is the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.objectives import gradient, largest_step, quality_grid
from trova_widgets.networks import Value

if TYPE_CHECKING:
    import pandas as pd

_ROUNDING = 1e-9


def wilson_interval(accuracy: float, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval in which the true accuracy lies (Wilson 1927, doi 10.1080/01621459.1927.10502953).

    Parameters
    ----------
    accuracy : float
        Share of right answers, 0 to 1.
    count : int
        Records that it was measured on.
    confidence : float
        How sure the interval is to be, between 0 and 1.

    Returns
    -------
    (float, float)
        Lower and upper end.

    Examples
    --------
    >>> [round(end, 3) for end in wilson_interval(0.948, 172)]
    [0.904, 0.972]
    """
    if count < 1 or not 0 <= accuracy <= 1 or not 0 < confidence < 1:
        raise PlanError(
            f"There is no interval for an accuracy of {accuracy} on {count} records at a confidence of {confidence}; "
            "the accuracy lies from 0 to 1, the confidence between them, and there is at least one record."
        )
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    middle = (accuracy + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * sqrt(accuracy * (1 - accuracy) / count + (z / (2 * count)) ** 2)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def best_trial(
    trials: pd.DataFrame, axes: Mapping[str, Sequence[Value]] | Sequence[str], validation_count: int | None = None
) -> pd.Series:
    """Return the best trial: high quality, low gradient, and the lighter network where they do not decide.

    The mean quality over the seeds decides. Cells within one standard error of the highest count as equally good
    (the rule of Breiman et al. 1984, Classification and Regression Trees), since a difference of a record or two
    is luck; among them the lowest gradient wins, and then the fewest parameters. A spike between two equal
    neighbours has no gradient, and is the opposite of stable: where the largest step to a direct neighbour is
    more than the gradient, it counts instead.

    Parameters
    ----------
    trials : DataFrame
        A row a trial: a column for each axis, ``state``, ``quality``, ``seed``, ``parameter_count``.
    axes : mapping or sequence
        As of `quality_grid`.
    validation_count : int, optional
        Records that the quality is measured on; without it only exact ties count as equally good.

    Returns
    -------
    Series
        The row of the winning cell's trial of the highest quality, with ``mean_quality`` and ``cell_gradient``.

    Raises
    ------
    PlanError
        When no trial has finished.

    Examples
    --------
    >>> import pandas as pd
    >>> trials = pd.DataFrame({"size": [1, 2, 3], "seed": 0, "state": "finished", "parameter_count": 9,
    ...                        "quality": [0.9, 0.5, 0.91]})
    >>> int(best_trial(trials, ["size"])["size"]), int(best_trial(trials, ["size"], validation_count=50)["size"])
    (3, 1)
    """
    grid = quality_grid(trials, axes)
    if not np.isfinite(grid.mean).any():
        raise PlanError("No trial has finished yet, so there is no best one; run the experiment first.")
    highest = float(np.nanmax(grid.mean))
    slack = 0.0 if validation_count is None else sqrt(highest * (1 - highest) / validation_count)
    finished = trials[(trials["state"] == "finished") & trials["quality"].notna()].copy()
    places = [grid.place(cell) for cell in finished[list(grid.names)].to_dict("records")]
    index = tuple(np.array(places, dtype=int).reshape(len(places), grid.mean.ndim).T)
    finished["mean_quality"] = grid.mean[index]
    steep = gradient(grid)
    finished["cell_gradient"] = steep[index]
    finished["_steepness"] = np.fmax(steep, largest_step(grid))[index]
    good = finished[finished["mean_quality"] >= highest - slack - _ROUNDING].copy()
    # Rounded, so that equal gradients reached by different sums are equal.
    good["_steepness"] = good["_steepness"].fillna(np.inf).round(9)
    ranked = good.sort_values(
        ["_steepness", "parameter_count", "mean_quality", "quality", "seed"],
        ascending=[True, True, False, False, True],
        kind="stable",
    )
    return ranked.drop(columns="_steepness").iloc[0]
