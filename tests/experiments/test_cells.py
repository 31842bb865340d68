from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.experiments.examples import FILTER_2, FILTERS_2, POOL_6, trials_of
from trova_widgets.experiments import Plan, cells
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.networks import check
from trova_widgets.space import Setting

STRIDE_6 = "averagePooling2dLayer_6_Stride"
SIZE, KEEP, SELECTION = "fingerprint.size", "fingerprint.keep", "fingerprint.selection"


def plan_of(axes, **others):
    return Plan.make(network_type="CNN", dataset_id="d", axes=axes, **others)


def test_cells_know_before_the_run_what_cannot_be_built():
    plan = plan_of({POOL_6: [2, 60, 70]})
    grid = cells(plan)
    assert [cell.buildable for cell in grid] == [True, False, False]
    assert "does not fit" in grid[1].reason
    assert [trial.cell for trial in trials_of(plan)] == [0]


def test_a_network_is_built_for_the_fingerprints_of_its_cell():
    grid = cells(plan_of({SIZE: [32, 64], POOL_6: [12]}))
    assert [cell.buildable for cell in grid] == [False, True]
    assert "3×3 kernel does not fit the 2×2 map" in grid[0].reason
    assert [cell.settings[SIZE] for cell in grid] == [32, 64]


def test_settings_of_a_recipe_that_contradict_each_other_cannot_be_built():
    plan = plan_of({KEEP: [400, 2000], SIZE: [32, 64]})
    grid = cells(plan)
    assert [cell.buildable for cell in grid] == [True, True, False, True]
    assert grid[2].reason == (
        "The fingerprints cannot be computed: fingerprint.keep is 2000, but a fingerprint of side 32 has 1024 "
        "coefficients; keep fewer, or choose a larger size."
    )
    assert len(trials_of(plan)) == 3


def test_a_recipe_that_is_wrong_in_all_cells_leaves_none():
    grid = cells(plan_of({POOL_6: [2, 3]}, fixed={"fingerprint.frequency_from_hz": 20}))
    assert not any(cell.buildable for cell in grid)
    assert all("frequency_from_hz is 20 and its frequency_to_hz 16" in cell.reason for cell in grid)


def test_statistics_are_read_by_the_selection_that_they_are_for_alone():
    fitted = FingerprintRecipe(selection="mad", statistics="a" * 20)
    mad, largest = cells(plan_of({SELECTION: ["mad", "largest"]}, recipe=fitted))
    assert mad.buildable and largest.buildable
    assert (mad.settings["fingerprint.statistics"], largest.settings["fingerprint.statistics"]) == ("a" * 20, "")
    # so that what was trained without statistics is known again
    known = trials_of(plan_of({SELECTION: ["largest"]}))[0].trial_id
    assert known in {trial.trial_id for trial in trials_of(plan_of({SELECTION: ["mad", "largest"]}, recipe=fitted))}


def test_what_follows_an_axis_follows_it_from_cell_to_cell():
    axis = {POOL_6: "1:4"}
    assert [cell.settings[STRIDE_6] for cell in cells(plan_of(axis))] == [1, 2, 3, 4]
    assert [cell.settings[STRIDE_6] for cell in cells(plan_of(axis, fixed={STRIDE_6: 1}))] == [1] * 4
    assert [cell.settings[STRIDE_6] for cell in cells(plan_of({POOL_6: [2, 3], STRIDE_6: [1, 2]}))] == [1, 2, 1, 2]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 80), min_size=1, max_size=6, unique=True), st.sampled_from([32, 64]))
def test_a_cell_is_what_the_check_of_its_network_says(pools, size):
    plan = plan_of({POOL_6: pools, FILTER_2: [1, 5]}, fixed={SIZE: size})
    for cell in cells(plan, class_count=4):
        layers = {name: cell.settings[name] for name in plan.model.space}
        alone = check(plan.model, cell.values, size, 4)
        assert (cell.buildable, cell.reason, cell.warnings) == (alone.buildable, alone.reason, alone.warnings)
        assert layers == plan.model.space.complete(cell.values)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=2))
def test_every_cell_comes_once_and_the_coarse_grid_first(lengths):
    axes = {name: range(1, length + 1) for name, length in zip((FILTER_2, POOL_6), lengths, strict=False)}
    trials = trials_of(plan_of(axes))
    assert sorted(trial.cell for trial in trials) == list(range(prod(lengths)))
    corners = {(min(values), max(values))[end] for values in axes.values() for end in (0, 1)}
    first = trials[: prod(min(length, 2) for length in lengths)]
    assert all(value in corners for trial in first for value in trial.axis_values.values())


def test_the_second_seed_waits_for_the_first():
    seeds = [trial.seed for trial in trials_of(plan_of({POOL_6: "1:3"}, seeds=2))]
    assert seeds == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("seeds", [1, 3])
def test_a_plan_without_axes_has_one_cell(seeds):
    plan = plan_of({}, seeds=seeds)
    [cell] = cells(plan)
    assert (cell.index, cell.values, cell.buildable) == (0, {}, True)
    assert [(trial.cell, trial.seed) for trial in trials_of(plan)] == [(0, seed) for seed in range(seeds)]


def test_values_are_checked_once_a_plan_and_not_once_a_cell(monkeypatch):
    """A form asks for all cells at every edit: what that takes must not grow with their number times the settings."""
    checked = []
    coerce = Setting.coerce
    monkeypatch.setattr(Setting, "coerce", lambda self, given: checked.append(self.name) or coerce(self, given))

    def count(**axes):
        checked.clear()
        assert len(trials_of(plan_of(axes))) == len(cells(plan_of(axes)))
        return len(checked)

    few = count(**{FILTER_2: "1:2", FILTERS_2: "8, 16", POOL_6: "1:2"})
    many = count(**{FILTER_2: "1:8", FILTERS_2: "[8 : 8 : 64]", POOL_6: "1:6"})
    # sixteen more values on the axes, of two plans, and 376 more cells
    assert many - few == 2 * 16
