from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fingerprinting.making import ONSET_S, RATE_HZ, RECIPES, record
from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting import (
    FingerprintRecipe,
    fingerprint,
    fingerprints,
    fit_statistics,
    haar,
    haar_planes,
    reduce,
    scalogram,
    select,
    shifted_cutoffs,
)

recipes = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())


@pytest.fixture(scope="module")
def batch() -> np.ndarray:
    return np.stack([record(seed) for seed in range(21)])


# -- the same bits, whoever computes them -------------------------------------------------------------------------


@recipes
def test_planes_are_the_same_to_the_last_bit_alone_in_batches_and_by_threads(recipe, batch):
    cutoffs_hz = np.tile([0.0, 0.7, 1.4], (len(batch), 1))
    together = haar_planes(batch, RATE_HZ, recipe, cutoffs_hz=cutoffs_hz)
    for workers in (2, 5):
        threaded = haar_planes(batch, RATE_HZ, recipe, cutoffs_hz=cutoffs_hz, workers=workers)
        np.testing.assert_array_equal(threaded, together)
    for place in (0, 7, 20):
        for variant, cutoff_hz in enumerate(cutoffs_hz[place]):
            alone = haar_planes(batch[place : place + 1], RATE_HZ, recipe, cutoffs_hz=[cutoff_hz])[0]
            np.testing.assert_array_equal(alone, together[place, variant])


@recipes
def test_the_stages_one_after_the_other_are_the_engine(recipe, batch):
    for cutoff_hz in (0.0, 1.2):
        picture = scalogram(batch[0], RATE_HZ, recipe, onset_s=ONSET_S, cutoff_hz=cutoff_hz)
        staged = select(haar(reduce(picture, recipe), recipe.haar), recipe)
        whole = fingerprint(batch[0], RATE_HZ, recipe, onset_s=ONSET_S, cutoff_hz=cutoff_hz)
        np.testing.assert_array_equal(whole, staged)
        assert whole.shape == recipe.shape


def test_other_processes_find_the_same_bits(batch):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for recipe in RECIPES.values():
            halves = [pool.submit(fingerprints, half, RATE_HZ, recipe) for half in (batch[:2], batch[2:4])]
            there = np.concatenate([half.result() for half in halves])
            np.testing.assert_array_equal(there, fingerprints(batch[:4], RATE_HZ, recipe, workers=2))


def test_a_batch_may_hold_records_of_different_lengths(batch):
    mixed = [batch[0], batch[1][:9000], batch[2].astype(np.float32), batch[3].tolist()]
    together = fingerprints(mixed, RATE_HZ, workers=2)
    for bits, samples in zip(together, mixed, strict=True):
        np.testing.assert_array_equal(bits, fingerprint(samples, RATE_HZ))


def test_the_five_variants_are_those_of_each_cut_off(batch):
    cutoffs_hz = np.stack([shifted_cutoffs(1.1), shifted_cutoffs(2.3)])
    together = fingerprints(batch[:2], RATE_HZ, cutoffs_hz=cutoffs_hz)
    assert together.shape == (2, 5, 64, 64)
    for place in range(2):
        for variant in range(5):
            alone = fingerprint(batch[place], RATE_HZ, cutoff_hz=cutoffs_hz[place, variant])
            np.testing.assert_array_equal(together[place, variant], alone)
    assert not np.array_equal(together[0, 0], together[0, 4])


def test_onsets_that_are_not_given_are_found(batch):
    some = fingerprints(batch[:2], RATE_HZ, onsets_s=[np.nan, 40.0])
    np.testing.assert_array_equal(some[0], fingerprint(batch[0], RATE_HZ))
    np.testing.assert_array_equal(some[1], fingerprint(batch[1], RATE_HZ, onset_s=40.0))


def test_a_batch_of_nothing_has_no_fingerprints():
    assert fingerprints([], RATE_HZ).shape == (0, 64, 64)


# -- what a fingerprint must not depend on ------------------------------------------------------------------------


@settings(max_examples=20)
@given(seed=st.integers(0, 999), power=st.integers(-60, 60))
def test_the_unit_of_the_samples_does_not_matter(seed, power):
    samples = record(seed)
    np.testing.assert_array_equal(
        fingerprint(samples * 2.0**power, RATE_HZ, onset_s=ONSET_S), fingerprint(samples, RATE_HZ, onset_s=ONSET_S)
    )


@settings(max_examples=20)
@given(seed=st.integers(0, 999), scale=st.floats(1e-9, 1e9), amplitude=st.sampled_from(["snr", "log", "linear"]))
def test_any_amplitude_gives_the_same_plane(seed, scale, amplitude):
    recipe = FingerprintRecipe(amplitude=amplitude)
    plane, scaled = (
        haar_planes([samples], RATE_HZ, recipe, onsets_s=[ONSET_S])[0]
        for samples in (record(seed), scale * record(seed))
    )
    np.testing.assert_allclose(scaled, plane, atol=1e-9 * np.abs(plane).max())
    np.testing.assert_array_equal(select(scaled, recipe), select(plane, recipe))


@settings(max_examples=20)
@given(seed=st.integers(0, 999), shift=st.integers(0, 3000))
def test_a_record_that_begins_earlier_has_the_same_fingerprint(seed, shift):
    samples = record(seed, seconds=180, onset_s=60.0)
    early = fingerprint(samples, RATE_HZ, onset_s=60.0)
    late = fingerprint(samples[shift:], RATE_HZ, onset_s=60.0 - shift / RATE_HZ)
    np.testing.assert_array_equal(late, early)


@settings(max_examples=20)
@given(seed=st.integers(0, 999), offset=st.floats(-1e6, 1e6), drift=st.floats(-10, 10), sign=st.sampled_from([-1, 1]))
def test_offset_drift_and_polarity_do_not_matter(seed, offset, drift, sign):
    # A straight line is one where nothing is mirrored: the window lies within the record.
    samples = record(seed, seconds=180, onset_s=60.0)
    moved = sign * samples + offset + drift * np.arange(samples.size) / RATE_HZ
    plane, other = haar_planes([samples, moved], RATE_HZ, onsets_s=[60.0, 60.0])
    np.testing.assert_allclose(other, plane, atol=1e-6 * np.abs(plane).max())


# -- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_names_the_record_of_the_batch(batch, workers):
    spoilt = batch[:20].copy()
    spoilt[17] = 5.0
    with pytest.raises(RecordError, match=r"^Record 17 of the batch: All 12000 samples of the record are 5"):
        fingerprints(spoilt, RATE_HZ, workers=workers)


def test_a_cut_off_outside_the_range_names_its_record(batch):
    with pytest.raises(RecordError, match=r"^Record 1 of the batch: The cut-off is 16\.0 Hz"):
        fingerprints(batch[:2], RATE_HZ, cutoffs_hz=[1.0, 16.0])


@pytest.mark.parametrize("cutoff_hz", [-1.0, np.nan, np.inf, 16.0])
def test_a_cut_off_that_leaves_nothing_is_refused(batch, cutoff_hz):
    with pytest.raises(RecordError, match="The cut-off is"):
        fingerprint(batch[0], RATE_HZ, cutoff_hz=cutoff_hz)


def test_one_onset_and_one_cut_off_is_wanted_for_each_record(batch):
    with pytest.raises(RecipeError, match="the batch holds 3 records; give one for each"):
        fingerprints(batch[:3], RATE_HZ, onsets_s=[1.0])
    with pytest.raises(RecipeError, match="cutoffs_hz has the shape"):
        fingerprints(batch[:3], RATE_HZ, cutoffs_hz=1.0)


def test_someone_must_work(batch):
    with pytest.raises(RecipeError, match="number of workers is 0"):
        fingerprints(batch, RATE_HZ, workers=0)


def test_statistics_of_one_record_are_refused(batch):
    with pytest.raises(RecipeError, match="at least two records"):
        fit_statistics(batch[:1], RATE_HZ)


def test_a_variant_that_takes_another_onset_is_the_record_with_that_onset() -> None:
    recipe = FingerprintRecipe(amplitude="log", highpass="off", onset_step_s=2.0)
    records = np.random.default_rng(4).normal(size=(3, 12000)).cumsum(axis=1)
    onsets = [30.0, 40.0, np.nan]
    made = fingerprints(
        records, 100.0, recipe, onsets_s=onsets, cutoffs_hz=np.zeros((3, 5)), shifts_s=recipe.onset_shifts_s
    )
    for place, shift_s in enumerate(recipe.onset_shifts_s):
        alone = fingerprints(records[:2], 100.0, recipe, onsets_s=np.array(onsets[:2]) + shift_s)
        assert (made[:2, place] == alone).all()
    assert (made[2, 2] == fingerprint(records[2], 100.0, recipe)).all()
    with pytest.raises(RecipeError, match="shifts_s"):
        fingerprints(records, 100.0, recipe, cutoffs_hz=np.zeros((3, 5)), shifts_s=[0.0])
