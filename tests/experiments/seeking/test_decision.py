"""The decision after an experiment: the best cell, but nothing that chance alone moves."""

import json

import numpy as np

from tests.experiments.seeking.making import (
    DROPOUT_5,
    FILTER_2,
    FILTERS_2,
    POOL_6,
    STRIDE_6,
    best_at,
    effect,
    grid_of,
)
from trova_widgets.experiments import Plan
from trova_widgets.experiments.seeking import Comparison, Decision, decide
from trova_widgets.experiments.seeking.decision import against_before

AXES = {FILTER_2: "[1:1:8]", FILTERS_2: "[8:8:64]", DROPOUT_5: "[0.1:0.2:0.9]"}
PRESENT = {FILTER_2: 3, FILTERS_2: 8, DROPOUT_5: 0.2}
BEST = {FILTER_2: 2, FILTERS_2: 64, DROPOUT_5: 0.7}


def decided(sizes, best=BEST, axes=AXES, present=PRESENT, competing=None):
    plan = Plan.make(network_type="CNN", dataset_id="d", axes=axes)
    grid = grid_of(plan)
    may_be_best = np.ones(plan.shape, dtype=bool) if competing is None else competing(grid)
    effects = [effect(name, values, sizes[name]) for name, values in plan.axes.items()]
    return plan, decide(plan, grid, best_at(best, grid), may_be_best, effects, present)


def test_what_acts_is_taken_from_the_best_cell() -> None:
    _, decision = decided(dict.fromkeys(AXES, 0.02))
    assert decision.taken == decision.cell == BEST
    assert decision.left == ()
    assert [each.is_told for each in decision.influences] == [True, True, True]


def test_a_setting_without_influence_stays_where_it_was_and_says_so() -> None:
    _, decision = decided({FILTER_2: 0.02, FILTERS_2: 0.0, DROPOUT_5: 0.0})
    assert decision.cell == {FILTER_2: 2, FILTERS_2: 8, DROPOUT_5: 0.1}
    assert decision.left == (FILTERS_2, DROPOUT_5)
    assert "No influence of numFilters (2) can be told: it stays at 8." in decision.reason
    assert "it goes to 0.1, the nearest to 0.2" in decision.reason


def test_but_not_where_the_network_would_be_measurably_worse() -> None:
    def without_light_ones(grid):
        mask = np.ones(grid.shape, dtype=bool)
        mask[:, 0, :] = False
        return mask

    _, decision = decided({FILTER_2: 0.02, FILTERS_2: 0.0, DROPOUT_5: 0.02}, competing=without_light_ones)
    assert decision.cell == BEST and decision.left == ()
    assert "8 would be worse here, so 64 is held" in decision.reason


def test_a_follower_without_influence_goes_on_following() -> None:
    axes = {FILTER_2: "1, 2, 3", STRIDE_6: "1, 2, 3"}
    best, present = {FILTER_2: 2, STRIDE_6: 3}, {FILTER_2: 3, STRIDE_6: 2}
    _, decision = decided({FILTER_2: 0.02, STRIDE_6: 0.0}, best, axes, present)
    assert decision.cell == {FILTER_2: 2, STRIDE_6: 2}
    assert decision.taken == {FILTER_2: 2}


def test_an_end_of_a_range_is_pointed_at() -> None:
    _, decision = decided(dict.fromkeys(AXES, 0.02))
    assert "numFilters (2) 64 is an end of its range: look further there." in decision.reason
    # a kernel cannot be smaller than 1
    _, small = decided(dict.fromkeys(AXES, 0.02), {**BEST, FILTER_2: 1})
    assert "filterSize (2) 1 is an end" not in small.reason


def test_words_stay_too() -> None:
    axes = {"fingerprint.highpass": "on, off", POOL_6: "1, 2"}
    best = {"fingerprint.highpass": "off", POOL_6: 1}
    _, decision = decided(
        {"fingerprint.highpass": 0.0, POOL_6: 0.02}, best, axes, {"fingerprint.highpass": "on", POOL_6: 2}
    )
    assert decision.cell == {"fingerprint.highpass": "on", POOL_6: 1}


def compared(difference, low, high):
    return Comparison(before=0.8, difference=difference, low=low, high=high)


def test_what_is_no_better_than_the_optimum_so_far_changes_nothing() -> None:
    plan, decision = decided(dict.fromkeys(AXES, 0.02))
    stays = against_before(decision, plan, compared(-0.01, -0.03, 0.01), PRESENT)
    assert stays.taken == {} and stays.cell is None
    better = against_before(decision, plan, compared(0.02, 0.01, 0.03), PRESENT)
    assert better.taken == BEST and "surely better" in better.reason
    perhaps = against_before(decision, plan, compared(0.02, -0.01, 0.05), PRESENT)
    assert perhaps.taken == BEST and "though not surely better" in perhaps.reason


def test_where_nothing_acts_only_what_is_surely_better_is_taken() -> None:
    plan, decision = decided(dict.fromkeys(AXES, 0.0))
    assert decision.left == tuple(AXES) and "No setting's influence" in decision.reason
    luck = against_before(decision, plan, compared(0.02, -0.01, 0.05), PRESENT)
    assert luck.taken == {} and luck.cell is None and "nothing is changed" in luck.reason
    together = against_before(decision, plan, compared(0.03, 0.01, 0.05), PRESENT)
    assert together.taken == BEST


def test_the_same_cell_as_before_is_no_change() -> None:
    best = {FILTER_2: 3, FILTERS_2: 8, DROPOUT_5: 0.3}
    plan, decision = decided(dict.fromkeys(AXES, 0.02), best)
    same = against_before(decision, plan, compared(0.0, -0.01, 0.01), best)
    assert same.taken == {} and same.cell == best


def test_a_decision_survives_the_store() -> None:
    _, decision = decided({FILTER_2: 0.02, FILTERS_2: 0.0, DROPOUT_5: float("nan")})
    assert Decision.from_dict(json.loads(json.dumps(decision.to_dict()))) == decision
