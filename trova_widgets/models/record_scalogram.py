"""The scalogram of a whole record, to stand under its seismogram."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from trova_widgets.figures.fingerprint_views import energy_view, frequency_ticks
from trova_widgets.fingerprinting import FingerprintRecipe, scalogram

#: Energy further below the strongest has the last colour.
_RANGE_DB = 60.0
_LOWEST_HZ = 0.25
_BELOW_NYQUIST = 0.9
_WAVELET_SHARE = 0.25


def record_scalogram(
    samples: npt.NDArray[np.float64], sampling_rate_hz: float, recipe: FingerprintRecipe
) -> dict[str, Any]:
    """Return the scalogram of a record from its start to its end, over all frequencies that it has.

    Parameters
    ----------
    samples : array (n,)
        One channel, in any unit.
    sampling_rate_hz : float
        Samples a second [Hz].
    recipe : FingerprintRecipe
        Its wavelet counts.

    Returns
    -------
    dict
        ``levels`` (bytes, row 0 the lowest frequency), ``rows``, ``columns``, ``low`` and ``high`` [dB], ``colours``
        (from the one to the other, as CSS has it), ``low_hz``, ``high_hz``, ``frequencies_hz`` (of the ticks) and
        ``duration_s``.

    Raises
    ------
    RecordError, RecipeError
        If the record cannot be analysed.

    Examples
    --------
    >>> picture = record_scalogram(np.random.default_rng(1).normal(size=6000), 100.0, FingerprintRecipe())
    >>> picture["rows"], picture["columns"], picture["duration_s"]
    (64, 512, 60.0)
    """
    duration_s = len(samples) / sampling_rate_hz
    high_hz = _BELOW_NYQUIST * sampling_rate_hz / 2
    # the longest wavelet, some two of its widths long, takes no more than a part of the record
    low_hz = min(max(_LOWEST_HZ, recipe.mother_wavelet.width / (_WAVELET_SHARE * duration_s)), high_hz / 2)
    whole = replace(
        recipe,
        size=64,
        keep=min(recipe.keep, 64 * 64),
        scales_per_row=1,
        frequency_from_hz=low_hz,
        frequency_to_hz=high_hz,
        frequency_spacing="logarithmic",
        window_reference="start",
        window_start_s=0.0,
        window_s=duration_s,
    )
    energy = scalogram(samples, sampling_rate_hz, whole, onset_s=0.0).energy
    level_db = 10 * np.log10(np.maximum(energy / energy.max(), 10 ** (-_RANGE_DB / 10)))
    view = energy_view(level_db)
    return {
        "levels": view.levels.tobytes(),
        "rows": view.levels.shape[0],
        "columns": view.levels.shape[1],
        "low": view.low,
        "high": view.high,
        "colours": ", ".join(view.colours),
        "low_hz": low_hz,
        "high_hz": high_hz,
        "frequencies_hz": list(frequency_ticks(low_hz, high_hz, logarithmic=True)),
        "duration_s": duration_s,
    }
