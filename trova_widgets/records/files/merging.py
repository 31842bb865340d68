"""The pieces of one channel put together: gaps bridged and counted, overlaps resolved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.records.waveform import NANOSECONDS

LONGEST_BRIDGED_GAP_S = 60.0
"""A longer gap ends the record: what comes after it is a record of its own."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Segment:
    """An uninterrupted piece of a channel.

    Attributes
    ----------
    start_time_ns : int
        Time of the first sample.
    samples : ndarray of float64, shape (n,)
        At least one sample.
    """

    start_time_ns: int
    samples: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Merged:
    """Pieces put together on one regular grid.

    Attributes
    ----------
    start_time_ns : int
        Time of the first sample.
    samples : ndarray of float64, shape (n,)
        The samples, gaps bridged.
    gap_count : int
        Gaps that were bridged.
    gap_s, overlap_s : float
        Seconds that were missing, and seconds that were there more than once.
    """

    start_time_ns: int
    samples: NDArray[np.float64]
    gap_count: int
    gap_s: float
    overlap_s: float


def merge(segments: Sequence[Segment], sampling_rate_hz: float) -> list[Merged]:
    """Put the pieces of one channel together in the order of time.

    A gap of up to `LONGEST_BRIDGED_GAP_S` is bridged by a straight line from the last sample before it to the first
    after it, which adds no step for a wavelet to find. Where pieces overlap, the earlier one's samples are kept.
    Starting times are rounded to the grid of the first piece.

    Parameters
    ----------
    segments : sequence of Segment
        The pieces, in any order; at least one.
    sampling_rate_hz : float
        Samples a second, the same for all of them.

    Returns
    -------
    list of Merged
        One for each stretch between long gaps, in the order of time.

    Examples
    --------
    >>> first = Segment(start_time_ns=0, samples=np.array([0.0, 1.0]))
    >>> later = Segment(start_time_ns=4_000_000_000, samples=np.array([4.0]))
    >>> (together,) = merge([later, first], sampling_rate_hz=1.0)
    >>> together.samples.tolist(), together.gap_count, together.gap_s
    ([0.0, 1.0, 2.0, 3.0, 4.0], 1, 2.0)
    """
    ordered = sorted(segments, key=lambda segment: segment.start_time_ns)
    longest_gap = LONGEST_BRIDGED_GAP_S * sampling_rate_hz
    stretches: list[list[tuple[int, Segment]]] = []
    end = 0
    for segment in ordered:
        offset = _offset(stretches[-1][0][1], segment, sampling_rate_hz) if stretches else 0
        if not stretches or offset - end > longest_gap:
            stretches.append([(0, segment)])
            end = len(segment.samples)
        else:
            stretches[-1].append((offset, segment))
            end = max(end, offset + len(segment.samples))
    return [_join(stretch, sampling_rate_hz) for stretch in stretches]


def _offset(first: Segment, segment: Segment, sampling_rate_hz: float) -> int:
    return round((segment.start_time_ns - first.start_time_ns) * sampling_rate_hz / NANOSECONDS)


def _join(pieces: list[tuple[int, Segment]], sampling_rate_hz: float) -> Merged:
    start_time_ns = pieces[0][1].start_time_ns
    if len(pieces) == 1:
        return Merged(start_time_ns=start_time_ns, samples=pieces[0][1].samples, gap_count=0, gap_s=0.0, overlap_s=0.0)
    samples = np.empty(max(offset + len(segment.samples) for offset, segment in pieces))
    filled = gap_count = missing = doubled = 0
    for offset, segment in pieces:
        fresh = segment.samples[max(filled - offset, 0) :]
        doubled += len(segment.samples) - len(fresh)
        if not len(fresh):
            continue
        if offset > filled:
            bridge = np.linspace(samples[filled - 1], fresh[0], offset - filled + 2)
            samples[filled:offset] = bridge[1:-1]
            gap_count += 1
            missing += offset - filled
        begin = max(offset, filled)
        filled = begin + len(fresh)
        samples[begin:filled] = fresh
    return Merged(
        start_time_ns=start_time_ns,
        samples=samples,
        gap_count=gap_count,
        gap_s=missing / sampling_rate_hz,
        overlap_s=doubled / sampling_rate_hz,
    )
