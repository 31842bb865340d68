"""The clock of blasting as data and as a picture: known answers and what must hold of any counts."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.figures.clock import MOST, clock, rayleigh, shortest_span
from trova_widgets.figures.screen.clock import MOST_PANELS, clock_picture

COUNTS = st.lists(st.integers(0, 50), min_size=24, max_size=24).filter(any)


@given(COUNTS, st.integers(0, 23))
def test_the_span_holds_most_no_shorter_one_does_and_it_turns_with_the_clock(counts, turn):
    span = shortest_span(counts)
    assert np.array(counts)[span.holds(24)].sum() == pytest.approx(span.share * sum(counts))
    assert span.share >= MOST - 1e-12
    doubled = np.r_[0, np.cumsum(counts * 2)]
    shorter = span.length - 1
    assert all(doubled[at + shorter] - doubled[at] < MOST * sum(counts) for at in range(24))
    turned = shortest_span(np.roll(counts, turn))
    assert (turned.length, turned.share) == (span.length, pytest.approx(span.share))


def test_without_a_preferred_hour_one_in_twenty_is_below_a_twentieth():
    rng = np.random.default_rng(5)
    chances = np.array([rayleigh(rng.uniform(0, 24, 15)) for _ in range(3000)])
    assert (chances < 0.05).mean() == pytest.approx(0.05, abs=0.012)
    assert (chances < 0.5).mean() == pytest.approx(0.5, abs=0.03)


def test_events_are_counted_once_and_every_count_is_told_in_the_picture():
    hours, days = [23.99, 0.0, 12.5, 12.0, 12.9], [6, 0, 2, 2, 2]
    made = clock(hours, days, ["earthquake", "earthquake", "quarry_blast", "quarry_blast", "quarry_blast"])
    assert made.counts[0, 6, 23] == made.counts[0, 0, 0] == 1 and made.counts[1, 2, 12] == 3
    drawn = clock_picture(made)
    assert "<title>Quarry blast, Wednesday, 12 to 13 h: 3 of 3</title>" in drawn
    assert "<title>Earthquake, 23 to 24 h: 1 of 2 (50.0 %)</title>" in drawn
    # a cell a weekday and hour with events
    assert len(re.findall(r"day, \d+ to", drawn)) == 3


def test_no_event_is_no_picture_and_of_many_classes_the_largest_are_drawn():
    assert clock_picture(clock([], [], [])) == ""
    names = [name for each in range(6) for name in [f"class_{each}"] * (each + 1)]
    drawn = clock_picture(clock(np.zeros(len(names)), np.zeros(len(names)), names), 400)
    assert [f"Class {each}" in drawn for each in range(6)] == [False] * (6 - MOST_PANELS) + [True] * MOST_PANELS
    # where there is no room beside each other they stand below
    width, height = map(int, re.search(r'width="(\d+)" height="(\d+)"', drawn).groups())
    assert width <= 400 < height
