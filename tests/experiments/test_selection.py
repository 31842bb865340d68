import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import PlanError
from trova_widgets.experiments import best_trial, wilson_interval

figures = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20)


@given(st.integers(1, 1000), st.data())
def test_the_interval_holds_what_was_measured(count, data):
    right = data.draw(st.integers(0, count))
    low, high = wilson_interval(right / count, count)
    assert 0 <= low <= right / count + 1e-12
    assert right / count - 1e-12 <= high <= 1
    more_low, more_high = wilson_interval(right / count, count * 4)
    assert more_high - more_low < high - low


def test_the_interval_agrees_with_scipy():
    from scipy.stats import binomtest

    expected = binomtest(68, 72).proportion_ci(0.95, method="wilson")
    assert wilson_interval(68 / 72, 72) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("wrong", [(0.5, 0), (1.5, 10), (float("nan"), 10), (0.5, 10, 1.0)])
def test_there_is_no_interval_of_nonsense(wrong):
    with pytest.raises(PlanError, match="no interval"):
        wilson_interval(*wrong)


def trials_of(quality, parameters=None, seed=0):
    return pd.DataFrame(
        {
            "size": range(1, len(quality) + 1),
            "seed": seed,
            "state": ["finished" if np.isfinite(each) else "failed" for each in quality],
            "quality": quality,
            "parameter_count": parameters or [100] * len(quality),
        }
    )


def test_the_flat_optimum_beats_the_lucky_spike_within_the_error():
    trials = trials_of([0.60, 0.95, 0.60, 0.90, 0.93, 0.94, 0.93])
    assert best_trial(trials, ["size"])["size"] == 2
    assert best_trial(trials, ["size"], validation_count=72)["size"] == 6


def test_among_equals_the_lighter_network_wins():
    trials = trials_of([0.9, 0.9, 0.9], parameters=[300, 100, 200])
    assert best_trial(trials, ["size"])["size"] == 2


def test_the_mean_over_seeds_decides_not_the_luckiest_seed():
    trials = pd.concat([trials_of([0.99, 0.90]), trials_of([0.70, 0.91], seed=1)])
    best = best_trial(trials, {"size": (1, 2)})
    assert (best["size"], best["seed"]) == (2, 1)
    assert best["mean_quality"] == pytest.approx(0.905)
    assert best["cell_gradient"] == pytest.approx(0.06)


def test_failed_trials_do_not_compete():
    assert best_trial(trials_of([np.nan, 0.5]), ["size"])["size"] == 2
    with pytest.raises(PlanError, match="No trial has finished"):
        best_trial(trials_of([np.nan]), ["size"])
