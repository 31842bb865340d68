"""A record or a recipe that cannot be analysed is refused in a sentence; never is there a silent image of nothing."""

import numpy as np
import pytest

from tests.fingerprinting.making import RATE_HZ, record
from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting import (
    FingerprintRecipe,
    find_cutoff,
    fingerprint,
    fingerprints,
    haar_planes,
    scalogram,
)


def with_(value: float, places: slice | int) -> np.ndarray:
    samples = record()
    samples[places] = value
    return samples


def stepped() -> np.ndarray:
    """A record whose window holds a straight line alone; something happens outside."""
    samples = np.linspace(0.0, 100.0, 12000)
    samples[:200] += record()[:200]
    return samples


BAD = {
    "empty": (np.array([]), "The record is empty"),
    "a NaN": (with_(np.nan, 7), "1 of the record's 12000 samples are not finite numbers"),
    "a gap of NaN": (with_(np.nan, slice(100, 300)), "200 of the record's 12000 samples.*fills gaps and counts them"),
    "infinite": (with_(-np.inf, 0), "1 of the record's 12000 samples are not finite"),
    "constant": (np.full(12000, 3.5), r"All 12000 samples of the record are 3\.5; a dead channel"),
    "too short": (record(seconds=2.0, onset_s=1.0), "The record lasts 2 s, but the wavelet of the lowest frequency"),
    "less than half the window": (record(seconds=30.0), "less than half of it; shorten the recipe's window_s"),
    "three channels": (np.ones((3, 12000)), "a record has one dimension"),
}


@pytest.mark.parametrize(("samples", "sentence"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("work", [fingerprint, scalogram], ids=lambda work: work.__name__)
def test_a_bad_record_is_refused(work, samples, sentence):
    with pytest.raises(RecordError, match=sentence):
        work(samples, RATE_HZ)


@pytest.mark.parametrize("name", ["empty", "a gap of NaN", "infinite", "constant", "too short", "three channels"])
def test_a_bad_record_has_no_cut_off_either(name):
    samples, sentence = BAD[name]
    with pytest.raises((RecordError, RecipeError), match=sentence if name != "too short" else "lasts"):
        find_cutoff(samples, RATE_HZ)


def test_a_straight_line_in_the_window_is_no_record():
    recipe = FingerprintRecipe(window_reference="start", window_start_s=20.0, window_s=80.0)
    with pytest.raises(RecordError, match="Nothing but a straight line"):
        fingerprint(stepped(), RATE_HZ, recipe)
    with pytest.raises(RecordError, match=r"^Record 1 of the batch: Nothing but a straight line"):
        fingerprints([record(), stepped()], RATE_HZ, recipe)


@pytest.mark.parametrize("rate_hz", [0.0, -100.0, np.nan, np.inf])
def test_a_sampling_rate_is_a_positive_number(rate_hz):
    for work in (
        lambda: fingerprint(record(), rate_hz),
        lambda: fingerprints([record()], rate_hz),
        lambda: find_cutoff(record(), rate_hz),
    ):
        with pytest.raises(RecordError, match=r"The sampling rate is .* Hz, but it must be a positive number"):
            work()


@pytest.mark.parametrize("work", [fingerprint, scalogram, find_cutoff], ids=lambda work: work.__name__)
def test_a_range_above_the_nyquist_frequency_is_refused(work):
    with pytest.raises(RecipeError, match="highest frequency is 16 Hz, above the Nyquist frequency of 10 Hz"):
        work(record(rate_hz=20.0), 20.0)


def test_a_range_up_to_the_nyquist_frequency_is_taken():
    recipe = FingerprintRecipe(frequency_to_hz=50.0, cutoff_to_hz=20.0)
    assert fingerprint(record(), RATE_HZ, recipe).sum() == recipe.keep


def test_a_window_of_fewer_samples_than_bins_is_refused():
    recipe = FingerprintRecipe(size=128, frequency_from_hz=0.1, frequency_to_hz=0.4, cutoff_to_hz=0.3)
    with pytest.raises(RecipeError, match="too few for 128 time bins"):
        fingerprint(record(rate_hz=1.0, seconds=200), 1.0, recipe)


@pytest.mark.parametrize("onset_s", [np.inf, -np.inf])
def test_an_onset_is_a_finite_number(onset_s):
    with pytest.raises(RecordError, match="The onset is"):
        fingerprint(record(), RATE_HZ, onset_s=onset_s)


def test_an_onset_far_outside_the_record_is_refused():
    with pytest.raises(RecordError, match="less than half of it"):
        fingerprint(record(), RATE_HZ, onset_s=500.0)


def test_clipped_samples_are_taken_as_they_are():
    samples = record()
    clipped = np.clip(samples, -8, 8)
    bits = fingerprint(clipped, RATE_HZ, onset_s=30.0)
    assert bits.sum() == FingerprintRecipe().keep
    assert not np.array_equal(bits, fingerprint(samples, RATE_HZ, onset_s=30.0))


def test_whole_numbers_and_lists_are_taken():
    counts = np.rint(100 * record()).astype(np.int32)
    np.testing.assert_array_equal(fingerprint(counts, RATE_HZ), fingerprint(counts.astype(float), RATE_HZ))
    np.testing.assert_array_equal(fingerprint(counts.tolist(), RATE_HZ), fingerprint(counts, RATE_HZ))


def test_a_record_silent_before_its_event_has_a_finite_plane():
    samples = record()
    samples[:3000] = 0.0
    assert np.isfinite(haar_planes([samples], RATE_HZ, onsets_s=[30.0])).all()
