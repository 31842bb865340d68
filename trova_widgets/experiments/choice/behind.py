"""The true figures behind noisy ones: each is moved as far as all of them together say that it is noise."""

from __future__ import annotations

import numpy as np

from trova_widgets.experiments.choice.losses import Array

# Figures nearer to each other are the same.
_SAME = 1e-12
_PLACES = 101
_STEPS = 300


def behind_noise(figures: Array, errors: Array) -> Array:
    """Return the figures that may be expected behind noisy ones.

    Nothing is supposed of how the true figures are spread: their distribution is the one that makes the noisy ones most
    likely (Kiefer and Wolfowitz 1956, Annals of Mathematical Statistics 27, 887; Koenker and Gu 2017, doi
    10.18637/jss.v082.i08), and each figure is replaced by its mean, given that distribution. So cells that differ no
    more than by chance become alike, and one that clearly stands out stays where it is, however alike the others are.
    A normal distribution in its place would move both by the same part.

    Parameters
    ----------
    figures : ndarray of float, shape (cell,)
        What was measured.
    errors : ndarray of float, shape (cell,)
        The standard error of each.

    Returns
    -------
    ndarray of float, shape (cell,)

    Examples
    --------
    >>> figures = np.array([*np.random.default_rng(0).normal(0.2, 0.01, 60), 0.3])
    >>> found = behind_noise(figures, np.full(61, 0.01))
    >>> bool(found[:60].std() < 0.005), round(float(found[60]), 2)
    (True, 0.3)
    """
    if np.ptp(figures) < _SAME:
        return figures
    places = np.linspace(figures.min(), figures.max(), _PLACES)
    # one that had no error at all would be nowhere between two places
    errors = np.maximum(errors, places[1] - places[0])[:, None]
    likely = np.exp(-0.5 * ((figures[:, None] - places) / errors) ** 2) / errors
    # expectation and maximisation: how much lies where, and which of it each figure is
    shares = np.full(_PLACES, 1 / _PLACES)
    for _ in range(_STEPS):
        shares = shares * (likely / (likely @ shares)[:, None]).mean(axis=0)
    belonging = likely * shares
    return np.asarray(belonging @ places / belonging.sum(axis=1))
