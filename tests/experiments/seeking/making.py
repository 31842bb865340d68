"""Searches and what their experiments might have found, without any training."""

from collections.abc import Mapping

import numpy as np

from trova_widgets.experiments import Best, Plan
from trova_widgets.experiments.choice import Effect
from trova_widgets.experiments.seeking import Agenda, Decision, Search, Step, agenda_of, begun, decided, next_experiment
from trova_widgets.space import Grid, Value

FILTER_2, FILTERS_2 = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"
DROPOUT_5, DROPOUT_10 = "dropoutLayer_5_probability", "dropoutLayer_10_probability"
POOL_6, STRIDE_6 = "averagePooling2dLayer_6_poolSize", "averagePooling2dLayer_6_Stride"
FILTERS_7 = "convolution2dLayer_7_numFilters"


def base_plan(**fixed: Value) -> Plan:
    """Return the network as saved."""
    held = {name.replace("__", "."): value for name, value in fixed.items()}
    return Plan.make(network_type="CNN", dataset_id="d", axes={}, fixed=held, folds=(0, 1, 2))


def search_over(agenda: Agenda, steps: tuple[Step, ...] = ()) -> Search:
    """Return a search that is as far as this."""
    return Search(name="seek", network="base", dataset="small", agenda=agenda, steps=steps)


def ordered(*settings: str, **more: object) -> Search:
    """Return a search over these settings that has not begun."""
    return search_over(agenda_of(base_plan(), list(settings) or None, **more))


def taken_up(search: Search) -> Search:
    """Return the search with its next experiment under way."""
    proposed = next_experiment(search)
    assert proposed is not None
    name = f"seek-{len(search.steps) + 1}"
    step = Step(
        kind=proposed.kind,
        experiment=name,
        experiment_id=name,
        axes=proposed.axes,
        fixed=proposed.fixed,
        reason=proposed.reason,
    )
    return begun(search, step)


def gone_on(search: Search, found: Mapping[str, Value], sizes: Mapping[str, float] | None = None) -> Search:
    """Return the search after an experiment that has found these values, and these influences."""
    search = taken_up(search)
    axes = search.steps[-1].axes
    taken = {name: found[name] for name in axes}
    effects = [effect(name, axes[name], (sizes or {}).get(name, 0.0)) for name in axes]
    influences = decision_for(effects)
    return decided(search, Decision(taken=taken, cell=taken, influences=influences))


def decision_for(effects: list[Effect]):
    from trova_widgets.experiments.seeking import Influenced

    return tuple(Influenced.of(each) for each in effects)


def effect(name: str, values: tuple[Value, ...], size: float) -> Effect:
    """Return an effect that is told where it has a size."""
    means = np.full(len(values), 0.8)
    return Effect(
        name=name,
        values=tuple(values),
        means=means,
        low=means - 0.02,
        high=means + 0.02,
        size=size,
        size_low=size / 2,
        size_high=size + 0.01,
    )


def grid_of(plan: Plan) -> Grid:
    """Return a grid of this plan whose quality is alike everywhere."""
    places = np.argwhere(np.ones(plan.shape))
    return Grid.of(plan.axes, places, np.full(len(places), 0.8))


def best_at(cell: Mapping[str, Value], grid: Grid) -> Best:
    """Return this cell as the best one."""
    return Best(
        place=grid.place(cell),
        cell=cell,
        trial_id="t",
        quality=0.9,
        deviation=0.01,
        repeats=3,
        gradient=0.0,
        holdout=0.9,
        equal=2,
        slack=0.01,
    )
