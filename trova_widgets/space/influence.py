"""Influence: how much each setting moves an objective."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from trova_widgets.space.grid import Grid


@dataclass(frozen=True, kw_only=True)
class Influence:
    """One setting's influence.

    Attributes
    ----------
    axis : int
        The grid's axis.
    name : str
        The setting.
    step : float
        The mean change of the objective from one value to the next (from any value to any other where the values are
        words), all else equal; NaN where nothing can be compared.
    reach : float
        The mean distance from the worst to the best value, all else equal.
    main : float
        The share of the objective's variance that the setting explains alone, 0 to 1.
    """

    axis: int
    name: str
    step: float
    reach: float
    main: float


def influence(grid: Grid) -> tuple[Influence, ...]:
    """Return the influence of each varied setting, the strongest first.

    The share of variance is that of the means over all other settings, the main effect of an analysis of variance
    (Hutter, Hoos and Leyton-Brown 2014 call it marginal importance); where it does not decide, the step does.

    Parameters
    ----------
    grid : Grid
        An objective.

    Returns
    -------
    tuple of Influence

    Examples
    --------
    >>> grid = Grid.of({"a": (1, 2), "b": (1, 2)}, [[0, 0], [0, 1], [1, 0], [1, 1]], [0.1, 0.1, 0.9, 0.9])
    >>> [(each.name, round(each.step, 2), round(each.main, 2)) for each in influence(grid)]
    [('a', 0.8, 1.0), ('b', 0.0, 0.0)]
    """
    found = [_influence_of(grid, axis) for axis in range(len(grid.shape))]
    return tuple(sorted(found, key=lambda each: (-np.nan_to_num(each.main), -np.nan_to_num(each.step))))


def _influence_of(grid: Grid, axis: int) -> Influence:
    lines = np.moveaxis(grid.mean, axis, -1).reshape(-1, grid.shape[axis])
    known = np.isfinite(lines)
    if grid.is_enumerated(axis):
        pairs = [lines[:, first] - lines[:, second] for first, second in combinations(range(lines.shape[1]), 2)]
        steps = np.abs(np.array(pairs)).ravel()
    else:
        steps = np.abs(np.diff(lines, axis=1)).ravel()
    steps = steps[np.isfinite(steps)]
    several = lines[known.sum(axis=1) > 1]
    reach = np.nanmax(several, axis=1) - np.nanmin(several, axis=1) if len(several) else np.empty(0)
    counts = known.sum(axis=0)
    total = grid.mean[~grid.holes]
    main = np.nan
    if total.size > 1 and total.var() > 0:
        means = np.nansum(lines, axis=0)[counts > 0] / counts[counts > 0]
        main = float(np.average((means - total.mean()) ** 2, weights=counts[counts > 0]) / total.var())
    return Influence(
        axis=axis,
        name=grid.names[axis],
        step=float(steps.mean()) if steps.size else np.nan,
        reach=float(reach.mean()) if reach.size else np.nan,
        main=main,
    )
