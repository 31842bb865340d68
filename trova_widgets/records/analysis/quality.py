"""What is measured on a record when it is taken in: onset, signal over noise, and what is wrong with it."""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from trova_widgets.records.analysis.onset import DETECTION_GAIN, find_onset
from trova_widgets.records.matching import ArrivalWindow
from trova_widgets.records.waveform import NANOSECONDS, Waveform

QUALITY_PARAMETERS = (
    "onset_s",
    "snr_db",
    "dominant_frequency_hz",
    "duration_s",
    "gap_count",
    "gap_s",
    "overlap_s",
    "clipped_share",
    "flat_share",
)
"""What `quality_parameters` measures."""

BAND_HZ = (2.0, 20.0)
"""Where regional P waves stand out from the microseism; the upper corner gives way to the Nyquist frequency."""

_SIGNAL_S = 20.0
_NOISE_S = 30.0
# kept between noise and signal, for an emergent onset
_GUARD_S = 1.0
_FLAT_S = 0.5
_FLAT_SAMPLES = 10
_CLIPPED_SAMPLES = 3
# no digitiser's range is that small: the poorest of the archives have 12 bits
_FEWEST_LEVELS = 100


def quality_parameters(waveform: Waveform, arrival: ArrivalWindow | None = None) -> dict[str, float]:
    """Measure a record.

    The onset is that of `onset.find_onset`. Where it is known when the event's first wave can arrive, the
    likeliest time is the onset, however weak the event is: ``snr_db`` tells. Where it is not known, a record too quiet
    for a detection has no onset; nor has one whose sampling rate leaves no room for the band `BAND_HZ`, or that is too
    short. What cannot be measured is left out.

    Parameters
    ----------
    waveform : Waveform
        The record.
    arrival : ArrivalWindow, optional
        When the event's first wave can arrive: the onset is sought then.

    Returns
    -------
    dict of str to float
        ``onset_s`` (from the first sample), ``snr_db`` (of the band, 20 s after the onset over up to 30 s before
        it), ``dominant_frequency_hz`` (of those 20 s, or of the whole record), and always ``duration_s``,
        ``gap_count``, ``gap_s``, ``overlap_s``, ``clipped_share`` (samples of runs at the record's very maximum or
        minimum, when these are at least a hundred counts apart) and ``flat_share`` (samples of runs of half a second
        without change).

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=12_000)
    >>> noise[6_000:] *= 20
    >>> found = quality_parameters(Waveform(start_time_ns=0, sampling_rate_hz=100.0, samples=noise))
    >>> abs(found["onset_s"] - 60) < 0.5, 20 < found["snr_db"] < 30
    (True, True)
    """
    return Measurement(waveform).parameters(arrival)


class Measurement:
    """A record that is being measured: what does not depend on its event is worked out once.

    Parameters
    ----------
    waveform : Waveform
        The record.
    """

    def __init__(self, waveform: Waveform) -> None:
        self._waveform = waveform
        samples = waveform.samples
        self._is_constant = bool(samples.min() == samples.max())
        self._band = band_pass(waveform.sampling_rate_hz)
        self._trace = samples if self._is_constant else _without_line(samples / np.abs(samples).max())

    def onset_s(self, arrival: ArrivalWindow | None = None) -> float | None:
        """Return the onset after the first sample [s]: as the arrival allows it, or as the record alone shows it."""
        if self._is_constant or self._band is None:
            return None
        waveform = self._waveform
        if arrival is None:
            found = find_onset(self._trace, waveform.sampling_rate_hz)
            return None if found is None or found.gain < DETECTION_GAIN else found.time_s
        earliest_s, latest_s = ((time - waveform.start_time_ns) / NANOSECONDS for time in arrival[:2])
        found = find_onset(self._trace, waveform.sampling_rate_hz, earliest_s, latest_s, arrival.usual_lag_s)
        return None if found is None else found.time_s

    def parameters(self, arrival: ArrivalWindow | None = None) -> dict[str, float]:
        """Return what is measured; see `quality_parameters`."""
        waveform, rate = self._waveform, self._waveform.sampling_rate_hz
        found = {
            "duration_s": waveform.duration_s,
            "gap_count": float(waveform.gap_count),
            "gap_s": waveform.gap_s,
            "overlap_s": waveform.overlap_s,
            **_plateaus(waveform.samples, rate),
        }
        if self._is_constant:
            return found
        trace = self._trace
        if self._band is not None:
            onset_s = self.onset_s(arrival)
            trace = _filtered(self._band, trace)
            if onset_s is not None:
                onset = round(onset_s * rate)
                found["onset_s"] = onset_s
                found |= _signal_over_noise(trace, rate, onset)
                trace = trace[onset : onset + round(_SIGNAL_S * rate)]
        return found | _dominant_frequency(trace, rate)


def _without_line(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the least-squares straight line out; in closed form, several times as fast as SciPy's general one."""
    centred = samples - samples.mean()
    times, squared = _times(len(samples))
    # einsum and not @, which wakes as many threads as there are cores and waits for them longer than it computes
    slope = np.einsum("i,i->", times, centred) / squared
    detrended: NDArray[np.float64] = centred - times * slope
    return detrended


# an archive has records of few lengths
@lru_cache(maxsize=8)
def _times(count: int) -> tuple[NDArray[np.float64], float]:
    """Return evenly spaced times around 0, and the sum of their squares."""
    times = np.arange(count, dtype=np.float64) - (count - 1) / 2
    return times, float(np.einsum("i,i->", times, times))


@lru_cache(maxsize=8)
def _window(count: int) -> NDArray[np.float64]:
    return np.hanning(count)


@cache
def band_pass(sampling_rate_hz: float) -> NDArray[np.float64] | None:
    """Return the causal filter of `BAND_HZ` as second-order sections; None where the rate leaves no room for it."""
    # imported here, because it takes a second, SciPy's statistics and all, and most who import this measure nothing
    from scipy.signal import butter

    low, high = BAND_HZ[0], min(BAND_HZ[1], 0.4 * sampling_rate_hz)
    if high < 2 * low:
        return None
    design: NDArray[np.float64] = butter(3, (low, high), btype="bandpass", fs=sampling_rate_hz, output="sos")
    return design


def _filtered(band: NDArray[np.float64], trace: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.signal import sosfilt

    filtered: NDArray[np.float64] = sosfilt(band, trace)
    return filtered


def _signal_over_noise(trace: NDArray[np.float64], sampling_rate_hz: float, onset: int) -> dict[str, float]:
    guard = onset - round(_GUARD_S * sampling_rate_hz)
    # the filter needs a moment to settle
    settled = round(_GUARD_S * sampling_rate_hz)
    noise = trace[max(guard - round(_NOISE_S * sampling_rate_hz), settled) : max(guard, settled)]
    signal = trace[onset : onset + round(_SIGNAL_S * sampling_rate_hz)]
    if len(noise) < sampling_rate_hz or not noise.any() or not signal.any():
        return {}
    return {"snr_db": float(10 * np.log10(np.mean(signal**2) / np.mean(noise**2)))}


def _dominant_frequency(trace: NDArray[np.float64], sampling_rate_hz: float) -> dict[str, float]:
    if len(trace) < 16 or not trace.any():
        return {}
    power = np.abs(np.fft.rfft(trace * _window(len(trace)))) ** 2
    # a hundredth of the spectrum: single lines are chance
    smooth = uniform_filter1d(power, max(len(power) // 100, 1), mode="constant")
    return {"dominant_frequency_hz": float(np.argmax(smooth[1:]) + 1) * sampling_rate_hz / len(trace)}


def _plateaus(samples: NDArray[np.float64], sampling_rate_hz: float) -> dict[str, float]:
    """Shares of samples that stand still, and that stand at the edge of the digitiser's range."""
    still = samples[1:] == samples[:-1]
    # most records have not three equal samples in a row, and then there is nothing to count
    if not (still[1:] & still[:-1]).any():
        return {"clipped_share": 0.0, "flat_share": 0.0}
    edges = np.flatnonzero(~still) + 1
    starts = np.concatenate(([0], edges))
    lengths = np.diff(np.concatenate((starts, [len(samples)])))
    heights = samples[starts]
    lowest, highest = samples.min(), samples.max()
    at_edge = ((heights == highest) | (heights == lowest)) & (lengths >= _CLIPPED_SAMPLES)
    if len(heights) > 1 and highest - lowest < _FEWEST_LEVELS * np.abs(np.diff(heights)).min():
        # a few counts of noise repeat by chance
        at_edge[:] = False
    flat = lengths >= max(_FLAT_SAMPLES, _FLAT_S * sampling_rate_hz)
    return {
        "clipped_share": float(lengths[at_edge].sum() / len(samples)),
        "flat_share": float(lengths[flat].sum() / len(samples)),
    }
