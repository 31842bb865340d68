import numpy as np
import pytest

from trova_widgets.errors import RecordError
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.models.record_scalogram import record_scalogram


@pytest.mark.parametrize("hz", [2.0, 9.0])
def test_a_tone_lights_the_row_of_its_frequency(hz: float) -> None:
    clock = np.arange(12_000) / 100
    made = record_scalogram(np.sin(2 * np.pi * hz * clock), 100.0, FingerprintRecipe())
    levels = np.frombuffer(made["levels"], dtype=np.uint8).reshape(made["rows"], made["columns"])
    rows_hz = np.geomspace(made["low_hz"], made["high_hz"], made["rows"])
    assert rows_hz[levels[:, 256].argmax()] == pytest.approx(hz, rel=0.06)
    assert (made["low"], made["high"]) == (pytest.approx(-60), pytest.approx(0))
    assert made["duration_s"] == 120.0


@pytest.mark.parametrize(("rate_hz", "seconds"), [(1.0, 150), (20.0, 30), (200.0, 6)])
@pytest.mark.parametrize("wavelet", ["morlet", "morse"])
def test_slow_and_short_records_have_one_too(rate_hz: float, seconds: int, wavelet: str) -> None:
    noise = np.random.default_rng(1).normal(size=int(rate_hz * seconds))
    made = record_scalogram(noise, rate_hz, FingerprintRecipe(wavelet=wavelet, size=128, keep=9000))
    assert 0 < made["low_hz"] < made["high_hz"] < rate_hz / 2
    assert len(made["levels"]) == made["rows"] * made["columns"]


def test_a_dead_record_is_refused_in_a_sentence() -> None:
    with pytest.raises(RecordError, match="dead channel"):
        record_scalogram(np.zeros(6000), 100.0, FingerprintRecipe())
