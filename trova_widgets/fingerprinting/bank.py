"""The filter bank: a continuous wavelet transform that computes no more samples than the time bins need.

One FFT of the window serves all scales. A wavelet is negligible outside a short band, so each scale's band is weighted
and inverted by itself, at a length that samples its energy well enough for the time bins: a power of two of samples to
a bin. What of the band does not fit that length is folded onto its other end, as sampling does: every sample is that of
the full transform. Scales of equal length share one call.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.recipe import FingerprintRecipe
from trova_widgets.fingerprinting.segment import Window
from trova_widgets.fingerprinting.wavelets import duration_s, support

# The margin on each side is a sixteenth of the window: 9/8 of the bins make a length with small factors.
_MARGIN_SHARE = 16


# Samples an octave-like band is given for each standard deviation of the wavelet's response: so many, that the mean of
# their squares in a time bin is that of the continuous energy to half a percent (its spectrum has fallen to exp(-5.3)).
_SAMPLING = 4.6


@dataclass(frozen=True)
class Octave:
    """Neighbouring scales that are inverted together, at one length."""

    samples_per_bin: int
    length: int
    first_place: int
    """Where the first scale's band begins in the spectrum."""
    step: int
    """How many places further each next scale's band begins."""
    gains: NDArray[np.float64]
    """Responses from there, each twice: for a real and an imaginary part, shape (scales, 2 * length)."""
    folded_gains: NDArray[np.float64]
    """Responses in what follows and is folded onto the beginning, shape (scales, 2 * width)."""

    def bands(self, parts: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the weighted bands of a spectrum, given as its real and imaginary parts in turn."""
        bands = self._view(parts, 0, self.gains.shape) * self.gains
        if self.folded_gains.size:
            folded = self._view(parts, self.length, self.folded_gains.shape) * self.folded_gains
            bands[:, : folded.shape[1]] += folded
        return bands.view(np.complex128)

    def _view(self, parts: NDArray[np.float64], offset: int, shape: tuple[int, int]) -> NDArray[np.float64]:
        """Return the rows of a part of the spectrum, each a step further than the last, without copying."""
        start = parts[2 * (self.first_place + offset) :]
        strides = (2 * self.step * start.itemsize, start.itemsize)
        return np.lib.stride_tricks.as_strided(start, shape, strides, writeable=False)


@dataclass(frozen=True)
class FilterBank:
    """Everything about a recipe at a sampling rate that does not depend on the record. Made by `filter_bank`."""

    recipe: FingerprintRecipe
    sampling_rate_hz: float
    window_samples: int
    margin_samples: int
    clock: NDArray[np.float64]
    ramp: NDArray[np.float64]
    spectrum_hz: NDArray[np.float64]
    octaves: tuple[Octave, ...]
    longest_wavelet_s: float

    @property
    def bin_s(self) -> float:
        """Length of a time bin [s]."""
        return self.window_samples / self.sampling_rate_hz / self.recipe.size

    def window(self, onset_s: float) -> Window:
        """Return where the recipe's window lies in a record with this onset."""
        reference_s = onset_s if self.recipe.window_reference == "onset" else 0.0
        first = math.floor((reference_s + self.recipe.window_start_s) * self.sampling_rate_hz + 0.5)
        return Window(first, self.window_samples, self.margin_samples)

    def spectrum(self, piece: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the one spectrum from which all scales and all variants are made."""
        spectrum = np.zeros(self.spectrum_hz.size, dtype=np.complex128)
        spectrum[: piece.size // 2 + 1] = fft.rfft(piece)
        return spectrum

    def highpass(self, cutoff_hz: float) -> NDArray[np.float64]:
        """Return the amplitude response of the high-pass without phase shift; half the energy passes at the cut-off."""
        ratio = (cutoff_hz * cutoff_hz) / (self.spectrum_hz * self.spectrum_hz)
        response: NDArray[np.float64] = 1.0 / np.sqrt(1.0 + ratio**self.recipe.highpass_order)
        return response

    def binned_energy(self, spectrum: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Return the mean energy of each scale in each time bin, shape (f, size)."""
        size = self.recipe.size
        bins = np.empty((self.recipe.size * self.recipe.scales_per_row, size))
        row = 0
        for waves in self.coefficients(spectrum):
            # Real and imaginary parts as one row of numbers: their squares are summed in a single pass.
            parts = waves.view(np.float64).reshape(len(waves), size, -1)
            rows = bins[row : row + len(waves)]
            np.einsum("ijk,ijk->ij", parts, parts, out=rows)
            rows *= 2.0 / parts.shape[2]
            row += len(waves)
        return bins

    def coefficients(self, spectrum: NDArray[np.complex128]) -> Iterator[NDArray[np.complex128]]:
        """Yield the wavelet coefficients in the window, an array for each octave.

        Yields
        ------
        ndarray of complex128, shape (scales, size * samples_per_bin)
        """
        size = self.recipe.size
        margin = size // _MARGIN_SHARE
        for octave in self.octaves:
            waves = fft.ifft(octave.bands(spectrum.view(np.float64)), overwrite_x=True)
            step = octave.samples_per_bin
            yield waves[:, margin * step : (margin + size) * step]


@lru_cache(maxsize=32)
def filter_bank(recipe: FingerprintRecipe, sampling_rate_hz: float) -> FilterBank:
    """Make the filter bank of a recipe at a sampling rate, or return the one made before.

    Raises
    ------
    RecipeError
        If the frequency range reaches above the Nyquist frequency, or a time bin is shorter than a sample.
    """
    nyquist_hz = sampling_rate_hz / 2
    if recipe.frequency_to_hz > nyquist_hz:
        raise RecipeError(
            f"The recipe's highest frequency is {recipe.frequency_to_hz:g} Hz, above the Nyquist frequency of "
            f"{nyquist_hz:g} Hz at {sampling_rate_hz:g} samples a second; lower frequency_to_hz."
        )
    size = recipe.size
    bins = size + 2 * (size // _MARGIN_SHARE)
    count = round(recipe.window_s * sampling_rate_hz * bins / size)
    if count < 2 * bins:
        raise RecipeError(
            f"A window of {recipe.window_s:g} s has {count * size // bins} samples at {sampling_rate_hz:g} Hz, "
            f"too few for {size} time bins; lengthen window_s or choose a smaller size."
        )
    window_samples = round(count * size / bins)
    margin_samples = (count - window_samples) // 2
    count = window_samples + 2 * margin_samples
    octaves = _octaves(recipe, count, bins, sampling_rate_hz)
    last_place = max(octave.first_place + octave.step * len(octave.gains) + 2 * octave.length for octave in octaves)
    # Places past the Nyquist frequency, where bands may reach with a gain of zero, spare every call a border case.
    spectrum_hz = np.arange(max(last_place, count // 2 + 1), dtype=np.float64) * (sampling_rate_hz / count)
    # The mean was removed: any positive number will do, and spares a division by zero.
    spectrum_hz[0] = spectrum_hz[1]
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(margin_samples // 2) + 0.5) / max(1, margin_samples // 2))
    return FilterBank(
        recipe=recipe,
        sampling_rate_hz=sampling_rate_hz,
        window_samples=window_samples,
        margin_samples=margin_samples,
        clock=np.arange(count, dtype=np.float64) - (count - 1) / 2,
        ramp=ramp,
        spectrum_hz=spectrum_hz,
        octaves=octaves,
        longest_wavelet_s=duration_s(recipe.mother_wavelet, recipe.frequency_from_hz),
    )


def _octaves(recipe: FingerprintRecipe, count: int, bins: int, sampling_rate_hz: float) -> tuple[Octave, ...]:
    """Part the scales into groups of one length whose bands begin at places of equal steps."""
    wavelet = recipe.mother_wavelet
    lowest, highest = support(wavelet)
    places = recipe.frequencies_hz * count / sampling_rate_hz
    first = np.maximum(1, np.ceil(places * lowest).astype(np.int64))
    last = np.minimum(count // 2, np.floor(places * highest).astype(np.int64))
    wanted = np.minimum(places * _SAMPLING / wavelet.width, last - first + 1)
    samples = np.exp2(np.maximum(0, np.ceil(np.log2(wanted / bins)))).astype(np.int64)
    octaves: list[Octave] = []
    top = len(places)
    while top > 0:
        length = bins * int(samples[top - 1])
        # Bands begin less and less apart towards low frequencies: steps of the topmost two pass below all of them.
        step = int(first[top - 1] - first[top - 2]) + 1 if top > 1 else 0
        bottom = top - 1
        start = int(first[bottom])
        while (
            bottom > 0
            and samples[bottom - 1] == samples[top - 1]
            and 0 <= start - step <= first[bottom - 1]
            and last[bottom - 1] - (start - step) < 2 * length
        ):
            bottom -= 1
            start -= step
        starts = start + step * np.arange(top - bottom)
        width = max(0, int((last[bottom:top] - starts).max()) + 1 - length)
        across = starts[:, None] + np.arange(length + width)
        gains = wavelet.response(across / places[bottom:top, None])
        gains[(across < first[bottom:top, None]) | (across > last[bottom:top, None])] = 0.0
        # 2: an analytic signal keeps one side of the spectrum; length / count: the inverse divides by its own length.
        gains *= 2.0 * length / count
        twice = gains.repeat(2, axis=1)
        octave = Octave(int(samples[top - 1]), length, start, step, twice[:, : 2 * length], twice[:, 2 * length :])
        octaves.insert(0, octave)
        top = bottom
    return tuple(octaves)
