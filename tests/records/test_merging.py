from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records.making import RATE_HZ, counts, mseed, trace
from trova_widgets.errors import RecordError
from trova_widgets.records import Waveform, read_waveforms
from trova_widgets.records.files.merging import Segment, merge
from trova_widgets.records.waveform import NANOSECONDS


def _segment(first: int, last: int, slope: float = 1.0) -> Segment:
    """Samples of a straight line, one a second."""
    return Segment(start_time_ns=first * NANOSECONDS, samples=slope * np.arange(first, last, dtype=float))


@given(cuts=st.sets(st.integers(1, 99), max_size=8), order=st.randoms(), lost=st.sets(st.integers(0, 8), max_size=3))
def test_a_straight_line_survives_any_cuts_and_gaps(cuts, order, lost):
    borders = [0, *sorted(cuts), 100]
    pieces = [_segment(a, b) for a, b in pairwise(borders)]
    kept = [piece for index, piece in enumerate(pieces) if index not in lost] or pieces
    order.shuffle(kept)
    times = np.concatenate([piece.samples for piece in kept])
    merged = merge(kept, 1.0)
    together = np.concatenate([item.samples for item in merged])
    assert np.isin(times, together).all()
    for item in merged:
        expected = item.start_time_ns / NANOSECONDS + np.arange(len(item.samples))
        assert np.allclose(item.samples, expected)
        assert item.overlap_s == 0
    filled = sum(item.gap_s for item in merged)
    assert filled == len(together) - len(times)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40)), min_size=1, max_size=6))
def test_overlaps_keep_one_sample_a_time(pieces):
    merged = merge([_segment(first, first + length) for first, length in pieces], 1.0)
    covered = set().union(*(range(first, first + length) for first, length in pieces))
    (item,) = merged
    assert len(item.samples) == max(covered) - min(covered) + 1
    assert item.gap_s == len(item.samples) - len(covered)
    assert item.overlap_s == sum(length for _, length in pieces) - len(covered)
    assert np.allclose(item.samples, min(covered) + np.arange(len(item.samples)))


def test_the_earlier_piece_wins_where_two_disagree():
    (item,) = merge([_segment(0, 10), _segment(8, 12, slope=-1.0)], 1.0)
    assert item.samples[7:].tolist() == [7.0, 8.0, 9.0, -10.0, -11.0]


def test_a_gap_of_more_than_a_minute_begins_another_record():
    first, second = merge([_segment(0, 10), _segment(71, 80)], 1.0)
    assert (first.gap_count, second.gap_count) == (0, 0)
    assert second.start_time_ns == 71 * NANOSECONDS


def test_a_gap_in_a_file_is_bridged_and_counted():
    data = counts()
    content = mseed(trace(data[:1000]), trace(data[1500:], start="2021-05-04T12:00:15"))
    (found,) = read_waveforms(content)
    assert (found.gap_count, found.gap_s, len(found.samples)) == (1, 5.0, len(data))
    assert np.array_equal(found.samples[1500:], data[1500:])
    assert np.allclose(found.samples[999:1501], np.linspace(data[999], data[1500], 502))


def test_two_rates_of_one_channel_are_two_waveforms():
    found = read_waveforms(mseed(trace(), trace(sampling_rate=50.0)))
    assert [item.sampling_rate_hz for item in found] == [RATE_HZ, 50.0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"samples": np.array([1.0, np.nan])}, "not finite"),
        ({"samples": np.array([])}, "no samples"),
        ({"sampling_rate_hz": 0.0}, "0.0 Hz, expected a positive"),
    ],
)
def test_a_waveform_validates_itself(values, words):
    with pytest.raises(RecordError, match=words):
        Waveform(**({"start_time_ns": 0, "sampling_rate_hz": 1.0, "samples": np.ones(3)} | values))
