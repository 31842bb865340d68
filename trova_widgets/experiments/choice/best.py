"""The one best cell of an experiment, by a rule that is told: everything that wants a best one asks here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.space import Grid, Value

if TYPE_CHECKING:
    import pandas as pd

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Best:
    """The best cell, and the trial that stands for it.

    Attributes
    ----------
    place : tuple of int
        Where it lies in the grid.
    cell : mapping
        The varied settings' values.
    trial_id : str
        Its trial of the first seed and fold: taking the luckiest one would quote luck.
    quality, deviation : float
        Pooled over its trials, and their standard deviation (NaN of one trial).
    repeats : int
        How many trials that is.
    gradient : float
        How steeply the quality changes around it; NaN without neighbours.
    holdout : float
        The mean accuracy on the hold-out, on which nothing was chosen; NaN without one.
    equal : int
        How many cells count as equally good, itself among them.
    slack : float
        By how much less than the highest they may be.
    """

    place: tuple[int, ...]
    cell: Mapping[str, Value]
    trial_id: str
    quality: float
    deviation: float
    repeats: int
    gradient: float
    holdout: float
    equal: int
    slack: float


def best_cell(
    grid: Grid,
    places: NDArray[np.int64],
    trials: pd.DataFrame,
    measured_on: int | None = None,
    *,
    margin: float | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Best:
    """Return the best cell: high quality, low gradient, and the lighter network where they do not decide.

    The quality pooled over the repeats decides. Where the folds have told which cells can be told from the best
    (`among`), those of the rest within a margin that does not matter count as equally good. To take the flattest of
    all that cannot be told apart would cost more than it gains: on simulated landscapes 2 to 5 points, against half a
    point so (``python -m tests.benchmarks.choice --rules``). Without folds, cells within one standard error of the
    highest count as equally good (the rule of Breiman et al. 1984, Classification and Regression Trees), since a
    difference of a record or two is luck. Among them the lowest gradient wins, then the fewest parameters, then the
    quality. The gradient knows the largest step to a neighbour, so that a spike between two equal ones is not taken for
    stable.

    Parameters
    ----------
    grid : Grid
        The quality.
    places : ndarray of int, shape (trials, k)
        Where each trial stands in it.
    trials : DataFrame
        A row a trial: ``trial_id``, ``state``, ``quality``, ``seed``, ``parameter_count``, ``holdout``, and ``fold``
        where there are some.
    measured_on : int, optional
        Records that the quality is measured on; without it only exact ties count as equally good.
    margin : float, optional
        How much less than the highest is as good, as a share, in place of a standard error.
    among : ndarray of bool, shape (n1, ..., nk), optional
        The cells that compete; all that have a result, if left out.

    Returns
    -------
    Best

    Raises
    ------
    PlanError
        When no trial has finished.

    Examples
    --------
    >>> import pandas as pd
    >>> trials = pd.DataFrame({"trial_id": ["a", "b", "c"], "seed": 0, "state": "finished", "parameter_count": 9,
    ...                        "quality": [0.9, 0.5, 0.91], "holdout": 0.8})
    >>> places = np.array([[0], [1], [2]])
    >>> grid = Grid.of({"size": (1, 2, 3)}, places, trials["quality"])
    >>> best_cell(grid, places, trials).cell, best_cell(grid, places, trials, measured_on=50).cell
    ({'size': 3}, {'size': 1})
    """
    if grid.holes.all():
        raise PlanError("No trial has finished yet, so there is no best one; run the experiment first.")
    mean = grid.mean if among is None else np.where(among, grid.mean, np.nan)
    highest = float(np.nanmax(mean))
    if margin is not None:
        slack = margin
    else:
        slack = 0.0 if measured_on is None else sqrt(highest * (1 - highest) / measured_on)
    good = np.flatnonzero((mean >= highest - slack - _ROUNDING).ravel())
    # a plan without axes has one cell
    flat = np.ravel_multi_index(tuple(places.T), grid.shape) if grid.shape else np.zeros(len(trials), dtype=np.int64)
    finished = (trials["state"] == "finished").to_numpy() & trials["quality"].notna().to_numpy()
    counts = trials["parameter_count"].to_numpy(dtype=float, na_value=np.inf)
    parameters = {int(cell): counts[finished & (flat == cell)].min() for cell in good}
    # rounded, so that equal gradients reached by different sums are equal
    gradient = np.nan_to_num(grid.gradient.ravel()[good], nan=np.inf).round(9)
    quality = grid.mean.ravel()[good]
    order = np.lexsort((good, -quality, [parameters[int(cell)] for cell in good], gradient))
    chosen = int(good[order[0]])
    place = tuple(int(at) for at in np.unravel_index(chosen, grid.shape)) if grid.shape else ()
    repeat = [name for name in ("seed", "fold") if name in trials]
    own = trials[finished & (flat == chosen)].sort_values(repeat, kind="stable")
    return Best(
        place=place,
        cell=grid.cell(place),
        trial_id=str(own["trial_id"].iloc[0]),
        quality=float(grid.mean[place]),
        deviation=float(grid.deviation[place]),
        repeats=int(grid.count[place]),
        gradient=float(grid.gradient[place]),
        holdout=float(own["holdout"].astype(float).mean()),
        equal=len(good),
        slack=slack,
    )
