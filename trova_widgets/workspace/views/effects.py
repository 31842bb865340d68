"""How much each setting moves the quality: with intervals where they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.figures.printed.influence import Influenced
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.space import influence, short_name

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults


def influenced(results: ExperimentResults, shown: Landscape) -> list[Influenced]:
    """Return how each setting acts: with intervals where they are known, else the plain means."""
    grid = shown.grid
    if results.is_sure and results.grid.shape:
        return [
            Influenced(
                name=short_name(each.name),
                labels=tuple(shown.labels(axis)),
                means=each.means,
                low=each.low,
                high=each.high,
                size=each.size,
                size_low=each.size_low,
                size_high=each.size_high,
                chosen=shown.place[axis],
            )
            for axis, each in enumerate(results.effects)
        ]
    reach = {each.axis: each.reach for each in influence(grid)}
    found = []
    for axis, name in enumerate(grid.names):
        lines = np.moveaxis(grid.mean, axis, 0).reshape(grid.shape[axis], -1)
        known = np.isfinite(lines)
        means = np.where(known.any(axis=1), np.nansum(lines, axis=1) / np.maximum(known.sum(axis=1), 1), np.nan)
        nothing = np.full(len(means), np.nan)
        found.append(
            Influenced(
                name=short_name(name),
                labels=tuple(shown.labels(axis)),
                means=means,
                low=nothing,
                high=nothing,
                size=reach[axis],
                size_low=np.nan,
                size_high=np.nan,
                chosen=shown.place[axis],
            )
        )
    return found
