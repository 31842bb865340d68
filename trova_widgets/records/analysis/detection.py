"""The events of a long record, found by the ratio of a short to a long average of its energy."""

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecordError
from trova_widgets.records.analysis.onset import DETECTION_GAIN, find_onset
from trova_widgets.records.analysis.quality import BAND_HZ, band_pass
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.waveform import Waveform

SHORT_S = 1.0
LONG_S = 60.0
"""Lengths of the two averages."""
ON_RATIO = 4.0
OFF_RATIO = 2.0
"""Ratio of the averages from which an event is under way, and below which it is over."""
LEAST_S = 1.5
"""What is over sooner is a spike: it stays in the short average for just its length."""
SAME_EVENT_S = 60.0
"""What begins so soon after an onset is a later wave of the same event: S follows P by 50 s within 400 km."""

# the trigger may be the S wave's, and the P wave too weak for one
_LONGEST_LAG_S = 40.0
# until the short average has risen
_DELAY_S = 2.0
# the filter begins on what lies before the record, its image turned about the first sample, which makes no step
_RUN_UP_S = 5.0
# below the median second's energy: no ground is that quiet, but a gap that was bridged by a straight line
_SILENCE = 1e-4


def detect_events(waveform: Waveform) -> tuple[float, ...]:
    """Find the onsets of all events in a record of any length.

    The record is filtered to `quality.BAND_HZ`, and the ratio of its mean energy over a second to that over a minute
    (classic STA/LTA) begins an event above 4 and ends it below 2. Before each beginning the onset is sought as of
    `onset.find_onset`; one that is not believed there is left out. The minute before the record, and what a bridged
    gap leaves empty, is taken to be as loud as the median second: an event of the first minute is found too, and the
    end of a gap is none.

    Parameters
    ----------
    waveform : Waveform
        A channel of an archive, of hours or a day.

    Returns
    -------
    tuple of float
        Onsets after the first sample [s], rising, at least `SAME_EVENT_S` apart.

    Raises
    ------
    RecordError
        When nothing changes in the record, or its sampling rate leaves no room for the band.

    References
    ----------
    Allen (1978), doi 10.1785/BSSA0680051521, has the ratio; Withers et al. (1998), doi 10.1785/BSSA0880010095, compare
    it with others; the settings are those that Trnkoczy (2012), doi 10.2312/GFZ.NMSOP-2_IS_8.1, gives for regional
    events at a quiet place. `obspy.signal.trigger` computes it.

    Examples
    --------
    >>> ground = np.random.default_rng(1).normal(size=60_000)
    >>> ground[20_000:21_000] *= 20
    >>> ground[45_000:46_000] *= 20
    >>> [round(onset_s) for onset_s in detect_events(Waveform(start_time_ns=0, sampling_rate_hz=50.0, samples=ground))]
    [400, 900]
    """
    samples, rate = waveform.samples, waveform.sampling_rate_hz
    band = band_pass(rate)
    if band is None:
        raise RecordError(
            f"The record has {rate:g} samples a second, too few to look for events from {BAND_HZ[0]:g} Hz up; say with "
            "a catalogue where they are."
        )
    if samples.min() == samples.max():
        raise RecordError(f"All {samples.size} samples of the record are {samples[0]:g}; a dead channel has no events.")
    trace = _filtered(samples, rate, band)
    energy, silent = _seconds(trace, rate)
    found: list[float] = []
    for trigger in _triggers(np.where(silent, np.sqrt(energy), trace) / np.sqrt(energy), rate):
        trigger_s = trigger / rate
        if found and trigger_s - found[-1] < SAME_EVENT_S:
            continue
        earliest_s = max(trigger_s - _LONGEST_LAG_S, found[-1] + SAME_EVENT_S if found else 0.0)
        # the end of a bridged gap looks like an onset
        gaps = np.flatnonzero(silent[:trigger])
        begin = max(round((earliest_s - LONG_S) * rate), gaps[-1] + 1 if gaps.size else 0, 0)
        piece = samples[begin : trigger + round(LONG_S * rate)]
        onset_s = _onset_s(piece, rate, earliest_s - begin / rate, trigger_s - begin / rate)
        if onset_s is not None:
            found.append(begin / rate + onset_s)
    return tuple(found)


def _filtered(samples: NDArray[np.float64], rate: float, band: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.signal import sosfilt

    reach = min(round(_RUN_UP_S * rate), samples.size - 1)
    run_up = 2 * samples[0] - samples[reach:0:-1]
    trace: NDArray[np.float64] = sosfilt(band, np.concatenate([run_up, samples]) - samples[0])[reach:]
    return trace


def _seconds(trace: NDArray[np.float64], rate: float) -> tuple[float, NDArray[np.bool_]]:
    """Return the mean energy of the median second, and which samples lie in seconds too quiet to be ground."""
    seconds = np.arange(0, trace.size, round(rate))
    lengths = np.diff(seconds, append=trace.size)
    energy = np.add.reduceat(trace**2, seconds) / lengths
    # of a channel that is mostly dead, of the rest
    median = float(np.median(energy[energy > _SILENCE * energy.mean()]))
    return median, np.repeat(energy < _SILENCE * median, lengths)


def _triggers(heard: NDArray[np.float64], rate: float) -> list[int]:
    """Return the samples from which the ratio of the averages says that an event is under way.

    The median second has the energy 1, and so has the minute before the record.
    """
    short, long = round(SHORT_S * rate), round(LONG_S * rate)
    triggers = obspy_module("obspy.signal.trigger")
    ratio = triggers.classic_sta_lta(np.concatenate([np.ones(long), heard]), short, long)
    return [
        max(int(begin) - long, 0)
        for begin, end in triggers.trigger_onset(ratio, ON_RATIO, OFF_RATIO)
        # what the record's end cuts short may be the beginning of an event
        if end - begin >= LEAST_S * rate or end >= ratio.size - 1
    ]


def _onset_s(piece: NDArray[np.float64], rate: float, earliest_s: float, trigger_s: float) -> float | None:
    """Return the onset that belongs to a trigger, in a piece of the record; None where it does not bear it out."""
    if piece.min() == piece.max():
        return None
    found = find_onset(piece, rate, earliest_s, trigger_s + _DELAY_S)
    return None if found is None or found.gain < DETECTION_GAIN else found.time_s
