import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tests.experiments.choice.simulated import losses_of
from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import Losses, RandomNumbers, lowest_loss, nested_expectation

values_of = arrays_of.arrays(float, (4, 2, 15), elements=st.sampled_from([0.0, 0.25, 1.0]))
FOLDS = np.arange(15) % 3


@settings(deadline=None, max_examples=25)
@given(values_of, st.integers(0, 2), st.randoms(use_true_random=False))
def test_a_fold_has_no_part_in_the_choice_that_it_measures(values, fold, random):
    here = np.flatnonzero(fold == FOLDS)
    other = values.copy()
    for cell in range(4):
        other[cell, :, here] = random.random()
    first, second = (nested_expectation(Losses(values=each, folds=FOLDS)) for each in (values, other))
    assert first.by_fold[fold] == second.by_fold[fold]


@settings(deadline=None, max_examples=25)
@given(values_of)
def test_it_is_what_the_choices_got_on_the_folds_they_had_not_seen(values):
    told = nested_expectation(Losses(values=values, folds=FOLDS))
    parts = [1 - values[told.by_fold[fold]][:, fold == FOLDS].mean() for fold in range(3)]
    assert told.quality == pytest.approx(np.clip(np.mean(parts) + told.price, 0, 1))
    assert told.low - 1e-6 <= told.quality <= told.high + 1e-6
    assert told.luck == pytest.approx(told.apparent - told.quality)


def told_quickly(losses):
    """The expectation with as few draws as there can be."""
    return nested_expectation(losses, numbers=RandomNumbers.of(losses, draws=100))


def test_luck_is_not_counted():
    """60 experiments of 30 equal cells: the best of them looks 2 points better than it is, the expectation does not."""
    found = [losses_of([0.2] * 30, events=1000, luck=0.04, seed=seed, seeds=2) for seed in range(60)]
    told = [told_quickly(losses) for losses in found]
    truth = np.mean([1 - losses.quality() for losses in found])
    apparent, expected = (1 - np.mean([getattr(each, name) for each in told]) for name in ("apparent", "quality"))
    assert truth - apparent > 0.015
    assert abs(truth - expected) < 0.006
    held = np.mean([each.low <= 1 - truth <= each.high for each in told])
    assert held >= 0.85


def test_any_rule_can_choose_and_sees_the_other_folds_alone():
    seen = []

    def first(losses):
        seen.append(losses.fold_count)
        return 0

    told = nested_expectation(losses_of([0.5, 0.1]), first)
    assert told.by_fold == (0,) * 5 and told.chosen == 0
    # on all folds, without each, and without each two, which tells what one fold less costs
    assert seen == [5, *[4] * 5, *[3] * 10]
    assert told.price == 0, "it chooses the same cell always"


def test_the_price_of_a_fold_less_is_told_by_that_of_two():
    """One cell of 40 stands out where luck hides it: on one fold less it is found less often, and that is no luck."""
    error = [0.16, *[0.2] * 39]
    found = [losses_of(error, events=200, seed=seed) for seed in range(150)]
    told = [told_quickly(losses) for losses in found]

    def on_folds(count):
        parts = [losses.select(fold=4) if count < 5 else losses for losses in found]
        return np.mean([error[lowest_loss(part)] for part in parts])

    paid = on_folds(4) - on_folds(5)
    assert 0.001 < paid == pytest.approx(np.mean([each.price for each in told]), abs=0.004)


def test_a_cell_that_did_not_tell_a_fold_is_not_measured_on_it():
    holes = np.ones((3, 5, 1), dtype=bool)
    holes[0, 2:] = False
    losses = losses_of([0.01, 0.2, 0.3], events=300).select(trainings=holes)
    told = nested_expectation(losses)
    assert told.chosen == 1
    assert all(losses.measured[cell, fold, 0] for fold, cell in enumerate(told.by_fold))
    with pytest.raises(PlanError, match="cell 0 without fold 2"):
        nested_expectation(losses, lambda part: 0)


def test_without_a_second_fold_there_is_nothing_to_measure_on():
    one = Losses(values=np.zeros((2, 1, 4)), folds=[0, 0, 0, 0])
    with pytest.raises(PlanError, match="two folds"):
        nested_expectation(one)
    first = np.zeros((2, 5, 1), dtype=bool)
    first[:, 0] = True
    with pytest.raises(PlanError, match="two folds"):
        nested_expectation(losses_of([0.2, 0.3]).select(trainings=first))
    with pytest.raises(PlanError, match="confidence"):
        nested_expectation(losses_of([0.2, 0.3]), confidence=1.0)


def test_the_lowest_loss_is_of_those_with_the_most_trainings():
    holes = np.ones((2, 5, 1), dtype=bool)
    holes[0, 3:] = False
    assert lowest_loss(losses_of([0.05, 0.4], events=300).select(trainings=holes)) == 1
    assert lowest_loss(losses_of([0.05, 0.4], events=300)) == 0
