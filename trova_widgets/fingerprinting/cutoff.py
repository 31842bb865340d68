"""The high-pass cut-off that best parts low-frequency noise from the signal, and those of the five variants."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.fingerprinting.onset import find_onset
from trova_widgets.fingerprinting.recipe import FingerprintRecipe
from trova_widgets.fingerprinting.scalograms import binned, prepare
from trova_widgets.fingerprinting.segment import checked_samples

STEPS_PER_OCTAVE = 12
VARIANTS = (-2, -1, 0, 1, 2)


@dataclass(frozen=True, kw_only=True)
class Cutoff:
    """A cut-off found in a record.

    Parameters
    ----------
    cutoff_hz : float
        Cut-off of the high-pass [Hz], on a grid of twelve steps an octave through 1 Hz.
    confidence : float
        0 to 1: how sure it is that the record has a signal whose noise this cut-off suits best.
    """

    cutoff_hz: float
    confidence: float


def cutoff_grid_hz(recipe: FingerprintRecipe) -> NDArray[np.float64]:
    """Return the cut-offs that are tried, rising: twelve an octave through 1 Hz, in the recipe's range [Hz]."""
    first = int(np.ceil(STEPS_PER_OCTAVE * np.log2(recipe.cutoff_from_hz) - 1e-9))
    last = int(np.floor(STEPS_PER_OCTAVE * np.log2(recipe.cutoff_to_hz) + 1e-9))
    return np.exp2(np.arange(first, last + 1) / STEPS_PER_OCTAVE)


def shifted_cutoffs(cutoff_hz: float, recipe: FingerprintRecipe | None = None) -> NDArray[np.float64]:
    """Return the cut-offs of the five variants: two steps below, one below, the cut-off itself, one and two above.

    Parameters
    ----------
    cutoff_hz : float
        Cut-off of the middle variant [Hz].
    recipe : FingerprintRecipe, optional
        Its ``cutoff_step_octaves``.

    Returns
    -------
    ndarray of float64, shape (5,)
        In the order of the variants -2, -1, 0, 1, 2 [Hz].

    References
    ----------
    Silkin (2024), doi 10.31857/S0203030624030077.

    Examples
    --------
    >>> shifted_cutoffs(1.0, FingerprintRecipe(cutoff_step_octaves=0.5)).round(3).tolist()
    [0.5, 0.707, 1.0, 1.414, 2.0]
    """
    recipe = recipe or FingerprintRecipe()
    return cutoff_hz * np.exp2(np.array(VARIANTS) * recipe.cutoff_step_octaves)


def find_cutoff(
    samples: ArrayLike,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onset_s: float | None = None,
) -> Cutoff:
    """Find the cut-off."""
    recipe = recipe or FingerprintRecipe()
    values = checked_samples(samples, sampling_rate_hz)
    onset_s = find_onset(values, sampling_rate_hz) if onset_s is None else onset_s
    record_s = values.size / sampling_rate_hz
    wide = replace(
        recipe,
        size=64,
        scales_per_row=1,
        frequency_from_hz=recipe.cutoff_from_hz / 2,
        window_reference="start",
        window_start_s=0.0,
        window_s=record_s,
    )
    prepared = prepare(values, sampling_rate_hz, wide, onset_s)
    bins = binned(prepared.bank.energies(prepared.spectrum), 64)
    onset_bin = int(onset_s / record_s * 64)
    noise = bins[:, : max(2, onset_bin - 1)].mean(axis=1)
    event = bins[:, onset_bin + 1 :].mean(axis=1)
    signal = np.maximum(event - noise, 0)
    grid = cutoff_grid_hz(recipe)
    passed = 1 / (1 + (grid[:, None] / wide.frequencies_hz) ** (2 * recipe.highpass_order))
    ratio = passed @ signal / np.maximum(passed @ noise, 1e-30)
    best = int(ratio.argmax())
    return Cutoff(cutoff_hz=float(grid[best]), confidence=float(ratio[best] / (1 + ratio[best])))
