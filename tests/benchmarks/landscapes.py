"""Simulated experiments whose truth is known: landscapes of cells, and what their networks would get wrong.

An experiment has 64 cells on a grid of 4 x 4 x 4, 5 folds by event and 4 records an event. A record is told right where
a latent sum is positive: the cell's own level, and normal parts of the event (standard deviation .7), of the record
(.9), of the cell on the record (.6, new with each training) and the luck of one training, which all events of its fold
share (.15). Landscapes of the cells:

- smooth: a hill of 90.3 % above a plain of 82 %; its height and width are those at which the naive maximum's bias comes
  nearest to the figures known beforehand (.023, .013, .018 and .007 in the four rows);
- spike: the same with the cell of the far corner two points above the top;
- flat: all cells at 90.3 %;
- lone: all at 86 %, one at 90.5 %.
"""

from collections.abc import Iterator
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice.losses import Losses

#: Events and seeds.
ROWS = ((170, 1), (170, 3), (600, 1), (600, 3))
LANDSCAPES = ("flat", "smooth", "spike", "lone")
GRID, FOLDS, RECORDS = (4, 4, 4), 5, 4
EVENT, RECORD, CELL, LUCK = 0.7, 0.9, 0.6, 0.15

Floats = NDArray[np.float64]


class Task(NamedTuple):
    """Some experiments of one row on one landscape; each has random numbers of its own."""

    seed: int
    lasting: float
    landscape: int
    row: int
    first: int
    last: int

    def experiments(self) -> Iterator[tuple[np.random.Generator, str, int, int, float]]:
        """Yield of each experiment its random numbers, landscape, events, seeds, and the part that lasts."""
        for number in range(self.first, self.last):
            rng = np.random.default_rng((self.seed, self.landscape, self.row, number))
            yield rng, LANDSCAPES[self.landscape], *ROWS[self.row], self.lasting


def latent(accuracy: float) -> float:
    """Return the level at which a cell has this accuracy."""
    return float(NormalDist().inv_cdf(accuracy) * _spread())


def _spread() -> float:
    return float(np.sqrt(EVENT**2 + RECORD**2 + CELL**2 + LUCK**2))


def landscape(name: str) -> tuple[Floats, Floats]:
    """Return the level and the true accuracy of each cell."""
    away = ((np.indices(GRID).reshape(3, -1).T - (1, 2, 1)) ** 2).sum(axis=1)
    hill = latent(0.82) + 0.5 * np.exp(-away / (2 * 1.7**2))
    if name == "flat":
        level = np.full(away.size, hill.max())
    elif name == "lone":
        level = np.full(away.size, latent(0.86))
        level[21] = latent(0.905)
    else:
        level = hill
        if name == "spike":
            level[-1] = latent(_accuracy(hill).max() + 0.02)
    return level, _accuracy(level)


def _accuracy(level: Floats) -> Floats:
    return np.array([NormalDist().cdf(each / _spread()) for each in level])


def simulate(rng: np.random.Generator, level: Floats, events: int, seeds: int, lasting: float) -> Losses:
    """Return the losses of one experiment with all its trainings."""
    folds = np.arange(events) % FOLDS
    shape = (level.size, events, RECORDS)
    shared = rng.normal(0, EVENT, (events, 1)) + rng.normal(0, RECORD, (events, RECORDS))
    stays = level[:, None, None] + shared
    if lasting:
        stays = stays + CELL * np.sqrt(lasting) * rng.standard_normal(shape, dtype=np.float32)
    values = np.empty((level.size, seeds, events))
    for seed in range(seeds):
        luck = rng.normal(0, LUCK, (level.size, FOLDS))[:, folds, None]
        told = CELL * np.sqrt(1 - lasting) * rng.standard_normal(shape, dtype=np.float32) + luck
        values[:, seed] = (stays + told < 0).mean(axis=2)
    return Losses(values=values, folds=folds)
