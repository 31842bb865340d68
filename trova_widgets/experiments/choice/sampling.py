"""How a cell's figure would have come out with other events and other trainings: a bootstrap of both.

The events of a fold are told by one training, whose luck they share: a bootstrap of events alone cannot see it. So the
luck is estimated as a component of variance, and every draw takes other events of each fold and another luck of each
training.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array, IntArray, Losses, rounded
from trova_widgets.experiments.choice.luck import Luck, training_luck, two_way

DRAWS = 1000
"""How many draws a bootstrap takes."""


Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """Figures of all cells, and how they move from draw to draw.

    Parameters
    ----------
    losses : ndarray of float, shape (cell,)
        The pooled loss of each cell; NaN where it has no training.
    deviations : ndarray of float32, shape (cell, draw)
        Loss of each draw minus ``losses``; all cells of a draw see the same events.
    luck : Luck
        The luck that went into the draws.
    """

    losses: Array
    deviations: Floats
    luck: Luck


@dataclass(frozen=True, kw_only=True, eq=False)
class RandomNumbers:
    """The random numbers of a bootstrap, the same ones each time: looks at growing results then see the same draws.

    Those of the trainings are drawn anew whenever they are asked for: of a hundred thousand trainings they would fill
    half a gigabyte.

    Parameters
    ----------
    events : tuple of ndarray of float32, shape (draw, event of the fold)
        For each fold how often each of its events was drawn.
    places : ndarray of float, shape (draw,)
        Where in its distribution the estimate of the luck lies, 0 to 1.
    shape : tuple of int
        How many seeds, folds and cells there are.
    of_trainings, of_folds : SeedSequence
        From which the luck is drawn.
    """

    events: tuple[Floats, ...]
    places: Array
    shape: tuple[int, int, int]
    of_trainings: np.random.SeedSequence
    of_folds: np.random.SeedSequence

    def trainings(self) -> Iterator[tuple[int, int, Floats]]:
        """Yield each seed and fold with the standard normal luck of their trainings, shape (cell, draw)."""
        seeds, folds, cells = self.shape
        dice = np.random.default_rng(self.of_trainings)
        for seed, fold in np.ndindex(seeds, folds):
            yield seed, fold, dice.standard_normal((cells, len(self.places)), dtype=np.float32)

    def folds(self) -> Iterator[tuple[int, Floats]]:
        """Yield each fold with the standard normal luck that its trainings share, shape (cell, draw)."""
        _, folds, cells = self.shape
        dice = np.random.default_rng(self.of_folds)
        for fold in range(folds):
            yield fold, dice.standard_normal((cells, len(self.places)), dtype=np.float32)

    @classmethod
    def of(cls, losses: Losses, draws: int = DRAWS, seed: int = 0) -> RandomNumbers:
        """Draw the numbers for losses of this shape.

        Parameters
        ----------
        losses : Losses
            Only the shapes and the folds matter, not what is measured.
        draws : int
            How many draws; 100 at least.
        seed : int
            The same seed draws the same numbers.

        Returns
        -------
        RandomNumbers
        """
        if draws < 100:
            raise PlanError(f"{draws} draws are too few for a bootstrap; take 100 at least, better {DRAWS}.")
        of_events, of_trainings, of_folds, of_places = np.random.SeedSequence(seed).spawn(4)
        events = np.random.default_rng(of_events)
        cells, count, seeds = losses.measured.shape
        sizes = np.bincount(losses.folds)
        return cls(
            events=tuple(_counts(events, int(size), draws) for size in sizes),
            places=np.random.default_rng(of_places).random(draws),
            shape=(seeds, count, cells),
            of_trainings=of_trainings,
            of_folds=of_folds,
        )


def bootstrap(
    losses: Losses,
    *,
    cells: IntArray | None = None,
    paired: bool = True,
    numbers: RandomNumbers | None = None,
) -> Draws:
    """Draw other events and another luck of each training, for all cells together.

    Events are drawn within their folds. The luck is normal with the variance of `training_luck`, whose own
    uncertainty is drawn too.

    Parameters
    ----------
    losses : Losses
        What was measured; cells may differ in their trainings.
    cells : ndarray of int, optional
        The cells to draw for; all tell how much is luck.
    paired : bool
        Whether figures are to be compared. A cell that lacks a fold is then set right by how hard that fold is for
        the others. Without it each figure stands for itself.
    numbers : RandomNumbers, optional
        The random numbers; without them those of seed 0 are drawn.

    Returns
    -------
    Draws
        Of these cells alone.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> folds = np.arange(100) % 5
    >>> losses = Losses(values=(rng.random((3, 2, 100)) < 0.2).astype(float), folds=folds)
    >>> drawn = bootstrap(losses)
    >>> drawn.deviations.shape, bool(abs(drawn.deviations.mean()) < 0.01)
    ((3, 1000), True)
    """
    numbers = RandomNumbers.of(losses) if numbers is None else numbers
    cells = np.arange(len(losses.values)) if cells is None else cells
    repeats, blocks = losses.repeats[cells], np.nan_to_num(losses.blocks[cells])
    moved, luck = moved_blocks(losses, numbers, cells)
    weights = repeats * losses.fold_weights
    average = _paired_average if paired else _average
    return Draws(
        losses=rounded(np.where(repeats.any(axis=1), average(blocks.T[:, :, None], weights)[:, 0], np.nan)),
        deviations=average(moved, weights).astype(np.float32),
        luck=luck,
    )


def moved_blocks(losses: Losses, numbers: RandomNumbers, cells: IntArray) -> tuple[Floats, Luck]:
    """Return by how much other events and trainings move the loss of each block, shape (fold, cell, draw)."""
    luck = training_luck(losses)
    moved = _other_events(losses, numbers, cells)
    if luck.known:
        _add_other_trainings(moved, losses, luck, numbers, cells)
    moved *= (losses.repeats[cells] > 0).T[:, :, None]
    return moved, luck


def _other_events(losses: Losses, numbers: RandomNumbers, cells: IntArray) -> Floats:
    """Return by how much other events of the folds move the loss of each block, shape (fold, cell, draw)."""
    by_event, blocks = np.nan_to_num(losses.by_event[cells]), np.nan_to_num(losses.blocks[cells])
    moved = np.zeros((losses.fold_count, cells.size, len(numbers.places)), dtype=np.float32)
    for fold, counts in enumerate(numbers.events):
        here = losses.folds == fold
        size = counts.shape[1]
        if size < 2 or not losses.repeats[cells, fold].any():
            continue
        weighed = counts * losses.weights[here].astype(np.float32)
        weighed /= weighed.sum(axis=1, keepdims=True)
        # drawing from n events alone makes the spread too small by (n - 1) / n
        around = (by_event[:, here] - blocks[:, fold][:, None]) * np.sqrt(size / (size - 1))
        np.matmul(around.astype(np.float32), weighed.T, out=moved[fold])
    return moved


def _add_other_trainings(moved: Floats, losses: Losses, luck: Luck, numbers: RandomNumbers, cells: IntArray) -> None:
    """Add by how much the luck of other trainings moves the loss of each block, shape (fold, cell, draw)."""
    there = losses.measured[cells]
    shares = (there / np.maximum(losses.repeats[cells], 1)[:, :, None]).astype(np.float32)
    spread = np.sqrt(luck.drawn(numbers.places, cells)).astype(np.float32)
    for seed, fold, drawn in numbers.trainings():
        if there[:, fold, seed].any():
            moved[fold] += drawn[cells] * shares[:, fold, seed, None] * spread
    if luck.fold_variance > 0:
        for fold, drawn in numbers.folds():
            moved[fold] += drawn[cells] * np.float32(np.sqrt(luck.fold_variance))


def _counts(rng: np.random.Generator, size: int, draws: int) -> Floats:
    """Return how often each of so many events is drawn, shape (draw, event)."""
    drawn = rng.integers(size, size=(draws, size)) + size * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * size).reshape(draws, size).astype(np.float32)


def _average(blocks: NDArray[np.floating], weights: Array) -> NDArray[np.floating]:
    """Return the weighted mean over the folds, shape (cell, draw)."""
    shares = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    average = np.zeros(blocks.shape[1:], dtype=blocks.dtype)
    for block, share in zip(blocks, shares.T.astype(blocks.dtype), strict=True):
        average += block * share[:, None]
    return average


def _paired_average(blocks: NDArray[np.floating], weights: Array) -> NDArray[np.floating]:
    """Return the weighted mean over the folds, set right where cells lack folds, shape (cell, draw)."""
    total = weights.sum(axis=1, keepdims=True)
    shares = weights / np.maximum(total, 1e-300)
    has = total[:, 0] > 0
    if not has.any() or np.allclose(shares[has], shares[has][0]):
        return _average(blocks, weights)
    figures, _ = two_way(blocks.transpose(2, 1, 0), weights)
    return figures.T


def on_equal_terms(losses: Losses) -> Array:
    """Return the quality of each cell, set right where it lacks folds by how hard these are for the other cells.

    Returns
    -------
    ndarray of float, shape (cell,)
        Where all cells have told the same folds equally often, `Losses.quality`; NaN where nothing was told.

    Examples
    --------
    >>> losses = Losses(values=[[[0, 0, 1, 1]], [[0, 0, np.nan, np.nan]]], folds=[0, 0, 1, 1])
    >>> losses.quality().tolist(), on_equal_terms(losses).tolist()
    ([0.5, 1.0], [0.5, 0.5])
    """
    told = losses.repeats > 0
    if told[told.any(axis=1)].all():
        return losses.quality()
    figures, hardness = two_way(np.nan_to_num(losses.blocks)[None], losses.repeats * losses.fold_weights)
    # as if each had told all folds that anyone has told
    shares = losses.fold_weights * told.any(axis=0)
    level = hardness[0] @ shares / shares.sum()
    return rounded(np.where(told.any(axis=1), 1 - figures[0] - level, np.nan))
