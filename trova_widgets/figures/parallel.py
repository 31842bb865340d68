"""Parallel coordinates: a line a combination, through its parameters' values to its quality and its gradient."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.space import Floats, Grid, Index, format_value, short_name

#: Beyond this many lines nobody can tell them apart; the best ones are drawn, and the page says so.
LINES_AT_MOST = 600


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
    places = [_heights(len(values))[kept[:, axis]] for axis, values in enumerate(grid.values)]
    steep = np.nan_to_num(gradient[1].share(gradient[0].mean[at]))
    chosen = np.flatnonzero(np.all(kept == np.asarray(position), axis=1))
    return Parallel(
        axes=(*_parameter_axes(grid), _objective_axis(scale), _objective_axis(gradient[1])),
        index=kept,
        heights=np.stack([*places, scale.share(grid.mean[at]), steep], axis=-1),
        colours=scale.hexadecimal(grid.mean[at]),
        chosen=int(chosen[0]) if chosen.size else None,
        left_out=len(index) - len(kept),
    )


def _heights(count: int) -> Floats:
    return np.linspace(0.0, 1.0, count) if count > 1 else np.array([0.5])


def _parameter_axes(grid: Grid) -> tuple[ParallelAxis, ...]:
    axes = []
    for name, values in zip(grid.names, grid.values, strict=True):
        every = -(-len(values) // 10)
        ticks = [
            (float(height), format_value(value))
            for place, (height, value) in enumerate(zip(_heights(len(values)), values, strict=True))
            if place % every == 0
        ]
        axes.append(ParallelAxis(title=short_name(name), ticks=tuple(ticks)))
    return tuple(axes)


def _objective_axis(scale: ColourScale) -> ParallelAxis:
    return ParallelAxis(
        title=scale.title, ticks=tuple((float(scale.share(tick)), f"{tick:g}") for tick in scale.ticks())
    )
