"""Influence: how much each parameter moves an objective, as bars."""

from dataclasses import dataclass

import numpy as np

from trova_widgets.figures.field import Field, short_name


@dataclass(frozen=True, kw_only=True)
class InfluenceBar:
    """One parameter's influence.

    Attributes
    ----------
    axis : int
        The field's axis.
    name : str
        The parameter.
    step : float
        The mean change of the objective from one value to the next, all else equal; NaN without neighbours.
    reach : float
        The mean distance from the worst to the best value, all else equal.
    main : float
        The share of the objective's variance that the parameter explains alone, 0 to 1.
    """

    axis: int
    name: str
    step: float
    reach: float
    main: float


def influence(field: Field) -> tuple[InfluenceBar, ...]:
    """Return the influence of each varied parameter, the strongest first.

    The share of variance is that of the means over all other parameters, the main effect of an analysis of
    variance (Hutter, Hoos and Leyton-Brown 2014 call it marginal importance).

    Parameters
    ----------
    field : Field
        An objective.

    Returns
    -------
    tuple of InfluenceBar

    Examples
    --------
    >>> from trova_widgets.figures.field import field_of
    >>> places = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> field = field_of({"a": [1, 2], "b": [1, 2]}, places, [0.1, 0.1, 0.9, 0.9], ["finished"] * 4)
    >>> [(bar.name, round(bar.step, 2), round(bar.main, 2)) for bar in influence(field)]
    [('a', 0.8, 1.0), ('b', 0.0, 0.0)]
    """
    bars = [_bar(field, axis) for axis in range(len(field.shape))]
    return tuple(sorted(bars, key=lambda bar: -np.nan_to_num(bar.main)))


def _bar(field: Field, axis: int) -> InfluenceBar:
    lines = np.moveaxis(field.mean, axis, -1).reshape(-1, field.shape[axis])
    known = np.isfinite(lines)
    steps = np.abs(np.diff(lines, axis=1))
    steps = steps[np.isfinite(steps)]
    several = lines[known.sum(axis=1) > 1]
    reach = np.nanmax(several, axis=1) - np.nanmin(several, axis=1) if len(several) else np.empty(0)
    counts = known.sum(axis=0)
    total = field.mean[~field.holes]
    main = np.nan
    if total.size > 1 and total.var() > 0:
        means = np.nansum(lines, axis=0)[counts > 0] / counts[counts > 0]
        main = float(np.average((means - total.mean()) ** 2, weights=counts[counts > 0]) / total.var())
    return InfluenceBar(
        axis=axis,
        name=short_name(field.names[axis]),
        step=float(steps.mean()) if steps.size else np.nan,
        reach=float(reach.mean()) if reach.size else np.nan,
        main=main,
    )
