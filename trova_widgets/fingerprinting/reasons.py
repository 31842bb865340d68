"""Back from points to time and frequency: where what speaks for a class lies in the scalogram."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.haar_transform import inverse_haar
from trova_widgets.fingerprinting.inverse import frequency_edges_hz
from trova_widgets.fingerprinting.recipe import DEFAULT_RECIPE, FingerprintRecipe

# what is said of a picture is said of blocks of so many rows and columns
_BLOCK = 8


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A patch of time and frequency that speaks for a class.

    Attributes
    ----------
    time_from_s, time_to_s : float
        From the onset [s].
    frequency_from_hz, frequency_to_hz : float
    share : float
        Of all that speaks for the class, 0 to 1.
    """

    time_from_s: float
    time_to_s: float
    frequency_from_hz: float
    frequency_to_hz: float
    share: float

    def __str__(self) -> str:
        return (
            f"energy of {self.frequency_from_hz:.2g} to {self.frequency_to_hz:.2g} Hz, "
            f"{self.time_from_s:.0f} to {self.time_to_s:.0f} s after the onset"
        )


def relief(said: ArrayLike, points: ArrayLike, recipe: FingerprintRecipe | None = None) -> NDArray[np.float64]:
    """Return where what points say lies in the scalogram: each goes back through its Haar function.

    A point that has a sign says in which part of its patch the energy is: what it says is spread there, evenly. One
    without a sign is spread over its whole patch. The sum stays.

    Parameters
    ----------
    said : array_like of float, shape (size, size)
        What each point says; 0 where there is none.
    points : array_like of int, shape (size, size)
        The fingerprint as a network reads it: 1, -1 or 0.
    recipe : FingerprintRecipe, optional
        What it was made with.

    Returns
    -------
    ndarray of float64, shape (size, size)
        Row 0 holds the lowest frequencies, column 0 the earliest time.

    Raises
    ------
    RecipeError
        When the shapes are not the recipe's.

    Examples
    --------
    >>> said, points = np.zeros((64, 64)), np.zeros((64, 64), dtype=int)
    >>> said[0, 1], points[0, 1] = 1.0, 1
    >>> picture = relief(said, points, FingerprintRecipe(signs="signed"))
    >>> float(picture[:, :32].sum()), float(picture[:, 32:].sum())
    (1.0, 0.0)
    """
    recipe = recipe or DEFAULT_RECIPE
    amounts, signs = np.asarray(said, dtype=np.float64), np.asarray(points)
    if amounts.shape != (recipe.size, recipe.size) or signs.shape != amounts.shape:
        raise RecipeError(
            f"What is said has the shape {amounts.shape} and the points {signs.shape}, but the recipe's size is "
            f"{recipe.size}; pass the recipe that the fingerprint was made with."
        )
    picture = np.zeros_like(amounts)
    for row, column in zip(*(each.tolist() for each in np.nonzero(amounts)), strict=True):
        function = _function(recipe.size, recipe.haar, row, column)
        lit = function != 0
        if recipe.signs == "signed":
            bright = function * signs[row, column] > 0
            # the mean below all others: nothing of it is bright
            lit = bright if bright.any() else lit
        picture[lit] += amounts[row, column] / np.count_nonzero(lit)
    return picture


def strongest_reason(picture: NDArray[np.float64], recipe: FingerprintRecipe | None = None) -> Reason | None:
    """Return the patch that speaks for a class most; None where nothing does.

    Blocks of an eighth of the picture's side are looked at: the one that says most, and those beside it that say half
    as much.

    Parameters
    ----------
    picture : ndarray of float64, shape (size, size)
        Of `relief`.
    recipe : FingerprintRecipe, optional
        The recipe of the fingerprint; the usual one, if left out.

    Returns
    -------
    Reason or None
        The patch, in time and frequency.

    Examples
    --------
    >>> picture = np.zeros((64, 64))
    >>> picture[:8, 24:40] = 1.0
    >>> str(strongest_reason(picture))
    'energy of 0.98 to 1.4 Hz, 20 to 44 s after the onset'
    """
    recipe = recipe or DEFAULT_RECIPE
    side = recipe.size // _BLOCK
    blocks = picture.reshape(_BLOCK, side, _BLOCK, side).sum(axis=(1, 3))
    if not blocks.max() > 0:
        return None
    row, column = (int(each) for each in np.unravel_index(blocks.argmax(), blocks.shape))
    rows, columns = _around(blocks[:, column], row), _around(blocks[row], column)
    edges_hz, bin_s = frequency_edges_hz(recipe), recipe.window_s / recipe.size
    start_s = recipe.window_start_s
    return Reason(
        time_from_s=start_s + columns[0] * side * bin_s,
        time_to_s=start_s + columns[1] * side * bin_s,
        frequency_from_hz=float(edges_hz[rows[0] * side]),
        frequency_to_hz=float(edges_hz[rows[1] * side]),
        share=float(
            np.maximum(blocks[rows[0] : rows[1], columns[0] : columns[1]], 0).sum() / np.maximum(blocks, 0).sum()
        ),
    )


def _around(values: NDArray[np.float64], peak: int) -> tuple[int, int]:
    """Return the run of values around a peak that are at least half of it: its first place, and the one behind it."""
    enough = values >= values[peak] / 2
    first = last = peak
    while first > 0 and enough[first - 1]:
        first -= 1
    while last + 1 < len(values) and enough[last + 1]:
        last += 1
    return first, last + 1


@lru_cache(maxsize=512)
def _function(size: int, kind: str, row: int, column: int) -> NDArray[np.float64]:
    """Return the Haar function of a coefficient, shape (size, size), without the dust of rounding."""
    plane = np.zeros((size, size))
    plane[row, column] = 1.0
    function = inverse_haar(plane, "standard" if kind == "standard" else "nonstandard")
    function[np.abs(function) < 1e-9] = 0.0
    function.setflags(write=False)
    return function
