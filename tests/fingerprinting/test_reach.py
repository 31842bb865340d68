"""A record without an onset is centred where it covers its window."""

import numpy as np
import pytest

from trova_widgets.errors import RecordError
from trova_widgets.fingerprinting import FingerprintRecipe, find_onset, fingerprint, fingerprints, scalogram

RATE_HZ = 100.0


def record(burst_s):
    samples = np.random.default_rng(2).normal(size=12_000)
    samples[round(burst_s * RATE_HZ) :] *= 30
    return samples


def test_an_onset_in_reach_is_found_where_it_is():
    assert scalogram(record(40.0), RATE_HZ).onset_s == pytest.approx(40, abs=0.3)


def test_an_onset_too_late_for_the_window_is_passed_over():
    recipe = FingerprintRecipe()
    late = record(115.0)
    assert find_onset(late, RATE_HZ) == pytest.approx(115, abs=0.3)
    found_s = scalogram(late, RATE_HZ).onset_s
    assert found_s + recipe.window_start_s + recipe.window_s / 2 <= 120.5
    assert fingerprint(late, RATE_HZ).sum() == recipe.keep


def test_an_onset_that_is_given_is_never_moved():
    with pytest.raises(RecordError, match=r"^The window lasts from 99\.0 to 195\.0 s"):
        fingerprint(record(115.0), RATE_HZ, onset_s=115.0)


def test_one_of_several_records_is_named_by_its_place():
    with pytest.raises(RecordError, match=r"^Record 1 of the batch: The window"):
        fingerprints([record(40.0), record(115.0)], RATE_HZ, onsets_s=[40.0, 115.0])
    with pytest.raises(RecordError, match=r"^The window"):
        fingerprints([record(115.0)], RATE_HZ, onsets_s=[115.0])
