import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import RecordError
from trova_widgets.fingerprinting import FingerprintRecipe, reduce, scalogram
from trova_widgets.records import filtered

RATE = 100.0
CLOCK = np.arange(6000) / RATE


def amplitude(hz: float, **corners: float) -> float:
    passed = filtered(np.sin(2 * np.pi * hz * CLOCK), RATE, **corners)
    return float(np.abs(passed[1500:-1500]).max())


@pytest.mark.parametrize(
    ("hz", "corners", "expected"),
    [
        (8.0, {"from_hz": 1.0}, 1.0),
        (0.25, {"from_hz": 1.0}, 4.0**-4),
        (1.0, {"from_hz": 1.0}, 0.5**0.5),
        (1.0, {"to_hz": 8.0}, 1.0),
        (16.0, {"to_hz": 8.0}, 2.0**-4),
        (4.0, {"from_hz": 1.0, "to_hz": 16.0}, 1.0),
    ],
)
def test_the_response_is_butterworths(hz: float, corners: dict[str, float], expected: float) -> None:
    assert amplitude(hz, **corners) == pytest.approx(expected, rel=0.03, abs=0.002)


def test_there_is_no_phase_shift() -> None:
    pulse = np.zeros(6001)
    pulse[3000] = 1.0
    passed = filtered(pulse, RATE, from_hz=2.0, to_hz=10.0)
    assert passed.argmax() == 3000
    assert np.allclose(passed, passed[::-1], atol=1e-9)


def test_it_is_the_high_pass_of_the_fingerprints() -> None:
    samples = np.random.default_rng(1).normal(size=15_000)
    samples[5000:] *= 5
    recipe = FingerprintRecipe(amplitude="log")
    by_engine = reduce(scalogram(samples, RATE, recipe, onset_s=50.0, cutoff_hz=3.0), recipe)
    seen = filtered(samples, RATE, from_hz=3.0, order=recipe.highpass_order)
    by_filter = reduce(scalogram(seen, RATE, recipe, onset_s=50.0), recipe)
    assert np.abs(by_engine - by_filter)[:, 2:-2].max() < 0.5


@given(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3), st.integers(2, 3000))
def test_a_straight_line_is_taken_out_and_given_back(level: float, slope: float, count: int) -> None:
    line = level + slope * np.arange(count)
    scale = np.abs(line).max() + 1
    assert np.abs(filtered(line, RATE, from_hz=1.0)).max() <= 1e-9 * scale
    assert np.allclose(filtered(line, RATE, to_hz=10.0), line, atol=1e-9 * scale)


def test_without_a_corner_nothing_changes() -> None:
    samples = np.array([1.0, 5.0, 2.0])
    passed = filtered(samples, RATE)
    assert np.array_equal(passed, samples)
    assert passed is not samples
    assert filtered([3.0], RATE, from_hz=1.0).tolist() == [3.0]


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        ({"from_hz": 50.0}, "below the Nyquist frequency, 50 Hz"),
        ({"to_hz": 0.0}, "above 0"),
        ({"from_hz": float("nan")}, "above 0"),
        ({"from_hz": 8.0, "to_hz": 2.0}, "less than the second"),
    ],
)
def test_corners_that_make_no_filter_are_refused(corners: dict[str, float], said: str) -> None:
    with pytest.raises(RecordError, match=said):
        filtered(np.ones(100), RATE, **corners)
