import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tests.experiments.choice.simulated import losses_of
from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import Losses, confidence_set, differences, practical_equivalence


@settings(deadline=None, max_examples=25)
@given(arrays_of.arrays(float, (5, 2, 30), elements=st.sampled_from([0.0, 0.5, 1.0])))
def test_the_leader_is_in_the_set_and_more_confidence_never_makes_it_smaller(values):
    losses = Losses(values=values, folds=np.arange(30) % 3)
    found = [confidence_set(losses, confidence) for confidence in (0.5, 0.9, 0.99)]
    for each in found:
        assert each.inside[each.leader] and each.leader == losses.quality().argmax()
        assert np.array_equal(each.inside, each.p > 1 - each.confidence)
    assert (found[0].inside <= found[1].inside).all() and (found[1].inside <= found[2].inside).all()


def test_what_is_clearly_worse_leaves_and_its_rival_is_named():
    found = confidence_set(losses_of([0.1, 0.11, 0.5, 0.6], events=400))
    assert found.cells.tolist() == [0, 1]
    assert set(found.rival[2:]) <= {0, 1} and (found.statistic[2:] > 5).all() and (found.p[2:] == 0).all()
    assert found.luck_known


def test_many_cells_are_compared_part_by_part_and_nothing_changes(monkeypatch):
    losses = losses_of([0.1, 0.12, 0.3, 0.11, 0.5, 0.2, 0.14], events=200, luck=0.02, seeds=2)
    at_once = confidence_set(losses)
    monkeypatch.setattr(differences, "_AT_ONCE", 3)
    by_parts = confidence_set(losses)
    assert np.array_equal(by_parts.inside, at_once.inside) and np.array_equal(by_parts.rival, at_once.rival)
    assert np.allclose(by_parts.p, at_once.p, atol=0.002) and np.allclose(by_parts.statistic, at_once.statistic)


def test_cells_that_never_differ_stay_together():
    values = np.tile(losses_of([0.2]).values, (4, 1, 1))
    assert confidence_set(Losses(values=values, folds=np.arange(100) % 5)).inside.all()


def test_equal_cells_stay_nearly_as_often_as_stated():
    """60 experiments of 12 equal cells with luck: one in ten may lose a cell; 13 is what one in a hundred reaches."""
    broken = sum(
        not confidence_set(losses_of([0.2] * 12, luck=0.05, events=150, seeds=2, seed=seed)).inside.all()
        for seed in range(60)
    )
    assert broken <= 13


def test_luck_makes_cells_harder_to_tell_apart():
    error = np.linspace(0.1, 0.3, 15)
    steady, lucky = (confidence_set(losses_of(error, events=800, luck=luck)) for luck in (0.0, 0.06))
    assert steady.inside.sum() < lucky.inside.sum()


def test_fewer_trainings_make_a_cell_harder_to_tell_from_the_best():
    losses = losses_of([0.1] * 8 + [0.22], events=300, luck=0.03, seeds=3)
    holes = np.ones((9, 5, 3), dtype=bool)
    holes[8, 1:] = holes[8, 0, 1:] = False
    whole, little = confidence_set(losses), confidence_set(losses.select(trainings=holes))
    assert whole.p[8] < 0.01 < little.p[8]


def test_cells_without_results_are_in_no_set():
    holes = np.ones((3, 5, 1), dtype=bool)
    holes[1] = False
    found = confidence_set(losses_of([0.2, 0.1, 0.2]).select(trainings=holes))
    assert not found.inside[1] and np.isnan(found.p[1]) and found.rival[1] == -1
    with pytest.raises(PlanError, match="No training has finished"):
        confidence_set(losses_of([0.2]).select(trainings=np.zeros((1, 5, 1), dtype=bool)))
    with pytest.raises(PlanError, match="confidence of 90"):
        confidence_set(losses_of([0.2]), 90)


def test_one_training_a_cell_says_that_it_knows_no_luck():
    found = confidence_set(Losses(values=losses_of([0.1, 0.5], events=300).values, folds=np.zeros(300, dtype=int)))
    assert not found.luck_known and found.cells.tolist() == [0]


def test_practically_the_same_is_within_the_margin():
    losses = losses_of([0.2, 0.2, 0.5], events=2000)
    compared = practical_equivalence(losses, 0, margin=0.1)
    assert compared.difference == pytest.approx(losses.quality() - losses.quality()[0])
    assert compared.equal.tolist() == [True, True, False]
    assert compared.alike.tolist() == [True, True, False] and compared.worse.tolist() == [False, False, True]
    assert not practical_equivalence(losses, 0, margin=0.0).equal[1]
    wide = practical_equivalence(losses, 0, margin=0.1, confidence=0.999)
    assert (wide.low[1:] < compared.low[1:]).all() and (wide.high[1:] > compared.high[1:]).all()


def test_nothing_is_compared_with_what_was_not_measured():
    holes = np.ones((2, 5, 1), dtype=bool)
    holes[0] = False
    losses = losses_of([0.2, 0.2]).select(trainings=holes)
    with pytest.raises(PlanError, match="Cell 0 was not measured"):
        practical_equivalence(losses, 0)
    with pytest.raises(PlanError, match="margin of -1"):
        practical_equivalence(losses, 1, margin=-1)
    assert np.isnan(practical_equivalence(losses, 1).difference[0])
