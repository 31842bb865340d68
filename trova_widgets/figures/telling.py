"""What a combination says of itself, in one sentence: the read-out of every view, on the page and in files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.space import Floats, Grid, Index, format_value, short_name

#: What is said of a combination without a result.
HOLE_WORDS = {
    "missing": "not run yet",
    "running": "being trained",
    "failed": "the trial failed",
    "impossible": "cannot be built",
}
#: An interval wider than this is told in whole per cent: further digits would say nothing.
_WIDE = 0.10


@dataclass(frozen=True, kw_only=True, eq=False)
class Certainty:
    """How sure the qualities of a grid are; whatever is not known is None.

    Attributes
    ----------
    low, high : ndarray of float, shape (n1, ..., nk), or None
        The interval of each combination's quality; NaN in holes.
    inside : ndarray of bool, shape (n1, ..., nk), or None
        Which combinations cannot be told from the best.
    best : tuple of int or None
        The combination that is taken.
    why : callable or None
        Returns why a combination has no result, in more words than its state: which layer cannot be built, what the
        training failed with.
    """

    low: Floats | None = None
    high: Floats | None = None
    inside: NDArray[np.bool_] | None = None
    best: Index | None = None
    why: Callable[[Index], str] | None = None


#: Nothing is known.
UNSURE = Certainty()


def plain_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return settings' names as a sentence has them: without the layer's position where nothing else is called so.

    Examples
    --------
    >>> plain_names(["convolution2dLayer_2_filterSize", "training.weight_decay"])
    ('filterSize', 'weight_decay')
    >>> plain_names(["convolution2dLayer_2_Padding", "convolution2dLayer_7_Padding"])
    ('Padding (2)', 'Padding (7)')
    """
    full = [short_name(name) for name in names]
    short = [name.partition(" (")[0] for name in full]
    return tuple(name if short.count(name) == 1 else long for name, long in zip(short, full, strict=True))


def cell_words(grid: Grid, index: Index) -> str:
    """Return the values of a combination: ``filterSize 2, numFilters 8, poolSize 3``."""
    values = grid.cell(index).values()
    return ", ".join(
        f"{name} {format_value(value)}" for name, value in zip(plain_names(grid.names), values, strict=True)
    )


def quality_words(grid: Grid, index: Index, certainty: Certainty = UNSURE) -> str:
    """Return the quality of a combination with how sure it is: ``91.2 % (82 to 96)``."""
    quality = f"{100 * grid.mean[index]:.1f} %"
    if certainty.low is not None and certainty.high is not None and np.isfinite(certainty.low[index]):
        return f"{quality} ({interval_words(float(certainty.low[index]), float(certainty.high[index]))})"
    if grid.count[index] > 1 and np.isfinite(grid.deviation[index]):
        return f"{quality} ± {100 * grid.deviation[index]:.1f} over {grid.count[index]} seeds"
    return quality


def interval_words(low: float, high: float) -> str:
    """Return the ends of an interval of shares in per cent, with as many digits as it deserves.

    Examples
    --------
    >>> interval_words(0.82, 0.963), interval_words(0.851, 0.89)
    ('82 to 96', '85.1 to 89.0')
    """
    digits = 0 if high - low > _WIDE else 1
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f}"


def told(grid: Grid, index: Index, certainty: Certainty = UNSURE, *, gradient: Grid | None = None) -> str:
    """Return what a combination says of itself.

    Parameters
    ----------
    grid : Grid
        The quality.
    index : tuple of int
        The combination.
    certainty : Certainty
        How sure the qualities are.
    gradient : Grid, optional
        The gradient, where it is to be told too.

    Returns
    -------
    str
        ``filterSize 2, numFilters 8, poolSize 3: 91.2 % (82 to 96), cannot be told from the best``.

    Examples
    --------
    >>> grid = Grid.of({"a_2_size": (1, 2)}, [[0]], [0.912])
    >>> told(grid, (0,)), told(grid, (1,))
    ('size 1: 91.2 %', 'size 2: not run yet')
    >>> told(grid, (0,), Certainty(low=np.array([0.82, 0.9]), high=np.array([0.96, 0.9]), inside=np.array([1, 0]) > 0))
    'size 1: 91.2 % (82 to 96), cannot be told from the best'
    """
    where = cell_words(grid, index)
    if np.isnan(grid.mean[index]):
        why = certainty.why(index) if certainty.why is not None else ""
        return f"{where}: {HOLE_WORDS.get(str(grid.state[index]), 'no result')}{f': {why}' if why else ''}"
    parts = [quality_words(grid, index, certainty)]
    if gradient is not None and np.isfinite(gradient.mean[index]):
        parts.append(f"gradient {gradient.mean[index]:.4f}")
    if certainty.best == index:
        parts.append("the best")
    elif certainty.inside is not None:
        parts.append("cannot be told from the best" if certainty.inside[index] else "worse than the best")
    return f"{where}: {', '.join(parts)}"
