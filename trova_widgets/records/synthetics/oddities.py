"""Records of what is neither earthquake nor blast: noise alone, pulses, spikes, ringing, far earthquakes, slides."""

from collections.abc import Callable

import numpy as np

from trova_widgets.records.synthetics.noise import Floats, noise

#: How long they are as a rule, and when they begin, about where an event would [s].
DURATION_S, EARLIEST_S, LATEST_S = 150.0, 25.0, 60.0
# how far it stands out of the noise, in powers of ten of the noise's own deviation
_FAINTEST, _LOUDEST = 0.7, 2.5


def oddities(seed: int, each: int, sampling_rate_hz: float, *, duration_s: float = DURATION_S) -> Floats:
    """Return invented records of what no network was trained to name.

    Parameters
    ----------
    seed : int
        The draw.
    each : int
        How many of each of `ODDITIES`.
    sampling_rate_hz : float
        Samples a second [Hz].
    duration_s : float, optional
        How long each is [s].

    Returns
    -------
    ndarray of float64, shape (len(ODDITIES) * each, samples)
        Ground velocity, one kind after the other.

    Examples
    --------
    >>> oddities(0, 2, 40.0).shape
    (12, 6000)
    """
    rng = np.random.default_rng(seed)
    times = np.arange(round(duration_s * sampling_rate_hz)) / sampling_rate_hz
    return np.stack([_of(make, rng, times, sampling_rate_hz) for make in ODDITIES.values() for _ in range(each)])


def _of(make: "_Maker", rng: np.random.Generator, times: Floats, rate_hz: float) -> Floats:
    ground = noise(rng, times.size, rate_hz, microseism=rng.random(), culture=rng.random())
    loud = ground.std() * 10 ** rng.uniform(_FAINTEST, _LOUDEST)
    return np.asarray(ground + loud * make(rng, times - rng.uniform(EARLIEST_S, LATEST_S)))


def _nothing(_: np.random.Generator, since: Floats) -> Floats:
    return np.zeros_like(since)


def _ringing(rng: np.random.Generator, since: Floats, hz: tuple[float, float], decay_s: tuple[float, float]) -> Floats:
    late = np.maximum(since, 0.0)
    return np.asarray(np.exp(-late / rng.uniform(*decay_s)) * np.sin(2 * np.pi * rng.uniform(*hz) * late))


def _pulse(rng: np.random.Generator, since: Floats) -> Floats:
    """Return how a seismometer answers a step of its calibration coil."""
    return _ringing(rng, since, (0.2, 1.5), (0.3, 3.0))


def _spikes(rng: np.random.Generator, since: Floats) -> Floats:
    """Return some samples that a digitiser or a telegraph line has thrown in."""
    spikes = np.zeros_like(since)
    first = int(np.searchsorted(since, 0.0))
    for at in [first, *rng.integers(first, since.size, size=rng.integers(0, 3))]:
        spikes[at : at + rng.integers(1, 4)] = 3.0 * rng.choice((-1.0, 1.0))
    return spikes


def _one_tone(rng: np.random.Generator, since: Floats) -> Floats:
    return _ringing(rng, since, (1.0, 12.0), (5.0, 60.0))


def _far_earthquake(rng: np.random.Generator, since: Floats) -> Floats:
    """Return long waves, of which what is fast was lost on the way."""
    return _ringing(rng, since, (0.2, 0.6), (20.0, 80.0))


def _slide(rng: np.random.Generator, since: Floats) -> Floats:
    """Return a rumble of some octaves that swells and dies away without an onset."""
    from scipy.signal import butter, sosfilt

    rate_hz = 1 / (since[1] - since[0])
    low = min(rng.uniform(0.7, 3.0), 0.2 * rate_hz)
    high = min(low * rng.uniform(2.0, 5.0), 0.4 * rate_hz)
    swelling = np.exp(-(((since - rng.uniform(0.0, 30.0)) / rng.uniform(10.0, 30.0)) ** 2))
    band = butter(3, (low, high), btype="bandpass", fs=rate_hz, output="sos")
    return np.asarray(3.0 * sosfilt(band, swelling * rng.standard_normal(since.size)))


_Maker = Callable[[np.random.Generator, Floats], Floats]

ODDITIES: dict[str, _Maker] = {
    "noise": _nothing,
    "calibration pulse": _pulse,
    "spikes": _spikes,
    "one tone": _one_tone,
    "far earthquake": _far_earthquake,
    "slide": _slide,
}
"""What is invented, by its name."""
