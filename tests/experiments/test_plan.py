import json
from dataclasses import replace
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.experiments.examples import FILTER_2, POOL_6
from trova_widgets.errors import PlanError
from trova_widgets.experiments import Plan, TrainingSettings, cells, trial_specs

DROPOUT_5 = "dropoutLayer_5_probability"
ARTICLE = {
    1: (["convolution2dLayer_2_filterSize=[1 : 1 : 8]", "convolution2dLayer_2_numFilters=[8 : 8 : 64]",
         "averagePooling2dLayer_6_poolSize=[1 : 1 : 6]"], 384),
    2: (["dropoutLayer_5_probability=[0.1 : 0.2 : 0.9]", "dropoutLayer_10_probability=[0.1 : 0.2 : 0.9]",
         "convolution2dLayer_7_numFilters=[8 : 8 : 64]"], 200),
    3: (["convolution2dLayer_2_Padding=[0 : 1 : 3]", "convolution2dLayer_7_Padding=[0 : 1 : 3]",
         "convolution2dLayer_7_filterSize=[1 : 1 : 8]"], 128),
    4: (["convolution2dLayer_2_numFilters=[6 : 2 : 10]", "convolution2dLayer_7_numFilters=[52 : 2 : 58]",
         "dropoutLayer_5_probability=[0.2 : 0.1 : 0.5]"], 48),
}  # fmt: skip


def plan_of(axes, **others):
    return Plan.make(network_type="CNN", dataset_id="d", axes=axes, **others)


@pytest.mark.parametrize(("axes", "count"), ARTICLE.values(), ids=ARTICLE)
def test_the_experiments_of_the_article(axes, count):
    plan = plan_of(axes)
    grid = cells(plan)
    assert plan.cell_count == len(grid) == count
    assert all(cell.buildable for cell in grid)
    assert len(trial_specs(plan)) == count


def test_a_plan_survives_json():
    plan = plan_of(ARTICLE[2][0], fixed={POOL_6: 3}, seeds=[3, 5], training=TrainingSettings(epochs=3))
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    assert plan.to_dict()["axes"] == ARTICLE[2][0]


def test_cells_know_before_the_run_what_cannot_be_built():
    grid = cells(plan_of({POOL_6: [2, 60, 70]}))
    assert [cell.buildable for cell in grid] == [True, False, False]
    assert "does not fit" in grid[1].reason
    assert [spec.cell for spec in trial_specs(plan_of({POOL_6: [2, 60, 70]}))] == [0]


def test_a_grown_plan_keeps_the_identities_of_its_trials():
    small = trial_specs(plan_of({FILTER_2: "1:3", POOL_6: "1:2"}))
    grown = trial_specs(plan_of({FILTER_2: "1:5", POOL_6: "1:3"}, seeds=2))
    assert {spec.trial_id for spec in small} < {spec.trial_id for spec in grown}
    assert len({spec.trial_id for spec in grown}) == len(grown) == 30


def test_a_trial_is_what_is_computed_not_how_it_was_written():
    varied = trial_specs(plan_of({POOL_6: [3]}))[0]
    fixed = trial_specs(plan_of({FILTER_2: [3]}, fixed={POOL_6: 3}))[0]
    saved = trial_specs(plan_of({FILTER_2: [3]}, values={POOL_6: 3.0, "averagePooling2dLayer_6_Stride": 3}))[0]
    assert varied.trial_id == fixed.trial_id == saved.trial_id


@pytest.mark.parametrize(
    "change",
    [
        {"training": TrainingSettings(epochs=9)},
        {"seeds": [7]},
        {"dataset_id": "other"},
        {"architecture": "three-cycle"},
        {"fixed": {DROPOUT_5: 0.3}},
    ],
)
def test_whatever_changes_the_result_changes_the_identity(change):
    base = {"network_type": "CNN", "dataset_id": "d", "axes": {POOL_6: [3]}}
    assert trial_specs(Plan.make(**{**base, **change}))[0].trial_id != trial_specs(Plan.make(**base))[0].trial_id


def test_trials_carry_their_axes_and_all_values():
    spec = trial_specs(plan_of({POOL_6: [3]}))[0]
    assert spec.axis_values == {POOL_6: 3}
    assert spec.values["averagePooling2dLayer_6_Stride"] == 3
    assert len(spec.values) == 14


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=2))
def test_every_cell_comes_once_and_the_coarse_grid_first(lengths):
    axes = {name: range(1, length + 1) for name, length in zip((FILTER_2, POOL_6), lengths, strict=False)}
    specs = trial_specs(plan_of(axes))
    assert sorted(spec.cell for spec in specs) == list(range(prod(lengths)))
    corners = {(min(values), max(values))[end] for values in axes.values() for end in (0, 1)}
    first = specs[: prod(min(length, 2) for length in lengths)]
    assert all(value in corners for spec in first for value in spec.axis_values.values())


def test_the_second_seed_waits_for_the_first():
    seeds = [spec.seed for spec in trial_specs(plan_of({POOL_6: "1:3"}, seeds=2))]
    assert seeds == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"axes": {POOL_6: "1:3"}, "fixed": {POOL_6: 2}}, "varied and fixed"),
        ({"axes": {"nonsense": "1:3"}}, "no parameter"),
        ({"axes": {POOL_6: "0:3"}}, "cannot be 0"),
        ({"axes": {POOL_6: "1:3"}, "fixed": {"nonsense": 1}}, "no parameter"),
        ({"axes": {POOL_6: "1:3"}, "seeds": 0}, "seeds"),
        ({"axes": {POOL_6: "1:3"}, "seeds": [1, 1]}, "seeds"),
        ({"axes": [POOL_6]}, "not a parameter with its values"),
        ({"axes": {POOL_6: "1:3"}, "network_type": "RNN"}, "no network type"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(wrong, says):
    with pytest.raises(PlanError, match=says):
        Plan.make(**{"network_type": "CNN", "dataset_id": "d", **wrong})


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"epochs": 1.5}, {"batch_size": True}, {"learning_rate": -1.0}, {"learning_rate": float("nan")},
     {"weight_decay": -1.0}, {"optimizer": "lion"}, {"schedule": "triangle"}, {"precision": "float8"}],
)  # fmt: skip
def test_training_settings_validate_themselves(wrong):
    with pytest.raises(PlanError, match=next(iter(wrong))):
        TrainingSettings(**wrong)


def test_training_settings_survive_json():
    settings = replace(TrainingSettings(), epochs=3, optimizer="sgd")
    assert TrainingSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    with pytest.raises(PlanError, match="no training setting depth"):
        TrainingSettings.from_dict({"depth": 3})
