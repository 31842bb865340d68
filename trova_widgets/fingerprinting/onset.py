"""A simple onset, for records that come without one: where the energy of a record divides it best in two."""

import math

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 0.25
_LEAST_BLOCKS = 8


def find_onset(samples: NDArray[np.float64], sampling_rate_hz: float, latest_s: float = math.inf) -> float:
    """Return the time at which the event begins, after the start of the record [s].

    The record is differenced, which takes out microseism, and its energy summed in blocks of a quarter of a second.
    Up to the strongest block, the onset is the boundary with the lowest Akaike criterion of two stationary parts.
    It is made for centring a window; an analyst's onset or that of `trova_widgets.records`, which knows when the wave
    can arrive, is better and overrules it.

    Parameters
    ----------
    samples : ndarray of float64, shape (n,)
        Finite samples that are not all equal.
    sampling_rate_hz : float
        Samples a second [Hz].
    latest_s : float, optional
        The latest onset that is of use [s]: the strongest second is sought up to there.

    Returns
    -------
    float
        Time from the first sample [s]; 0 for a record too short to be divided.

    References
    ----------
    Maeda (1985), doi 10.4294/zisin1948.38.3_365.

    Examples
    --------
    >>> quiet, loud = np.resize([1.0, -1.0], 2000), np.resize([9.0, -9.0], 2000)
    >>> find_onset(np.concatenate([quiet, loud]), 100.0)
    20.0
    """
    return float(find_onsets(samples[None], sampling_rate_hz, latest_s)[0])


def find_onsets(
    samples: NDArray[np.float64], sampling_rate_hz: float, latest_s: float = math.inf
) -> NDArray[np.float64]:
    """Return the onset of each record as `find_onset` does: of many at once, in a few long steps.

    Parameters
    ----------
    samples : ndarray of float64, shape (n, samples)
        Records of one length.
    sampling_rate_hz : float
        Samples a second [Hz].
    latest_s : float, optional
        The latest onset that is of use [s].

    Returns
    -------
    ndarray of float64, shape (n,)
        Times from the first sample [s].
    """
    block = max(1, round(BLOCK_S * sampling_rate_hz))
    count = (samples.shape[1] - 1) // block
    if count < _LEAST_BLOCKS:
        return np.zeros(len(samples))
    rough = samples[:, 1 : count * block + 1] - samples[:, : count * block]
    blocks = rough.reshape(len(samples), count, block)
    energy = np.einsum("nij,nij->ni", blocks, blocks)
    floor = energy.max(axis=1, keepdims=True) * 1e-9
    energy += floor
    smooth = energy[:, :-3] + energy[:, 1:-2] + energy[:, 2:-1] + energy[:, 3:]
    if latest_s < math.inf:
        smooth = smooth[:, : max(1, int(latest_s * sampling_rate_hz / block))]
    end = np.minimum(smooth.argmax(axis=1) + 4, count)
    total = np.cumsum(energy, axis=1)
    whole = np.take_along_axis(total, end[:, None] - 1, axis=1)
    before = np.arange(2, max(3, int(end.max()) - 1))
    after = end[:, None] - before
    early = total[:, before - 1]
    criterion = before * np.log(early / before)
    later = np.maximum(whole - early, floor)
    criterion += after * np.log(later / np.maximum(after, 1))
    # A record that ends earlier has no boundary there.
    criterion[after < 2] = np.inf
    found = before[criterion.argmin(axis=1)] * (block / sampling_rate_hz)
    return np.where(end < _LEAST_BLOCKS, 0.0, found)
