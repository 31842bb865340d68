"""The two-dimensional Haar transform and its inverse, orthonormal, in the standard and the non-standard order."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.recipe import HaarKind

_ROOT = math.sqrt(0.5)


def haar(image: ArrayLike, kind: HaarKind = "standard") -> NDArray[np.float64]:
    """Transform an image to its Haar coefficients.

    Index 0 of either axis is the average, 1 the coarsest difference, 2-3 the next, ... the upper half the finest.

    Parameters
    ----------
    image : array_like of float, shape (..., n, n)
        n must be a power of two.
    kind : {"standard", "nonstandard"}
        Every level of the columns' axis and then of the rows' axis; or one level of both in turn.

    Returns
    -------
    ndarray of float64, shape (..., n, n)
        The transform is orthonormal: the sum of squares stays.

    Raises
    ------
    RecipeError
        If the image is not square or its side not a power of two.

    References
    ----------
    Stollnitz, DeRose and Salesin (1995), doi 10.1109/38.376616.

    Examples
    --------
    >>> haar([[1.0, 1.0], [1.0, 1.0]]).round(12).tolist()
    [[2.0, 0.0], [0.0, 0.0]]
    """
    plane = _square(image)
    sides = _sides(plane)
    if kind == "standard":
        for view in (plane, plane.swapaxes(-1, -2)):
            for side in sides:
                _split(view[..., :side])
    else:
        for side in sides:
            corner = plane[..., :side, :side]
            _split(corner)
            _split(corner.swapaxes(-1, -2))
    return plane


def inverse_haar(plane: ArrayLike, kind: HaarKind = "standard") -> NDArray[np.float64]:
    """Rebuild the image from its Haar coefficients: the inverse of `haar`, exact to rounding.

    Parameters
    ----------
    plane : array_like of float, shape (..., n, n)
        Coefficients in the order of `haar`.
    kind : {"standard", "nonstandard"}
        As in `haar`.

    Returns
    -------
    ndarray of float64, shape (..., n, n)

    Raises
    ------
    RecipeError
        If the plane is not square or its side not a power of two.

    Examples
    --------
    >>> inverse_haar([[2.0, 0.0], [0.0, 0.0]]).round(12).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    image = _square(plane)
    sides = _sides(image)[::-1]
    if kind == "standard":
        for view in (image.swapaxes(-1, -2), image):
            for side in sides:
                _join(view[..., :side])
    else:
        for side in sides:
            corner = image[..., :side, :side]
            _join(corner.swapaxes(-1, -2))
            _join(corner)
    return image


def _square(values: ArrayLike) -> NDArray[np.float64]:
    copied = np.array(values, dtype=np.float64)
    if copied.ndim < 2 or copied.shape[-1] != copied.shape[-2] or copied.shape[-1].bit_count() != 1:
        raise RecipeError(
            f"An array of shape {copied.shape} has no Haar transform; its last two sides must be one power of two."
        )
    return copied


def _sides(plane: NDArray[np.float64]) -> list[int]:
    """Return the sides that the levels work on, from the finest to the coarsest: n, n / 2, ... 2."""
    return [plane.shape[-1] >> level for level in range(plane.shape[-1].bit_length() - 1)]


def _split(view: NDArray[np.float64]) -> None:
    """Replace the last axis by its averages (first half) and its differences (second half), in place."""
    half = view.shape[-1] // 2
    even, odd = view[..., ::2], view[..., 1::2]
    averages, differences = (even + odd) * _ROOT, (even - odd) * _ROOT
    view[..., :half] = averages
    view[..., half:] = differences


def _join(view: NDArray[np.float64]) -> None:
    """Undo `_split`, in place."""
    half = view.shape[-1] // 2
    averages, differences = view[..., :half] * _ROOT, view[..., half:] * _ROOT
    even, odd = averages + differences, averages - differences
    view[..., ::2] = even
    view[..., 1::2] = odd
