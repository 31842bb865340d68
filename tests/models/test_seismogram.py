import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from trova_widgets.models.seismogram import PASSBANDS, SeismogramModel, Trace, envelope


def points(line: dict[str, bytes]) -> np.ndarray:
    return np.frombuffer(line["points"], dtype="<f4").reshape(-1, 2)


def waves(count: int = 100_000, onset_s: float | None = 20.0) -> Trace:
    clock = np.arange(count) / 100
    samples = 50 * np.sin(2 * np.pi * 0.2 * clock) + np.sin(2 * np.pi * 5 * clock) + 300
    return Trace(
        samples=samples, sampling_rate_hz=100.0, record_id="r1", title="KO.APA", onset_s=onset_s, cutoff_hz=2.0
    )


@given(
    npst.arrays(np.float64, st.integers(0, 500), elements=st.floats(-1e6, 1e6)),
    st.integers(1, 40),
)
def test_an_envelope_keeps_order_extremes_and_bounds(samples: np.ndarray, columns: int) -> None:
    indices, values = envelope(samples, columns)
    assert len(indices) <= max(2 * columns, 0) or len(samples) <= 2 * columns
    assert np.all(np.diff(indices) > 0)
    assert np.array_equal(samples[indices], values)
    if len(samples):
        assert values.min() == samples.min()
        assert values.max() == samples.max()


def test_a_closer_look_shows_more_points_of_a_part() -> None:
    model = SeismogramModel()
    model.show([waves()])
    [whole] = model.lines
    assert (model.last_s, whole["onset_s"]) == (1000.0, 20.0)
    assert len(points(whole)) <= 2400
    model.look(10.0, 20.0)
    [part] = model.lines
    assert len(points(part)) == 1001
    assert points(part)[[0, -1], 0].tolist() == [0.0, 10.0]
    # the amplitudes stay where they are
    assert (part["base"], part["reach"]) == (whole["base"], whole["reach"])


@pytest.mark.parametrize("part", [(-50.0, 9999.0), (20.0, 20.0), (30.0, 10.0)])
def test_a_look_beyond_the_record_shows_all_of_it(part: tuple[float, float]) -> None:
    model = SeismogramModel()
    model.show([waves(1000, onset_s=float("nan"))])
    model.look(*part)
    assert (model.from_s, model.to_s) == (0.0, 10.0)
    assert model.lines[0]["onset_s"] is None


def test_a_line_swings_about_its_middle_and_a_still_one_can_be_drawn() -> None:
    model = SeismogramModel()
    model.show([waves()])
    assert model.lines[0]["base"] == pytest.approx(300, abs=1)
    assert model.lines[0]["reach"] == pytest.approx(51, abs=1)
    model.show([Trace(samples=np.zeros(500), sampling_rate_hz=100.0)])
    assert model.lines[0]["reach"] == 1.0
    model.show([])
    assert model.lines == []


@pytest.mark.parametrize(("passband", "reach"), [("cutoff", 1.0), ("1-", 1.0), ("2-8", 1.0), ("0.5-", 2.5)])
def test_a_filter_takes_the_swell_away(passband: str, reach: float) -> None:
    model = SeismogramModel()
    model.show([waves()])
    model.passband = passband
    [line] = model.lines
    assert line["base"] == 0.0
    assert 0.5 < line["reach"] < 2 * reach
    model.passband = "raw"
    assert model.lines[0]["base"] == pytest.approx(300, abs=1)


def test_a_filter_that_cannot_be_applied_is_no_silent_one() -> None:
    slow = Trace(samples=np.arange(200.0) % 7, sampling_rate_hz=1.0, record_id="slow")
    model = SeismogramModel()
    model.show([waves(), slow])
    model.passband = "2-8"
    assert model.lines[0]["note"] == ""
    assert "Nyquist" in model.lines[1]["note"]
    model.passband = "cutoff"
    assert "compute its fingerprint first" in model.lines[1]["note"]


def test_records_under_each_other_share_one_time() -> None:
    early, late = waves(1000), waves(2000)
    model = SeismogramModel()
    model.show([Trace(samples=early.samples, sampling_rate_hz=100.0, start_s=-3.0, onset_s=4.0),
                Trace(samples=late.samples, sampling_rate_hz=100.0, start_s=5.0)], "the origin")  # fmt: skip
    assert (model.first_s, model.last_s, model.zero) == (-3.0, 25.0, "the origin")
    first, second = model.lines
    assert first["onset_s"] == 1.0
    assert points(second)[0, 0] == pytest.approx(8.0)
    model.look(10.0, 20.0)
    # the first record ends before this part begins
    assert len(points(model.lines[0])) == 0
    assert len(points(model.lines[1])) == 1001


def test_every_choice_can_be_made() -> None:
    model = SeismogramModel()
    model.show([waves()])
    for passband in PASSBANDS:
        model.passband = passband
        assert model.lines[0]["note"] == ""
