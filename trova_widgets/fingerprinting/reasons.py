"""Back from points to time and frequency: where what speaks for a class lies in the scalogram."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError
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


def relief(
    said: ArrayLike, points: ArrayLike, image: ArrayLike, recipe: FingerprintRecipe | None = None
) -> NDArray[np.float64]:
    """Return where what points say lies in the scalogram: each goes back through its Haar function.

    What a point says is shared among the pixels that make its coefficient what it is, in the ratio of what they give:
    the picture times the Haar function, where that has the coefficient's sign. The sum stays.

    Parameters
    ----------
    said : array_like of float, shape (size, size)
        What each point says; 0 where there is none.
    points : array_like of int, shape (size, size)
        The fingerprint as a network reads it: 1, -1 or 0.
    image : array_like of float, shape (size, size)
        The reduced scalogram that the fingerprint was taken from, of `reduce`.
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

    References
    ----------
    Bach et al. (2015), doi 10.1371/journal.pone.0130140, have the rule: relevance goes back along the positive
    contributions.

    Examples
    --------
    >>> said, points, image = np.zeros((64, 64)), np.zeros((64, 64), dtype=int), np.ones((64, 64))
    >>> said[0, 1], points[0, 1] = 1.0, 1
    >>> image[:, :32] = 3.0
    >>> picture = relief(said, points, image)
    >>> float(picture[:, :32].sum()), float(picture[:, 32:].sum())
    (1.0, 0.0)
    """
    recipe = recipe or DEFAULT_RECIPE
    amounts, signs, energy = np.asarray(said, dtype=np.float64), np.asarray(points), np.asarray(image, dtype=np.float64)
    if not amounts.shape == signs.shape == energy.shape == (recipe.size, recipe.size):
        raise RecipeError(
            f"What is said has the shape {amounts.shape}, the points {signs.shape} and the picture {energy.shape}, but "
            f"the recipe's size is {recipe.size}; pass the recipe that the fingerprint was made with."
        )
    # decibels below the strongest are negative; no Haar function but the mean minds a constant
    energy = energy - min(energy.min(), 0.0)
    picture = np.zeros_like(amounts)
    for row, column in zip(*(each.tolist() for each in np.nonzero(amounts)), strict=True):
        patch, function = _patch(recipe, row, column)
        given = function * energy[patch]
        is_negative = signs[row, column] < 0 if recipe.signs == "signed" else given.sum() < 0
        bright = np.maximum(-given if is_negative else given, 0.0)
        if not bright.any():
            # a mean below all others, or a patch of nothing: the lack of energy speaks
            bright = np.ones_like(given)
        picture[patch] += amounts[row, column] / bright.sum() * bright
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


def _patch(recipe: FingerprintRecipe, row: int, column: int) -> tuple[tuple[slice, slice], NDArray[np.float64]]:
    """Return where the Haar function of a coefficient is not 0, and its signs there."""
    levels = [1 << max(index.bit_length() - 1, 0) for index in (row, column)]
    if recipe.haar == "nonstandard":
        levels = [max(levels)] * 2
    (rows, up), (columns, along) = (_half_waves(recipe.size, *each) for each in zip((row, column), levels, strict=True))
    return (rows, columns), up[:, None] * along


@lru_cache(maxsize=1024)
def _half_waves(size: int, index: int, level: int) -> tuple[slice, NDArray[np.float64]]:
    """Return where the function of an index is not 0, and its signs there; `level` functions share the whole side.

    From the level on indices are those of wavelets, below it those of means.
    """
    width = size // level
    signs = np.ones(width)
    if index >= level:
        signs[width // 2 :] = -1.0
    signs.setflags(write=False)
    first = index % level * width
    return slice(first, first + width), signs
