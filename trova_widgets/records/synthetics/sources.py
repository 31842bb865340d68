"""What happens at the source: how fast a fault slips, how a row of shots fires, how rock is thrown up and falls."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Spectrum = NDArray[np.complexfloating[Any, Any]]

SHEAR_VELOCITY_M_S = 3500.0

# evenly spaced frequencies are taken so many at a time
_BLOCK = 64


def moment_of(magnitude: float) -> float:
    """Return the seismic moment in N m of a moment magnitude (Hanks and Kanamori 1979, doi 10.1029/JB084iB05p02348).

    Examples
    --------
    >>> f"{moment_of(2.0):.2e}"
    '1.26e+12'
    """
    return float(10 ** (1.5 * magnitude + 9.1))


def corner_frequency(moment_nm: float, stress_drop_mpa: float) -> float:
    """Return the corner frequency in Hz of a circular fault (Brune 1970, doi 10.1029/JB075i026p04997).

    Parameters
    ----------
    moment_nm : float
        Seismic moment in N m.
    stress_drop_mpa : float
        Stress drop in MPa.

    Examples
    --------
    >>> round(corner_frequency(moment_of(2.0), 3.0), 1)
    22.9
    """
    radius_m = (7 / 16 * moment_nm / (stress_drop_mpa * 1e6)) ** (1 / 3)
    return float(2.34 * SHEAR_VELOCITY_M_S / (2 * np.pi * radius_m))


def brune_rate(frequencies_hz: Floats, corner_hz: float) -> Spectrum:
    """Return the spectrum of a Brune moment rate of unit moment: flat to the corner, then falling as f^-2.

    Parameters
    ----------
    frequencies_hz : ndarray of float64, shape (n,)
        Where.
    corner_hz : float
        The corner frequency.

    Returns
    -------
    ndarray of complex128, shape (n,)
        One at zero frequency; the pulse starts at time zero and is causal.

    Examples
    --------
    >>> float(abs(brune_rate(np.array([5.0]), 5.0))[0])
    0.5
    """
    return (1 + 1j * frequencies_hz / corner_hz) ** -2


def shot_rate(frequencies_hz: Floats, corner_hz: float) -> Spectrum:
    """Return the spectrum of the moment rate of one shot of unit moment.

    Like `brune_rate`, but the cavity overshoots before it comes to rest, so a bump stands before the fall
    (after Mueller and Murphy 1971, doi 10.1785/BSSA0610061675, with the overshoot as the only shape parameter).
    """
    relative = frequencies_hz / corner_hz
    return 1 / (1 + 1.2j * relative - relative**2)


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """A double couple: strike, dip and rake in degrees (Aki and Richards 2002, section 4.5)."""

    strike_deg: float
    dip_deg: float
    rake_deg: float

    def weights(self, azimuth_deg: float) -> dict[str, float]:
        """Return how much of the three fundamental double couples a station at this azimuth sees.

        Examples
        --------
        >>> weights = Mechanism(strike_deg=0, dip_deg=90, rake_deg=0).weights(45.0)
        >>> {name: round(weight, 6) + 0.0 for name, weight in weights.items()}
        {'DD': 0.0, 'DS': 0.0, 'SS': 1.0}
        """
        azimuth, dip, rake = np.radians([azimuth_deg - self.strike_deg, self.dip_deg, self.rake_deg])
        return {
            "DD": float(0.5 * np.sin(rake) * np.sin(2 * dip)),
            "DS": float(
                np.sin(rake) * np.cos(2 * dip) * np.sin(azimuth) - np.cos(rake) * np.cos(dip) * np.cos(azimuth)
            ),
            "SS": float(
                np.cos(rake) * np.sin(dip) * np.sin(2 * azimuth)
                + 0.5 * np.sin(rake) * np.sin(2 * dip) * np.cos(2 * azimuth)
            ),
        }


def _turned(frequencies_hz: Floats, delays_s: Floats) -> Spectrum:
    return np.asarray(np.exp(-2j * np.pi * frequencies_hz[:, None] * delays_s), dtype=np.complex128)


@dataclass(frozen=True, kw_only=True, eq=False)
class Blast:
    """A ripple-fired blast: shots one after the other, and the rock they throw up.

    Attributes
    ----------
    delays_s : ndarray of float64, shape (shots,)
        When each shot fires, from the first one on.
    charges : ndarray of float64, shape (shots,)
        Share of each shot in the moment; they sum to one.
    corner_hz : float
        Corner frequency of one shot.
    momentum_ns_per_nm : float
        Momentum of the rock thrown up, N s for each N m of moment; zero where nothing is.
    flight_s : float
        How long the rock flies.
    """

    delays_s: Floats
    charges: Floats
    corner_hz: float
    momentum_ns_per_nm: float
    flight_s: float

    def ripple(self, frequencies_hz: Floats) -> Spectrum:
        """Return the spectrum of the delays: one at zero, modulated above (Smith 1989, doi 10.1785/BSSA0790041089)."""
        evenly = np.diff(frequencies_hz)
        if frequencies_hz.size <= _BLOCK or np.ptp(evenly) > 1e-9 * np.abs(frequencies_hz).max():
            return np.asarray(_turned(frequencies_hz, self.delays_s) @ self.charges)
        # the exponential of a sum is a product: one for each block of frequencies, and one for each place in a block
        blocks = _turned(frequencies_hz[::_BLOCK], self.delays_s) * self.charges
        places = _turned(frequencies_hz[:_BLOCK] - frequencies_hz[0], self.delays_s)
        return np.asarray(np.einsum("bs,ps->bp", blocks, places).ravel()[: frequencies_hz.size])

    def moment_rate(self, frequencies_hz: Floats) -> Spectrum:
        """Return the spectrum of the moment rate of the whole blast, for unit moment."""
        return self.ripple(frequencies_hz) * shot_rate(frequencies_hz, self.corner_hz)

    def force_rate(self, frequencies_hz: Floats) -> Spectrum:
        """Return the spectrum of the rate of the downward force of the spall, in N/s s for unit moment.

        Throwing rock up pushes the ground down, its flight takes its weight off, its fall pushes again
        (Day and McLaughlin 1991, doi 10.1785/BSSA0810010191); momentum in equals momentum out.
        """
        omega = 2j * np.pi * frequencies_hz
        flight = np.exp(-omega * self.flight_s)
        weight = 2 / self.flight_s  # momentum m v over the flight 2 v / g, as a share of the momentum
        safe = np.where(frequencies_hz == 0, 1.0, omega)
        unloading = np.where(frequencies_hz == 0, self.flight_s, (1 - flight) / safe)
        force = 1 + flight - weight * unloading
        smooth = shot_rate(frequencies_hz, self.corner_hz / 2)
        return np.asarray(self.momentum_ns_per_nm * omega * force * smooth * self.ripple(frequencies_hz))


def ripple_delays(rng: np.random.Generator, duration_s: float, hole_delay_s: float, row_delay_s: float) -> Floats:
    """Return the firing times of rows of holes, no later than a duration, each some milliseconds off its plan.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    duration_s : float
        The last shot fires by then.
    hole_delay_s, row_delay_s : float
        Delay between neighbouring holes of a row, and between neighbouring rows.

    Returns
    -------
    ndarray of float64, shape (shots,)
        Sorted, starting at zero.
    """
    rows = rng.integers(1, 5)
    row_start = np.arange(rows) * row_delay_s
    holes = max(2, int((duration_s - row_start[-1]) / hole_delay_s))
    planned = (row_start[:, None] + np.arange(holes) * hole_delay_s).ravel()
    delays = np.sort(planned + rng.normal(0, 0.004, planned.size))
    delays = delays[delays <= max(duration_s, delays[1])]
    return np.asarray(delays - delays[0], dtype=np.float64)
