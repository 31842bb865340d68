import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records.making import counts
from trova_widgets.records import Waveform, quality_parameters, read_waveforms
from trova_widgets.records.matching import ArrivalWindow
from trova_widgets.records.waveform import NANOSECONDS

ALWAYS = {"duration_s", "gap_count", "gap_s", "overlap_s", "clipped_share", "flat_share"}


def _record(samples, sampling_rate_hz=100.0, **values) -> Waveform:
    return Waveform(
        start_time_ns=0, sampling_rate_hz=sampling_rate_hz, samples=np.asarray(samples, dtype=float), **values
    )


def test_onset_noise_and_frequency_of_a_known_burst():
    found = quality_parameters(_record(counts(seconds=150, onset_s=50)))
    assert found["onset_s"] == pytest.approx(50, abs=0.3)
    assert found["dominant_frequency_hz"] == pytest.approx(6, abs=0.3)
    assert 20 < found["snr_db"] < 45
    assert found["duration_s"] == 150


def test_the_onset_is_sought_when_the_wave_can_arrive():
    samples = counts(seconds=150, onset_s=30) + counts(seconds=150, onset_s=100) // 2
    assert quality_parameters(_record(samples))["onset_s"] == pytest.approx(30, abs=0.3)
    assert quality_parameters(_record(samples), ArrivalWindow(90 * NANOSECONDS, 149 * NANOSECONDS))[
        "onset_s"
    ] == pytest.approx(100, abs=0.3)
    assert "onset_s" not in quality_parameters(_record(samples), ArrivalWindow(200 * NANOSECONDS, 260 * NANOSECONDS))


def test_a_record_of_one_sample_a_second_has_no_onset_but_a_frequency():
    times = np.arange(150)
    found = quality_parameters(_record(np.sin(2 * np.pi * 0.1 * times), 1.0))
    assert found.keys() == ALWAYS | {"dominant_frequency_hz"}
    assert found["dominant_frequency_hz"] == pytest.approx(0.1, abs=0.01)


def test_clipping_and_standing_still_are_shares_of_the_record():
    samples = counts(seconds=100).astype(float)
    clipped = np.clip(samples, -3000, 3000)
    assert quality_parameters(_record(samples))["clipped_share"] == 0
    assert quality_parameters(_record(clipped))["clipped_share"] > 0.001
    dead = samples.copy()
    dead[5000:6000] = 17
    assert quality_parameters(_record(dead))["flat_share"] == pytest.approx(0.1, abs=0.001)


def test_a_few_counts_of_noise_are_not_clipped_however_often_they_repeat():
    quiet = np.round(0.4 * np.random.default_rng(3).normal(size=20_000))
    assert np.ptp(quiet) <= 4
    assert quality_parameters(_record(quiet))["clipped_share"] == 0
    # the same over the range of a digitiser of twelve bits is
    loud = np.clip(4000 * quiet + np.arange(20_000) % 7, -2048, 2047)
    assert quality_parameters(_record(loud))["clipped_share"] > 0.005


def test_the_clipped_real_records_are_those_of_digitisers_with_twelve_bits(pnw_folder):
    clipped = {}
    for path in sorted((pnw_folder / "waveforms").glob("*.EHZ.*")):
        for record in read_waveforms(path):
            if quality_parameters(record)["clipped_share"] >= 0.001:
                clipped[path.name] = np.ptp(record.samples)
    assert set(clipped.values()) == {0.0, 4095.0}
    assert len(clipped) == 4


def test_a_dead_record_has_what_can_be_measured():
    assert quality_parameters(_record(np.full(5000, 7.0))).keys() == ALWAYS


def test_gaps_are_reported_as_numbers():
    found = quality_parameters(_record(counts(), gap_count=2, gap_s=1.5, overlap_s=0.5))
    assert (found["gap_count"], found["gap_s"], found["overlap_s"]) == (2.0, 1.5, 0.5)


@given(
    seed=st.integers(0, 2**16),
    length=st.integers(1, 4000),
    rate=st.sampled_from([0.1, 1.0, 5.0, 20.0, 100.0]),
    scale=st.sampled_from([1e-300, 1e-9, 1.0, 1e9, 1e150, 1e300]),
)
def test_every_parameter_of_every_record_is_a_finite_number(seed, length, rate, scale):
    found = quality_parameters(_record(scale * np.random.default_rng(seed).normal(size=length), rate))
    assert found.keys() >= ALWAYS
    assert all(isinstance(value, float) and np.isfinite(value) for value in found.values())


@given(seed=st.integers(0, 2**16), scale=st.floats(1e-6, 1e6))
def test_the_unit_of_the_samples_does_not_matter(seed, scale):
    samples = counts(seed=seed).astype(float)
    ours, other = quality_parameters(_record(samples)), quality_parameters(_record(scale * samples))
    assert ours.keys() == other.keys()
    for name, value in ours.items():
        assert other[name] == pytest.approx(value, rel=1e-6)


def test_real_records_have_their_onset_after_the_origin(pnw_folder):
    files = sorted((pnw_folder / "waveforms").glob("*.?HZ.*"))[:40]
    records = [record for path in files for record in read_waveforms(path)]
    started = time.process_time()
    found = [quality_parameters(record) for record in records]
    # a record of 150 s is to take under 10 ms of the processor; a slow one gets five times that
    assert (time.process_time() - started) / len(records) < 0.05
    assert sum("onset_s" in item for item in found) > len(records) / 2
