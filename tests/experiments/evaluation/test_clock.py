"""What the clock and the quarries say of labels: known answers, and what must not change it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.experiments.evaluation import CONTRADICTED, clock_evidence
from trova_widgets.experiments.evaluation.clock import NOWHERE, UNKNOWN


def _drawn(seed, count=200):
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, 3, count)
    hours = np.where(classes > 0, rng.integers(9, 17, count), rng.integers(0, 24, count))
    weekdays = np.where(classes > 0, rng.integers(0, 5, count), rng.integers(0, 7, count))
    sites = np.where((classes > 0) & (rng.random(count) < 0.9), classes - 1, NOWHERE)
    return hours, weekdays, sites, classes


def test_the_ratio_is_that_of_the_smoothed_counts_of_the_others():
    # twenty blasts at noon, an earthquake at each hour from 0 to 19, and a blast at 3 h, all on Mondays
    hours = np.r_[np.full(20, 12), np.arange(20), 3]
    classes = np.r_[np.zeros(20, int), np.ones(20, int), 0]
    found = clock_evidence(hours, np.zeros(41, int), np.full(41, UNKNOWN), classes, 2)
    # of twenty others none, and one an hour; each hour has half an event beforehand
    assert found.against[40] == pytest.approx(np.log10((1 + 0.5) / (0 + 0.5)))
    assert found.by_place[40] == 0 and found.rival[40] == 1


def test_a_class_with_too_few_others_is_not_judged():
    hours, classes = np.r_[np.full(30, 12), 3, 4], np.r_[np.zeros(30, int), 1, 1]
    found = clock_evidence(hours, np.zeros(32, int), np.full(32, UNKNOWN), classes, 2)
    assert np.isnan(found.against).all()


@given(st.integers(0, 1000), st.integers(1, 23))
def test_neither_the_order_of_the_events_nor_the_zone_of_the_clock_matters(seed, shift):
    hours, weekdays, sites, classes = _drawn(seed)
    before = clock_evidence(hours, weekdays, sites, classes, 3).against
    order = np.random.default_rng(seed).permutation(len(hours))
    moved = clock_evidence((hours[order] + shift) % 24, weekdays[order], sites[order], classes[order], 3).against
    assert moved == pytest.approx(before[order])


def test_of_right_labels_at_most_one_in_twenty_is_contradicted():
    found = np.concatenate([clock_evidence(*_drawn(seed, 600), 3).against for seed in range(10)])
    assert np.isfinite(found).all() and (found >= CONTRADICTED).mean() <= 1 / 20


def test_a_quarry_says_which_blasts_are_its_own():
    hours, weekdays, sites, classes = _drawn(1)
    # one blast gets the other quarry's class
    one = int(np.flatnonzero((classes == 1) & (sites == 0))[0])
    classes[one] = 2
    found = clock_evidence(hours, weekdays, sites, classes, 3)
    assert int(np.nanargmax(found.against)) == one and found.rival[one] == 1
