"""Which traces of a file are pieces of one channel: of the same codes and clock, and not contradicting each other."""

from collections import defaultdict
from itertools import accumulate
from typing import Any

import numpy as np

from trova_widgets.records.waveform import NANOSECONDS, plain_code

Codes = tuple[str, str, str, str, float]
"""Codes of network, station, location and channel, and the sampling rate [Hz]."""

# rates of one channel's pieces that differ by less are one rate, told by a clock that is not sure of its last digits
_CLOCK_JITTER = 1e-5
# pieces that overlap by more and differ there are two seismograms under one name; a digitizer's restart is shorter
_LONGEST_DISPUTE_S = 10.0


def pieces_of(traces: list[Any]) -> dict[Codes, list[Any]]:
    """Gather the pieces of each channel: the same codes, and a rate that is the same but for a clock's jitter."""
    pieces: dict[Codes, list[Any]] = {}
    given: dict[tuple[str, str, str, str], tuple[str, str, str, str]] = {}
    rates: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for number, trace in enumerate(traces, start=1):
        plain = _codes(trace, number, len(traces))
        stats = trace.stats
        raw = (stats.network, stats.station, stats.location, stats.channel)
        if given.setdefault(plain, raw) != raw:
            # two names that are one without the letters that no code may have
            plain = (plain[0], f"{plain[1]}T{number:04d}", plain[2], plain[3])
        # headers keep the sampling interval as a 4-byte float: 0.01 s comes back as 99.9999978 Hz
        rate = float(f"{trace.stats.sampling_rate:.7g}")
        known = next((other for other in rates[plain] if abs(rate - other) <= _CLOCK_JITTER * abs(other)), None)
        if known is None:
            rates[plain].append(rate)
        pieces.setdefault((*plain, rate if known is None else known), []).append(trace)
    return pieces


def parts_of(traces: list[Any]) -> list[tuple[Codes, list[Any], bool]]:
    """Gather the traces of each seismogram of a file.

    Returns
    -------
    list of (codes, list of obspy.Trace, bool)
        In an order that never changes, because records are found by their place in it: first what the first version of
        Trova gathered, by codes and the very rate alone, whether or not that is still one seismogram (the third says
        that it is not), then what is gathered in another way now.
    """
    if len(traces) == 1:
        return [(*next(iter(pieces_of(traces).items())), False)]
    now = [(codes, part) for codes, group in pieces_of(traces).items() for part in layers_of(group)]
    first: dict[Codes, list[Any]] = {}
    for number, trace in enumerate(traces, start=1):
        rate = float(f"{trace.stats.sampling_rate:.7g}")
        first.setdefault((*_codes(trace, number, len(traces)), rate), []).append(trace)
    gathered = {frozenset(map(id, part)) for _, part in now}
    known = {frozenset(map(id, group)) for group in first.values()}
    return [
        *((codes, group, frozenset(map(id, group)) not in gathered) for codes, group in first.items()),
        *((codes, part, False) for codes, part in now if frozenset(map(id, part)) not in known),
    ]


def layers_of(traces: list[Any]) -> list[list[Any]]:
    """Part the pieces of a channel where two of them say different things of one time: they are two seismograms."""
    if len(traces) < 2:
        return [traces]
    ordered = sorted(traces, key=lambda trace: trace.stats.starttime.ns)
    ends = accumulate((trace.stats.endtime.ns for trace in ordered), max)
    dispute_ns = _LONGEST_DISPUTE_S * NANOSECONDS
    if all(end - later.stats.starttime.ns < dispute_ns for end, later in zip(ends, ordered[1:], strict=False)):
        return [traces]
    layers: list[list[Any]] = []
    for trace in ordered:
        home = next((layer for layer in layers if not any(_contradict(trace, other) for other in layer)), None)
        if home is None:
            layers.append([trace])
        else:
            home.append(trace)
    return layers


def _contradict(one: Any, other: Any) -> bool:
    begin = max(one.stats.starttime, other.stats.starttime)
    end = min(one.stats.endtime, other.stats.endtime)
    if end - begin < _LONGEST_DISPUTE_S:
        return False
    first, second = (
        trace.data[round((begin - trace.stats.starttime) * trace.stats.sampling_rate) :] for trace in (one, other)
    )
    count = min(len(first), len(second))
    return not np.array_equal(first[:count], second[:count], equal_nan=first.dtype.kind == "f")


def _codes(trace: Any, number: int, count: int) -> tuple[str, str, str, str]:
    """Return the channel's codes with nothing but letters, digits, dots and dashes; a number where there are none."""
    stats = trace.stats
    network, station, location, channel = (
        plain_code(code) for code in (stats.network, stats.station, stats.location, stats.channel)
    )
    if count > 1 and not (network or station or location or channel):
        # the traces of an exploration file are so many geophones, not pieces of one channel
        station = f"T{number:04d}"
    return network, station, location, channel
