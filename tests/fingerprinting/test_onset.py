import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fingerprinting.making import RATE_HZ, record
from trova_widgets.fingerprinting.onset import find_onset, find_onsets


@settings(max_examples=30)
@given(seed=st.integers(0, 9999), onset_s=st.floats(10, 90))
def test_a_clear_onset_is_found_within_a_second(seed, onset_s):
    assert find_onset(record(seed, onset_s=onset_s), RATE_HZ) == pytest.approx(onset_s, abs=1.0)


@settings(max_examples=20)
@given(seed=st.integers(0, 9999), power=st.integers(-60, 60))
def test_an_onset_does_not_depend_on_the_unit(seed, power):
    samples = record(seed)
    assert find_onset(samples * 2.0**power, RATE_HZ) == find_onset(samples, RATE_HZ)


def test_a_record_too_short_to_be_divided_begins_with_its_event():
    assert find_onset(np.random.default_rng(1).normal(size=150), RATE_HZ) == 0.0


@settings(max_examples=20)
@given(seed=st.integers(0, 9999), count=st.integers(150, 12000), latest_s=st.floats(0, 120) | st.just(math.inf))
def test_onsets_of_many_are_those_of_each(seed, count, latest_s):
    many = np.stack([record(seed + place, onset_s=10.0 + place)[:count] for place in range(5)])
    each = [find_onset(one, RATE_HZ, latest_s) for one in many]
    assert find_onsets(many, RATE_HZ, latest_s).tolist() == each
