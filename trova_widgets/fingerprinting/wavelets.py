"""Analytic wavelets, as their responses over frequency: where they are, and where they may be left out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A response below this share of its peak (-40 dB of energy) is cut off: each scale then fills a short band.
NEGLIGIBLE = 1e-2


@dataclass(frozen=True)
class Morlet:
    """Morlet's wavelet: a Gaussian in frequency, ``exp(-(width (r - 1))^2 / 2)`` with r the ratio to the centre.

    Parameters
    ----------
    width : float
        Dimensionless centre frequency.
    """

    width: float

    def response(self, ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the amplitude response at multiples of the centre frequency; its peak is 1."""
        gaussian: NDArray[np.float64] = np.exp(-0.5 * (self.width * (ratio - 1.0)) ** 2)
        return gaussian


@dataclass(frozen=True)
class Morse:
    """Generalised Morse wavelet: ``r^beta exp(-beta / gamma (r^gamma - 1))`` with r the ratio to the centre.

    Parameters
    ----------
    gamma : float
        Symmetry.
    beta : float
        Compactness.

    References
    ----------
    Lilly and Olhede (2012), doi 10.1109/TSP.2012.2210890.
    """

    gamma: float
    beta: float

    @property
    def width(self) -> float:
        """Width of the Morlet whose response has the same curvature at its peak."""
        return math.sqrt(self.beta * self.gamma)

    def response(self, ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the amplitude response at multiples of the centre frequency; its peak is 1."""
        logarithm = np.log(np.maximum(ratio, 1e-12))
        values: NDArray[np.float64] = np.exp(
            self.beta * logarithm - self.beta / self.gamma * (np.exp(self.gamma * logarithm) - 1.0)
        )
        return values


def support(wavelet: Morlet | Morse) -> tuple[float, float]:
    """Return the lowest and the highest multiple of the centre frequency at which the response matters."""
    ratios = np.linspace(0.0, 8.0, 8001)
    matters = ratios[wavelet.response(ratios) >= NEGLIGIBLE]
    return float(matters[0]), float(matters[-1])


def duration_s(wavelet: Morlet | Morse, frequency_hz: float) -> float:
    """Return how long the wavelet lasts at a centre frequency: two standard deviations on each side [s]."""
    return 4.0 * wavelet.width / (2.0 * math.pi * frequency_hz)
