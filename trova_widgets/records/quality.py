"""What is measured on a record when it is taken in: onset, signal over noise, and what is wrong with it."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfilt

from trova_widgets.records.obspy_plugins import obspy_module
from trova_widgets.records.waveform import NANOSECONDS, Waveform

BAND_HZ = (2.0, 20.0)
"""Where regional P waves stand out from the microseism; the upper corner gives way to the Nyquist frequency."""

_SHORT_WINDOW_S = 0.5
_LONG_WINDOW_S = 10.0
_DETECTION = 3.0
_BEGIN = 1.5
_SIGNAL_S = 20.0
_NOISE_S = 30.0
# kept between noise and signal, for an emergent onset
_GUARD_S = 1.0
_FLAT_S = 0.5
_FLAT_SAMPLES = 10
_CLIPPED_SAMPLES = 3


def quality_parameters(waveform: Waveform, origin_time_ns: int | None = None) -> dict[str, float]:
    """Measure a record.

    The onset is found on the band `BAND_HZ` by the ratio of a short to a long recursive average (Withers et al. 1998,
    doi 10.1785/BSSA0880010095): at the ratio's peak, back to where it last was below 1.5. A record whose sampling
    rate leaves no room for the band, that is too short or too quiet for a detection, has no onset; what cannot be
    measured is left out.

    Parameters
    ----------
    waveform : Waveform
        The record.
    origin_time_ns : int, optional
        The event's origin: the onset is sought from there on.

    Returns
    -------
    dict of str to float
        ``onset_s`` (from the first sample), ``snr_db`` (of the band, 20 s after the onset over up to 30 s before
        it), ``dominant_frequency_hz`` (of those 20 s, or of the whole record), and always ``duration_s``,
        ``gap_count``, ``gap_s``, ``overlap_s``, ``clipped_share`` (samples of runs at the record's very
        maximum or minimum) and ``flat_share`` (samples of runs of half a second without change).

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=12_000)
    >>> noise[6_000:] *= 20
    >>> found = quality_parameters(Waveform(start_time_ns=0, sampling_rate_hz=100.0, samples=noise))
    >>> abs(found["onset_s"] - 60) < 0.5, 20 < found["snr_db"] < 30
    (True, True)
    """
    rate = waveform.sampling_rate_hz
    samples = waveform.samples
    found = {
        "duration_s": waveform.duration_s,
        "gap_count": float(waveform.gap_count),
        "gap_s": waveform.gap_s,
        "overlap_s": waveform.overlap_s,
        **_plateaus(samples, rate),
    }
    scale = np.abs(samples).max()
    if samples.min() == samples.max():
        return found
    trace = _without_line(samples / scale)
    band = _band_pass(rate)
    if band is not None:
        trace = sosfilt(band, trace)
        earliest = 0 if origin_time_ns is None else (origin_time_ns - waveform.start_time_ns) / NANOSECONDS
        onset = _onset(trace, rate, round(earliest * rate))
        if onset is not None:
            found["onset_s"] = onset / rate
            found |= _signal_over_noise(trace, rate, onset)
            trace = trace[onset : onset + round(_SIGNAL_S * rate)]
    return found | _dominant_frequency(trace, rate)


def _without_line(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the least-squares straight line out; in closed form, several times as fast as SciPy's general one."""
    centred = samples - samples.mean()
    times = np.arange(len(samples)) - (len(samples) - 1) / 2
    # einsum and not @, which wakes as many threads as there are cores and waits for them longer than it computes
    slope = np.einsum("i,i->", times, centred) / np.einsum("i,i->", times, times)
    detrended: NDArray[np.float64] = centred - times * slope
    return detrended


@cache
def _band_pass(sampling_rate_hz: float) -> NDArray[np.float64] | None:
    low, high = BAND_HZ[0], min(BAND_HZ[1], 0.4 * sampling_rate_hz)
    if high < 2 * low:
        return None
    design: NDArray[np.float64] = butter(3, (low, high), btype="bandpass", fs=sampling_rate_hz, output="sos")
    return design


def _onset(trace: NDArray[np.float64], sampling_rate_hz: float, earliest: int) -> int | None:
    """Index of the onset, at `earliest` or later."""
    short = round(_SHORT_WINDOW_S * sampling_rate_hz)
    long = min(round(_LONG_WINDOW_S * sampling_rate_hz), len(trace) // 4)
    if long < 4 * short:
        return None
    sta_lta = obspy_module("obspy.signal.trigger").recursive_sta_lta
    ratio: NDArray[np.float64] = sta_lta(np.ascontiguousarray(trace, dtype=np.float64), short, long)
    # the long average starts from nothing: its first window says little
    begin = max(earliest, long)
    if begin >= len(ratio):
        return None
    peak = begin + int(np.argmax(ratio[begin:]))
    if ratio[peak] < _DETECTION:
        return None
    quiet = np.flatnonzero(ratio[begin : peak + 1] < _BEGIN)
    return begin + (int(quiet[-1]) + 1 if len(quiet) else 0)


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
    power = np.abs(np.fft.rfft(trace * np.hanning(len(trace)))) ** 2
    # a hundredth of the spectrum: single lines are chance
    smooth = uniform_filter1d(power, max(len(power) // 100, 1), mode="constant")
    return {"dominant_frequency_hz": float(np.argmax(smooth[1:]) + 1) * sampling_rate_hz / len(trace)}


def _plateaus(samples: NDArray[np.float64], sampling_rate_hz: float) -> dict[str, float]:
    """Shares of samples that stand still, and that stand at the edge of the digitiser's range."""
    edges = np.flatnonzero(samples[1:] != samples[:-1]) + 1
    starts = np.concatenate(([0], edges))
    lengths = np.diff(np.concatenate((starts, [len(samples)])))
    heights = samples[starts]
    at_edge = ((heights == samples.max()) | (heights == samples.min())) & (lengths >= _CLIPPED_SAMPLES)
    flat = lengths >= max(_FLAT_SAMPLES, _FLAT_S * sampling_rate_hz)
    return {
        "clipped_share": float(lengths[at_edge].sum() / len(samples)),
        "flat_share": float(lengths[flat].sum() / len(samples)),
    }
