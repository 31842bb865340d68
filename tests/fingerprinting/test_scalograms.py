import numpy as np
import pytest
import pywt

from tests.fingerprinting.making import ONSET_S, RATE_HZ, RECIPES, record
from trova_widgets.errors import RecordError
from trova_widgets.fingerprinting import FingerprintRecipe, reduce, scalogram
from trova_widgets.fingerprinting.scalograms import COLUMNS_PER_BIN, prepare


def exact_bins(samples: np.ndarray, recipe: FingerprintRecipe) -> np.ndarray:
    """The transform that the engine spares itself: every scale with all its tails, at every sample, then the means."""
    prepared = prepare(samples, RATE_HZ, recipe, ONSET_S)
    bank, piece = prepared.bank, prepared.piece
    frequencies = np.fft.fftfreq(piece.size, 1 / RATE_HZ)
    positive = np.where(frequencies > 0, frequencies, 0.0)
    edges = bank.margin_samples + np.arange(recipe.size + 1) * bank.window_samples / recipe.size
    spectrum = np.fft.fft(piece)
    rows = []
    for centre_hz in recipe.frequencies_hz:
        gains = np.where(frequencies > 0, 2 * recipe.mother_wavelet.response(positive / centre_hz), 0.0)
        total = np.concatenate([[0.0], np.cumsum(np.abs(np.fft.ifft(spectrum * gains)) ** 2)])
        rows.append(np.diff(np.interp(edges, np.arange(total.size), total)))
    return np.array(rows) / (bank.window_samples / recipe.size)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_time_bins_hold_the_energy_of_the_exact_transform(recipe):
    samples = record()
    bins = scalogram(samples, RATE_HZ, recipe, onset_s=ONSET_S).binned_energy
    exact = exact_bins(samples, recipe)
    off_db = np.abs(10 * np.log10(bins / exact))
    # What the engine promises: a tail below -40 dB is cut off, and a bin is the mean of six samples or more.
    assert np.median(off_db) < 0.05
    assert np.quantile(off_db, 0.95) < 0.35
    # Energy is not lost anywhere: each scale keeps its whole within a hundredth.
    np.testing.assert_allclose(bins.mean(axis=1), exact.mean(axis=1), rtol=0.01)


def test_the_magnitude_is_that_of_pywavelets():
    width = 6.0
    recipe = FingerprintRecipe(
        window_reference="start", window_start_s=10.0, window_s=96.0, morlet_width=width, frequency_from_hz=2.0
    )
    clock = np.arange(12000) / RATE_HZ
    # A sweep from 2 to 16 Hz within the window.
    rate = np.log(8) / 96
    samples = np.sin(2 * np.pi * 2 * np.exp(rate * (clock - 10)) / rate)
    picture = scalogram(samples, RATE_HZ, recipe, onset_s=20.0)
    wavelet = pywt.ContinuousWavelet(f"cmor{2 * (width / (2 * np.pi)) ** 2:.6f}-1.0")
    scales = RATE_HZ / recipe.frequencies_hz
    peer, _ = pywt.cwt(samples, scales, wavelet, 1 / RATE_HZ, method="fft")
    # pywt keeps the energy of a wavelet equal, the engine the amplitude of a sinusoid.
    peer = np.abs(peer) * (2 * np.pi**0.25 / np.pi**0.25) / np.sqrt(scales)[:, None]
    at = np.round(picture.times_s * RATE_HZ).astype(int)
    strong = picture.magnitude > 0.5
    inside = strong & (picture.times_s > 15) & (picture.times_s < 100)
    np.testing.assert_allclose(picture.magnitude[inside], peer[:, at][inside], rtol=0.1)


def test_a_sinusoid_of_amplitude_a_has_the_energy_a_squared():
    samples = 3.0 * np.sin(2 * np.pi * 4.0 * np.arange(12000) / RATE_HZ)
    picture = scalogram(samples, RATE_HZ, onset_s=20.0)
    row = np.abs(picture.frequencies_hz - 4.0).argmin()
    correction = picture.frequencies_hz[row] / 4.0
    response = FingerprintRecipe().mother_wavelet.response(np.array([1 / correction]))[0] ** 2
    np.testing.assert_allclose(picture.binned_energy[row, 4:-4], 9.0 * response, rtol=2e-3)
    assert picture.magnitude[row].max() == pytest.approx(3.0, rel=0.02)


def test_a_click_lights_its_moment():
    samples = 1e-3 * np.random.default_rng(0).normal(size=12000)
    samples[5075] = 1.0
    picture = scalogram(samples, RATE_HZ, onset_s=ONSET_S)
    for row in picture.energy[32:]:
        assert abs(picture.times_s[row.argmax()] - 50.75) < 0.25
    window_from, window_to = picture.window_s
    column = int((50.75 - window_from) / (window_to - window_from) * 64)
    assert (picture.binned_energy[16:].argmax(axis=1) == column).all()


def test_the_picture_says_what_it_shows():
    recipe = FingerprintRecipe(window_start_s=-10.0, window_s=64.0)
    picture = scalogram(record(), RATE_HZ, recipe, onset_s=ONSET_S)
    assert picture.window_s == (20.0, 84.0)
    assert picture.energy.shape == (64, 64 * COLUMNS_PER_BIN) == (64, picture.times_s.size)
    assert picture.padded_s == 0.0
    assert picture.noise_before_onset
    assert picture.onset_s == ONSET_S
    np.testing.assert_allclose(np.diff(picture.times_s), 64.0 / picture.times_s.size)


def test_what_lies_past_the_record_is_told_and_is_its_mirror_image():
    samples = record(seconds=80.0)
    recipe = FingerprintRecipe(window_start_s=-10.0, window_s=80.0)
    picture = scalogram(samples, RATE_HZ, recipe, onset_s=ONSET_S)
    assert picture.padded_s == 20.0
    # The window ends 20 s past the record: its last bins show the 20 s before the end, backwards, but for one sample.
    mirrored = picture.binned_energy[32:, 48:]
    seen = picture.binned_energy[32:, 32:48][:, ::-1]
    np.testing.assert_allclose(mirrored[:, 1:-2], seen[:, 1:-2], rtol=0.2)


def test_a_record_that_begins_with_the_event_takes_its_quietest_quarter_as_noise():
    picture = scalogram(record(onset_s=2.0), RATE_HZ, FingerprintRecipe(window_start_s=-1.0), onset_s=2.0)
    assert not picture.noise_before_onset
    assert (picture.noise_energy <= np.median(picture.binned_energy, axis=1)).all()


def test_the_high_pass_halves_the_energy_at_its_cut_off_and_leaves_the_noise_alone():
    recipe = FingerprintRecipe(highpass_order=4)
    samples = record()
    plain = scalogram(samples, RATE_HZ, recipe, onset_s=ONSET_S)
    filtered = scalogram(samples, RATE_HZ, recipe, onset_s=ONSET_S, cutoff_hz=4.0)
    passed = filtered.binned_energy.sum(axis=1) / plain.binned_energy.sum(axis=1)
    at = np.abs(plain.frequencies_hz - 4.0).argmin()
    assert 0.3 < passed[at] < 0.7
    assert (passed[plain.frequencies_hz > 10] > 0.99).all()
    assert (passed[plain.frequencies_hz < 1.5] < 0.01).all()
    np.testing.assert_array_equal(filtered.noise_energy, plain.noise_energy)


@pytest.mark.parametrize(
    ("amplitude", "lowest", "highest"), [("snr", 0.0, np.inf), ("log", -60.0, 0.0), ("linear", 0.0, 1.0)]
)
def test_the_image_keeps_to_its_scale(amplitude, lowest, highest):
    recipe = FingerprintRecipe(amplitude=amplitude, scales_per_row=3)
    picture = reduce(scalogram(record(), RATE_HZ, recipe), recipe)
    assert picture.shape == (64, 64)
    assert picture.min() >= lowest
    assert picture.max() <= highest
    assert np.ptp(picture) > 0


def test_a_picture_of_another_shape_is_not_reduced():
    picture = scalogram(record(), RATE_HZ)
    with pytest.raises(RecordError, match=r"shape \(64, 64\) cannot be reduced to 32 by 32"):
        reduce(picture, FingerprintRecipe(size=32))
