"""The scalogram of a record, and its reduction to the square image that the fingerprint is taken from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecordError
from trova_widgets.fingerprinting.bank import FilterBank, filter_bank
from trova_widgets.fingerprinting.onset import find_onsets
from trova_widgets.fingerprinting.recipe import DEFAULT_RECIPE, FingerprintRecipe
from trova_widgets.fingerprinting.segment import (
    LEAST_COVERAGE,
    Window,
    check_coverage,
    checked_samples,
    cut,
    padded_samples,
)

# Fewer whole bins of noise before the event than this, and the noise is taken from the quietest bins.
_LEAST_NOISE_BINS = 2
_QUIETEST_SHARE = 4
# -120 dB below the strongest: what stands for a noise of exactly nothing.
_SILENCE = 1e-12
COLUMNS_PER_BIN = 8

NO_ENERGY = "No energy is left in the recipe's frequency range; widen the range or lower the cut-off of the high-pass."


@dataclass(frozen=True, kw_only=True)
class Scalogram:
    """Energy of a record over time and frequency, in the time window of the recipe. Made by `scalogram`.

    Parameters
    ----------
    energy : ndarray of float64, shape (f, t)
        Squared magnitude of the wavelet coefficients: a sinusoid of amplitude A has A². This is what is looked at: t is
        eight times the recipe's size, and the low frequencies, which change slowly, hold their values.
    binned_energy : ndarray of float64, shape (f, size)
        Mean energy in each time bin, from all coefficients: this is what `reduce` goes on with.
    frequencies_hz : ndarray of float64, shape (f,)
        Centre frequencies, rising [Hz].
    times_s : ndarray of float64, shape (t,)
        Middle of each column, after the start of the record [s].
    noise_energy : ndarray of float64, shape (f,)
        Mean energy of the noise, before any high-pass.
    noise_before_onset : bool
        True where the noise was measured before the onset; False where no noise was there and the quietest quarter of
        the time bins was taken.
    onset_s : float
        Onset, as given or as found, after the start of the record [s].
    window_s : tuple of float
        Start and end of the window, after the start of the record [s].
    padded_s : float
        How much of the window lies past the record's ends and shows its mirror image [s].
    """

    energy: NDArray[np.float64]
    binned_energy: NDArray[np.float64]
    frequencies_hz: NDArray[np.float64]
    times_s: NDArray[np.float64]
    noise_energy: NDArray[np.float64]
    noise_before_onset: bool
    onset_s: float
    window_s: tuple[float, float]
    padded_s: float

    @property
    def magnitude(self) -> NDArray[np.float64]:
        """Magnitude of the wavelet coefficients, in the unit of the samples, shape (f, t)."""
        magnitude: NDArray[np.float64] = np.sqrt(self.energy)
        return magnitude


@dataclass(frozen=True)
class Prepared:
    """A record on its way: checked, its onset known, its window cut out."""

    bank: FilterBank
    samples: int
    onset_s: float
    window: Window
    piece: NDArray[np.float64]


def prepare(
    samples: ArrayLike, sampling_rate_hz: float, recipe: FingerprintRecipe, onset_s: float | None = None
) -> Prepared:
    """Check a record, find its onset where none is given, and cut its window out.

    Raises
    ------
    RecordError, RecipeError
        As in `scalogram`.
    """
    values = checked_samples(samples, sampling_rate_hz)
    bank = filter_bank(recipe, float(sampling_rate_hz))
    onset = given_or_found([values], bank, np.array([np.nan if onset_s is None else onset_s]))[0]
    return cut_out(values, bank, onset, np.empty(bank.clock.size))


def given_or_found(
    records: Sequence[NDArray[np.float64]], bank: FilterBank, onsets_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return onsets, where those that are NaN have been found; records of one length are looked at together."""
    onsets = onsets_s.copy()
    missing = np.flatnonzero(np.isnan(onsets)).tolist()
    recipe = bank.recipe
    for count in {records[place].size for place in missing}:
        some = [place for place in missing if records[place].size == count]
        latest_s = math.inf
        if recipe.window_reference == "onset":
            # A later one would leave too little of the record in the window.
            latest_s = count / bank.sampling_rate_hz - recipe.window_start_s - LEAST_COVERAGE * recipe.window_s
        onsets[some] = find_onsets(np.stack([records[place] for place in some]), bank.sampling_rate_hz, latest_s)
    return onsets


def cut_out(values: NDArray[np.float64], bank: FilterBank, onset_s: float, piece: NDArray[np.float64]) -> Prepared:
    """Cut the window of a checked record out, to ``piece``.

    Raises
    ------
    RecordError
        If the onset is not finite, or too little of the record lies in the window.
    """
    if not np.isfinite(onset_s):
        raise RecordError(f"The onset is {onset_s} s, but it must be a finite number of seconds, or None to be found.")
    window = bank.window(onset_s)
    check_coverage(values.size, window, bank.sampling_rate_hz, bank.longest_wavelet_s)
    cut(values, window, bank.clock, bank.ramp, piece)
    return Prepared(bank, values.size, float(onset_s), window, piece)


def scalogram(
    samples: ArrayLike,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onset_s: float | None = None,
    cutoff_hz: float = 0.0,
) -> Scalogram:
    """Compute the energy of a record over time and log-frequency by a continuous wavelet transform.

    The window is cut out with a margin, its straight line removed and its margins tapered. A window that reaches past
    the record sees the record's mirror image; how much is kept in ``padded_s``.

    Parameters
    ----------
    samples : array_like of float, shape (n,)
        One channel, in any unit. Clipped samples are taken as they are.
    sampling_rate_hz : float
        Samples a second [Hz].
    recipe : FingerprintRecipe, optional
    onset_s : float, optional
        Onset of the event after the start of the record [s]; found by the engine if not given.
    cutoff_hz : float, default 0
        Cut-off of the high-pass that makes a variant [Hz]; 0 filters nothing.

    Returns
    -------
    Scalogram

    Raises
    ------
    RecordError
        If the record is empty, not finite, constant, shorter than the longest wavelet, or covers less than half the
        window.
    RecipeError
        If the frequency range reaches above the Nyquist frequency.

    Examples
    --------
    >>> clock = np.arange(12000) / 100
    >>> picture = scalogram(np.sin(2 * np.pi * 4 * clock), 100.0, onset_s=20.0)
    >>> float(picture.frequencies_hz[picture.energy.mean(axis=1).argmax()].round(1))
    4.1
    """
    recipe = recipe or DEFAULT_RECIPE
    prepared = prepare(samples, sampling_rate_hz, recipe, onset_s)
    bank, window = prepared.bank, prepared.window
    check_cutoff(cutoff_hz, recipe)
    spectra = bank.spectra(prepared.piece[None])
    plain = bins = bank.binned_energy(spectra)
    if cutoff_hz:
        spectra = bank.filtered(spectra, cutoff_hz)
        bins = bank.binned_energy(spectra)
    noise, before_onset = noise_energy(plain[0], prepared)
    columns = recipe.size * COLUMNS_PER_BIN
    start_s, length_s = window.first / sampling_rate_hz, window.length / sampling_rate_hz
    return Scalogram(
        energy=bank.energy(spectra, COLUMNS_PER_BIN),
        binned_energy=bins[0],
        frequencies_hz=recipe.frequencies_hz,
        times_s=np.asarray(start_s + (np.arange(columns) + 0.5) * (length_s / columns), dtype=np.float64),
        noise_energy=noise,
        noise_before_onset=before_onset,
        onset_s=prepared.onset_s,
        window_s=(start_s, start_s + length_s),
        padded_s=padded_samples(prepared.samples, window) / sampling_rate_hz,
    )


def check_cutoff(cutoff_hz: float, recipe: FingerprintRecipe) -> None:
    """Make sure that a high-pass leaves something of the record.

    Raises
    ------
    RecordError
        If the cut-off is negative, not finite, or not below the recipe's highest frequency.
    """
    if not 0 <= cutoff_hz < recipe.frequency_to_hz:
        raise RecordError(
            f"The cut-off is {cutoff_hz} Hz, but it must be from 0 (no filter) to below the recipe's highest "
            f"frequency, {recipe.frequency_to_hz:g} Hz, or nothing of the record is left."
        )


def noise_energy(bins: NDArray[np.float64], prepared: Prepared) -> tuple[NDArray[np.float64], bool]:
    """Return the mean energy of the noise at each scale, and whether it was measured before the onset.

    Noise is what lies in whole time bins of the record that end a bin before the onset's, for the wavelet's sake. Where
    the window holds fewer than two of them, it is the quietest quarter of all bins.
    """
    size = bins.shape[1]
    bin_samples = prepared.window.length / size
    recorded = int(np.ceil(max(0, -prepared.window.first) / bin_samples))
    onset_bin = (prepared.onset_s * prepared.bank.sampling_rate_hz - prepared.window.first) / bin_samples
    end = min(int(onset_bin) - 1, size)
    if end - recorded >= _LEAST_NOISE_BINS:
        return bins[:, recorded:end].sum(axis=1) / (end - recorded), True
    quiet = np.sort(bins, axis=1)[:, : size // _QUIETEST_SHARE]
    return quiet.sum(axis=1) / quiet.shape[1], False


def reduce(picture: Scalogram, recipe: FingerprintRecipe | None = None) -> NDArray[np.float64]:
    """Reduce a scalogram to the square image of the recipe, on its amplitude scale.

    Parameters
    ----------
    picture : Scalogram
        Computed with the same recipe.
    recipe : FingerprintRecipe, optional

    Returns
    -------
    ndarray of float64, shape (size, size)
        Row 0 holds the lowest frequencies, column 0 the earliest time. Decibels for the scales "snr" (0 and more) and
        "log" (0 and less), 0 to 1 for "linear".

    Raises
    ------
    RecordError
        If the scalogram was computed with a recipe of another shape, or holds no energy.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=12000)
    >>> picture = reduce(scalogram(noise, 100.0, onset_s=30.0))
    >>> picture.shape, bool(picture.min() >= 0)
    ((64, 64), True)
    """
    recipe = recipe or DEFAULT_RECIPE
    expected = (recipe.size * recipe.scales_per_row, recipe.size)
    if picture.binned_energy.shape != expected:
        raise RecordError(
            f"A scalogram of the shape {picture.binned_energy.shape} cannot be reduced to {recipe.size} by "
            f"{recipe.size}, which takes {expected}; compute it with the same recipe."
        )
    return image(picture.binned_energy, picture.noise_energy, recipe)


def image(bins: NDArray[np.float64], noise: NDArray[np.float64], recipe: FingerprintRecipe) -> NDArray[np.float64]:
    """Put binned energies of shape (..., f, size) on the amplitude scale of the recipe, shape (..., size, size).

    The noise has the shape (..., f) and is repeated where it has fewer dimensions.
    """
    strongest = bins.max(axis=(-2, -1), keepdims=True)
    if not (strongest > 0).all():
        raise RecordError(NO_ENERGY)
    noise = noise[..., None]
    if recipe.scales_per_row > 1:
        bins = _rows_averaged(bins, recipe.scales_per_row)
        noise = _rows_averaged(noise, recipe.scales_per_row)
    if recipe.amplitude == "linear":
        return np.asarray(np.sqrt(bins / strongest), dtype=np.float64)
    if recipe.amplitude == "log":
        floor = 10.0 ** (-recipe.dynamic_range_db / 10.0)
        return np.asarray(10.0 * np.log10(np.maximum(bins / strongest, floor)), dtype=np.float64)
    ratio = bins / np.maximum(noise, strongest * _SILENCE)
    ratio += 1.0
    np.log10(ratio, out=ratio)
    ratio *= 10.0
    return np.asarray(ratio, dtype=np.float64)


def _rows_averaged(values: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    *others, scales, columns = values.shape
    averaged: NDArray[np.float64] = values.reshape(*others, scales // rows, rows, columns).sum(axis=-2) / rows
    return averaged
