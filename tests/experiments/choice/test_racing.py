import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.experiments.choice.simulated import losses_of, run_race
from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import Losses, RaceRules, Training, race

HILL = 0.12 + 0.03 * np.abs(np.arange(12) - 4.0)


def decided(now):
    """All that a race decides, to be compared."""
    return now.reason, now.running.tolist(), now.looks, now.next


def nothing_of(losses):
    return losses.select(trainings=np.zeros_like(losses.measured))


@settings(deadline=None, max_examples=8)
@given(
    st.integers(0, 1000),
    st.sampled_from([RaceRules(draws=200), RaceRules(draws=200, margin=0.0, flat_p=1.0), RaceRules(draws=200, size=3)]),
)
def test_in_any_order_and_started_anew_at_any_time_it_decides_the_same(seed, rules):
    losses = losses_of(HILL, events=150, seeds=2, luck=0.03, seed=seed)
    straight, measured = run_race(losses, rules)
    broken, again = run_race(losses, rules, np.random.default_rng(seed))
    assert decided(broken) == decided(straight)
    assert np.array_equal(measured.measured, again.measured)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 1000))
def test_trainings_beyond_what_was_asked_change_nothing(seed):
    losses = losses_of(HILL, events=150, seeds=2, luck=0.03, seed=seed)
    straight, _ = run_race(losses, RaceRules())
    whole = race(losses, RaceRules())
    assert (whole.reason, whole.running.tolist(), whole.looks) == (
        straight.reason,
        straight.running.tolist(),
        straight.looks,
    )


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 1000), st.floats(0.01, 0.4))
def test_what_a_race_promises(seed, risk):
    losses = losses_of(HILL, events=200, seeds=2, luck=0.02, seed=seed)
    now, measured = run_race(losses, RaceRules(risk=risk))
    running = 12
    for before, look in zip((None, *now.looks), now.looks, strict=False):
        assert look.risk <= risk + 1e-12 and (before is None or look.risk > before.risk)
        assert look.running == running
        running -= len(look.drops)
        for drop in look.drops:
            assert drop.statistic > drop.critical and drop.p <= look.risk and drop.difference > 0
            assert drop.rival != drop.cell
    assert running == len(now.running) >= 1
    assert set(now.drops) | set(now.running.tolist()) == set(range(12))
    # no hole among the running cells, and all cells have the first fold
    assert measured.measured[:, 0, 0].all()
    repeats = measured.measured.sum(axis=(1, 2))
    assert (repeats[now.running] == repeats.max()).all()


def test_the_first_fold_of_all_cells_comes_first_then_the_next():
    losses = losses_of(HILL, seeds=2)
    assert race(nothing_of(losses)).next == tuple(Training(cell, 0, 0) for cell in range(12))
    first = np.zeros_like(losses.measured)
    first[:, 0, 0] = True
    now = race(losses.select(trainings=first))
    assert now.next == tuple(Training(cell, 1, 0) for cell in range(12)) and not now.looks
    assert now.sentence() == (
        "The race goes on. 12 of 120 trainings were made, 12 of 12 cells may still be the best, "
        "0.0 of 15 % risk is spent."
    )


def test_far_cells_go_early_and_the_best_wins():
    now, measured = run_race(losses_of(HILL, events=600, seeds=3, luck=0.02), RaceRules())
    assert now.running.tolist() == [4] and now.reason == "size"
    assert measured.measured.mean() < 0.5
    looks = {cell: look.repeat for cell, (look, _) in now.drops.items()}
    assert looks[11] == 2 < looks[5]
    assert "1 of 12 cells may still be the best" in now.sentence()


def test_as_few_as_asked_are_left():
    now, _ = run_race(losses_of(HILL, events=600, seeds=3, luck=0.02), RaceRules(size=4))
    assert now.reason == "size" and 1 <= len(now.running) <= 4 and 4 in now.running


def test_on_flat_ground_it_says_soon_that_nothing_can_be_told_apart():
    """Seven in ten races of equal cells should, most of them after one round; half leave room for chance."""
    ended = [
        run_race(losses_of([0.2] * 16, events=150, seeds=3, luck=0.03, seed=seed), RaceRules())[0] for seed in range(30)
    ]
    early = [now for now in ended if now.reason == "flat"]
    assert len(early) >= 15
    assert all(not now.drops and 5 <= now.looks[-1].repeat <= 8 for now in early)
    assert sum(now.looks[-1].repeat == 5 for now in early) > len(early) / 2
    assert "nothing can be told apart" in early[0].sentence()


def test_what_is_neither_flat_nor_told_apart_is_measured_further():
    experiments = [losses_of([0.15] + [0.2] * 15, events=300, seeds=3, luck=0.02, seed=seed) for seed in range(15)]
    patient = [run_race(losses, RaceRules())[0] for losses in experiments]
    hasty = [run_race(losses, RaceRules(end_p=0.05))[0] for losses in experiments]
    unclear = [
        look is now.looks[-1] and now.reason == "flat"
        for now in patient
        for look in now.looks
        if look.flat_p is not None and 0.05 < look.flat_p <= 0.3
    ]
    assert unclear and not any(unclear)
    # and so one that is better than all others is found more often
    found, before = (sum(now.running[0] == 0 and len(now.drops) > 8 for now in each) for each in (patient, hasty))
    assert found > before


def test_a_strict_race_of_equal_cells_drops_each_no_more_often_than_stated():
    """Of 30 races of 12 equal cells at a risk of a tenth; cells of a race go together, so there is room for chance."""
    lost = [
        len(race(losses_of([0.2] * 12, events=150, seeds=2, luck=0.04, seed=seed), RaceRules(margin=0, flat_p=1)).drops)
        for seed in range(30)
    ]
    assert np.sum(lost) / (30 * 12) <= 0.15


def test_what_is_practically_the_same_ends_the_race():
    values = np.tile(losses_of([0.2], seeds=2).values, (5, 1, 1))
    now = race(Losses(values=values, folds=np.arange(100) % 5))
    assert now.reason == "equal" and len(now.running) == 5


def test_a_budget_ends_it():
    losses = losses_of(HILL, events=60, seeds=2, luck=0.05)
    rules = RaceRules(trials=15, flat_p=1.0)
    now, measured = run_race(losses, rules)
    assert now.reason == "budget" and measured.measured.sum() == 15 and not now.next
    assert len(race(nothing_of(losses), RaceRules(trials=5)).next) == 5
    took = np.where(measured.measured, 2.0, np.nan)
    assert race(measured, RaceRules(seconds=30.0), seconds=took).reason == "budget"
    assert race(measured, RaceRules(seconds=31.0), seconds=took).reason is None
    with pytest.raises(PlanError, match="budget of time"):
        race(measured, RaceRules(seconds=30.0))


def test_failed_trainings_are_not_waited_for():
    losses = losses_of(HILL, events=300, seeds=2, luck=0.02)
    failed = np.zeros_like(losses.measured)
    failed[7] = True
    failed[3, 1, 0] = True
    there = ~failed
    there[:, 2:] = there[:, :, 1] = False
    now = race(losses.select(trainings=there), failed=failed)
    assert 7 not in now.running and 7 not in now.drops
    assert {training.fold for training in now.next} == {2} and 7 not in {training.cell for training in now.next}
    assert len(now.looks) == 1


def test_all_planned_repeats_end_it():
    now, measured = run_race(losses_of(np.linspace(0.2, 0.26, 6), events=60, luck=0.05), RaceRules(flat_p=1, margin=0))
    assert now.reason == "measured" and now.trainings == measured.measured.sum() <= now.planned == 30


@pytest.mark.parametrize(
    "wrong", [{"risk": 0.0}, {"risk": 1.0}, {"margin": -0.1}, {"size": 0}, {"flat_p": 0.0}, {"flat_p": 2.0}]
)
def test_rules_that_cannot_be_kept_are_refused(wrong):
    with pytest.raises(PlanError, match=r"take|ask"):
        RaceRules(**wrong)
