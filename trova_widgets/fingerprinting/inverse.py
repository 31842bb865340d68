"""What a white point stands for: its patch of time and frequency, and the picture that all of them make."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.haar_transform import inverse_haar
from trova_widgets.fingerprinting.recipe import DEFAULT_RECIPE, FingerprintRecipe

PATCH = np.dtype(
    [
        ("row", np.int64),
        ("column", np.int64),
        ("time_from_s", np.float64),
        ("time_to_s", np.float64),
        ("frequency_from_hz", np.float64),
        ("frequency_to_hz", np.float64),
    ]
)


def patches(bits: ArrayLike, recipe: FingerprintRecipe | None = None, *, start_s: float = 0.0) -> NDArray[np.void]:
    """Return the patch of time and frequency that each white point stands for: the support of its Haar function.

    Parameters
    ----------
    bits : array_like of bool, shape ``recipe.shape``
    recipe : FingerprintRecipe, optional
        What the fingerprint was made with.
    start_s : float, default 0
        Start of the window, after the start of the record (``Scalogram.window_s[0]``) [s]: times count from there.

    Returns
    -------
    ndarray of `PATCH`, shape (white points,)
        A structured array, ordered by row and column (of the coefficient, not of the bit, where bits are signed).

    Raises
    ------
    RecipeError
        If the bits do not have the recipe's shape.

    Examples
    --------
    >>> bits = np.zeros((64, 64), dtype=bool)
    >>> bits[0, 1] = True
    >>> whole = patches(bits)[0]
    >>> float(whole["time_from_s"]), float(whole["time_to_s"])
    (0.0, 96.0)
    """
    recipe = recipe or DEFAULT_RECIPE
    rows, columns = np.nonzero(signs(bits, recipe))
    if recipe.haar == "standard":
        rows_from, rows_to = _extent(rows, _coarseness(rows), recipe.size)
        columns_from, columns_to = _extent(columns, _coarseness(columns), recipe.size)
    else:
        level = np.maximum(_coarseness(rows), _coarseness(columns))
        rows_from, rows_to = _extent(rows, level, recipe.size)
        columns_from, columns_to = _extent(columns, level, recipe.size)
    edges_hz = frequency_edges_hz(recipe)
    bin_s = recipe.window_s / recipe.size
    result = np.empty(rows.size, dtype=PATCH)
    result["row"], result["column"] = rows, columns
    result["time_from_s"], result["time_to_s"] = start_s + columns_from * bin_s, start_s + columns_to * bin_s
    result["frequency_from_hz"], result["frequency_to_hz"] = edges_hz[rows_from], edges_hz[rows_to]
    return result


def rebuild(bits: ArrayLike, recipe: FingerprintRecipe | None = None) -> NDArray[np.float64]:
    """Rebuild the picture of the scalogram from the fingerprint alone.

    Signed bits are Haar coefficients of one size, and are inverted. One bit a coefficient does not say which half of a
    patch is the brighter one: there each point adds its energy (one, spread evenly) to its patch, which shows where
    the scalogram changes most.

    Parameters
    ----------
    bits : array_like of bool, shape ``recipe.shape``
    recipe : FingerprintRecipe, optional
        What the fingerprint was made with.

    Returns
    -------
    ndarray of float64, shape (size, size)
        Row 0 holds the lowest frequencies, column 0 the earliest time; no unit.

    Raises
    ------
    RecipeError
        If the bits do not have the recipe's shape.

    Examples
    --------
    >>> rebuild(np.eye(64, dtype=bool)).shape
    (64, 64)
    """
    recipe = recipe or DEFAULT_RECIPE
    points = signs(bits, recipe)
    if recipe.signs == "signed":
        return inverse_haar(points, recipe.haar)
    size = recipe.size
    places = np.arange(size)
    if recipe.haar == "standard":
        spread = _spread(places, _coarseness(places), size)
        return spread.T @ points @ spread
    rows, columns = np.nonzero(points)
    level = np.maximum(_coarseness(rows), _coarseness(columns))
    return _spread(rows, level, size).T @ _spread(columns, level, size)


def signs(bits: ArrayLike, recipe: FingerprintRecipe | None = None) -> NDArray[np.int8]:
    """Return the fingerprint as an image of one pixel a coefficient: what a network looks at.

    Parameters
    ----------
    bits : array_like of bool, shape ``recipe.shape``
    recipe : FingerprintRecipe, optional
        What the fingerprint was made with.

    Returns
    -------
    ndarray of int8, shape (size, size)
        1 for each white point, -1 for a negative one where bits are signed, and 0 elsewhere.

    Raises
    ------
    RecipeError
        If the bits do not have the recipe's shape.

    Examples
    --------
    >>> bits = np.zeros((64, 128), dtype=bool)
    >>> bits[0, 1] = bits[0, 2] = True
    >>> signs(bits, FingerprintRecipe(signs="signed"))[0, :3].tolist()
    [-1, 1, 0]
    """
    recipe = recipe or DEFAULT_RECIPE
    values = np.asarray(bits, dtype=np.bool_)
    if values.shape != recipe.shape:
        raise RecipeError(
            f"The fingerprint has the shape {values.shape}, but the recipe makes {recipe.shape}; "
            "pass the recipe it was made with."
        )
    if recipe.signs == "one":
        return values.astype(np.int8)
    return values[:, ::2].astype(np.int8) - values[:, 1::2].astype(np.int8)


def frequency_edges_hz(recipe: FingerprintRecipe) -> NDArray[np.float64]:
    """Return the borders between the rows of the reduced scalogram.

    Parameters
    ----------
    recipe : FingerprintRecipe
        It says which frequencies there are, and how they are spaced.

    Returns
    -------
    ndarray of float64, shape (size + 1,)
        Frequencies, the lowest first [Hz].

    Examples
    --------
    >>> edges = frequency_edges_hz(FingerprintRecipe(frequency_from_hz=1.0, frequency_to_hz=8.0))
    >>> edges.shape, bool(edges[0] < 1.0 < edges[1] and edges[-2] < 8.0 < edges[-1])
    ((65,), True)
    """
    logarithmic = recipe.frequency_spacing == "logarithmic"
    centres = np.log(recipe.frequencies_hz) if logarithmic else recipe.frequencies_hz
    inner = (centres[:-1] + centres[1:]) / 2
    edges = np.concatenate([[2 * centres[0] - inner[0]], inner, [2 * centres[-1] - inner[-1]]])[
        :: recipe.scales_per_row
    ]
    return np.exp(edges) if logarithmic else edges


def _coarseness(index: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many functions of an index's scale there are: 1 for 0 and 1, 2 for 2-3, 4 for 4-7, ..."""
    bit_length = np.frexp(np.maximum(index, 1).astype(np.float64))[1].astype(np.int64)
    return np.left_shift(1, bit_length - 1)


def _extent(
    index: NDArray[np.int64], coarseness: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last (not included) place that each index's function covers."""
    width = size // coarseness
    first = index % coarseness * width
    return first, first + width


def _spread(index: NDArray[np.int64], coarseness: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Return for each index its squared function: its one energy spread over the places that it covers."""
    first, last = _extent(index, coarseness, size)
    places = np.arange(size)
    covered = (places >= first[:, None]) & (places < last[:, None])
    return covered / (last - first)[:, None]
