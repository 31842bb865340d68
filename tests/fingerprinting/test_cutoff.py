import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.cutoff import HARMLESS_DB, THIRD_OCTAVE, Mixture, mixtures, ratios_db
from tests.fingerprinting.making import record
from tests.fingerprinting.plain import plain_cutoff
from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting import (
    FingerprintRecipe,
    cutoff_grid_hz,
    find_cutoff,
    find_cutoffs,
    shifted_cutoffs,
)

RATE_HZ = 100.0
ONSET_S = 40.0


def mixed(noise_below_hz: float, event_hz: float, seed: int = 1) -> Mixture:
    """Strong noise below a frequency, and an event in an octave around another."""
    rng = np.random.default_rng(seed)
    clock = np.arange(12000) / RATE_HZ
    frequencies = np.fft.rfftfreq(clock.size, 1 / RATE_HZ)

    def band(low_hz: float, high_hz: float) -> np.ndarray:
        spectrum = np.fft.rfft(rng.normal(size=clock.size))
        spectrum[(frequencies < low_hz) | (frequencies > high_hz)] = 0.0
        return np.fft.irfft(spectrum, clock.size)

    fading = np.where(clock > ONSET_S, np.exp((ONSET_S - clock) / 10), 0.0)
    event = 10 * fading * band(event_hz / 2**0.5, event_hz * 2**0.5)
    noise = 30 * band(0.02, noise_below_hz) + 0.02 * rng.normal(size=clock.size)
    return Mixture(event, noise, RATE_HZ, slice(int(ONSET_S * RATE_HZ), int(ONSET_S * RATE_HZ) + 3000), 0.0)


def recorded() -> np.ndarray:
    mixture = mixed(1.0, 6.0)
    return mixture.clean + mixture.noise


def loss_of(mixture: Mixture, found_hz: float) -> tuple[float, float]:
    """Return what a cut-off loses to the best one [dB], and how far it is from it [octave]."""
    grid_hz = cutoff_grid_hz()
    curve = ratios_db(mixture, grid_hz, FingerprintRecipe().highpass_order)
    loss_db = curve.max() - curve[np.abs(grid_hz - found_hz).argmin()]
    return float(loss_db), float(abs(np.log2(found_hz / grid_hz[curve.argmax()])))


@settings(max_examples=15)
@given(noise_below_hz=st.floats(0.5, 1.5), seed=st.integers(0, 99))
def test_the_cut_off_parts_noise_from_signal(noise_below_hz, seed):
    mixture = mixed(noise_below_hz, 6.0, seed)
    found = find_cutoff(mixture.clean + mixture.noise, RATE_HZ, onset_s=ONSET_S)
    assert found.cutoff_hz > noise_below_hz
    loss_db, _ = loss_of(mixture, found.cutoff_hz)
    gain_db = ratios_db(mixture, np.array([found.cutoff_hz]), 4)[0] - ratios_db(mixture, np.array([1e-3]), 4)[0]
    assert loss_db < 3
    assert gain_db > 20
    assert found.confidence > 0.7
    assert found.cutoff_hz in cutoff_grid_hz()


def test_noise_alone_gives_little_confidence():
    noise = np.random.default_rng(2).normal(size=(6, 12000))
    sure = [find_cutoff(one, RATE_HZ, onset_s=ONSET_S).confidence for one in noise]
    assert max(sure) < 0.6
    assert min(sure) >= 0.0


def test_a_record_that_begins_with_its_event_still_has_a_cut_off():
    samples = recorded()[4000:]
    found = find_cutoff(samples, RATE_HZ, onset_s=0.0)
    assert found.cutoff_hz in cutoff_grid_hz()
    assert 0 <= found.confidence <= 1


def test_the_cut_off_does_not_depend_on_the_unit():
    samples = recorded()
    assert find_cutoff(samples * 2.0**-40, RATE_HZ) == find_cutoff(samples, RATE_HZ)


def test_most_synthetic_records_find_their_cut_off():
    right = []
    for mixture in mixtures(24, seed=5):
        found = find_cutoff(mixture.clean + mixture.noise, mixture.sampling_rate_hz)
        loss_db, octaves = loss_of(mixture, found.cutoff_hz)
        right.append(octaves <= THIRD_OCTAVE + 1e-9 or loss_db < HARMLESS_DB)
    assert np.mean(right) >= 0.9


@settings(max_examples=12)
@given(
    records=st.lists(
        st.tuples(st.integers(0, 999), st.sampled_from([60.0, 90.0, 120.0]), st.sampled_from([np.nan, 0.0, 2.0, 30.0])),
        min_size=1,
        max_size=12,
    ),
    keep=st.sampled_from([100, 400]),
)
def test_many_cut_offs_are_to_the_bit_those_of_each_record_by_itself(records, keep):
    recipe = FingerprintRecipe(keep=keep)
    batch = [record(seed, seconds) for seed, seconds, _ in records]
    onsets_s = [onset_s for *_, onset_s in records]
    together = find_cutoffs(batch, RATE_HZ, recipe, onsets_s=onsets_s)
    given_or_none = [None if np.isnan(onset_s) else onset_s for onset_s in onsets_s]
    assert together == [
        plain_cutoff(samples, RATE_HZ, recipe, onset_s) for samples, onset_s in zip(batch, given_or_none, strict=True)
    ]
    assert together[-1] == find_cutoff(batch[-1], RATE_HZ, recipe, onset_s=given_or_none[-1])


def test_an_onset_before_the_record_begins_is_that_of_a_record_without_noise():
    samples = recorded()[4000:]
    assert find_cutoff(samples, RATE_HZ, onset_s=-5.0) == find_cutoff(samples, RATE_HZ, onset_s=0.0)


def test_an_error_names_the_record_whose_cut_off_is_sought():
    batch = [record(1), np.full(12000, 5.0), record(2)]
    with pytest.raises(RecordError, match=r"^Record 1 of the batch: All 12000 samples"):
        find_cutoffs(batch, RATE_HZ)
    with pytest.raises(RecordError, match=r"^All 12000 samples"):
        find_cutoff(batch[1], RATE_HZ)
    with pytest.raises(RecipeError, match="the batch holds 3 records; give one for each"):
        find_cutoffs(batch, RATE_HZ, onsets_s=[1.0])
    assert find_cutoffs([], RATE_HZ) == []


def test_the_grid_has_twelve_steps_an_octave_through_one_hertz_and_leaves_room_for_the_variants():
    recipe = FingerprintRecipe(cutoff_from_hz=0.3, cutoff_to_hz=50.0, frequency_to_hz=16.0, cutoff_step_octaves=0.5)
    grid_hz = cutoff_grid_hz(recipe)
    assert 1.0 in grid_hz
    np.testing.assert_allclose(np.diff(np.log2(grid_hz)), 1 / 12)
    assert grid_hz[0] >= 0.3
    assert shifted_cutoffs(grid_hz[-1], recipe)[-1] <= recipe.frequency_to_hz * (1 + 1e-9)


def test_a_range_without_a_cut_off_is_refused():
    recipe = FingerprintRecipe(frequency_to_hz=1.1, frequency_from_hz=0.5, cutoff_from_hz=1.0, cutoff_to_hz=8.0)
    with pytest.raises(RecipeError, match="No cut-off lies from 1 to"):
        cutoff_grid_hz(recipe)


@given(cutoff_hz=st.floats(0.1, 10), step=st.floats(1 / 24, 2))
def test_variants_are_steps_apart_and_the_middle_is_the_cut_off(cutoff_hz, step):
    shifted = shifted_cutoffs(cutoff_hz, FingerprintRecipe(cutoff_step_octaves=step))
    assert shifted[2] == cutoff_hz
    np.testing.assert_allclose(np.diff(np.log2(shifted)), step, rtol=1e-9)
