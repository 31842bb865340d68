"""What is cut out of a record: the time window with a margin, its straight line removed, its edges tapered."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecordError

# A record of which less than this share of the window is left says more about its padding than about the ground.
LEAST_COVERAGE = 0.5
_ROUNDING = 1e-10


class Window(NamedTuple):
    """Where the analysed samples lie in the record."""

    first: int
    """Index of the window's first sample; negative where the window begins before the record."""
    length: int
    """Samples in the window."""
    margin: int
    """Samples that are analysed on each side of the window and then dropped."""


def checked_samples(samples: ArrayLike, sampling_rate_hz: float) -> NDArray[np.float64]:
    """Return the samples as float64, or say why they cannot be analysed.

    Raises
    ------
    RecordError
        If the record is empty, has more than one dimension, values that are not finite, or one value only, or the
        sampling rate is not a positive number.
    """
    check_rate(sampling_rate_hz)
    values = np.ascontiguousarray(samples, dtype=np.float64)
    if values.ndim != 1:
        raise RecordError(
            f"The samples have the shape {values.shape}, but a record has one dimension; pass one channel at a time."
        )
    if values.size == 0:
        raise RecordError("The record is empty; it holds no samples to analyse.")
    lowest, highest = values.min(), values.max()
    if not math.isfinite(lowest) or not math.isfinite(highest):
        wrong = int(np.count_nonzero(~np.isfinite(values)))
        raise RecordError(
            f"{wrong} of the record's {values.size} samples are not finite numbers; "
            "read it with trova_widgets.records, which fills gaps and counts them."
        )
    if lowest == highest:
        raise RecordError(
            f"All {values.size} samples of the record are {lowest:g}; a dead channel has no fingerprint, leave it out."
        )
    return values


def check_rate(sampling_rate_hz: float) -> None:
    """Make sure that a sampling rate is a positive number.

    Raises
    ------
    RecordError
        If it is not.
    """
    if not (math.isfinite(sampling_rate_hz) and sampling_rate_hz > 0):
        raise RecordError(f"The sampling rate is {sampling_rate_hz} Hz, but it must be a positive number.")


def check_coverage(count: int, window: Window, sampling_rate_hz: float, longest_wavelet_s: float) -> None:
    """Make sure that the record is long enough, and that it covers its window at least by half.

    Raises
    ------
    RecordError
        If it is shorter than the longest wavelet, or covers too little of the window.
    """
    if count / sampling_rate_hz < longest_wavelet_s:
        raise RecordError(
            f"The record lasts {count / sampling_rate_hz:.3g} s, but the wavelet of the lowest frequency lasts "
            f"{longest_wavelet_s:.3g} s; raise the recipe's frequency_from_hz or leave the record out."
        )
    covered = min(count, window.first + window.length) - max(0, window.first)
    if covered < LEAST_COVERAGE * window.length:
        first_s, last_s = window.first / sampling_rate_hz, (window.first + window.length) / sampling_rate_hz
        raise RecordError(
            f"The window lasts from {first_s:.1f} to {last_s:.1f} s, but the record from 0 to "
            f"{count / sampling_rate_hz:.1f} s, which is less than half of it; shorten the recipe's window_s "
            "or correct the onset."
        )


def cut(
    samples: NDArray[np.float64],
    window: Window,
    clock: NDArray[np.float64],
    ramp: NDArray[np.float64],
    piece: NDArray[np.float64],
) -> None:
    """Cut the window with its margins out of the record, without its straight line, tapered in the margins.

    Where it reaches past the record, the record goes on as its mirror image, which keeps the level of its noise.

    Parameters
    ----------
    samples : ndarray of float64, shape (n,)
        They cover at least half the window, see `check_coverage`.
    window : Window
    clock : ndarray of float64, shape (window.length + 2 * window.margin,)
        Rising by one a sample, zero in the middle.
    ramp : ndarray of float64, shape (r,)
        Rising half of the taper, from 0 to 1; no longer than the margin.
    piece : ndarray of float64, shape (window.length + 2 * window.margin,)
        Where the result goes.

    Raises
    ------
    RecordError
        If nothing but a straight line is in the window.
    """
    begin = window.first - window.margin
    first, last = max(0, -begin), min(piece.size, samples.size - begin)
    piece[first:last] = samples[begin + first : begin + last]
    _mirror(piece, first, last)
    # The least-squares line, by sums whose order does not depend on the threads of a linear algebra library.
    mean = piece.sum() / piece.size
    slope = np.einsum("i,i->", clock, piece) * 12 / (piece.size * (float(piece.size) ** 2 - 1))
    line = clock * slope
    line += mean
    piece -= line
    if piece.max() - piece.min() <= _ROUNDING * (abs(mean) + abs(slope) * piece.size):
        raise RecordError(
            "Nothing but a straight line is left of the record in the window; a dead stretch has no fingerprint, "
            "move the window or leave the record out."
        )
    piece[: ramp.size] *= ramp
    piece[-ramp.size :] *= ramp[::-1]


def padded_samples(count: int, window: Window) -> int:
    """Return how many of the window's samples lie past the record's ends and come from its mirror image."""
    return max(0, -window.first) + max(0, window.first + window.length - count)


def _mirror(piece: NDArray[np.float64], first: int, last: int) -> None:
    """Fill what lies outside ``first:last`` with the mirror image of what lies inside, as often as it takes."""
    while first > 0:
        seen = min(first, last - first - 1)
        piece[first - seen : first] = piece[first + 1 : first + 1 + seen][::-1]
        first -= seen
    while last < piece.size:
        seen = min(piece.size - last, last - first - 1)
        piece[last : last + seen] = piece[last - 1 - seen : last - 1][::-1]
        last += seen
