"""Bands of a filter bank: neighbouring scales that go through the inverse Fourier transform together."""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from trova_widgets.fingerprinting.wavelets import Morlet, Morse, support

# How rare the samples may be, as a share of what a band needs to be free of aliases. Only the mean of their squares in
# a time bin is wanted: it is the same to some hundredths of a decibel, and a quarter of all work is saved.
_RARER = 0.75
# Samples that a time bin may have: six or more for a good mean, of the small factors that the FFT is fast for.
_SAMPLES_PER_BIN = np.array(sorted(factor << power for factor in (3, 4, 5) for power in range(1, 24)))
# Scales of one length share a call while the places that are looked at in vain stay below this share.
_WASTE = 0.15


class _Memory(threading.local):
    """A thread's own memory for coefficients: asking the system for it for every record took a third of all time."""

    def __init__(self) -> None:
        self.numbers = np.empty(0, dtype=np.complex128)

    def of(self, size: int) -> NDArray[np.complex128]:
        """Return so many numbers, until the next are asked for."""
        if self.numbers.size < size:
            self.numbers = np.empty(size, dtype=np.complex128)
        return self.numbers[:size]


_memory = _Memory()


@dataclass(frozen=True)
class Band:
    """Neighbouring scales that are inverted at one length."""

    samples_per_bin: int
    length: int
    """Samples of the inverse transform."""
    first_place: int
    """Where the first scale's band begins in the spectrum."""
    step: int
    """How many places further each next scale's band begins."""
    gains: NDArray[np.complex128]
    """Responses from there, shape (scales, width); their phase moves every sample to the middle of its time."""

    @property
    def end_place(self) -> int:
        """First place of the spectrum that no scale of this band reads."""
        scales, width = self.gains.shape
        return int(self.first_place + self.step * (scales - 1) + width)

    def coefficients(self, spectra: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the wavelet coefficients of these scales, in the thread's own memory.

        A width greater than the length is folded onto it, which gives the same samples of time, only fewer.

        Parameters
        ----------
        spectra : ndarray of complex128, shape (n, places)
            Contiguous.

        Returns
        -------
        ndarray of complex128, shape (n, scales, length)
        """
        count, (scales, width) = len(spectra), self.gains.shape
        record, place = spectra.strides
        # A row for each scale, each a step further than the last, without copying the spectrum.
        rows: NDArray[np.complex128] = np.ndarray(
            (count, scales, width), np.complex128, spectra, self.first_place * place, (record, self.step * place, place)
        )
        waves = _memory.of(count * scales * width).reshape(count, scales, width)
        np.multiply(rows, self.gains, out=waves)
        waves[..., : width - self.length] += waves[..., self.length :]
        inverted: NDArray[np.complex128] = fft.ifft(waves[..., : self.length], overwrite_x=True)
        return inverted


def make_bands(
    frequencies_hz: NDArray[np.float64], wavelet: Morlet | Morse, count: int, bins: int, sampling_rate_hz: float
) -> tuple[Band, ...]:
    """Part scales into bands of one length, whose scales begin at places of equal steps.

    Parameters
    ----------
    frequencies_hz : ndarray of float64, shape (f,)
        Rising [Hz].
    wavelet : Morlet or Morse
    count : int
        Samples of the forward transform.
    bins : int
        Time bins in them.
    sampling_rate_hz : float
        [Hz]

    Returns
    -------
    tuple of Band
        In the order of the frequencies.
    """
    lowest, highest = support(wavelet)
    places = frequencies_hz * count / sampling_rate_hz
    first = np.maximum(1, np.ceil(places * lowest).astype(np.int64))
    last = np.minimum(count // 2, np.floor(places * highest).astype(np.int64))
    samples = _SAMPLES_PER_BIN[np.searchsorted(_SAMPLES_PER_BIN * bins, (last - first + 1) * _RARER)]
    bands: list[Band] = []
    top = len(places)
    while top > 0:
        length = bins * int(samples[top - 1])
        # Bands begin less and less apart towards low frequencies: steps of the topmost two pass below all of them.
        step = int(first[top - 1] - first[top - 2]) + 1 if top > 1 else 0
        bottom = top - 1
        start = int(first[bottom])
        width = int(last[bottom]) - start + 1
        widest = max(length, int(width * (1 + _WASTE)))
        while bottom > 0 and samples[bottom - 1] == samples[top - 1] and 0 <= start - step <= first[bottom - 1]:
            wider = max(width, int(last[bottom - 1]) - (start - step) + 1)
            if wider > widest:
                break
            width = wider
            bottom -= 1
            start -= step
        width = max(width, length)
        across = start + step * np.arange(top - bottom)[:, None] + np.arange(width)
        gains = wavelet.response(across / places[bottom:top, None])
        gains[(across < first[bottom:top, None]) | (across > last[bottom:top, None])] = 0.0
        # 2: an analytic signal keeps one side of the spectrum; length / count: the inverse divides by its own length.
        gains *= 2.0 * length / count
        moved = gains * np.exp(1j * np.pi * np.arange(width) / length)
        bands.insert(0, Band(int(samples[top - 1]), length, start, step, moved))
        top = bottom
    return tuple(bands)
