from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tests.space.making import grid_of
from trova_widgets.space import influence

NAN = float("nan")
numbers = arrays_of.arrays(
    float,
    arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4),
    elements=st.integers(0, 20).map(lambda right: right / 20) | st.just(NAN),
)


def by_axis(mean, words_on=()):
    return sorted(influence(grid_of(mean, words_on)), key=lambda each: each.axis)


def test_the_only_setting_that_matters_explains_everything():
    first, second = influence(grid_of(np.tile(np.arange(4) / 4, (3, 1))))
    assert (first.axis, first.name, first.main) == (1, "layer_1_p1", pytest.approx(1.0))
    assert (first.step, first.reach) == (pytest.approx(0.25), pytest.approx(0.75))
    assert (second.main, second.step, second.reach) == (0, 0, 0)


def test_the_strongest_comes_first():
    slopes = np.array([0.1, -0.3, 0.0])
    found = influence(grid_of(np.tensordot(slopes, np.indices((3, 4, 2)), axes=1)))
    assert [each.axis for each in found] == [1, 0, 2]
    assert [each.step for each in found] == pytest.approx([0.3, 0.1, 0.0])
    assert [each.reach for each in found] == pytest.approx([0.9, 0.2, 0.0])
    # without an interaction the shares are all there is
    assert sum(each.main for each in found) == pytest.approx(1)


def test_a_step_between_words_is_one_to_any_other():
    numbers, words = (by_axis([0.0, 1.0, 2.0], words_on)[0] for words_on in ([], [0]))
    assert (numbers.step, words.step) == (pytest.approx(1), pytest.approx(4 / 3))
    assert numbers.reach == words.reach == 2


def test_two_settings_that_act_together_only_explain_nothing_alone():
    first, second = influence(grid_of([[0.0, 1.0], [1.0, 0.0]]))
    assert first.main == second.main == 0
    assert first.step == second.step == 1


def test_where_nothing_can_be_compared_nothing_is_told():
    for mean in ([NAN, NAN], [0.5, NAN], [[0.5]]):
        assert all(np.isnan([each.step, each.reach, each.main]).all() for each in influence(grid_of(mean)))
    assert influence(grid_of(np.float64(0.5))) == ()
    flat = influence(grid_of([0.5, 0.5]))[0]
    assert (flat.step, flat.reach) == (0, 0) and np.isnan(flat.main)


@settings(deadline=None)
@given(numbers, st.booleans())
def test_influence_is_what_its_definition_says(mean, words):
    for each in by_axis(mean, range(mean.ndim) if words else ()):
        lines = np.moveaxis(mean, each.axis, -1).reshape(-1, mean.shape[each.axis])
        pairs = combinations(range(lines.shape[1]), 2)
        steps = [abs(line[one] - line[other]) for one, other in pairs if words or other - one == 1 for line in lines]
        steps = [step for step in steps if np.isfinite(step)]
        assert each.step == pytest.approx(np.mean(steps) if steps else NAN, nan_ok=True)
        known = [line[np.isfinite(line)] for line in lines]
        spans = [np.ptp(line) for line in known if len(line) > 1]
        assert each.reach == pytest.approx(np.mean(spans) if spans else NAN, nan_ok=True)
        assert np.isnan(each.main) or -1e-9 <= each.main <= 1 + 1e-9


@settings(deadline=None)
@given(numbers, st.floats(0.1, 10), st.floats(-5, 5))
def test_the_share_of_the_variance_knows_neither_unit_nor_origin(mean, factor, origin):
    for plain, scaled in zip(by_axis(mean), by_axis(factor * mean + origin), strict=True):
        assert scaled.main == pytest.approx(plain.main, nan_ok=True, abs=1e-9) or np.ptp(mean[np.isfinite(mean)]) == 0
        assert scaled.step == pytest.approx(factor * plain.step, nan_ok=True, abs=1e-9)
