"""The filter bank: a continuous wavelet transform that computes no more samples than the time bins need.

One FFT of the window serves all scales. A wavelet is negligible outside a short band, so each scale's band is weighted
and inverted by itself, at the shortest length that holds it: a power of two of samples to a time bin. Scales of equal
length share one call. The magnitudes are those of the full transform, only sampled more rarely.
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


@dataclass(frozen=True)
class Octave:
    """The scales that are inverted at one length."""

    samples_per_bin: int
    places: NDArray[np.int64]
    """Where each scale's band lies in the spectrum, shape (scales, length)."""
    gains: NDArray[np.float64]
    """The wavelets' responses there, each twice: for a real and an imaginary part, shape (scales, 2 * length)."""


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
        spectrum: NDArray[np.complex128] = fft.rfft(piece)
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
            bands = spectrum.take(octave.places, mode="clip")
            parts = bands.view(np.float64)
            parts *= octave.gains
            waves = fft.ifft(bands, overwrite_x=True)
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
    spectrum_hz = np.arange(count // 2 + 1, dtype=np.float64) * (sampling_rate_hz / count)
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
        octaves=_octaves(recipe, count, bins, sampling_rate_hz),
        longest_wavelet_s=duration_s(recipe.mother_wavelet, recipe.frequency_from_hz),
    )


def _octaves(recipe: FingerprintRecipe, count: int, bins: int, sampling_rate_hz: float) -> tuple[Octave, ...]:
    wavelet = recipe.mother_wavelet
    lowest, highest = support(wavelet)
    resolution_hz = sampling_rate_hz / count
    centres = recipe.frequencies_hz
    first = np.maximum(1, np.ceil(centres * lowest / resolution_hz).astype(np.int64))
    last = np.minimum(count // 2, np.floor(centres * highest / resolution_hz).astype(np.int64))
    steps = [1 << max(0, math.ceil(math.log2(width / bins))) for width in (last - first + 1)]
    octaves = []
    start = 0
    for row in range(1, len(steps) + 1):
        if row < len(steps) and steps[row] == steps[start]:
            continue
        length = bins * steps[start]
        places = first[start:row, None] + np.arange(length)
        gains = wavelet.response(places * resolution_hz / centres[start:row, None])
        gains[places > last[start:row, None]] = 0.0
        # 2: an analytic signal keeps one side of the spectrum; length / count: the inverse divides by its own length.
        gains *= 2.0 * length / count
        octaves.append(Octave(steps[start], np.minimum(places, count // 2), gains.repeat(2, axis=1)))
        start = row
    return tuple(octaves)
