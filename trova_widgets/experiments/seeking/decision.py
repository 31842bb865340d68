"""The decision after an experiment: which values are held from here on, which settings do not matter, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice import Best
from trova_widgets.experiments.choice.effects import Effect
from trova_widgets.experiments.plan import Plan
from trova_widgets.space import Grid, Value, format_value, short_name


@dataclass(frozen=True, kw_only=True)
class Influenced:
    """What is kept of an `Effect`: how much a setting acts, and over which values that was seen.

    Attributes
    ----------
    name : str
        The setting.
    values : tuple
        The values over which it was varied.
    size, low, high : float or None
        The influence and its interval, as shares; None where nothing could be compared.
    """

    name: str
    values: tuple[Value, ...]
    size: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, effect: Effect) -> Influenced:
        """Return what is kept of an effect."""
        size, low, high = (
            float(each) if np.isfinite(each) else None for each in (effect.size, effect.size_low, effect.size_high)
        )
        return cls(name=effect.name, values=effect.values, size=size, low=low, high=high)

    @property
    def is_told(self) -> bool:
        """Whether the influence can be told from nothing."""
        return bool(self.low)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How a cell compares with the optimum so far, event by event.

    Attributes
    ----------
    before : float
        The quality of the optimum so far.
    difference, low, high : float
        By how much the cell's is higher, and the interval.
    """

    before: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided after an experiment.

    Attributes
    ----------
    taken : mapping
        The varied settings that are held at a value from here on.
    left : tuple of str
        Those of the varied settings whose influence cannot be told from nothing.
    cell : mapping or None
        The cell that is the optimum so far, of the varied settings; None where the one before it stays.
    influences : tuple of Influenced
        Of the varied settings.
    reason : str
        Why, in sentences.
    quality, low, high : float or None
        Of the optimum so far, over all repeats, with its interval by event.
    cells, indistinct : int
        Cells that were measured, and those of them that cannot be told from the best.
    trainings, planned : int
        Trials that were made, and those that all repeats of all cells would have been.
    seconds : float
        What they took together, each on its own core [s].
    """

    taken: Mapping[str, Value]
    left: tuple[str, ...] = ()
    cell: Mapping[str, Value] | None = None
    influences: tuple[Influenced, ...] = ()
    reason: str = ""
    quality: float | None = None
    low: float | None = None
    high: float | None = None
    cells: int = 0
    indistinct: int = 0
    trainings: int = 0
    planned: int = 0
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as a JSON value."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Decision:
        """Return the decision out of `to_dict`."""
        influences = tuple(
            Influenced(**{**each, "values": tuple(each["values"])}) for each in content.get("influences", ())
        )
        return cls(**{**content, "left": tuple(content.get("left", ())), "influences": influences})


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """A cell on the way from the best one to the one that is taken, and why it is that."""

    cell: Mapping[str, Value]
    left: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def decide(
    plan: Plan,
    grid: Grid,
    best: Best,
    competing: NDArray[np.bool_],
    effects: Sequence[Effect],
    present: Mapping[str, Value],
) -> Decision:
    """Decide what is held after an experiment, before it is compared with the optimum so far.

    The best cell is taken, by the one rule of `best_cell`. A setting whose influence cannot be told from nothing goes
    back to the value that it had before the experiment, where that is on its axis, else to the nearest one that is,
    as long as the cell that this leads to is among those that may be the best: what does not matter stays what the
    literature recommends, and no luck is followed. Settings go back in the order of their influence, the weakest first.

    Parameters
    ----------
    plan : Plan
        What was run.
    grid : Grid
        The quality.
    best : Best
        Its best cell.
    competing : ndarray of bool, shape (n1, ..., nk)
        The cells that may be the best, and are measured well enough to be taken.
    effects : sequence of Effect
        Of the varied settings.
    present : mapping
        The value that each varied setting had before.

    Returns
    -------
    Decision
        ``cell``, ``taken``, ``left``, ``influences`` and ``reason``; a setting that follows another one (the Stride of
        a pooling: its poolSize) and goes back to that is not taken, so that it goes on following.
    """
    untold = [each for each in sorted(effects, key=lambda each: np.nan_to_num(each.size)) if not each.is_told]
    taken = _Taken(cell=dict(best.cell))
    if len(untold) == len(effects):
        # one that is surely better all the same, by what several settings do together, is still taken
        taken = replace(taken, left=tuple(plan.axes), told=("No setting's influence can be told from nothing.",))
    else:
        for effect in untold:
            taken = _gone_back(taken, effect, plan, grid, competing, present)
    names = [name for name in plan.axes if name not in taken.released]
    return Decision(
        taken={name: taken.cell[name] for name in names},
        left=tuple(name for name in plan.axes if name in taken.left),
        cell=taken.cell,
        influences=tuple(Influenced.of(effect) for effect in effects),
        reason=" ".join([_why_this(best), *taken.told, *_at_an_end(plan, taken, effects)]),
    )


def against_before(
    decision: Decision, plan: Plan, comparison: Comparison | None, present: Mapping[str, Value]
) -> Decision:
    """Compare what was decided with the optimum so far, which stays where the new one is not better by its figure.

    Parameters
    ----------
    decision : Decision
        What `decide` has decided.
    plan : Plan
        What was run.
    comparison : Comparison or None
        How the decided cell compares with the optimum so far; None where there is none yet.
    present : mapping
        The value that each varied setting had before.
    """
    cell = decision.cell or {}
    if comparison is None:
        return decision
    if all(cell[name] == present[name] for name in plan.axes):
        return _with(decision, "That is the optimum so far, which stays.", taken={})
    told = (
        f"It is {_points(comparison.difference)} points from the optimum so far (90 %: {_points(comparison.low)} to "
        f"{_points(comparison.high)})"
    )
    surely = comparison.low > 0
    if comparison.difference <= 0 or (len(decision.left) == len(plan.axes) and not surely):
        return _with(decision, f"{told}, not surely better, so nothing is changed.", taken={}, cell=None)
    return _with(decision, f"{told}: {'surely better' if surely else 'no worse, though not surely better'}.")


def _with(decision: Decision, sentence: str, **changed: Any) -> Decision:
    return replace(decision, reason=f"{decision.reason} {sentence}", **changed)


def _gone_back(
    taken: _Taken,
    effect: Effect,
    plan: Plan,
    grid: Grid,
    competing: NDArray[np.bool_],
    present: Mapping[str, Value],
) -> _Taken:
    name, before = effect.name, present[effect.name]
    goal = _nearest(plan.axes[name], before)
    cell = {**taken.cell, name: goal}
    what = f"No influence of {short_name(name)} can be told"
    if goal != taken.cell[name] and not competing[grid.place(cell)]:
        told = f"{what}, but {format_value(goal)} would be worse here, so {format_value(taken.cell[name])} is held."
        return replace(taken, told=(*taken.told, told))
    follows = dict(plan.space.followers({**plan.base, **plan.fixed})).get(name)
    released = (name,) if follows is not None and goal == before else ()
    nearest = "" if goal == before else f", the nearest to {format_value(before)}"
    told = f"{what}: {'it stays at' if goal == before else 'it goes to'} {format_value(goal)}{nearest}."
    return _Taken(
        cell=cell,
        left=(*taken.left, name),
        released=(*taken.released, *released),
        told=(*taken.told, told),
    )


def _nearest(values: Sequence[Value], wanted: Value) -> Value:
    if wanted in values or isinstance(wanted, str):
        return wanted if wanted in values else values[0]
    numbers = [value for value in values if not isinstance(value, str)]
    # 0.1 and 0.3 are as near to 0.2; then the first is taken
    return min(numbers, key=lambda value: round(abs(value - wanted), 12)) if numbers else values[0]


def _why_this(best: Best) -> str:
    values = ", ".join(f"{short_name(name)} {format_value(value)}" for name, value in best.cell.items())
    which = (
        f"higher than all others by more than {_margin(best.slack)}"
        if best.equal == 1
        else f"the least steep of the {best.equal} cells within {_margin(best.slack)} of the highest"
    )
    return f"Best: {values}, {which}."


def _at_an_end(plan: Plan, taken: _Taken, effects: Sequence[Effect]) -> list[str]:
    """Say of which settings the value lies at an end of its range, so that a wider one may hold a better."""
    told = []
    for effect in effects:
        numbers = [value for value in plan.axes[effect.name] if not isinstance(value, str)]
        value = taken.cell[effect.name]
        if not effect.is_told or len(numbers) < 3 or isinstance(value, str):
            continue
        setting = plan.space[effect.name]
        at_low = value == min(numbers) and (setting.minimum is None or value > setting.minimum)
        at_high = value == max(numbers) and (setting.maximum is None or value < setting.maximum)
        if at_low or at_high:
            told.append(f"{short_name(effect.name)} {format_value(value)} is an end of its range: look further there.")
    return told


def _margin(share: float) -> str:
    return f"{100 * share:.2g} point{'' if abs(100 * share - 1) < 1e-9 else 's'}"


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
