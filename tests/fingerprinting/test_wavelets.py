import numpy as np
import pytest

from trova_widgets.fingerprinting.wavelets import NEGLIGIBLE, Morlet, Morse, duration_s, support

wavelets = pytest.mark.parametrize("wavelet", [Morlet(6.0), Morlet(12.0), Morse(3.0, 20.0), Morse(2.0, 60.0)], ids=str)


@wavelets
def test_the_response_peaks_with_one_at_the_centre(wavelet):
    ratios = np.linspace(0, 4, 4001)
    response = wavelet.response(ratios)
    assert ratios[response.argmax()] == pytest.approx(1.0)
    assert response.max() == pytest.approx(1.0)
    assert response[0] < 1e-3


@wavelets
def test_the_support_holds_all_that_matters(wavelet):
    low, high = support(wavelet)
    ratios = np.linspace(0, 6, 60001)
    outside = wavelet.response(ratios[(ratios < low - 1e-3) | (ratios > high + 1e-3)])
    assert outside.max() < NEGLIGIBLE
    assert wavelet.response(np.array([low, high])).min() >= NEGLIGIBLE


def test_morse_is_the_formula_of_lilly_and_olhede():
    gamma, beta = 3.0, 20.0
    peak = (beta / gamma) ** (1 / gamma)
    omega = np.linspace(0.1, 3, 50) * peak
    formula = omega**beta * np.exp(-(omega**gamma)) / (peak**beta * np.exp(-(peak**gamma)))
    np.testing.assert_allclose(Morse(gamma, beta).response(omega / peak), formula, rtol=1e-10)


def test_morse_resembles_the_morlet_of_its_width():
    morse = Morse(3.0, 20.0)
    ratios = np.linspace(0.8, 1.2, 41)
    assert morse.width == pytest.approx(7.746, abs=1e-3)
    np.testing.assert_allclose(morse.response(ratios), Morlet(morse.width).response(ratios), atol=0.02)


def test_a_wavelet_lasts_longer_the_lower_its_frequency():
    assert duration_s(Morlet(6.0), 0.5) == 2 * duration_s(Morlet(6.0), 1.0)
    assert duration_s(Morlet(6.0), 1.0) == pytest.approx(4 * 6 / (2 * np.pi))
