"""The luck of trainings: what a training shares with all the events that it tells, as a component of variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice.losses import Array, IntArray, Losses

# degrees of freedom that are as good as infinitely many
_MANY = 1e6
_DEAD = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Luck:
    """How much of a training's figure is the luck of this training.

    Parameters
    ----------
    seed_variance : ndarray of float, shape (cell,)
        Variance of the mean loss of one training between seeds, beyond what its events explain.
    fold_variance : float
        The same between folds, shared by the seeds; 0 where seeds cannot be told from folds.
    noise : ndarray of float, shape (cell,)
        Variance of that mean which is due to the events.
    freedom : float
        Degrees of freedom of the estimate; 0 where one training a cell leaves nothing to estimate it from.
    """

    seed_variance: Array
    fold_variance: float
    noise: Array
    freedom: float

    @property
    def known(self) -> bool:
        """Whether there were two trainings of a cell to compare."""
        return self.freedom > 0

    @property
    def sd(self) -> Array:
        """Standard deviation of one training's mean loss by its luck, shape (cell,)."""
        return np.asarray(np.sqrt(self.seed_variance + self.fold_variance))

    def drawn(self, places: Array, cells: IntArray) -> Array:
        """Return seed variances as uncertain as their estimate is, shape (cell, draw).

        Parameters
        ----------
        places : ndarray of float, shape (draw,)
            Where in its distribution the estimate lies, 0 to 1; one place for all cells, which share most of it.
        cells : ndarray of int, shape (cell,)
            The cells to draw for.
        """
        from scipy.special import chdtri

        factor = self.freedom / chdtri(self.freedom, places)
        noise = self.noise[cells, None]
        variances: Array = np.maximum(factor * (self.seed_variance[cells, None] + noise) - noise, 0.0)
        return variances


def training_luck(losses: Losses) -> Luck:
    """Estimate how much of the differences between cells is the luck of single trainings.

    Where a fold was told with several seeds, they show it by themselves. Otherwise the figures of a cell differ more
    from fold to fold, beside those of the other cells, than the events within the folds explain. What a cell shows
    by itself is moderated towards all cells (Smyth 2004, doi 10.2202/1544-6115.1027), as far as cells look alike.

    Parameters
    ----------
    losses : Losses
        What was measured.

    Returns
    -------
    Luck
    """
    repeats = losses.repeats
    cells = len(repeats)
    between, between_freedom, event_noise = _between_folds(losses)
    between_seeds, seed_freedom, seed_noise = _between_seeds(losses)
    if seed_freedom.sum() > 0:
        variance = _moderated(between_seeds, seed_freedom, seed_noise)
        # what folds show beyond seeds and events
        seeds = np.array([row[row > 0].mean() if row.any() else 1.0 for row in repeats])
        excess = between - event_noise - variance / seeds
        freedom = between_freedom.sum()
        shared = max(float((excess * between_freedom).sum() / freedom), 0.0) if freedom > 0 else 0.0
        return Luck(seed_variance=variance, fold_variance=shared, noise=seed_noise, freedom=float(seed_freedom.sum()))
    if between_freedom.sum() > 0:
        variance = _moderated(between, between_freedom, event_noise)
        return Luck(seed_variance=variance, fold_variance=0.0, noise=event_noise, freedom=float(between_freedom.sum()))
    return Luck(seed_variance=np.zeros(cells), fold_variance=0.0, noise=np.zeros(cells), freedom=0.0)


def _between_folds(losses: Losses) -> tuple[Array, Array, Array]:
    """Return mean square between folds beside the other cells, its freedom, and what events explain of it."""
    told = losses.repeats > 0
    blocks, by_event = np.nan_to_num(losses.blocks), np.nan_to_num(losses.by_event)
    cells = len(told)
    present = told.sum(axis=0)
    if cells > 1:
        figures, hardness = two_way(blocks[None], told.astype(float))
        rest = np.where(told, blocks - figures[0][:, None] - hardness[0], 0.0)
        # a fold that one cell alone has told says nothing about differences
        shared = present > 1
        kept = np.where(shared, 1 - 1 / np.maximum(present, 1), 0.0)
    else:
        # a cell that stands alone shows how hard the folds are, too
        rest = np.where(told, blocks - blocks.sum() / max(told.sum(), 1), 0.0)
        shared = present > 0
        kept = shared.astype(float)
    if not shared.any():
        return np.zeros(cells), np.zeros(cells), np.zeros(cells)
    freedom = np.maximum((told * kept).sum(axis=1) - kept[shared].mean(), 0.0)
    noise = np.zeros((cells, len(present)))
    for fold in np.flatnonzero(shared):
        here, size = losses.folds == fold, int((losses.folds == fold).sum())
        around = by_event[:, here] - blocks[:, fold][:, None]
        around = np.where(told[:, fold][:, None], around, 0.0)
        if cells > 1:
            around -= around.sum(axis=0) / present[fold]
        around = np.where(told[:, fold][:, None], around, 0.0)
        shares = losses.weights[here] / losses.weights[here].sum()
        correction = size / max(size - 1, 1) / kept[fold]
        noise[:, fold] = (around**2 @ shares**2) * correction
    counted = np.maximum((told & shared).sum(axis=1), 1)
    mean_noise = np.where(told & shared, noise, 0.0).sum(axis=1) / counted
    square = np.divide((rest**2).sum(axis=1), freedom, out=np.zeros(cells), where=freedom > 0)
    return square, freedom, mean_noise


def _between_seeds(losses: Losses) -> tuple[Array, Array, Array]:
    """Return mean square between the seeds of a fold, its freedom, and what events explain of it."""
    repeats = losses.repeats
    cells, folds = repeats.shape
    squares, freedom, noise = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    if losses.values.shape[1] < 2:
        return squares, freedom, noise
    by_event = losses.by_event
    for fold in range(folds):
        here, size = losses.folds == fold, int((losses.folds == fold).sum())
        shares = losses.weights[here] / losses.weights[here].sum()
        there = losses.measured[:, fold, :]
        around = np.where(there[:, :, None], losses.values[:, :, here] - by_event[:, None, here], 0.0)
        means = around @ shares
        extra = np.maximum(repeats[:, fold] - 1, 0)
        squares += (means**2).sum(axis=1) * (extra > 0)
        freedom += extra
        inside = np.where(there[:, :, None], around - means[:, :, None], 0.0)
        noise += (inside**2 @ shares**2).sum(axis=1) * size / max(size - 1, 1) * (extra > 0)
    known = freedom > 0
    return (
        np.divide(squares, freedom, out=np.zeros(cells), where=known),
        freedom,
        np.divide(noise, freedom, out=np.zeros(cells), where=known),
    )


def _moderated(square: Array, freedom: Array, noise: Array) -> Array:
    """Return each cell's variance beyond the noise, moderated towards that of all cells."""
    from scipy.special import digamma, polygamma

    known = freedom > 0
    pooled = max(float(((square - noise) * freedom).sum() / freedom.sum()), 0.0)
    # what a cell without freedom of its own is given
    noise = np.where(known, noise, (noise * freedom).sum() / freedom.sum())
    expected = pooled + noise
    ratio = np.divide(square, expected, out=np.ones_like(square), where=known & (expected > 0))
    prior = _MANY
    # a network that always says the same has no luck at all, and tells nothing of the others
    alive = known & (ratio > _DEAD)
    if alive.sum() > 2:
        # log of a mean square of d degrees of freedom has the variance trigamma(d / 2)
        half = freedom[alive] / 2
        logarithm = np.log(ratio[alive]) - digamma(half) + np.log(half)
        spread = float(logarithm.var(ddof=1) - polygamma(1, half).mean())
        if spread > 0:
            prior = 2 * _inverse_trigamma(spread)
    moderated = (prior + freedom * ratio) / (prior + freedom)
    return np.maximum(moderated * expected - noise, 0.0)


def _inverse_trigamma(value: float) -> float:
    from scipy.special import polygamma

    low, high = 1e-3, _MANY
    for _ in range(60):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if polygamma(1, middle) > value else (low, middle)
    return float(low)


def two_way(blocks: NDArray[np.floating], weights: Array) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Fit blocks as a figure of the cell plus the hardness of the fold, by weighted least squares.

    Returns the figures (draw, cell) and the hardness (draw, fold), whose mean over what was told is 0.
    """
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    shares = weights / total
    normal = np.diag(weights.sum(axis=0)) - weights.T @ shares
    plain = np.einsum("bcf,cf->bc", blocks, shares)
    right = np.einsum("bcf,cf->bf", blocks, weights) - plain @ weights
    hardness = right @ np.linalg.pinv(normal, hermitian=True)
    hardness -= (hardness @ weights.sum(axis=0) / max(weights.sum(), 1e-300))[:, None]
    return plain - hardness @ shares.T, hardness
