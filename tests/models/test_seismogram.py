import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from trova_widgets.models.seismogram import SeismogramModel, envelope


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
    model.show(np.sin(np.arange(100_000) / 50), 100.0, "KO.APA", onset_s=20.0)
    assert (model.duration_s, model.onset_s) == (1000.0, 20.0)
    assert len(model.values) <= 2400
    model.look(10.0, 20.0)
    assert len(model.values) == 1001
    assert (model.times_s[0], model.times_s[-1]) == (10.0, 20.0)


@pytest.mark.parametrize("part", [(-50.0, 9999.0), (20.0, 20.0), (30.0, 10.0)])
def test_a_look_beyond_the_record_shows_all_of_it(part: tuple[float, float]) -> None:
    model = SeismogramModel()
    model.show(np.zeros(1000), 100.0, "KO.APA", onset_s=float("nan"))
    model.look(*part)
    assert (model.from_s, model.to_s) == (0.0, 10.0)
    assert model.onset_s < 0
