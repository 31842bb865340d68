"""The filter bank: a continuous wavelet transform that computes no more samples than the time bins need.

One FFT of the window serves all scales. A wavelet is negligible outside a short band, so each scale's band is weighted
and inverted by itself, at a short length that gives every time bin a whole number of samples. Scales of equal length
share one call. The samples are those of the full transform, only rarer: the mean of their squares in a bin is what is
wanted, and stays within a few tenths of a decibel of that of all samples of the wavelet with its tails.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.bands import Band, make_bands
from trova_widgets.fingerprinting.recipe import FingerprintRecipe
from trova_widgets.fingerprinting.segment import Window, check_rate
from trova_widgets.fingerprinting.wavelets import duration_s

# The margin on each side is a sixteenth of the window: 9/8 of the bins make a length with small factors.
_MARGIN_SHARE = 16
# Coefficients that are computed in one call: a mebibyte stays in the cache of a core.
_TOGETHER = 1 << 16


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
    steepness: NDArray[np.float64]
    """Frequencies to the power of minus twice the order of the high-pass."""
    bands: tuple[Band, ...]
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

    def spectra(self, pieces: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the spectra from which all scales and all variants are made.

        Parameters
        ----------
        pieces : ndarray of float64, shape (n, window_samples + 2 * margin_samples)

        Returns
        -------
        ndarray of complex128, shape (n, places)
            As many places as ``spectrum_hz`` has, or more.
        """
        spectra: NDArray[np.complex128] = fft.rfft(pieces)
        # Past the Nyquist frequency, where bands may reach with a gain of zero.
        missing = self.spectrum_hz.size - spectra.shape[1]
        return np.pad(spectra, ((0, 0), (0, missing))) if missing > 0 else spectra

    def filtered(self, spectra: NDArray[np.complex128], cutoff_hz: float) -> NDArray[np.complex128]:
        """Return spectra behind the high-pass without phase shift; half the energy passes at the cut-off.

        Parameters
        ----------
        spectra : ndarray of complex128, shape (..., places)
        cutoff_hz : float
            Greater than 0 [Hz].

        Returns
        -------
        ndarray of complex128, shape (..., spectrum_hz.size)
        """
        response = self.steepness * cutoff_hz ** (2 * self.recipe.highpass_order)
        response += 1.0
        np.sqrt(response, out=response)
        np.divide(1.0, response, out=response)
        behind: NDArray[np.complex128] = spectra[..., : response.size] * response
        return behind

    def binned_energy(self, spectra: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Return the mean energy of each scale in each time bin.

        Parameters
        ----------
        spectra : ndarray of complex128, shape (n, places)
            Of several records or variants, contiguous.

        Returns
        -------
        ndarray of float64, shape (n, f, size)
        """
        size = self.recipe.size
        bins = np.empty((len(spectra), size * self.recipe.scales_per_row, size))
        row = 0
        for band in self.bands:
            scales = len(band.gains)
            rows = slice(row, row + scales)
            together = max(1, _TOGETHER // (scales * band.length))
            for first in range(0, len(spectra), together):
                some = slice(first, first + together)
                # Real and imaginary parts as one row of numbers: their squares are summed in a single pass.
                parts = self._in_window(band, spectra[some]).view(np.float64)
                parts = parts.reshape(*parts.shape[:2], size, 2 * band.samples_per_bin)
                np.einsum("nijk,nijk->nij", parts, parts, out=bins[some, rows])
            bins[:, rows] /= band.samples_per_bin
            row = rows.stop
        return bins

    def energy(self, spectrum: NDArray[np.complex128], columns_per_bin: int) -> NDArray[np.float64]:
        """Return the energy of each scale at equal steps of time, shape (f, size * columns_per_bin).

        The spectrum has the shape (1, places). The energy is that of the nearest sample: a low frequency changes slowly
        and is computed more rarely than it is shown.
        """
        rows = []
        middles = (np.arange(self.recipe.size * columns_per_bin) + 0.5) / columns_per_bin
        for band in self.bands:
            waves = self._in_window(band, spectrum)[0]
            nearest = waves[:, (middles * band.samples_per_bin).astype(np.int64)]
            rows.append(nearest.real**2 + nearest.imag**2)
        return np.concatenate(rows)

    def _in_window(self, band: Band, spectra: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the coefficients of a band without those in the margins, in the thread's own memory."""
        margin = self.recipe.size // _MARGIN_SHARE * band.samples_per_bin
        return band.coefficients(spectra)[..., margin : margin + self.recipe.size * band.samples_per_bin]


@lru_cache(maxsize=32)
def filter_bank(recipe: FingerprintRecipe, sampling_rate_hz: float) -> FilterBank:
    """Make the filter bank of a recipe at a sampling rate, or return the one made before.

    Raises
    ------
    RecordError
        If the sampling rate is not a positive number.
    RecipeError
        If the frequency range reaches above the Nyquist frequency, or a time bin is shorter than a sample.
    """
    check_rate(sampling_rate_hz)
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
    bands = make_bands(recipe.frequencies_hz, recipe.mother_wavelet, count, bins, sampling_rate_hz)
    end_place = max(band.end_place for band in bands)
    spectrum_hz = np.arange(end_place, dtype=np.float64) * (sampling_rate_hz / count)
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
        steepness=spectrum_hz ** (-2.0 * recipe.highpass_order),
        bands=bands,
        longest_wavelet_s=duration_s(recipe.mother_wavelet, recipe.frequency_from_hz),
    )
