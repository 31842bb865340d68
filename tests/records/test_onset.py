"""The onset of an event: right on records whose onset is known, and never where the wave cannot be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records.making import RATE_HZ, counts
from trova_widgets.records import Waveform, quality_parameters
from trova_widgets.records.analysis.onset import DETECTION_GAIN, find_onset
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.channels import Channel
from trova_widgets.records.matching import ArrivalWindow, arrival_window
from trova_widgets.records.synthetics import synthesise
from trova_widgets.records.waveform import NANOSECONDS

RECORDS = 24
# what a record of 100 samples a second is looked at in
BLOCK_S = 0.16


@pytest.fixture(scope="module")
def known_records():
    """Synthetic records, the clean signal of each from a hundredth of its largest amplitude on, and when that is.

    What comes before is a small step where the Green's functions begin.
    """
    records = list(synthesise(RECORDS, seed=3))
    sizes = [np.abs(record.clean) for record in records]
    onsets = [int(np.argmax(size > size.max() / 100)) for size in sizes]
    return [
        (record, np.where(np.arange(record.clean.size) < onset, 0.0, record.clean), onset / record.sampling_rate_hz)
        for record, onset in zip(records, onsets, strict=True)
    ]


def test_nearly_every_clear_onset_is_within_a_second(known_records):
    off = []
    for record, clean, true_s in known_records:
        quiet = record.noise * (0.02 * np.abs(clean).max() / record.noise.std())
        off.append(abs(find_onset(clean + quiet, record.sampling_rate_hz).time_s - true_s))
    assert np.mean(np.array(off) <= 1) >= 0.9


def test_where_the_distance_is_known_no_onset_is_far_off(known_records):
    for record, _, true_s in known_records:
        event = SeismicEvent(event_id="one", origin_time_ns=record.event.origin_time_ns, latitude=0.0, longitude=0.0)
        waveform = Waveform(
            start_time_ns=record.start_time_ns,
            sampling_rate_hz=record.sampling_rate_hz,
            samples=record.samples.astype(float),
        )
        channel = Channel(waveform=waveform, latitude=record.distance_km / 111.19, longitude=0.0)
        found = quality_parameters(waveform, arrival_window(channel, event))
        assert abs(found["onset_s"] - true_s) < 20


def test_the_first_of_two_waves_is_the_onset():
    first, second = counts(seconds=100, onset_s=30), counts(seconds=100, onset_s=60, seed=2)
    assert find_onset(first / 3 + second, RATE_HZ).time_s == pytest.approx(30, abs=0.5)


@given(seed=st.integers(0, 2**16), earliest_s=st.floats(-50, 90), room_s=st.floats(5, 80))
def test_an_onset_lies_where_it_is_sought(seed, earliest_s, room_s):
    samples = counts(seconds=100, onset_s=50, seed=seed).astype(float)
    found = find_onset(samples, RATE_HZ, earliest_s, earliest_s + room_s, usual_lag_s=10.0)
    if earliest_s + room_s < 1:
        assert found is None or found.time_s <= 1
    else:
        assert max(earliest_s, 0) - BLOCK_S <= found.time_s <= earliest_s + room_s + BLOCK_S


@given(scale=st.floats(1e-9, 1e9), offset=st.floats(-1e3, 1e3))
def test_neither_unit_nor_level_matters(scale, offset):
    samples = counts(seconds=60, onset_s=30).astype(float)
    assert find_onset(scale * (samples + offset), RATE_HZ).time_s == find_onset(samples, RATE_HZ).time_s


@pytest.mark.parametrize("samples", [np.arange(4000.0), np.zeros(3), np.array([1.0, -1.0]), np.empty(0)])
def test_what_cannot_be_divided_has_no_onset(samples):
    assert find_onset(samples, RATE_HZ) is None


def test_a_record_that_ends_before_the_wave_has_no_onset():
    assert find_onset(counts().astype(float), RATE_HZ, 50, 60) is None


def test_a_weak_record_has_an_onset_where_its_event_is_known_alone():
    noise = np.random.default_rng(4).normal(size=15_000)
    assert find_onset(noise, RATE_HZ).gain < DETECTION_GAIN
    waveform = Waveform(start_time_ns=0, sampling_rate_hz=RATE_HZ, samples=noise)
    assert "onset_s" not in quality_parameters(waveform)
    found = quality_parameters(waveform, ArrivalWindow(50 * NANOSECONDS, 110 * NANOSECONDS, 10.0))
    assert 50 - BLOCK_S <= found["onset_s"] <= 110 + BLOCK_S


def test_the_first_wave_comes_at_a_speed_that_rocks_allow():
    waveform = Waveform(start_time_ns=0, sampling_rate_hz=1.0, samples=np.arange(9.0))
    event = SeismicEvent(event_id="one", origin_time_ns=7 * NANOSECONDS, latitude=0.0, longitude=0.0, depth_km=0.0)
    earliest, latest, lag = arrival_window(Channel(waveform=waveform, latitude=1.0, longitude=0.0), event)
    assert (earliest / NANOSECONDS, latest / NANOSECONDS) == pytest.approx((7 + 13.08 - 3, 7 + 22.24 + 3), abs=0.02)
    assert lag is None
    assert arrival_window(Channel(waveform=waveform), event) == (7 * NANOSECONDS, 67 * NANOSECONDS, 10.0)
    assert arrival_window(Channel(waveform=waveform), SeismicEvent(event_id="one")) is None


def test_no_real_record_is_lost_by_a_late_onset(pnw_folder):
    from trova_widgets.records.reader import NewRecord, read_records

    taken = [
        one for one in read_records(pnw_folder / "waveforms", pnw_folder / "catalog.xml") if isinstance(one, NewRecord)
    ]
    found = [one for one in taken if "onset_s" in one.parameters]
    after_s = [
        one.parameters["onset_s"] - (one.event.origin_time_ns - one.waveform.start_time_ns) / NANOSECONDS
        for one in found
        if one.event is not None
    ]
    assert len(found) > 500
    assert min(after_s) > -0.2 and max(after_s) < 60.2
    assert np.median(after_s) < 10
