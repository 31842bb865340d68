"""What a station hears without an event: noise between Peterson's models of the quietest and the loudest places.

The models are those of Peterson (1993), Observations and modeling of seismic background noise, USGS Open-File
Report 93-322: straight lines of acceleration power over the logarithm of the period.
"""

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
    share = np.interp(np.log10(frequencies_hz), np.log10([0.5, 2.0]), [microseism, culture])
    low = low_noise_db(frequencies_hz)
    return low + share * (high_noise_db(frequencies_hz) - low)


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
    frequencies = np.fft.rfftfreq(size, 1 / sampling_rate_hz)
    inside = frequencies >= 0.05
    power = np.zeros_like(frequencies)
    acceleration = 10 ** (noise_db(frequencies[inside], microseism, culture) / 10)
    power[inside] = acceleration / (2 * np.pi * frequencies[inside]) ** 2
    chance = rng.normal(size=frequencies.size) + 1j * rng.normal(size=frequencies.size)
    return np.fft.irfft(chance * np.sqrt(power * sampling_rate_hz * size) / 2, size)
