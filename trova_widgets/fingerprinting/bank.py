"""The filter bank: a continuous wavelet transform that computes no more samples than the time bins need.

One FFT of the window serves all scales. A wavelet is negligible outside a short band, so each scale's band is weighted
and inverted by itself, at the shortest length that holds it and gives every time bin a whole number of samples. Scales
of equal length share one call. The samples are those of the full transform, only rarer: their squares still add up to
the energy.
"""

import math
import threading
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


# Samples that a time bin may have: two for a mean, and no other prime factors than 2 and 3 for the FFT's sake.
_SAMPLES_PER_BIN = np.array(sorted(factor << power for factor in (2, 3) for power in range(24)))


class _Memory(threading.local):
    """A thread's own memory for coefficients: asking the system for it for every record took a third of all time."""

    def __init__(self) -> None:
        self.numbers = np.empty(0, dtype=np.complex128)

    def array(self, shape: tuple[int, ...]) -> NDArray[np.complex128]:
        """Return an array of this shape, until the next is asked for."""
        size = math.prod(shape)
        if self.numbers.size < size:
            self.numbers = np.empty(size, dtype=np.complex128)
        return self.numbers[:size].reshape(shape)


_memory = _Memory()


@dataclass(frozen=True)
class Octave:
    """Neighbouring scales that are inverted together, at one length."""

    samples_per_bin: int
    first_place: int
    """Where the first scale's band begins in the spectrum."""
    step: int
    """How many places further each next scale's band begins."""
    gains: NDArray[np.complex128]
    """Responses from there, shape (scales, length); their phase moves every sample to the middle of its time."""

    def bands(self, spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the weighted bands of a spectrum, shape (scales, length), in the thread's own memory."""
        start = spectrum[self.first_place :]
        strides = (self.step * start.itemsize, start.itemsize)
        # A row for each scale, each a step further than the last, without copying the spectrum.
        rows = np.lib.stride_tricks.as_strided(start, self.gains.shape, strides, writeable=False)
        bands: NDArray[np.complex128] = np.multiply(rows, self.gains, out=_memory.array(self.gains.shape))
        return bands


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
        spectrum = np.empty(self.spectrum_hz.size, dtype=np.complex128)
        half = piece.size // 2 + 1
        spectrum[half:] = 0.0
        spectrum[:half] = fft.rfft(piece)
        return spectrum

    def highpass(self, cutoff_hz: float) -> NDArray[np.float64]:
        """Return the amplitude response of the high-pass without phase shift; half the energy passes at the cut-off."""
        ratio = (cutoff_hz * cutoff_hz) / (self.spectrum_hz * self.spectrum_hz)
        response: NDArray[np.float64] = 1.0 / np.sqrt(1.0 + ratio**self.recipe.highpass_order)
        return response

    def binned_energy(self, spectra: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Return the mean energy of each scale in each time bin.

        Parameters
        ----------
        spectra : ndarray of complex128, shape (n, places)
            Of several records or variants: they take their turn octave by octave, whose gains then stay in the cache.

        Returns
        -------
        ndarray of float64, shape (n, f, size)
        """
        size = self.recipe.size
        bins = np.empty((len(spectra), size * self.recipe.scales_per_row, size))
        row = 0
        for octave in self.octaves:
            rows = slice(row, row + len(octave.gains))
            for place, spectrum in enumerate(spectra):
                # Real and imaginary parts as one row of numbers: their squares are summed in a single pass.
                parts = self._coefficients(octave, spectrum).view(np.float64).reshape(len(octave.gains), size, -1)
                np.einsum("ijk,ijk->ij", parts, parts, out=bins[place, rows])
            bins[:, rows] /= octave.samples_per_bin
            row = rows.stop
        return bins

    def energy(self, spectrum: NDArray[np.complex128], columns_per_bin: int) -> NDArray[np.float64]:
        """Return the energy of each scale at equal steps of time, shape (f, size * columns_per_bin).

        It is that of the nearest sample: a low frequency changes slowly and is computed more rarely than it is shown.
        """
        rows = []
        for octave in self.octaves:
            waves = self._coefficients(octave, spectrum)
            middles = (np.arange(self.recipe.size * columns_per_bin) + 0.5) / columns_per_bin
            nearest = waves[:, (middles * octave.samples_per_bin).astype(np.int64)]
            rows.append(nearest.real**2 + nearest.imag**2)
        return np.concatenate(rows)

    def _coefficients(self, octave: Octave, spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the wavelet coefficients of an octave in the window, in the thread's own memory."""
        waves: NDArray[np.complex128] = fft.ifft(octave.bands(spectrum), overwrite_x=True)
        margin = self.recipe.size // _MARGIN_SHARE * octave.samples_per_bin
        return waves[:, margin : margin + self.recipe.size * octave.samples_per_bin]


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
    last_place = max(octave.first_place + octave.step * len(octave.gains) + octave.gains.shape[1] for octave in octaves)
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
    samples = _SAMPLES_PER_BIN[np.searchsorted(_SAMPLES_PER_BIN * bins, last - first + 1)]
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
            and last[bottom - 1] < start - step + length
        ):
            bottom -= 1
            start -= step
        across = start + step * np.arange(top - bottom)[:, None] + np.arange(length)
        gains = wavelet.response(across / places[bottom:top, None])
        gains[(across < first[bottom:top, None]) | (across > last[bottom:top, None])] = 0.0
        # 2: an analytic signal keeps one side of the spectrum; length / count: the inverse divides by its own length.
        gains *= 2.0 * length / count
        moved = gains * np.exp(1j * np.pi * np.arange(length) / length)
        octaves.insert(0, Octave(int(samples[top - 1]), start, step, moved))
        top = bottom
    return tuple(octaves)
