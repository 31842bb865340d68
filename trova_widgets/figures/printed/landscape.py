"""What a printed view is drawn from: an objective over the cells, its colours, and how sure each cell is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.spread import axis_title, spans
from trova_widgets.space import Floats, Grid, Index, format_value, short_name


@dataclass(frozen=True, kw_only=True, eq=False)
class Landscape:
    """An objective over the cells of a grid with at least one axis, in per cent or in points.

    Attributes
    ----------
    grid : Grid
        The objective, as shares.
    scale : ColourScale
        Its colours, as shares.
    label : str
        What the numbers are, with their unit after the change into per cent.
    place : tuple of int
        The cell that is picked; axes that are not drawn are held there.
    inside : ndarray of bool, shape of the grid, optional
        Which cells cannot be told from the best; not known, if left out.
    low, high : ndarray of float, shape of the grid, optional
        The interval of each cell; not known, if left out.
    logarithmic : collection of str
        The settings of which equal ratios are equal steps.
    """

    grid: Grid
    scale: ColourScale
    label: str
    place: Index
    inside: NDArray[np.bool_] | None = None
    low: Floats | None = None
    high: Floats | None = None
    logarithmic: Collection[str] = ()

    @cached_property
    def marked(self) -> NDArray[np.bool_]:
        """Which cells get a ring: those that cannot be told from the best."""
        return np.zeros(self.grid.shape, dtype=bool) if self.inside is None else self.inside & ~self.grid.holes

    def at(self, **axes: int) -> Index:
        """Return the picked cell's place with some axes, ``_0`` for instance, somewhere else."""
        moved = list(self.place)
        for axis, place in axes.items():
            moved[int(axis[1:])] = place
        return tuple(moved)

    def name(self, axis: int) -> str:
        """Return an axis's short name."""
        return short_name(self.grid.names[axis])

    def title(self, axis: int) -> str:
        """Return what an axis is called along which `steps` has the values."""
        return axis_title(self.grid.names[axis], self.grid.values[axis], logarithmic=self._is_logarithmic(axis))

    def steps(self, axis: int) -> Floats:
        """Return where the values of an axis stand, its first one at 0 and its last one at their count less one."""
        values = self.grid.values[axis]
        return (len(values) - 1) * spans(values, logarithmic=self._is_logarithmic(axis))

    def _is_logarithmic(self, axis: int) -> bool:
        return self.grid.names[axis] in self.logarithmic

    def labels(self, axis: int) -> list[str]:
        """Return the values of an axis in words."""
        return [format_value(value) for value in self.grid.values[axis]]

    def value(self, axis: int, place: int) -> str:
        """Return ``poolSize (6) = 2``."""
        return f"{self.name(axis)} = {self.labels(axis)[place]}"

    def held(self, drawn: Sequence[int]) -> str:
        """Return at which values the axes are held that are not drawn; nothing where all are."""
        rest = [self.value(axis, self.place[axis]) for axis in range(len(self.grid.shape)) if axis not in drawn]
        return ", ".join(rest)

    def plane(self, array: NDArray[np.generic], across: int, up: int, held: Index) -> NDArray[np.generic]:
        """Cut an array of the grid's shape: rows are ``up``, columns are ``across``."""
        return self.grid.plane(array, (up, across), held)
