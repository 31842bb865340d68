"""Which combinations are in the foreground of every view: by state, by rank, and by what was brushed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.models.results_reading import Reading


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a combination has to be.

    Attributes
    ----------
    show : {"all", "top", "indistinct", "finished", "failed", "missing"}
        A state, the best by the objective, or the confidence set.
    top : int
        How many the best are; more where the last of them have equals.
    objective : {"quality", "gradient", "both"}
        What the top is of.
    limits : mapping of str to (float, float)
        Between which places of a setting, and which ``quality`` or ``gradient``.
    missed : str
        The record that it tells wrong; nothing where any will do.
    """

    show: str
    top: int
    objective: str
    limits: Mapping[str, Sequence[float]]
    missed: str = ""

    def passing(self, reading: Reading) -> NDArray[np.bool_] | None:
        """Return the combinations that pass, of the shape of the grid; None where all do."""
        found = [self._shown(reading), *(self._within(reading, name, ends) for name, ends in self.limits.items())]
        if self.missed:
            found.append(reading.missed_by(self.missed))
        masks = [mask for mask in found if mask is not None]
        return np.logical_and.reduce(masks) if masks else None

    def _shown(self, reading: Reading) -> NDArray[np.bool_] | None:
        if self.show == "all":
            return None
        if self.show == "indistinct":
            return reading.indistinct
        if self.show == "top":
            lowest = self.objective == "gradient"
            grid = reading.gradient if lowest else reading.quality
            # between two whole numbers, so that no rounding takes one more
            return grid.top((max(self.top, 1) - 0.5) / max(int((~grid.holes).sum()), 1), lowest=lowest)
        return np.asarray(reading.quality.state == self.show)

    def _within(self, reading: Reading, name: str, ends: Sequence[float]) -> NDArray[np.bool_] | None:
        low, high = ends
        grid = reading.quality
        if name in grid.names:
            axis = grid.names.index(name)
            inside = (np.arange(grid.shape[axis]) >= low) & (np.arange(grid.shape[axis]) <= high)
            shape = [1] * len(grid.shape)
            shape[axis] = grid.shape[axis]
            return np.broadcast_to(inside.reshape(shape), grid.shape)
        numbers = {"quality": grid.mean, "gradient": reading.gradient.mean}.get(name)
        if numbers is None:
            return None
        with np.errstate(invalid="ignore"):
            # as many digits as are seen: what stands at the end of a scale is in
            return np.asarray((numbers >= low - 1e-9) & (numbers <= high + 1e-9))
