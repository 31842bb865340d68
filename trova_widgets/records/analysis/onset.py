"""The onset of an event in a record: where the energy of its octaves divides it best into noise and signal."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LOWEST_HZ = 2.5
HIGHEST_HZ = 13.0
"""Lower edges of the octaves that are looked at: microseism lies below them, the hum of the mains above."""

DETECTION_GAIN = 13.0
"""Gain from which an onset is believed [nat]: less than one in a hundred stretches of noise reaches it
(``python -m tests.benchmarks.onset``)."""

_BLOCK_S = 0.1
_LEAST_BLOCKS = 16
_LEAST_PART = 3
_NOISE_S = 60.0
_STRONGEST_S = 2.0
_LONGEST_RISE_S = 40.0
_EARLIER_ONSETS = 5
_SILENCE = 1e-9


class Onset(NamedTuple):
    """An onset found in a record."""

    time_s: float
    """After the first sample [s]."""
    gain: float
    """How much likelier the record is with this onset than as one stretch of noise, as a logarithm [nat]."""


def find_onset(
    samples: NDArray[np.float64],
    sampling_rate_hz: float,
    earliest_s: float | None = None,
    latest_s: float | None = None,
    usual_lag_s: float | None = None,
) -> Onset | None:
    """Find the time at which an event begins.

    The record is differenced twice, which takes out microseism, and parted into octaves by Haar's wavelet; their
    energy is summed in blocks of about a tenth of a second. The onset is the boundary with the lowest Akaike
    criterion, summed over the octaves, that lies before the strongest two seconds and after which the energy is higher.
    That may be the S wave: what lies before it is divided again in the same way, as often as a convincing earlier onset
    is found.

    Parameters
    ----------
    samples : ndarray of float64, shape (n,)
        Finite samples that are not all equal, in any unit.
    sampling_rate_hz : float
        Samples a second [Hz].
    earliest_s, latest_s : float, optional
        Where the onset is sought, after the first sample [s]: what is known of the origin and the way of the waves. The
        whole record if not given.
    usual_lag_s : float, optional
        Mean of the exponential law by which the onset follows ``earliest_s`` [s]: it decides where the record itself
        says little. Every time is as likely if not given.

    Returns
    -------
    Onset or None
        None for a record, or a range of times in it, that is too short to be divided, and for a straight line.

    References
    ----------
    Maeda (1985), doi 10.4294/zisin1948.38.3_365, has the criterion for one trace.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> record = rng.normal(size=12000) * np.repeat([1.0, 9.0], [4000, 8000])
    >>> abs(find_onset(record, 100.0).time_s - 40.0) < 0.2
    True
    """
    octaves = _octaves(samples, sampling_rate_hz)
    if octaves is None:
        return None
    energy, block_s, freedom = octaves
    count = energy.shape[1]
    lowest = _LEAST_PART if earliest_s is None else max(_LEAST_PART, round(earliest_s / block_s))
    highest = count - _LEAST_PART
    if latest_s is not None:
        highest = min(highest, round(latest_s / block_s))
    if highest < lowest:
        return None
    begin = 0 if earliest_s is None else max(0, lowest - round(_NOISE_S / block_s))
    end = _strongest(energy, freedom, begin, lowest, highest, block_s)
    found: Onset | None = None
    for _ in range(1 + _EARLIER_ONSETS):
        boundaries = np.arange(max(lowest, begin + _LEAST_PART), min(highest, end - _LEAST_PART) + 1)
        if boundaries.size == 0:
            break
        gain = _gains(energy[:, begin:end], freedom, boundaries - begin)
        if usual_lag_s is not None:
            gain -= (boundaries - lowest) * (block_s / usual_lag_s)
        best = int(gain.argmax())
        if found is not None and gain[best] < DETECTION_GAIN:
            break
        end = int(boundaries[best])
        found = Onset(end * block_s, float(gain[best]) if found is None else max(found.gain, float(gain[best])))
    return found


def _octaves(
    samples: NDArray[np.float64], sampling_rate_hz: float
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]] | None:
    """Return the energy of each octave in each block, the length of a block [s], and an octave's freedom in a block.

    The freedom is the number of independent pairs of values: bandwidth times time. A record of a low sampling rate is
    seen in its highest octave; one of too few blocks, or without any change, has none.
    """
    levels = 1
    while sampling_rate_hz / 2 ** (levels + 2) >= LOWEST_HZ:
        levels += 1
    block = 2**levels * max(1, round(_BLOCK_S * sampling_rate_hz / 2**levels))
    count = (samples.size - 2) // block
    if count < _LEAST_BLOCKS:
        return None
    smooth = np.diff(samples, 2)[: count * block]
    largest = np.abs(smooth).max()
    if not largest > 0:
        return None
    smooth /= largest
    energies, widths_hz = [], []
    for level in range(1, levels + 1):
        even, odd = smooth[::2], smooth[1::2]
        lower_hz = sampling_rate_hz / 2 ** (level + 1)
        if lower_hz <= HIGHEST_HZ or level == levels:
            detail = (odd - even).reshape(count, -1)
            energies.append(np.einsum("ij,ij->i", detail, detail))
            widths_hz.append(lower_hz)
        smooth = even + odd
    energy = np.stack(energies)
    energy += np.maximum(energy.max(axis=1, keepdims=True), _SILENCE) * _SILENCE
    block_s = block / sampling_rate_hz
    return energy, block_s, np.array(widths_hz) * block_s


def _strongest(
    energy: NDArray[np.float64],
    freedom: NDArray[np.float64],
    begin: int,
    lowest: int,
    highest: int,
    block_s: float,
) -> int:
    """Return the end of the strongest two seconds that an event with an onset in the range can have."""
    quiet = energy[:, begin : lowest if lowest - begin >= _LEAST_BLOCKS else None]
    above = np.einsum("i,ij->j", freedom / np.median(quiet, axis=1), energy)
    end = min(energy.shape[1], highest + 1 + round(_LONGEST_RISE_S / block_s))
    width = min(max(1, round(_STRONGEST_S / block_s)), end - lowest)
    sums = np.convolve(above[lowest:end], np.ones(width), "valid")
    return int(lowest + sums.argmax() + width)


def _gains(
    energy: NDArray[np.float64], freedom: NDArray[np.float64], boundaries: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how much likelier each boundary makes the blocks, in octaves that are louder after it [nat]."""
    count = energy.shape[1]
    total = np.cumsum(energy, axis=1)
    whole = np.log(total[:, -1:] / count)
    before = np.log(total[:, boundaries - 1] / boundaries)
    after = np.log((total[:, -1:] - total[:, boundaries - 1]) / (count - boundaries))
    gain = count * whole - boundaries * before - (count - boundaries) * after
    # Not a matrix product, whose order of summing is up to a linear algebra library and its threads.
    gains: NDArray[np.float64] = np.einsum("i,ij->j", freedom, np.where(after > before, gain, 0.0))
    return gains
