"""The strategy of modelling (Silkin 2024): three parameters at a time, then again around the optimum, more finely."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from numpy import nan_to_num

from trova_widgets.experiments.plan import Plan
from trova_widgets.networks import Architecture
from trova_widgets.space import Influence, Setting, Value

LOOKED_AT_ONCE = 3
"""More parameters cannot be looked at."""

_SELDOM_VARIED = ("Padding", "Stride")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The next experiment, for a person to change or to take as it is.

    Parameters
    ----------
    axes : mapping of str to tuple
        What to vary, over which values.
    fixed : mapping
        What to hold at the best values found so far.
    reason : str
        Why, in a sentence.
    """

    axes: Mapping[str, tuple[Value, ...]]
    fixed: Mapping[str, Value]
    reason: str


def next_parameters(
    architecture: Architecture, done: Collection[str] = (), count: int = LOOKED_AT_ONCE
) -> tuple[str, ...]:
    """Return the next parameters to vary: the first of the first layers that have not had their turn.

    Parameters
    ----------
    architecture : Architecture
        The model.
    done : collection of str
        Parameters that earlier experiments varied.
    count : int
        How many at most.

    Returns
    -------
    tuple of str
        In the order of the layers; Padding and Stride, which the literature seldom varies, after all others.
        Empty when all parameters are used up.

    Examples
    --------
    >>> from trova_widgets.networks import architecture
    >>> next_parameters(architecture("CNN"))
    ('convolution2dLayer_2_filterSize', 'convolution2dLayer_2_numFilters', 'dropoutLayer_5_probability')
    """
    waiting = [name for name in architecture.space if name not in done]
    waiting.sort(key=lambda name: name.endswith(_SELDOM_VARIED))
    return tuple(waiting[:count])


def propose_next(plan: Plan, best: Mapping[str, Value], done: Collection[str] = ()) -> Proposal | None:
    """Propose the experiment after this one: its best combination fixed, the next three parameters varied.

    Parameters
    ----------
    plan : Plan
        The plan that has run.
    best : mapping
        The varied parameters of its best trial.
    done : collection of str
        Parameters that still earlier experiments varied.

    Returns
    -------
    Proposal or None
        None when every parameter has had its turn: then it is time to refine.
    """
    names = next_parameters(plan.model, {*done, *plan.axes, *plan.fixed})
    if not names:
        return None
    wide = plan.space.axes({name: plan.space[name].suggestion for name in names})
    return Proposal(
        axes=wide,
        fixed={**plan.fixed, **{name: best[name] for name in plan.axes}},
        reason="The next parameters in the order of the layers, over a wide range with a coarse step.",
    )


def propose_refinement(
    plan: Plan,
    best: Mapping[str, Value],
    influences: Sequence[Influence],
    ranges: Mapping[str, tuple[Value, ...]] | None = None,
    count: int = LOOKED_AT_ONCE,
) -> Proposal:
    """Propose the refining experiment: the most influential parameters, around the optimum, at half the step.

    Parameters
    ----------
    plan : Plan
        The last plan that has run.
    best : mapping
        The best values found, of all parameters that were varied in this or in earlier experiments.
    influences : sequence of Influence
        Of the same parameters; those are refined whose step is the largest.
    ranges : mapping of str to tuple, optional
        The values over which parameters of earlier experiments were varied; those of the plan are known.
    count : int
        How many to refine.

    Returns
    -------
    Proposal
    """
    known = {**(ranges or {}), **plan.axes}
    steps = {each.name: nan_to_num(each.step) for each in influences if each.name in known}
    strongest = sorted(steps, key=lambda name: -steps[name])[:count]
    finer = {name: values_around(plan.space[name], known[name], best[name]) for name in strongest}
    held = {name: value for name, value in {**plan.fixed, **best}.items() if name not in finer}
    return Proposal(
        axes=finer,
        fixed=held,
        reason="The parameters that act most on the quality, around the best values, with a smaller step.",
    )


def values_around(setting: Setting, values: Sequence[Value], best: Value) -> tuple[Value, ...]:
    """Return the best value with two half steps to either side, inside the setting's range.

    Parameters
    ----------
    setting : Setting
        What was varied.
    values : sequence
        Over which values.
    best : int, float or str
        The best one; a word has no neighbours, and is returned alone.
    """
    numbers = sorted(Decimal(repr(value)) for value in values if not isinstance(value, str))
    if isinstance(best, str) or len(numbers) < 2:
        return (best,)
    step = min(later - earlier for earlier, later in pairwise(numbers)) / 2
    if setting.kind == "integer":
        step = max(step.to_integral_value(), Decimal(1))
    around = [Decimal(repr(best)) + place * step for place in (-2, -1, 0, 1, 2)]
    low = -Decimal("Infinity") if setting.minimum is None else Decimal(str(setting.minimum))
    high = Decimal("Infinity") if setting.maximum is None else Decimal(str(setting.maximum))
    number = int if setting.kind == "integer" else float
    return tuple(number(value) for value in around if low <= value <= high)
