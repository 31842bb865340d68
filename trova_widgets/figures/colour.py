"""Colours that carry numbers: viridis for quality, reversed plasma for the gradient, fixed colours for classes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Matplotlib's viridis (Smith and van der Walt 2015, CC0) at sixteen equal steps.
VIRIDIS = (
    "#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e", "#2a788e", "#23888e",
    "#1f988b", "#22a884", "#35b779", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725",
)  # fmt: skip

#: Matplotlib's plasma, from bright to dark: as in viridis, bright is good, for here low is good.
PLASMA_REVERSED = (
    "#f0f921", "#fada24", "#febc2a", "#fba139", "#f48849", "#e97158", "#db5c68", "#cc4678",
    "#b83289", "#a31e9a", "#8b0aa5", "#7000a8", "#5402a3", "#350498", "#0d0887",
)  # fmt: skip

#: From orange (worse) over white to blue (better), at equal steps: two hues that all eyes tell apart.
ORANGE_BLUE = (
    "#8c3d04", "#b55a0c", "#d97e2b", "#eea865", "#f7cfa6", "#f7f4ef", "#b9d8ec", "#7db7de", "#4292c6", "#1f6aa8",
    "#0b4a7f",
)  # fmt: skip

#: A combination without a result: never white, never a colour of the scale; always hatched.
HOLE = "#c9ced4"
HATCH = "#8a939c"

#: Okabe and Ito's colours (2008), the same for a class wherever it is drawn.
CLASS_COLOURS: Mapping[str, str] = {
    "earthquake": "#0072B2",
    "quarry_blast": "#E69F00",
    "mine_blast": "#009E73",
    "explosion": "#D55E00",
}
OTHER_CLASS = "#7f8790"

#: The shape that says the same as the colour (a name that bqplot understands).
CLASS_SHAPES: Mapping[str, str] = {
    "earthquake": "circle",
    "quarry_blast": "square",
    "mine_blast": "triangle-up",
    "explosion": "diamond",
}
OTHER_SHAPE = "cross"

_PLAIN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "quality": ("Quality Q", VIRIDIS),
    "gradient": ("Gradient |∇Q|", PLASMA_REVERSED),
    "difference": ("Difference of Q, points", ORANGE_BLUE),
}


@dataclass(frozen=True, kw_only=True)
class ColourScale:
    """A colour for each number between two ends.

    Attributes
    ----------
    title : str
        What the numbers are.
    low, high : float
        The ends; numbers beyond them get the end's colour.
    colours : tuple of str
        Hexadecimal colours at equal steps from ``low`` to ``high``.
    is_share : bool
        Whether the numbers are shares, that are written in per cent.
    unit : str
        What stands behind a share.
    """

    title: str
    low: float
    high: float
    colours: tuple[str, ...]
    is_share: bool = False
    unit: str = " %"

    def share(self, numbers: ArrayLike) -> NDArray[np.float64]:
        """Return where numbers lie between the ends, 0 to 1; NaN stays NaN."""
        return np.clip((np.asarray(numbers, dtype=float) - self.low) / (self.high - self.low), 0.0, 1.0)

    def rgb(self, numbers: ArrayLike) -> NDArray[np.float64]:
        """Return the colours of numbers.

        Parameters
        ----------
        numbers : array_like, shape (...)
            NaN is a hole.

        Returns
        -------
        ndarray of float, shape (..., 3)
            Red, green and blue, 0 to 1.
        """
        stops = np.array([_channels(colour) for colour in self.colours])
        place = self.share(numbers) * (len(stops) - 1)
        holes = np.isnan(place)
        place = np.where(holes, 0.0, place)
        below = np.minimum(place.astype(int), len(stops) - 2)
        part = (place - below)[..., np.newaxis]
        mixed = stops[below] * (1 - part) + stops[below + 1] * part
        return np.where(holes[..., np.newaxis], _channels(HOLE), mixed)

    def hexadecimal(self, numbers: ArrayLike) -> list[str]:
        """Return the colours of a one-dimensional series of numbers as ``#rrggbb``.

        Examples
        --------
        >>> scale_of("quality").hexadecimal([0.0, 1.0, float("nan")])
        ['#440154', '#fde725', '#c9ced4']
        """
        return hexadecimal(self.rgb(np.ravel(numbers)))

    def written(self, number: float) -> str:
        """Return a number as it stands beside the scale: ``85 %`` for a share of 0.85.

        Examples
        --------
        >>> scale_of("quality").written(0.875), scale_of("gradient").written(0.02)
        ('87.5 %', '0.02')
        """
        return f"{round(100 * number, 9):g}{self.unit}" if self.is_share else f"{number:g}"

    def ticks(self, count: int = 5) -> tuple[float, ...]:
        """Return round numbers between the ends."""
        return round_ticks(self.low, self.high, count)


def hexadecimal(rgb: NDArray[np.float64]) -> list[str]:
    """Return colours, shape (n, 3) from 0 to 1, as ``#rrggbb``.

    Examples
    --------
    >>> hexadecimal(np.array([[0.0, 0.5, 1.0]]))
    ['#0080ff']
    """
    digits = np.rint(255 * rgb).astype(np.uint8).tobytes().hex()
    return [f"#{digits[start : start + 6]}" for start in range(0, len(digits), 6)]


def scale_of(objective: str, numbers: ArrayLike = (), *, stretched: bool = False) -> ColourScale:
    """Return the scale on which an objective is drawn.

    Parameters
    ----------
    objective : {"quality", "gradient", "difference"}
        What the numbers are; a difference of qualities is centred on nought.
    numbers : array_like
        The numbers to be drawn.
    stretched : bool
        Whether the scale runs from the lowest to the highest number. Otherwise quality runs from 0 to 1
        and the gradient from 0 to the highest number.

    Returns
    -------
    ColourScale
    """
    title, colours = _PLAIN[objective]
    finite = np.asarray(numbers, dtype=float).ravel()
    finite = finite[np.isfinite(finite)]
    lowest, highest = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if objective == "difference":
        high = max(abs(lowest), abs(highest)) if finite.size else 0.05
        low = -high
    elif stretched:
        low, high = lowest, highest
    else:
        low, high = 0.0, 1.0 if objective == "quality" else highest
    if high - low < 1e-9:
        low, high = low - 0.005, high + 0.005
    is_share = objective != "gradient"
    unit = "" if objective == "difference" else " %"
    return ColourScale(title=title, low=low, high=high, colours=colours, is_share=is_share, unit=unit)


def round_ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Return at most about ``count`` round numbers from ``low`` to ``high``.

    Examples
    --------
    >>> round_ticks(0, 1), round_ticks(0.31, 0.95)
    ((0.0, 0.2, 0.4, 0.6, 0.8, 1.0), (0.4, 0.6, 0.8))
    """
    raw = (high - low) / max(count, 1)
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * unit for factor in (1, 2, 2.5, 5, 10) if factor * unit >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(index * step, 12) for index in range(first, last + 1))


def class_colours(classes: Sequence[str]) -> tuple[str, ...]:
    """Return the fixed colour of each class."""
    return tuple(CLASS_COLOURS.get(name, OTHER_CLASS) for name in classes)


def class_shapes(classes: Sequence[str]) -> tuple[str, ...]:
    """Return the fixed shape of each class."""
    return tuple(CLASS_SHAPES.get(name, OTHER_SHAPE) for name in classes)


def ink_on(rgb: Iterable[float]) -> str:
    """Return black or white, whichever reads better on a colour (relative luminance, WCAG 2.1)."""
    # three numbers: an array takes ten times as long
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def _channels(colour: str) -> tuple[float, float, float]:
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)
