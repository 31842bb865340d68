"""Intervals of shares that are counted over whole events."""

import numpy as np
import pytest

from trova_widgets.errors import PlanError
from trova_widgets.experiments.evaluation import share_intervals


@pytest.mark.parametrize("share", [0.08, 0.3, 0.9])
def test_they_hold_the_truth_as_often_as_they_say_though_stations_err_together(share: float) -> None:
    rng = np.random.default_rng(0)
    held, drawn, events = 0, 1500, 60
    for _ in range(drawn):
        records = rng.integers(1, 5, events)
        low, high = share_intervals(rng.binomial(records, rng.beta(2 * share, 2 * (1 - share), events)), records)
        held += low <= share <= high
    assert held / drawn == pytest.approx(0.95, abs=0.03)


def test_where_records_are_independent_it_is_wilsons() -> None:
    rng = np.random.default_rng(1)
    low, high = share_intervals(rng.random(2000) < 0.3, np.ones(2000))
    share = float((np.random.default_rng(1).random(2000) < 0.3).mean())
    z, n = 1.96, 2000
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    assert (high - low) / 2 == pytest.approx(half, rel=0.01)


def test_nought_of_nine_is_not_sure_and_one_event_says_nothing() -> None:
    low, high = share_intervals(np.zeros(9), np.ones(9))
    assert low == 0 and 0.3 < high < 0.4
    assert [float(end) for end in share_intervals([1.0], [1.0])] == [0, 1]
    assert np.isnan(share_intervals([0.0, 0.0], [0.0, 0.0])).all()
    with pytest.raises(PlanError, match="A confidence of 95"):
        share_intervals([1.0], [1.0], confidence=95)


def test_the_same_told_by_more_seeds_is_no_surer() -> None:
    rng = np.random.default_rng(2)
    part = (rng.random(200) < 0.2).astype(float)
    once, thrice = share_intervals(part, np.ones(200)), share_intervals(3 * part, np.full(200, 3.0), repeats=3)
    np.testing.assert_allclose(once, thrice)
