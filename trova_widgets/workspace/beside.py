"""Two experiments side by side: the quality of the cells that both have, and the difference, as sure as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.space import Floats, Grid, Index, Value, format_value, short_name

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """The quality of one experiment beside that of another, on the grid of the first.

    Attributes
    ----------
    first, second : str
        Their names.
    one, other : Grid
        The quality of each. The other's is laid on the first one's grid, with holes where it has no such cell.
    difference : Grid
        How much better the first is, a share; a hole where one of them has no result.
    low, high : ndarray of float, shape of the grid, or None
        The interval of each difference by event, at 95 %; None where they were not measured on the same records.
    """

    first: str
    second: str
    one: Grid
    other: Grid
    difference: Grid
    low: Floats | None = None
    high: Floats | None = None

    @property
    def common(self) -> int:
        """How many cells both have finished."""
        return int((~self.difference.holes).sum())

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Where the difference can be told from nothing, each cell looked at for itself."""
        if self.low is None or self.high is None:
            return np.zeros(self.one.shape, dtype=bool)
        with np.errstate(invalid="ignore"):
            return np.asarray((self.low > 0) | (self.high < 0))

    @property
    def sentence(self) -> str:
        """What the comparison says, in words."""
        known = self.difference.mean[~self.difference.holes]
        said = (
            f"{self.first} and {self.second} have {self.common} finished "
            f"{'cell' if self.common == 1 else 'cells'} in common; there {self.first} is on average "
            f"{abs(100 * known.mean()):.1f} points {'better' if known.mean() >= 0 else 'worse'}"
        )
        if self.low is None:
            return f"{said}. They were not measured on the same records, so how sure that is cannot be told."
        better, worse = (int((self.apart & (sign * self.difference.mean > 0)).sum()) for sign in (1, -1))
        return f"{said}. Each cell for itself, at 95 %: {better} are better, {worse} worse, the others cannot be told."

    def told(self, index: Index) -> str:
        """Return what a cell says of both: ``91.2 % in a, 89.0 % in b: 2.2 points better (0.4 to 4.0)``."""
        one, other, apart = (grid.mean[index] for grid in (self.one, self.other, self.difference))
        in_both = [
            f"{100 * quality:.1f} % in {name}" if np.isfinite(quality) else f"no result in {name}"
            for name, quality in ((self.first, one), (self.second, other))
        ]
        said = ", ".join(in_both)
        if not np.isfinite(apart):
            return said
        said += f": {abs(100 * apart):.1f} points {'better' if apart >= 0 else 'worse'}"
        if self.low is None or self.high is None or not np.isfinite(self.low[index]):
            return said
        low, high = sorted(np.sign(apart or 1) * 100 * np.array([self.low[index], self.high[index]]))
        return f"{said} ({low:.1f} to {high:.1f})"


def beside(first: ExperimentResults, second: ExperimentResults) -> Beside:
    """Lay the quality of one experiment beside that of another.

    Their grids may have other values and other axes: a setting that varies in one of them alone is compared at the
    value that it has in the other.

    Parameters
    ----------
    first, second : ExperimentResults
        What they have found, by the same objective.

    Raises
    ------
    PlanError
        When they show different objectives, or have no cell in common.
    """
    if (first.objective, first.by) != (second.objective, second.by):
        raise PlanError(
            f"{first.experiment} is shown by {first.objective} by {first.by} and {second.experiment} by "
            f"{second.objective} by {second.by}; ask for the same of both."
        )
    grid, theirs = first.grid, second.grid
    if not grid.names:
        raise PlanError(f"Nothing varies in {first.experiment}, so there is no grid; put it second.")
    places, held = _places(first, second)
    inside = np.ones(grid.shape, dtype=bool)
    for axis, there in enumerate(places):
        shape = [1] * len(grid.shape)
        shape[axis] = len(there)
        inside = inside & (there >= 0).reshape(shape)
    shared = [axis for axis, name in enumerate(grid.names) if name in theirs.names]
    order = [theirs.names.index(grid.names[axis]) for axis in shared]
    order += [axis for axis in range(len(theirs.names)) if axis not in order]
    shape = [len(there) if axis in shared else 1 for axis, there in enumerate(places)]
    taken = np.ix_(*(places[axis] for axis in shared), *([at] for at in held))

    def laid(numbers: NDArray[Any], empty: Any) -> NDArray[Any]:
        picked = np.transpose(numbers, order)[taken] if theirs.names else numbers
        return np.where(inside, picked.reshape(shape), empty)

    other = replace(
        grid,
        mean=laid(theirs.mean, np.nan),
        deviation=laid(theirs.deviation, np.nan),
        count=laid(theirs.count, 0),
        state=laid(theirs.state, "missing"),
    )
    apart = grid.mean - other.mean
    if np.isnan(apart).all():
        raise PlanError(
            f"{first.experiment} and {second.experiment} have no finished cell in common; compare experiments whose "
            "settings overlap."
        )
    nothing = np.full(grid.shape, np.nan)
    difference = replace(grid, mean=apart, deviation=nothing, state=np.where(np.isnan(apart), "missing", "finished"))
    numbers = laid(np.arange(theirs.mean.size).reshape(theirs.shape), -1).astype(np.int64)
    low, high = _intervals(first, second, numbers)
    return Beside(
        first=first.experiment,
        second=second.experiment,
        one=grid,
        other=other,
        difference=difference,
        low=low,
        high=high,
    )


def _places(first: ExperimentResults, second: ExperimentResults) -> tuple[list[NDArray[np.int64]], list[int]]:
    """Return where the first one's cells are in the second.

    Returns
    -------
    list of ndarray
        For each axis of the first, where its values are on the same axis of the second; -1 where they are not. Of a
        setting that the second holds: 0 for the value at which it holds it.
    list of int
        Where the axes that the second has alone are held.
    """
    found, theirs = [], second.grid
    for name, values in zip(first.grid.names, first.grid.values, strict=True):
        if name in theirs.names:
            others: tuple[Value | None, ...] = theirs.values[theirs.names.index(name)]
        else:
            others = (second.plan.value_of(name),)
        found.append(np.array([others.index(value) if value in others else -1 for value in values], dtype=np.int64))
    alone = [axis for axis, name in enumerate(theirs.names) if name not in first.grid.names]
    return found, [_held(first, second, theirs.names[axis], theirs.values[axis]) for axis in alone]


def _held(first: ExperimentResults, second: ExperimentResults, name: str, values: tuple[Value, ...]) -> int:
    value = first.plan.value_of(name)
    if value is None or value not in values:
        said = ", ".join(map(format_value, values))
        given = "no value" if value is None else format_value(value)
        raise PlanError(
            f"{short_name(name)} has {given} in {first.experiment}, and {said} in {second.experiment}: no cell is in "
            "both."
        )
    return values.index(value)


def _intervals(
    first: ExperimentResults, second: ExperimentResults, numbers: NDArray[np.int64]
) -> tuple[Floats | None, Floats | None]:
    """Return the interval of each difference from the losses that both have on the same events."""
    from scipy.special import stdtrit

    if first.read is None or second.read is None or not (first.has_folds and second.has_folds):
        return None, None
    records = [each.told.measured()["record_id"].tolist() for each in (first, second)]
    if records[0] != records[1]:
        return None, None
    low, high = (np.full(numbers.size, np.nan) for _ in range(2))
    mine, theirs = ({int(cell): row for row, cell in enumerate(each.evidence.cells)} for each in (first, second))
    ours, others = first.evidence.losses, second.evidence.losses
    weights = ours.weights
    for cell, number in enumerate(numbers.ravel().tolist()):
        if cell not in mine or number not in theirs:
            continue
        apart = others.by_event[theirs[number]] - ours.by_event[mine[cell]]
        known = np.isfinite(apart)
        events = int(known.sum())
        if events < 2:
            continue
        share = weights[known] / weights[known].sum()
        mean = float(share @ apart[known])
        spread = np.sqrt(events / (events - 1) * ((share * (apart[known] - mean)) ** 2).sum())
        reach = stdtrit(events - 1, (1 + _CONFIDENCE) / 2) * spread
        low[cell], high[cell] = mean - reach, mean + reach
    shape = first.grid.shape
    return low.reshape(shape), high.reshape(shape)
