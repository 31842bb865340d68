from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import epochs_saved, halve, rungs

plans = st.builds(
    lambda cells, epochs, factor, least: rungs(cells, epochs, factor=factor, least_epochs=min(least, epochs)),
    st.integers(1, 200),
    st.integers(1, 100),
    st.integers(2, 4),
    st.integers(1, 9),
)


@given(plans)
def test_each_rung_has_fewer_cells_and_more_epochs_and_the_last_is_a_full_training(plan):
    for lower, upper in pairwise(plan):
        assert lower.cells > upper.cells >= 1 and lower.epochs < upper.epochs
    assert all(rung.cost == rung.cells * rung.epochs for rung in plan)


@given(plans, st.integers(0, 99))
def test_the_best_on_every_rung_arrives_and_it_is_the_same_whenever_it_is_asked(plan, seed):
    rng = np.random.default_rng(seed)
    truth = rng.permutation(plan[0].cells).astype(float)
    quality = np.full((len(plan), plan[0].cells), np.nan)
    while not (at := halve(plan, quality)).done:
        some = at.next[: rng.integers(1, at.next.size + 1)]
        quality[at.rung, some] = truth[some]
    assert truth.argmax() in at.cells and at.cells.size == plan[-1].cells
    assert sorted([*at.cells, *np.concatenate([[], *at.dropped])]) == list(range(plan[0].cells))
    assert np.isfinite(quality).sum() == sum(rung.cells for rung in plan)


def test_its_cost_is_told():
    plan = rungs(64, 27, least_epochs=3)
    assert epochs_saved(plan) == pytest.approx(1 - (192 + 198 + 216) / (64 * 27))


def test_failed_cells_are_the_first_to_go():
    plan = rungs(4, 4, factor=2, least_epochs=2)
    quality = np.array([[0.1, -np.inf, -np.inf, 0.2], [np.nan] * 4])
    assert halve(plan, quality).cells.tolist() == [0, 3]


def test_what_makes_no_plan_is_refused():
    with pytest.raises(PlanError, match="make no plan"):
        rungs(0, 10)
    with pytest.raises(PlanError, match="does not fit the plan"):
        halve(rungs(4, 4), np.zeros((1, 3)))
