"""The two-dimensional Haar transform and its inverse, orthonormal, in the standard and the non-standard order."""

import math
from functools import lru_cache

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
        Every level of one axis and then of the other; or one level of both in turn.

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
    values = _square(image)
    if kind == "standard":
        return _all_levels(_all_levels(values).swapaxes(-1, -2)).swapaxes(-1, -2)
    plane = values.copy()
    for side in _sides(plane.shape[-1]):
        corner = plane[..., :side, :side]
        for view in (corner, corner.swapaxes(-1, -2)):
            even, odd = view[..., ::2, :] * _ROOT, view[..., 1::2, :] * _ROOT
            view[..., : side // 2, :] = even + odd
            view[..., side // 2 :, :] = even - odd
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
    image = _square(plane).copy()
    sides = _sides(image.shape[-1])[::-1]
    if kind == "standard":
        for view in (image, image.swapaxes(-1, -2)):
            for side in sides:
                _join(view[..., :side, :])
    else:
        for side in sides:
            corner = image[..., :side, :side]
            _join(corner.swapaxes(-1, -2))
            _join(corner)
    return image


def _square(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2] or array.shape[-1].bit_count() != 1:
        raise RecipeError(
            f"An array of shape {array.shape} has no Haar transform; its last two sides must be one power of two."
        )
    return array


def _sides(full: int) -> list[int]:
    """Return the sides that the levels work on, from the finest to the coarsest: n, n / 2, ... 2."""
    return [full >> level for level in range(full.bit_length() - 1)]


def _all_levels(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Transform the columns: plain sums and differences, scaled once at the end."""
    sums = np.ascontiguousarray(values)
    result = np.empty_like(sums)
    for side in _sides(values.shape[-2]):
        even, odd = sums[..., ::2, :], sums[..., 1::2, :]
        np.subtract(even, odd, out=result[..., side // 2 : side, :])
        sums = even + odd
    result[..., :1, :] = sums
    result *= _scales(values.shape[-2])
    return result


@lru_cache(maxsize=8)
def _scales(full: int) -> NDArray[np.float64]:
    """Return what makes each coefficient of a column orthonormal: the root of its function's width, shape (n, 1)."""
    scales = np.full((full, 1), full**-0.5)
    for side in _sides(full):
        scales[side // 2 : side] = (2 * full / side) ** -0.5
    scales.setflags(write=False)
    return scales


def _join(view: NDArray[np.float64]) -> None:
    """Undo one level of the columns, in place."""
    half = view.shape[-2] // 2
    sums, differences = view[..., :half, :] * _ROOT, view[..., half:, :] * _ROOT
    even, odd = sums + differences, sums - differences
    view[..., ::2, :] = even
    view[..., 1::2, :] = odd
