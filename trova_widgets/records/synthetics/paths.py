"""What happens on the way: waves lose their high frequencies, scatter into a coda, and shake a site's own ground."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Spectrum = NDArray[np.complexfloating[Any, Any]]

_OCTAVES = np.log2(np.array([0.18, 0.35, 0.7, 1.4, 2.8, 5.6, 11.2]))


@dataclass(frozen=True, kw_only=True)
class Path:
    """How one path from a source to a station differs from the layered crust.

    Attributes
    ----------
    stretch : float
        Travel times over those of the crust.
    quality_1_hz, quality_power : float
        Q = quality_1_hz * f ** quality_power on top of the crust's own, f in Hz.
    scattered : float
        Energy of the coda over that of the direct waves.
    coda_quality_1_hz : float
        Q of the coda at 1 Hz; it grows as f ** 0.8.
    """

    stretch: float
    quality_1_hz: float
    quality_power: float
    scattered: float
    coda_quality_1_hz: float


@dataclass(frozen=True, kw_only=True)
class Site:
    """The ground under a station: its gain in octave bands, and its kappa in s (Anderson and Hough 1984)."""

    octave_gains: tuple[float, ...]
    kappa_s: float

    def gain(self, frequencies_hz: Floats) -> Floats:
        """Return the gain at some frequencies, shape (n,)."""
        octaves = np.log2(np.maximum(frequencies_hz, 1e-3))
        smooth = np.exp(np.interp(octaves, _OCTAVES, np.log(self.octave_gains)))
        return np.asarray(smooth * np.exp(-np.pi * self.kappa_s * frequencies_hz), dtype=np.float64)


def draw_path(rng: np.random.Generator) -> Path:
    """Draw a path of the kind a shield has."""
    return Path(
        stretch=float(rng.normal(1, 0.015)),
        quality_1_hz=float(np.exp(rng.normal(np.log(350), 0.3))),
        quality_power=float(rng.uniform(0.4, 0.9)),
        scattered=float(np.exp(rng.normal(np.log(0.5), 0.5))),
        coda_quality_1_hz=float(np.exp(rng.normal(np.log(110), 0.3))),
    )


def draw_site(rng: np.random.Generator) -> Site:
    """Draw the ground of a station."""
    return Site(
        octave_gains=tuple(float(gain) for gain in np.exp(rng.normal(0, 0.25, _OCTAVES.size))),
        kappa_s=float(rng.uniform(0.002, 0.015)),
    )


@cache
def octave_bands(size: int, sampling_rate_hz: float) -> Floats:
    """Return overlapping octave bands that add up to one at every frequency, shape (7, size // 2 + 1).

    Examples
    --------
    >>> bool(np.allclose(octave_bands(1024, 40.0).sum(axis=0), 1))
    True
    """
    frequencies = np.fft.rfftfreq(size, 1 / sampling_rate_hz)
    position = np.interp(np.log2(np.maximum(frequencies, 1e-3)), _OCTAVES, np.arange(_OCTAVES.size))
    distance = np.abs(position - np.arange(_OCTAVES.size)[:, None])
    return np.asarray(np.where(distance < 1, np.cos(np.pi / 2 * distance) ** 2, 0.0), dtype=np.float64)


def travel(
    rng: np.random.Generator, spectrum: NDArray[np.complexfloating[Any, Any]], rate_hz: float, path: Path
) -> Floats:
    """Send ground motion along a path: attenuate it by its travel time, and add the coda it scatters into.

    Octave by octave: what arrives at the time t after the origin is damped by exp(-pi f t / Q), and its energy,
    smeared with a decaying kernel, becomes the envelope of Gaussian noise (single scattering, Aki and Chouet 1975,
    doi 10.1029/JB080i023p03322).

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance of the coda.
    spectrum : ndarray of complex128, shape (size // 2 + 1,)
        Real Fourier transform of the motion, time zero being the origin.
    rate_hz : float
        Samples a second.
    path : Path
        The path.

    Returns
    -------
    ndarray of float64, shape (size,)
        The motion, direct waves and coda.
    """
    size = 2 * (spectrum.size - 1)
    times, spread = _times_and_spread(size, rate_hz)
    chance = np.fft.rfft(rng.normal(size=size))
    # used again for each octave, as memory is dear to get; so long that no end comes round to the beginning
    padded, spectra, smeared = np.zeros((2, 2 * size)), np.empty((2, size + 1), complex), np.empty(2 * size)
    energy, kernel = padded[:, :size]
    total = np.zeros(size)
    for octave, band in zip(_OCTAVES, octave_bands(size, rate_hz), strict=True):
        frequency = 2**octave
        quality = path.quality_1_hz * frequency**path.quality_power
        direct = np.fft.irfft(spectrum * band, size) * np.exp(-np.pi * frequency * times / quality)
        coda_quality = path.coda_quality_1_hz * frequency**0.8
        np.multiply(spread, np.exp(-2 * np.pi * frequency * times / coda_quality), out=kernel)
        kernel *= path.scattered / kernel.sum()
        np.multiply(direct, direct, out=energy)
        np.fft.rfft(padded, out=spectra)
        np.fft.irfft(spectra[0] * spectra[1], 2 * size, out=smeared)
        carrier = np.fft.irfft(chance * band, size)
        total += direct + np.sqrt(np.maximum(smeared[:size], 0)) * carrier / carrier.std()
    return total


@cache
def _times_and_spread(size: int, rate_hz: float) -> tuple[Floats, Floats]:
    """Return the times of the samples in s, and how a coda thins out while its energy spreads in space."""
    times = np.arange(size) / rate_hz
    return times, (1 + times / 3) ** -1.5
