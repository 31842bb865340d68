"""The agenda: three settings at a time in their order, then what acts most around the optimum."""

import json

import pytest

from tests.experiments.seeking.making import (
    DROPOUT_5,
    FILTER_2,
    FILTERS_2,
    FILTERS_7,
    POOL_6,
    base_plan,
    gone_on,
    ordered,
    search_over,
    taken_up,
)
from trova_widgets.errors import PlanError
from trova_widgets.experiments import Plan
from trova_widgets.experiments.seeking import (
    PRESETS,
    Agenda,
    Step,
    agenda_of,
    article_order,
    next_experiment,
    preset,
    remaining_settings,
)
from trova_widgets.experiments.seeking.agenda import Search

FOUND_IN_THE_ARTICLE = {
    FILTER_2: 2,
    FILTERS_2: 8,
    POOL_6: 2,
    DROPOUT_5: 0.3,
    "dropoutLayer_10_probability": 0.5,
    FILTERS_7: 56,
    "convolution2dLayer_2_Padding": 1,
    "convolution2dLayer_7_Padding": 2,
    "convolution2dLayer_7_filterSize": 5,
}


def test_first_the_network_as_it_was_saved() -> None:
    proposed = next_experiment(ordered())
    assert proposed is not None
    assert proposed.kind == "as saved" and proposed.axes == {}


def test_every_layer_parameter_has_one_turn_three_at_a_time() -> None:
    search = gone_on(ordered(), {})
    values = {name: wide[0] for name, wide in search.agenda.order.items()}
    turns = []
    while search.waiting:
        search = gone_on(search, values)
        turns.append(tuple(search.steps[-1].axes))
    assert [len(turn) for turn in turns] == [3, 3, 3, 3, 2]
    assert sorted(name for turn in turns for name in turn) == sorted(base_plan().model.space)
    assert search.done == tuple(name for turn in turns for name in turn)
    # what an experiment has found is held in all that follow
    held = search.steps[-1].fixed
    assert {name: held[name] for turn in turns[:-1] for name in turn} == {
        name: values[name] for turn in turns[:-1] for name in turn
    }


def test_the_refinement_takes_what_acts_most_with_half_the_step() -> None:
    search = gone_on(ordered(FILTER_2, f"{FILTERS_2}=[8:8:64]", f"{DROPOUT_5}=[0.1:0.2:0.9]"), {})
    search = gone_on(search, {FILTER_2: 2, FILTERS_2: 24, DROPOUT_5: 0.3}, {FILTERS_2: 0.03, DROPOUT_5: 0.01})
    fine = next_experiment(search)
    assert fine is not None and fine.kind == "fine"
    assert fine.axes == {FILTERS_2: (16, 20, 24, 28, 32), DROPOUT_5: (0.1, 0.2, 0.3, 0.4, 0.5)}
    assert fine.fixed[FILTER_2] == 2 and "what acts most (numFilters (2), probability (5))" in fine.reason
    ended = gone_on(search, {FILTERS_2: 20, DROPOUT_5: 0.3})
    assert next_experiment(ended) is None
    assert ended.optimum == {FILTER_2: 2, FILTERS_2: 20, DROPOUT_5: 0.3}


def test_where_nothing_acts_there_is_nothing_to_refine() -> None:
    search = gone_on(gone_on(ordered(FILTER_2), {}), {FILTER_2: 2})
    assert next_experiment(search) is None


def test_the_article_in_its_order() -> None:
    order, refinement = article_order()
    search = gone_on(search_over(agenda_of(base_plan(), order, refinement=refinement)), {})
    found = []
    while next_experiment(search) is not None:
        search = gone_on(search, FOUND_IN_THE_ARTICLE)
        found.append(search.steps[-1])
    assert [step.kind for step in found] == ["wide", "wide", "wide", "fine"]
    for step, name in zip(found, PRESETS, strict=True):
        printed = Plan.make(network_type="CNN", dataset_id="d", axes=preset(name).axes, fixed=preset(name).fixed)
        assert dict(step.axes) == dict(printed.axes)
        assert step.fixed == printed.fixed
    assert [Plan.make(network_type="CNN", dataset_id="d", axes=each.axes).cell_count for each in PRESETS.values()] == [
        384, 200, 128, 48,
    ]  # fmt: skip


def test_at_the_catalogues_ranges_the_order_alone_holds_the_articles_experiments() -> None:
    names = [name for number in (1, 2, 3) for name in PRESETS[f"article-{number}"].axes]
    order = ordered(*names).agenda.order
    for number in (1, 2, 3):
        printed = base_plan().space.axes(PRESETS[f"article-{number}"].axes)
        assert all(set(values) <= set(order[name]) for name, values in printed.items())


def test_what_is_fixed_has_no_turn() -> None:
    plan = base_plan(**{DROPOUT_5: 0.4, "training__epochs": 3})
    agenda = agenda_of(plan)
    assert DROPOUT_5 not in agenda.order and agenda.fixed == {DROPOUT_5: 0.4, "training.epochs": 3}
    with pytest.raises(PlanError, match="is fixed, so it cannot have its turn"):
        agenda_of(plan, [DROPOUT_5])


def test_settings_of_every_kind_with_ranges_of_their_own() -> None:
    agenda = agenda_of(base_plan(), ["training.weight_decay=0, 0.1", "fingerprint.highpass", FILTER_2], at_once=2)
    search = gone_on(search_over(agenda), {})
    assert remaining_settings(search) == (("training.weight_decay", "fingerprint.highpass"), (FILTER_2,))
    proposed = next_experiment(search)
    assert proposed is not None
    assert proposed.axes == {"training.weight_decay": (0.0, 0.1), "fingerprint.highpass": ("on", "off")}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["filterSize"], "There is no setting 'filterSize'"),
        ([FILTER_2, FILTER_2], "named twice"),
        ([f"{FILTER_2}=3"], "has one value alone"),
        ([], "needs settings to vary"),
    ],
)
def test_what_cannot_be_an_order_is_refused(settings: list[str], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        agenda_of(base_plan(), settings)


def test_a_search_survives_the_store() -> None:
    order, refinement = article_order()
    agenda = agenda_of(base_plan(training__epochs=2), order, refinement=refinement, seeds=2)
    assert Agenda.from_dict(json.loads(json.dumps(agenda.to_dict()))) == agenda
    search: Search = taken_up(gone_on(gone_on(search_over(agenda), {}), FOUND_IN_THE_ARTICLE))
    for step in search.steps:
        assert Step.from_dict(json.loads(json.dumps(step.to_dict())), agenda.space) == step
