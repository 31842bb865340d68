"""The filter bank: a continuous wavelet transform that computes no more samples than the time bins need.

One FFT of the window serves all scales. A wavelet is negligible outside a short band, so each scale's band is weighted
and inverted by itself, at a length that samples its energy well enough for the time bins: a power of two of samples to
a bin. What of the band does not fit that length is folded onto its other end, as sampling does: every sample is that of
the full transform. Scales of equal length share one call.
"""

import math
import threading
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


# Samples for each standard deviation of a wavelet's response: where the spectrum of the energy, wider by a root of two,
# has fallen to half a percent, so that the mean of the samples in a time bin is that of the energy to some percent.
_SAMPLING = 4.6
_FEWEST_SAMPLES_PER_BIN = 2


class _Memory(threading.local):
    """A thread's own memory for coefficients: asking the system for it for every record took a third of all time."""

    def __init__(self) -> None:
        self.numbers = np.empty(0, dtype=np.complex128)

    def arrays(
        self, first: tuple[int, ...], second: tuple[int, ...]
    ) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        """Return two arrays of these shapes, until they are asked for again."""
        border, end = math.prod(first), math.prod(first) + math.prod(second)
        if self.numbers.size < end:
            self.numbers = np.empty(end, dtype=np.complex128)
        return self.numbers[:border].reshape(first), self.numbers[border:end].reshape(second)


_memory = _Memory()


@dataclass(frozen=True)
class Octave:
    """Neighbouring scales that are inverted together, at one length."""

    samples_per_bin: int
    length: int
    first_place: int
    """Where the first scale's band begins in the spectrum."""
    step: int
    """How many places further each next scale's band begins."""
    gains: NDArray[np.complex128]
    """Responses from there, shape (scales, length); their phase moves every sample to the middle of its time."""
    folded_gains: NDArray[np.complex128]
    """Responses in what follows and is folded onto the beginning, shape (scales, width)."""

    def bands(self, spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the weighted bands of a spectrum, shape (scales, length), in the thread's own memory."""
        bands, folded = _memory.arrays(self.gains.shape, self.folded_gains.shape)
        np.multiply(self._view(spectrum, 0, self.gains.shape), self.gains, out=bands)
        if folded.size:
            np.multiply(self._view(spectrum, self.length, folded.shape), self.folded_gains, out=folded)
            bands[:, : folded.shape[1]] += folded
        return bands

    def _view(self, spectrum: NDArray[np.complex128], offset: int, shape: tuple[int, ...]) -> NDArray[np.complex128]:
        """Return as rows a part of the spectrum for each scale, without copying it."""
        start = spectrum[self.first_place + offset :]
        strides = (self.step * start.itemsize, start.itemsize)
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

    def energies(self, spectrum: NDArray[np.complex128]) -> Iterator[NDArray[np.float64]]:
        """Yield the energies in the window as often as they are computed, an array for each octave.

        Yields
        ------
        ndarray of float64, shape (scales, size * samples_per_bin)
        """
        for octave in self.octaves:
            waves = self._coefficients(octave, spectrum)
            yield waves.real**2 + waves.imag**2

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
    samples = np.maximum(_FEWEST_SAMPLES_PER_BIN, np.exp2(np.ceil(np.log2(wanted / bins)))).astype(np.int64)
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
        moved = gains * (2.0 * length / count) * np.exp(1j * np.pi * np.arange(length + width) / length)
        main, folded = np.ascontiguousarray(moved[:, :length]), np.ascontiguousarray(moved[:, length:])
        octaves.insert(0, Octave(int(samples[top - 1]), length, start, step, main, folded))
        top = bottom
    return tuple(octaves)
