"""Parallel coordinates: a line a combination, through its parameters' values to its quality and its gradient."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.spread import axis_title, spans
from trova_widgets.space import Floats, Grid, Index, format_value

#: Beyond this many lines nobody can tell them apart; the best ones are drawn, and the page says so.
LINES_AT_MOST = 600
#: Labels along an axis are at least so far apart, as a share of its height.
_APART = 0.07


@dataclass(frozen=True, kw_only=True)
class ParallelAxis:
    """One upright axis.

    Attributes
    ----------
    title : str
        The parameter or the objective.
    ticks : tuple of (float, str)
        Height (0 to 1, upwards) and label.
    """

    title: str
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Parallel:
    """The lines.

    Attributes
    ----------
    axes : tuple of ParallelAxis
        The parameters, then quality and gradient.
    index : ndarray of int, shape (lines, k)
        The combination of each line, the worst first, so that the best lie on top.
    heights : ndarray of float, shape (lines, axes)
        Where each line crosses each axis, 0 to 1.
    colours : list of str
        The colour of each line (its quality).
    chosen : int or None
        The line at the sliders.
    left_out : int
        How many combinations are not drawn.
    """

    axes: tuple[ParallelAxis, ...]
    index: NDArray[np.int64]
    heights: Floats
    colours: list[str]
    chosen: int | None
    left_out: int


def parallel(
    quality: tuple[Grid, ColourScale],
    gradient: tuple[Grid, ColourScale],
    position: Index,
    *,
    shown: NDArray[np.bool_] | None = None,
    logarithmic: Collection[str] = (),
) -> Parallel:
    """Return a line for each combination that has a quality and passes the filter.

    Parameters
    ----------
    quality, gradient : (Grid, ColourScale)
        The objectives and their scales.
    position : tuple of int
        Where the sliders stand; that combination is always drawn when it has a quality.
    shown : ndarray of bool, shape of the grid, optional
        The filter.
    logarithmic : collection of str
        The settings of which equal ratios are equal steps.

    Returns
    -------
    Parallel
    """
    grid, scale = quality
    passing = ~grid.holes if shown is None else ~grid.holes & shown
    if not grid.holes[position]:
        passing[position] = True
    index = np.argwhere(passing)
    good = grid.mean[tuple(index.T)]
    index = index[np.argsort(good, kind="stable")]
    kept = index[-LINES_AT_MOST:]
    if len(kept) < len(index) and not np.any(np.all(kept == np.asarray(position), axis=1)):
        kept = np.concatenate([np.asarray(position)[np.newaxis], kept]) if passing[position] else kept
    at = tuple(kept.T)
    heights = [
        spans(values, logarithmic=name in logarithmic) for name, values in zip(grid.names, grid.values, strict=True)
    ]
    places = [each[kept[:, axis]] for axis, each in enumerate(heights)]
    steep = np.nan_to_num(gradient[1].share(gradient[0].mean[at]))
    chosen = np.flatnonzero(np.all(kept == np.asarray(position), axis=1))
    return Parallel(
        axes=(*_parameter_axes(grid, heights, logarithmic), _objective_axis(scale), _objective_axis(gradient[1])),
        index=kept,
        heights=np.stack([*places, scale.share(grid.mean[at]), steep], axis=-1),
        colours=scale.hexadecimal(grid.mean[at]),
        chosen=int(chosen[0]) if chosen.size else None,
        left_out=len(index) - len(kept),
    )


def _parameter_axes(grid: Grid, heights: Sequence[Floats], logarithmic: Collection[str]) -> tuple[ParallelAxis, ...]:
    axes = []
    for name, values, at in zip(grid.names, grid.values, heights, strict=True):
        ticks: list[tuple[float, str]] = []
        # from the bottom; where two values stand nearer than a label is high, the first one is written
        for place in np.argsort(at, kind="stable").tolist():
            if not ticks or at[place] - ticks[-1][0] >= _APART:
                ticks.append((float(at[place]), format_value(values[place])))
        title = axis_title(name, values, logarithmic=name in logarithmic)
        axes.append(ParallelAxis(title=title, ticks=tuple(ticks)))
    return tuple(axes)


def _objective_axis(scale: ColourScale) -> ParallelAxis:
    return ParallelAxis(
        title=scale.title, ticks=tuple((float(scale.share(tick)), f"{tick:g}") for tick in scale.ticks())
    )
