import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tests.experiments.choice.simulated import losses_of
from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import Losses, quality_intervals
from trova_widgets.experiments.choice.sampling import RandomNumbers, bootstrap

values_of = arrays_of.arrays(float, (3, 2, 12), elements=st.floats(0, 1))
FOLDS = np.arange(12) % 3


@given(values_of, st.lists(st.integers(1, 9), min_size=12, max_size=12))
def test_the_quality_is_pooled_over_folds_and_seeds(values, weights):
    losses = Losses(values=values, folds=FOLDS, weights=weights)
    expected = 1 - np.average(values.mean(axis=1), axis=1, weights=weights)
    assert np.allclose(losses.quality(), expected)
    assert losses.measured.shape == (3, 3, 2) and losses.complete.all()


@given(values_of, arrays_of.arrays(bool, (3, 3, 2)))
def test_holes_count_nothing(values, trainings):
    losses = Losses(values=values, folds=FOLDS).select(trainings=trainings)
    assert np.array_equal(losses.measured, trainings)
    for cell, told in enumerate(trainings):
        there = [values[cell, seed, fold == FOLDS] for fold, seed in np.argwhere(told)]
        expected = 1 - np.mean(there) if there else np.nan
        assert losses.quality()[cell] == pytest.approx(expected, nan_ok=True)


@given(values_of, st.integers(0, 2))
def test_a_fold_that_is_left_out_leaves_no_trace(values, fold):
    other = np.where(fold == FOLDS, 1 - values, values)
    left, same = (Losses(values=each, folds=FOLDS).select(fold=fold) for each in (values, other))
    assert np.array_equal(left.values, same.values) and left.fold_count == 2
    assert left.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": np.zeros((2, 4)), "folds": [0, 0, 1, 1]},
        {"values": np.zeros((2, 1, 4)), "folds": [0, 0, 2, 2]},
        {"values": np.zeros((2, 1, 4)), "folds": [0, 0, 1, 1], "weights": [1, 1, 0, 1]},
        {"values": [[[0, np.nan, 1, 1]]], "folds": [0, 0, 1, 1]},
    ],
)
def test_what_is_no_losses_is_refused(wrong):
    with pytest.raises(PlanError, match=r"expected|Leave"):
        Losses(**wrong)


def test_one_fold_alone_cannot_be_left_out():
    with pytest.raises(PlanError, match="one fold alone"):
        Losses(values=np.zeros((1, 1, 3)), folds=[0, 0, 0]).select(fold=0)


def test_without_luck_the_draws_spread_as_the_events_do():
    losses = losses_of([0.2, 0.3] * 20, events=1000, seeds=3)
    drawn = bootstrap(losses, paired=False)
    expected = losses.by_event.std(axis=1, ddof=1) / np.sqrt(1000)
    assert drawn.deviations.std(axis=1).mean() == pytest.approx(expected.mean(), rel=0.1)
    assert drawn.losses == pytest.approx(1 - losses.quality())


def test_the_luck_of_a_training_is_found_and_widens_the_intervals():
    """Of 40 cells with one seed and of 40 with three: the true one is .06."""
    for seeds in (1, 3):
        lucky = losses_of([0.3] * 40, events=500, seeds=seeds, luck=0.06, seed=1)
        plain = losses_of([0.3] * 40, events=500, seeds=seeds, seed=1)
        found, none = (np.sqrt(np.mean(bootstrap(each).luck.sd ** 2)) for each in (lucky, plain))
        assert found == pytest.approx(0.06, rel=0.25) and none < 0.02
        wide, narrow = (np.subtract(*quality_intervals(each)[::-1]).mean() for each in (lucky, plain))
        assert wide > 1.3 * narrow


def test_a_cell_of_unsteady_trainings_is_noticed():
    steady, wild = (
        losses_of([0.3] * 20, events=500, seeds=3, luck=0.01),
        losses_of([0.3], seeds=3, events=500, luck=0.15),
    )
    both = Losses(values=np.concatenate([steady.values, wild.values]), folds=steady.folds)
    sd = bootstrap(both).luck.sd
    assert sd[-1] > 2 * sd[:-1].max()


def test_networks_that_always_say_the_same_do_not_spoil_what_is_known_of_the_others():
    alive = losses_of([0.3] * 30, events=500, seeds=2, luck=0.06)
    dead = np.tile((np.arange(500) % 2)[None, None], (10, 2, 1)).astype(float)
    both = Losses(values=np.concatenate([alive.values, dead]), folds=alive.folds)
    alone, beside = bootstrap(alive).luck.sd, bootstrap(both).luck.sd[:30]
    assert beside.std() < 1.5 * alone.std() + 0.005
    assert beside.mean() == pytest.approx(alone.mean(), rel=0.25)


def test_a_missing_fold_is_set_right_by_how_hard_it_is():
    """Cells 0 and 1 are alike; the hard fold is missing for the second."""
    values = np.tile(np.repeat([0.1, 0.1, 0.7], 20), (3, 1, 1))
    values[2] += 0.1
    holes = np.ones((3, 3, 1), dtype=bool)
    holes[1, 2] = False
    losses = Losses(values=values, folds=np.repeat([0, 1, 2], 20)).select(trainings=holes)
    drawn = bootstrap(losses)
    assert drawn.losses[1] - drawn.losses[0] == pytest.approx(0, abs=1e-9)
    assert drawn.losses[2] - drawn.losses[0] == pytest.approx(0.1, abs=1e-9)
    assert losses.quality()[1] == pytest.approx(0.9)


@settings(deadline=None, max_examples=20)
@given(arrays_of.arrays(bool, (4, 5, 2)), st.integers(0, 5))
def test_draws_are_finite_whatever_is_missing(trainings, seed):
    losses = losses_of([0.1, 0.2, 0.3, 0.4], seeds=2, luck=0.05, seed=seed).select(trainings=trainings)
    for paired in (True, False):
        drawn = bootstrap(losses, paired=paired, numbers=RandomNumbers.of(losses, draws=100))
        assert np.isfinite(drawn.deviations).all()
        assert np.array_equal(np.isfinite(drawn.losses), trainings.any(axis=(1, 2)))


def test_intervals_hold_the_figure_and_grow_with_the_confidence():
    losses = losses_of([0.1, 0.5], luck=0.02)
    narrow, wide = quality_intervals(losses, 0.5), quality_intervals(losses, 0.99)
    assert (wide[0] < narrow[0]).all() and (narrow[0] < losses.quality()).all()
    assert (losses.quality() < narrow[1]).all() and (narrow[1] < wide[1]).all()
    with pytest.raises(PlanError, match="confidence"):
        quality_intervals(losses, 95)
    with pytest.raises(PlanError, match="too few"):
        RandomNumbers.of(losses, draws=5)
