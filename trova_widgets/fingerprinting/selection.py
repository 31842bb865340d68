"""The most significant Haar coefficients, and the bits that say which they are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.recipe import DEFAULT_RECIPE, FingerprintRecipe

# Magnitudes are ranked in steps of 2^-40 of the largest: equal ones that differ by rounding only are ties.
_STEPS = 1 << 40


@dataclass(frozen=True, eq=False, kw_only=True)
class SelectionStatistics:
    """Median and MAD of every Haar coefficient over a data set, for the selection "mad".

    Parameters
    ----------
    median : ndarray of float64, shape (size, size)
    mad : ndarray of float64, shape (size, size)
        Median absolute deviation from the median.

    Raises
    ------
    RecipeError
        If the two differ in shape, or hold negative deviations or values that are not finite.

    References
    ----------
    Yoon et al. (2015), doi 10.1126/sciadv.1501057.
    """

    median: NDArray[np.float64]
    mad: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Check the shapes and the values."""
        if self.median.ndim != 2 or self.median.shape != self.mad.shape:
            raise RecipeError(
                f"The median has the shape {self.median.shape} and the MAD {self.mad.shape}, "
                "but both must be one image's; fit them with fit_statistics."
            )
        if not (np.isfinite(self.median).all() and np.isfinite(self.mad).all() and (self.mad >= 0).all()):
            raise RecipeError(
                "A median or a MAD is not a finite number, or a MAD is negative; fit them with fit_statistics."
            )

    @classmethod
    def of_planes(cls, planes: ArrayLike) -> "SelectionStatistics":
        """Fit the statistics to Haar planes, shape (n, size, size).

        Raises
        ------
        RecipeError
            If there are fewer than two planes.
        """
        stack = np.asarray(planes, dtype=np.float64)
        if stack.ndim != 3 or len(stack) < 2:
            raise RecipeError(
                f"Planes of the shape {stack.shape} have no median and MAD; pass at least two records of a data set."
            )
        median, mad = np.empty(stack.shape[1:]), np.empty(stack.shape[1:])
        # a row of the planes at a time: ordering needs a copy, and there may be thousands of planes
        for row in range(len(median)):
            values = stack[:, row]
            median[row] = np.median(values, axis=0)
            mad[row] = np.median(np.abs(values - median[row]), axis=0)
        return cls(median=median, mad=mad)

    def standardised(self, plane: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far a plane deviates from the median, in MADs; 0 where the data set does not vary."""
        if plane.shape[-2:] != self.median.shape:
            raise RecipeError(
                f"A Haar plane of the shape {plane.shape} does not fit statistics of {self.median.shape}; "
                "fit them with the same recipe."
            )
        deviation = plane - self.median
        return np.divide(deviation, self.mad, out=np.zeros_like(deviation), where=self.mad > 0)

    def to_dict(self) -> dict[str, Any]:
        """Return the statistics as a JSON object."""
        return {"median": self.median.tolist(), "mad": self.mad.tolist()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "SelectionStatistics":
        """Make the statistics of a JSON object."""
        return cls(median=np.array(values["median"], dtype=float), mad=np.array(values["mad"], dtype=float))


def select(
    plane: ArrayLike, recipe: FingerprintRecipe | None = None, statistics: SelectionStatistics | None = None
) -> NDArray[np.bool_]:
    """Keep the most significant coefficients of a Haar plane, one bit (or two) for each.

    Coefficients are ranked by magnitude, ties by row and then column, so that the bits never depend on chance.
    A coefficient of zero is never kept.

    Parameters
    ----------
    plane : array_like of float, shape (..., size, size)
        One plane, or several, each of which is looked at by itself.
    recipe : FingerprintRecipe, optional
        Its selection, keep, threshold and signs.
    statistics : SelectionStatistics, optional
        Wanted by the selection "mad".

    Returns
    -------
    ndarray of bool, shape (..., *recipe.shape)
        Signed bits stand side by side: columns 2j and 2j + 1 hold ``10`` where the coefficient of column j is kept and
        positive (or above the median), ``01`` where it is kept and negative, ``00`` elsewhere.

    Raises
    ------
    RecipeError
        If the plane has another shape, or statistics are wanted and not given.

    Examples
    --------
    >>> plane = np.zeros((64, 64))
    >>> plane[0, 0], plane[3, 5] = 2.0, -1.0
    >>> np.argwhere(select(plane)).tolist()
    [[0, 0], [3, 5]]
    """
    recipe = recipe or DEFAULT_RECIPE
    values = np.asarray(plane, dtype=np.float64)
    if values.shape[-2:] != (recipe.size, recipe.size):
        raise RecipeError(
            f"The Haar plane has the shape {values.shape}, but the recipe's size is {recipe.size}; "
            "compute it with the same recipe."
        )
    if recipe.selection == "mad":
        if statistics is None:
            raise RecipeError(
                'The selection "mad" compares with a data set; pass as statistics what fit_statistics makes, '
                'or choose the selection "largest".'
            )
        values = statistics.standardised(values)
    magnitudes = np.abs(values).reshape(-1, recipe.size * recipe.size)
    kept = _most_significant(magnitudes, recipe).reshape(values.shape)
    if recipe.signs == "one":
        return kept
    signed = np.stack([kept & (values > 0), kept & (values < 0)], axis=-1)
    return signed.reshape(*values.shape[:-2], *recipe.shape)


def _most_significant(magnitudes: NDArray[np.float64], recipe: FingerprintRecipe) -> NDArray[np.bool_]:
    """Tell which coefficients of each plane to keep, shape (n, size * size)."""
    largest = magnitudes.max(axis=1, keepdims=True)
    steps = magnitudes * np.divide(_STEPS, largest, out=np.zeros_like(largest), where=largest > 0)
    np.rint(steps, out=steps)
    lowest = max(1, math.ceil(recipe.threshold * _STEPS)) if recipe.selection == "threshold" else 1
    border = np.array([max(_largest(plane, recipe.keep), lowest) for plane in steps])
    kept = np.asarray(steps >= border[:, None])
    surplus = np.count_nonzero(kept, axis=1) - recipe.keep
    for place in np.flatnonzero(surplus > 0):
        ties = np.flatnonzero(steps[place] == border[place])
        kept[place, ties[-surplus[place] :]] = False
    return kept


def _largest(values: NDArray[np.float64], place: int) -> np.float64:
    """Return the value at a place, counted from 1, of the order from the largest to the smallest."""
    # An eighth of the values tells which ones are certainly too small: the rest is ordered in half the time.
    sample = values[::8]
    generous = place * 3 // 16 + 8
    if generous < sample.size:
        some = values[values >= np.partition(sample, sample.size - generous)[sample.size - generous]]
        if some.size >= place:
            values = some
    return np.float64(np.partition(values, values.size - place)[values.size - place])
