import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from trova_widgets.experiments.choice.behind import behind_noise


@given(arrays_of.arrays(float, st.integers(1, 40), elements=st.floats(0, 1)), st.floats(0, 0.2))
def test_figures_stay_among_themselves_and_in_their_order(figures, error):
    found = behind_noise(figures, np.full(len(figures), error))
    assert np.isfinite(found).all()
    assert figures.min() - 1e-9 <= found.min() and found.max() <= figures.max() + 1e-9
    assert (np.diff(found[np.argsort(figures)]) >= -1e-9).all()


def test_equal_cells_become_alike_and_one_that_stands_out_stays():
    rng, errors = np.random.default_rng(3), np.full(64, 0.01)
    equal = np.full(64, 0.14) + rng.normal(0, 0.01, 64)
    assert behind_noise(equal, errors).std() < equal.std() / 2
    lone = equal.copy()
    lone[7] = 0.08
    found = behind_noise(lone, errors)
    assert abs(found[7] - 0.08) < 0.005, "a normal distribution would take it to 0.10"
    assert np.delete(found, 7).std() < equal.std() / 2


def test_without_noise_nothing_is_moved_far():
    figures = np.linspace(0.1, 0.3, 30)
    np.testing.assert_allclose(behind_noise(figures, np.zeros(30)), figures, atol=0.003)
