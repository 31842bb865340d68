"""Confusion matrix with its margins (the article's Fig. 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.space import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Confusion:
    """A confusion matrix and what follows from it; NaN where a figure has nothing to be taken of.

    Attributes
    ----------
    classes : tuple of str
        Row and column names.
    counts : ndarray of int, shape (n, n)
        Rows are true classes, columns predicted ones.
    shares : ndarray of float, shape (n, n)
        Counts as shares of all.
    sensitivity : ndarray of float, shape (n,)
        For each class the share of its own that is found.
    specificity : ndarray of float, shape (n,)
        For each class the share of the others that is not taken for it.
    positive_value : ndarray of float, shape (n,)
        For each prediction the share that is right.
    negative_value : ndarray of float, shape (n,)
        Of what is not predicted as a class, the share that is indeed another.
    accuracy : float
        The share on the diagonal: the quality.
    total : int
        How many were classified.
    row_shares : ndarray of float, shape (n, n)
        Counts as shares of their true class.
    intervals : mapping of str to (ndarray, ndarray)
        Lower and upper ends of ``row_shares``, ``sensitivity``, ``specificity``, ``positive_value``,
        ``negative_value`` and ``accuracy``, as far as they are known.
    """

    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    shares: Floats
    sensitivity: Floats
    specificity: Floats
    positive_value: Floats
    negative_value: Floats
    accuracy: float
    total: int
    row_shares: Floats
    intervals: Mapping[str, tuple[Floats, Floats]] = field(default_factory=dict)

    @property
    def wrong(self) -> int:
        """How many were taken for what they are not."""
        return self.total - int(np.trace(self.counts))


def confusion(
    counts: ArrayLike, classes: Sequence[str], intervals: Mapping[str, tuple[Floats, Floats]] | None = None
) -> Confusion:
    """Return a confusion matrix with its margins.

    Parameters
    ----------
    counts : array_like of int, shape (n, n)
        Rows true, columns predicted.
    classes : sequence of str, length n
        The classes.
    intervals : mapping, optional
        How sure its shares are, as of `Confusion`.

    Returns
    -------
    Confusion

    Examples
    --------
    >>> matrix = confusion([[8, 2], [1, 9]], ["earthquake", "quarry_blast"])
    >>> matrix.accuracy, matrix.sensitivity.tolist(), matrix.wrong
    (0.85, [0.8, 0.9], 3)
    """
    table = np.asarray(counts, dtype=np.int64).reshape(len(classes), len(classes))
    total = int(table.sum())
    right = np.diag(table).astype(float)
    true, predicted = table.sum(axis=1), table.sum(axis=0)
    neither = total - true - predicted + right
    return Confusion(
        classes=tuple(classes),
        counts=table,
        shares=_ratio(table.astype(float), np.full(table.shape, total)),
        sensitivity=_ratio(right, true),
        specificity=_ratio(neither, total - true),
        positive_value=_ratio(right, predicted),
        negative_value=_ratio(neither, total - predicted),
        accuracy=float(_ratio(right.sum(keepdims=True), np.array([total]))[0]),
        total=total,
        row_shares=_ratio(table.astype(float), np.broadcast_to(true[:, np.newaxis], table.shape)),
        intervals=dict(intervals or {}),
    )


def _ratio(part: Floats, whole: NDArray[np.int64]) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return ratio
