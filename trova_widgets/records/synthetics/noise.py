"""What a station hears without an event: noise between Peterson's models of the quietest and the loudest places.

The models are those of Peterson (1993), Observations and modeling of seismic background noise, USGS Open-File
Report 93-322: straight lines of acceleration power over the logarithm of the period.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

# period s from which on the power is A + B log10(period), dB relative to 1 (m/s^2)^2/Hz: period, A, B
_LOW = np.array(
    [
        (0.10, -162.36, 5.64), (0.17, -166.70, 0.00), (0.40, -170.00, -8.30), (0.80, -166.40, 28.90),
        (1.24, -168.60, 52.48), (2.40, -159.98, 29.81), (4.30, -141.10, 0.00), (5.00, -71.36, -99.77),
        (6.00, -97.26, -66.49), (10.00, -132.18, -31.57), (12.00, -205.27, 36.16), (15.60, -37.65, -104.33),
        (21.90, -114.37, -47.10),
    ]
)  # fmt: skip
_HIGH = np.array(
    [
        (0.10, -108.73, -17.23), (0.22, -150.34, -80.50), (0.32, -122.31, -23.87), (0.80, -116.85, 32.51),
        (3.80, -108.48, 18.08), (4.60, -74.66, -32.95), (6.30, 0.66, -127.18), (7.90, -93.37, -22.42),
        (15.40, 73.54, -162.98), (20.00, -151.52, 10.01),
    ]
)  # fmt: skip

# the band the models are used in; outside they go on level
_SHORTEST_S, _LONGEST_S = 0.10, 30.0
_SLOWEST_HZ = 0.05


def low_noise_db(frequencies_hz: Floats) -> Floats:
    """Return Peterson's new low noise model: acceleration power in dB relative to 1 (m/s^2)^2/Hz.

    Parameters
    ----------
    frequencies_hz : ndarray of float64, shape (n,)
        Positive frequencies.

    Examples
    --------
    >>> low_noise_db(np.array([2.0])).round(1)
    array([-167.5])
    """
    return _model(_LOW, frequencies_hz)


def high_noise_db(frequencies_hz: Floats) -> Floats:
    """Return Peterson's new high noise model: acceleration power in dB relative to 1 (m/s^2)^2/Hz.

    Parameters
    ----------
    frequencies_hz : ndarray of float64, shape (n,)
        Positive frequencies.
    """
    return _model(_HIGH, frequencies_hz)


def _model(table: Floats, frequencies_hz: Floats) -> Floats:
    periods = np.clip(1 / frequencies_hz, _SHORTEST_S, _LONGEST_S)
    rows = np.searchsorted(table[:, 0], periods, side="right") - 1
    return np.asarray(table[rows, 1] + table[rows, 2] * np.log10(periods), dtype=np.float64)


def noise_db(frequencies_hz: Floats, microseism: float, culture: float) -> Floats:
    """Return a power between the two models: one share for the sea's noise, one for people's.

    Parameters
    ----------
    frequencies_hz : ndarray of float64, shape (n,)
        Positive frequencies.
    microseism, culture : float
        Below 0.5 Hz and above 2 Hz: zero on the low model, one on the high one, in between in dB.

    Returns
    -------
    ndarray of float64, shape (n,)
        Acceleration power in dB relative to 1 (m/s^2)^2/Hz.
    """
    models = (low_noise_db(frequencies_hz), high_noise_db(frequencies_hz))
    return _between(np.log10(frequencies_hz), *models, microseism, culture)


def _between(logarithms: Floats, low: Floats, high: Floats, microseism: float, culture: float) -> Floats:
    share = np.interp(logarithms, np.log10([0.5, 2.0]), [microseism, culture])
    return low + share * (high - low)


@cache
def _models_of(size: int, rate_hz: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the frequencies at which a record of a size has noise, their logarithms, and both models there."""
    frequencies = np.fft.rfftfreq(size, 1 / rate_hz)
    heard = frequencies[frequencies >= _SLOWEST_HZ]
    return heard, np.log10(heard), low_noise_db(heard), high_noise_db(heard)


def noise(rng: np.random.Generator, size: int, sampling_rate_hz: float, *, microseism: float, culture: float) -> Floats:
    """Return Gaussian ground velocity in m/s whose power is `noise_db`.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    size : int
        How many samples.
    sampling_rate_hz : float
        Samples a second.
    microseism, culture : float
        See `noise_db`.

    Returns
    -------
    ndarray of float64, shape (size,)
        Velocity in m/s, without what varies slower than 0.05 Hz.

    Examples
    --------
    >>> ground = noise(np.random.default_rng(0), 4800, 40.0, microseism=0.5, culture=0.3)
    >>> ground.shape
    (4800,)
    """
    frequencies, logarithms, low, high = _models_of(size, sampling_rate_hz)
    count = size // 2 + 1
    power = np.zeros(count)
    acceleration = 10 ** (_between(logarithms, low, high, microseism, culture) / 10)
    power[count - frequencies.size :] = acceleration / (2 * np.pi * frequencies) ** 2
    chance = rng.normal(size=count) + 1j * rng.normal(size=count)
    return np.fft.irfft(chance * np.sqrt(power * sampling_rate_hz * size) / 2, size)
