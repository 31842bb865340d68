"""High-pass, low-pass and band-pass filters without phase shift, for looking at a seismogram."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft, next_fast_len, rfft

from trova_widgets.errors import RecordError


def filtered(
    samples: ArrayLike,
    sampling_rate_hz: float,
    *,
    from_hz: float | None = None,
    to_hz: float | None = None,
    order: int = 4,
) -> NDArray[np.float64]:
    """Filter a record by the amplitude response of a Butterworth filter, without its phase shift.

    The response is ``1 / sqrt(1 + (from / f)^(2 order))``, the one of the fingerprints' high-pass, and its mirror image
    for a low-pass: half of the energy passes at a corner. The straight line between the record's ends is taken out
    first (a low-pass gives it back). Past its ends the record goes on as its image turned about them, which has no kink
    there that would ring.

    Parameters
    ----------
    samples : array_like of float, shape (n,)
        One channel, in any unit.
    sampling_rate_hz : float
        Samples a second [Hz].
    from_hz, to_hz : float, optional
        Corners of the high-pass and of the low-pass [Hz]; neither is applied if not given.
    order : int, default 4
        Steepness of both.

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    RecordError
        If a corner is not above zero and below the Nyquist frequency, or the corners are not in rising order.

    References
    ----------
    Butterworth (1930), On the theory of filter amplifiers.

    Examples
    --------
    >>> clock = np.arange(6000) / 100
    >>> swell, waves = 100 * np.sin(2 * np.pi * 0.2 * clock), np.sin(2 * np.pi * 5 * clock)
    >>> passed = filtered(swell + waves, 100.0, from_hz=1.0)
    >>> bool(np.abs(passed - waves)[500:-500].max() < 0.2)
    True
    """
    values = np.asarray(samples, dtype=np.float64)
    _check(from_hz, to_hz, sampling_rate_hz)
    if values.size < 2 or (from_hz is None and to_hz is None):
        return values.copy()
    line = np.linspace(values[0], values[-1], values.size)
    reach = values.size // 2
    mirrored = np.pad(values - line, (reach, reach), mode="reflect", reflect_type="odd")
    count = next_fast_len(mirrored.size, real=True)
    spectrum = rfft(mirrored, count)
    frequency_hz = np.arange(len(spectrum), dtype=np.float64) * (sampling_rate_hz / count)
    spectrum /= np.sqrt(_weakening(frequency_hz, from_hz, to_hz, order))
    if from_hz is not None:
        spectrum[0] = 0.0
    passed = np.asarray(irfft(spectrum, count)[reach : reach + values.size], dtype=np.float64)
    return passed + line if from_hz is None else passed


def _weakening(
    frequency_hz: NDArray[np.float64], from_hz: float | None, to_hz: float | None, order: int
) -> NDArray[np.float64]:
    """Return by what the energy at each frequency is divided."""
    weakening = np.ones_like(frequency_hz)
    if from_hz is not None:
        weakening[1:] *= 1.0 + (from_hz / frequency_hz[1:]) ** (2 * order)
    if to_hz is not None:
        weakening *= 1.0 + (frequency_hz / to_hz) ** (2 * order)
    return weakening


def _check(from_hz: float | None, to_hz: float | None, sampling_rate_hz: float) -> None:
    for corner_hz in (from_hz, to_hz):
        if corner_hz is not None and not 0 < corner_hz < sampling_rate_hz / 2:
            raise RecordError(
                f"The corner of the filter is {corner_hz:g} Hz, but it must be above 0 and below the Nyquist "
                f"frequency, {sampling_rate_hz / 2:g} Hz."
            )
    if from_hz is not None and to_hz is not None and not from_hz < to_hz:
        raise RecordError(
            f"The filter passes from {from_hz:g} to {to_hz:g} Hz, but the first must be less than the second."
        )
