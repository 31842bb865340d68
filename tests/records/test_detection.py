"""Events found in hours of record: each once, and none in noise, gaps and spikes."""

import numpy as np
import pytest

from trova_widgets.errors import RecordError
from trova_widgets.records import Waveform
from trova_widgets.records.analysis.arrivals import arrivals_of
from trova_widgets.records.analysis.detection import detect_events
from trova_widgets.records.components import standing_for

RATE_HZ = 40.0


def ground(seconds: float = 1800.0, seed: int = 1) -> np.ndarray:
    """Noise with a swell a hundred times as high."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    noise = np.random.default_rng(seed).normal(size=times.size)
    return 10 * noise + 1000 * np.cos(2 * np.pi * 0.15 * times)


def event(samples: np.ndarray, onset_s: float, height: float = 200.0) -> np.ndarray:
    """Add a P wave, and a higher S wave 20 s later."""
    times = np.arange(samples.size) / RATE_HZ
    carrier = np.random.default_rng(9).normal(size=times.size)
    for begin_s, size in ((onset_s, height), (onset_s + 20, 3 * height)):
        later = times >= begin_s
        samples[later] += size * np.exp((begin_s - times[later]) / 8) * carrier[later]
    return samples


def onsets(samples: np.ndarray) -> list[float]:
    return list(detect_events(Waveform(start_time_ns=0, sampling_rate_hz=RATE_HZ, samples=samples)))


def test_each_event_is_found_once_at_its_p_wave():
    samples = event(event(event(ground(), 10.0), 700.0, 60.0), 820.0)
    assert onsets(samples) == pytest.approx([10.0, 700.0, 820.0], abs=1)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_found_in_noise(seed: int):
    assert onsets(ground(seed=seed)) == []


def test_a_bridged_gap_and_a_spike_are_no_events():
    samples = ground()
    first, last = round(600 * RATE_HZ), round(655 * RATE_HZ)
    samples[first:last] = np.linspace(samples[first], samples[last], last - first)
    samples[40_000] += 20_000
    assert onsets(samples) == []
    # and one right behind the gap is found
    assert onsets(event(samples, 660.0)) == pytest.approx([660.0], abs=1)


def test_an_event_is_found_in_a_night_that_is_far_quieter_than_the_day():
    samples = ground(3600.0)
    samples[: samples.size // 4] /= 10
    assert onsets(event(samples, 400.0, 10.0)) == pytest.approx([400.0], abs=1)


def test_a_dead_channel_and_a_rate_too_low_are_refused():
    with pytest.raises(RecordError, match="dead channel"):
        onsets(np.full(40_000, 7.0))
    with pytest.raises(RecordError, match="samples a second, too few"):
        detect_events(Waveform(start_time_ns=0, sampling_rate_hz=5.0, samples=ground()))


def test_a_record_of_minutes_is_of_one_event():
    waveform = Waveform(start_time_ns=0, sampling_rate_hz=RATE_HZ, samples=event(event(ground(300.0), 60.0), 200.0))
    assert len(arrivals_of(waveform)) == 1


def test_channels_of_several_instruments_and_places_stand_apart():
    codes = [("IM", "APA", place, code) for place in ("00", "10") for code in ("BHE", "BHZ", "HHN", "HHE")]
    assert list(standing_for(codes).values()) == ["BHZ", "BHZ", "HHN", "HHN"] * 2
    assert standing_for([("", "", "", "")]) == {("", "", "", ""): ""}
