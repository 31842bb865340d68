"""The agenda of a search: which settings have their turn in which order, what was done, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from trova_widgets.errors import PlanError, SettingError
from trova_widgets.experiments.plan import EPOCHS, Plan, space_of
from trova_widgets.experiments.seeking.decision import Decision, Influenced
from trova_widgets.experiments.strategy import LOOKED_AT_ONCE, next_parameters, values_around
from trova_widgets.networks import architecture as model_of
from trova_widgets.space import Space, Value, format_values, parse_axes, short_name

Kind = Literal["as saved", "wide", "fine"]
"""What an experiment is for: the network as it was saved; a wide range; the refinement."""


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """What a search is to do; it does not change once it has begun.

    Parameters
    ----------
    network_type, architecture : str
        Of the saved network.
    base : mapping
        What every experiment stands on, as of `Plan`: it stays, whatever the usual recipe becomes.
    order : mapping of str to tuple
        The settings in the order of their turns, each with the values that it is varied over.
    fixed : mapping
        Settings that all experiments hold at another value, the epochs among them.
    refinement : mapping of str to tuple, optional
        The settings that the last experiment refines, with the steps from the optimum; those that act most, at half of
        their step, if left out.
    seeds : int
        How often each cell is trained on each fold.
    at_once : int
        How many settings an experiment varies.
    """

    network_type: str
    architecture: str
    base: Mapping[str, Value]
    order: Mapping[str, tuple[Value, ...]]
    fixed: Mapping[str, Value] = field(default_factory=dict)
    refinement: Mapping[str, tuple[Value, ...]] | None = None
    seeds: int = 1
    at_once: int = LOOKED_AT_ONCE

    @property
    def space(self) -> Space:
        """Every setting that can vary."""
        return space_of(self.network_type, self.architecture)

    def to_dict(self) -> dict[str, Any]:
        """Return the agenda as a JSON value, ranges as the article writes them."""
        steps = None if self.refinement is None else {name: list(each) for name, each in self.refinement.items()}
        order = [f"{name}={format_values(values)}" for name, values in self.order.items()]
        return {**vars(self), "base": dict(self.base), "fixed": dict(self.fixed), "order": order, "refinement": steps}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Agenda:
        """Return the agenda out of `to_dict`."""
        space = space_of(content["network_type"], content["architecture"])
        steps = content.get("refinement")
        return cls(
            **{
                **content,
                "order": space.axes(content["order"]),
                "refinement": None if steps is None else {name: tuple(each) for name, each in steps.items()},
            }
        )


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """The experiment that comes next, before anybody has looked at what it costs.

    Attributes
    ----------
    kind : {"as saved", "wide", "fine"}
        What it is for.
    axes : mapping of str to tuple
        What it varies.
    fixed : mapping
        What it holds.
    reason : str
        Why these.
    """

    kind: Kind
    axes: Mapping[str, tuple[Value, ...]]
    fixed: Mapping[str, Value]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """An experiment of a search, with what was decided from it.

    Attributes
    ----------
    kind, axes, fixed, reason
        As of `Proposed`; the reason also says what was made coarser to fit the budget.
    experiment : str
        Its name when it was begun.
    experiment_id : str
        Its identity.
    seeds : int
        How often each cell is trained on each fold.
    decision : Decision or None
        None as long as it has not ended.
    """

    kind: Kind
    experiment: str
    experiment_id: str
    axes: Mapping[str, tuple[Value, ...]]
    fixed: Mapping[str, Value]
    reason: str
    seeds: int = 1
    decision: Decision | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the step as a JSON value."""
        axes = [f"{name}={format_values(values)}" for name, values in self.axes.items()]
        decision = None if self.decision is None else self.decision.to_dict()
        return {**vars(self), "axes": axes, "fixed": dict(self.fixed), "decision": decision}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], space: Space) -> Step:
        """Return the step out of `to_dict`."""
        decision = content["decision"]
        return cls(
            **{
                **content,
                "axes": space.axes(content["axes"]),
                "decision": None if decision is None else Decision.from_dict(decision),
            }
        )


@dataclass(frozen=True, kw_only=True)
class Search:
    """How far a search is.

    Attributes
    ----------
    name, network, dataset : str
        Names.
    agenda : Agenda
        What it is to do.
    steps : tuple of Step
        The experiments that were begun, in their order; the last one may be without a decision.
    """

    name: str
    network: str
    dataset: str
    agenda: Agenda
    steps: tuple[Step, ...] = ()

    @property
    def under_way(self) -> Step | None:
        """The experiment that was begun and has no decision yet."""
        return self.steps[-1] if self.steps and self.steps[-1].decision is None else None

    @property
    def decided(self) -> tuple[Step, ...]:
        """The experiments from which something was decided."""
        return tuple(step for step in self.steps if step.decision is not None)

    @property
    def done(self) -> tuple[str, ...]:
        """The settings that have had their turn over a wide range."""
        return tuple(name for step in self.decided if step.kind == "wide" for name in step.axes)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The settings that still have to have their turn."""
        begun = {name for step in self.steps if step.kind == "wide" for name in step.axes}
        return tuple(name for name in self.agenda.order if name not in begun)

    @property
    def optimum(self) -> dict[str, Value]:
        """The value of each setting that was decided on so far."""
        found: dict[str, Value] = {}
        for step in self.decided:
            if step.decision is not None:
                found |= step.decision.taken
        return found

    @property
    def best_step(self) -> Step | None:
        """The experiment in which the optimum so far was measured."""
        return next((step for step in self.decided[::-1] if step.decision and step.decision.cell is not None), None)

    @property
    def influences(self) -> tuple[Influenced, ...]:
        """How much each setting that had its turn acts, over its wide range, the strongest first."""
        found = [
            each
            for step in self.decided
            if step.kind == "wide" and step.decision is not None
            for each in step.decision.influences
        ]
        return tuple(sorted(found, key=lambda each: -(each.size or 0.0)))

    @property
    def is_refined(self) -> bool:
        """Whether the refinement was begun."""
        return any(step.kind == "fine" for step in self.steps)

    def value_of(self, name: str) -> Value:
        """Return what a setting is at the optimum so far."""
        agenda = self.agenda
        return agenda.space.complete({**agenda.base, **agenda.fixed, **self.optimum})[name]

    def plan_of(self, step: Step, dataset_id: str, folds: Sequence[int]) -> Plan:
        """Return the plan of an experiment."""
        agenda = self.agenda
        return Plan(
            network_type=agenda.network_type,
            architecture=agenda.architecture,
            dataset_id=dataset_id,
            axes=step.axes,
            base=agenda.base,
            fixed=step.fixed,
            seeds=tuple(range(step.seeds)),
            folds=tuple(folds),
        )


def agenda_of(
    plan: Plan,
    settings: Mapping[str, object] | Sequence[str] | None = None,
    *,
    refinement: Mapping[str, tuple[Value, ...]] | None = None,
    seeds: int = 1,
    at_once: int = LOOKED_AT_ONCE,
) -> Agenda:
    """Return what a search is to do.

    Parameters
    ----------
    plan : Plan
        The network as saved, on its data set: no axes; what it stands on and holds is what all experiments do.
    settings : mapping, or sequence of str, optional
        Which settings have their turn, in this order: names, or names with values
        (``"convolution2dLayer_2_filterSize=[1:1:8]"``); a name alone is varied over the range that the catalogue
        suggests. If left out, the parameters of all layers, in the order of the layers, Padding and Stride last.
    refinement, seeds, at_once
        As of `Agenda`.

    Raises
    ------
    PlanError
        When a setting is unknown, has a single value, or is fixed as well.
    """
    space = plan.space
    if settings is None:
        settings = next_parameters(model_of(plan.network_type, plan.architecture), count=len(space))
        settings = [name for name in settings if name not in plan.fixed]
    try:
        order = space.axes(_with_ranges(settings, space))
    except SettingError as error:
        raise PlanError(str(error)) from error
    for name, values in order.items():
        if name in plan.fixed:
            raise PlanError(f"{name} is fixed, so it cannot have its turn in the search; take it out of one.")
        if len(values) < 2:
            raise PlanError(f"{name} has one value alone, {values[0]}; give it several, or fix it.")
    if not order:
        raise PlanError("A search needs settings to vary; name one at least.")
    if seeds < 1 or at_once < 1:
        raise PlanError(f"A search with {seeds} seeds and {at_once} settings at once is none; take 1 or more of each.")
    return Agenda(
        network_type=plan.network_type,
        architecture=plan.architecture,
        base=plan.base,
        order=order,
        fixed=plan.fixed,
        refinement=refinement,
        seeds=seeds,
        at_once=at_once,
    )


def _with_ranges(settings: Mapping[str, object] | Sequence[str], space: Space) -> Mapping[str, object]:
    if isinstance(settings, Mapping):
        return settings
    found: dict[str, object] = {}
    for written in settings:
        name = written.strip()
        given = parse_axes([written]) if "=" in written else {name: space[name].suggestion}
        if twice := found.keys() & given.keys():
            raise PlanError(f"{twice.pop()} is named twice; give each setting one turn.")
        found |= given
    return found


def next_experiment(search: Search, at_once: int | None = None) -> Proposed | None:
    """Return the experiment that comes next; None when everything has had its turn.

    First the network as it was saved, the measure of all that follows, and of how long a training takes; then the
    settings in their order, some at a time over a wide range, with the optimum so far held; in the end those that act
    most, around the optimum with half of the step.

    Parameters
    ----------
    search : Search
        How far it is; it must have no experiment under way.
    at_once : int, optional
        How many settings it varies at most; as many as the agenda says, if left out.
    """
    agenda = search.agenda
    at_once = agenda.at_once if at_once is None else at_once
    held = {**agenda.fixed, **search.optimum}
    if not search.steps:
        return Proposed(
            kind="as saved",
            axes={},
            fixed=held,
            reason="The network as it was saved: what every experiment is compared with, and how long trainings take.",
        )
    if names := search.waiting[:at_once]:
        return Proposed(
            kind="wide",
            axes={name: agenda.order[name] for name in names},
            fixed={name: value for name, value in held.items() if name not in names},
            reason=f"The next {_settings(len(names))} in the order, over a wide range with a coarse step.",
        )
    if search.is_refined:
        return None
    axes, reason = _refined(search, at_once)
    if not axes:
        return None
    return Proposed(
        kind="fine", axes=axes, fixed={name: value for name, value in held.items() if name not in axes}, reason=reason
    )


def remaining_settings(search: Search, but: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Return the settings of each wide experiment that is still to come, but for those of the one that is begun now."""
    waiting, size = [name for name in search.waiting if name not in but], search.agenda.at_once
    return tuple(tuple(waiting[start : start + size]) for start in range(0, len(waiting), size))


def _refined(search: Search, at_once: int) -> tuple[dict[str, tuple[Value, ...]], str]:
    agenda, space = search.agenda, search.agenda.space
    if agenda.refinement is not None:
        axes = {name: _shifted(search, name, steps) for name, steps in agenda.refinement.items() if name in search.done}
        reason = "The refinement: around the optimum, with the smaller steps that were asked for."
    else:
        strongest = [each for each in search.influences if each.is_told][:at_once]
        axes = {
            each.name: values_around(space[each.name], each.values, search.value_of(each.name)) for each in strongest
        }
        acting = ", ".join(short_name(each.name) for each in strongest)
        reason = f"The refinement: what acts most ({acting}), around the optimum with half of the step."
    return {name: values for name, values in axes.items() if len(values) > 1}, reason


def _shifted(search: Search, name: str, steps: Sequence[Value]) -> tuple[Value, ...]:
    """Return the optimum of a setting and what lies the given steps away from it, inside the setting's range."""
    setting, best = search.agenda.space[name], search.value_of(name)
    found: list[Value] = []
    for step in steps:
        if isinstance(best, str) or isinstance(step, str):
            continue
        try:
            found.append(setting.coerce(best + step))
        except SettingError:
            continue
    return tuple(dict.fromkeys(found))


def begun(search: Search, step: Step) -> Search:
    """Return the search with a further experiment under way."""
    return replace(search, steps=(*search.steps, step))


def decided(search: Search, decision: Decision) -> Search:
    """Return the search with a decision from the experiment under way."""
    last = replace(search.steps[-1], decision=decision)
    return replace(search, steps=(*search.steps[:-1], last))


def epochs_of(search: Search) -> int:
    """Return how long each trial is trained."""
    return int(search.value_of(EPOCHS))


def _settings(count: int) -> str:
    return "setting" if count == 1 else f"{count} settings"
