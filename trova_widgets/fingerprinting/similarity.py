"""How alike fingerprints are: the share of white points that two have in common."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError

# Rows that are compared at once: their bits stay in the processor's cache.
_CHUNK = 2048


def jaccard(first: ArrayLike, second: ArrayLike) -> float:
    """Return the Jaccard similarity of two fingerprints: white points of both over white points of either.

    Parameters
    ----------
    first, second : array_like of bool, of one shape

    Returns
    -------
    float
        0 (nothing in common) to 1 (equal); two fingerprints without any point are equal.

    Raises
    ------
    RecipeError
        If the shapes differ.

    Examples
    --------
    >>> jaccard([[True, True]], [[True, False]])
    0.5
    """
    one, other = np.asarray(first, dtype=np.bool_), np.asarray(second, dtype=np.bool_)
    if one.shape != other.shape:
        raise RecipeError(
            f"Fingerprints of the shapes {one.shape} and {other.shape} cannot be compared; make both with one recipe."
        )
    either = np.count_nonzero(one | other)
    return float(np.count_nonzero(one & other) / either) if either else 1.0


def most_similar(
    query: bytes, packed: NDArray[np.uint8], count: int = 10
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the fingerprints most like one, by Jaccard similarity, among many packed ones: exact, and all are looked at.

    Parameters
    ----------
    query : bytes
        A packed fingerprint.
    packed : ndarray of uint8, shape (n, len(query))
        Packed fingerprints, one a row.
    count : int, default 10
        How many to return, at most n.

    Returns
    -------
    indices : ndarray of int64, shape (count,)
        Rows, the most similar first; of equally similar ones the earlier first.
    similarities : ndarray of float64, shape (count,)
        0 to 1.

    Raises
    ------
    RecipeError
        If the rows have another length than the query.

    Examples
    --------
    >>> rows = np.packbits(np.eye(16, 64, dtype=bool), axis=1)
    >>> indices, similarities = most_similar(rows[3].tobytes(), rows, 2)
    >>> indices.tolist(), similarities.tolist()
    ([3, 0], [1.0, 0.0])
    """
    if packed.ndim != 2 or packed.shape[1] != len(query) or len(query) % 8:
        raise RecipeError(
            f"A fingerprint of {len(query)} bytes cannot be compared with rows of the shape {packed.shape}; "
            "compare fingerprints of one recipe."
        )
    wanted = np.frombuffer(query, dtype=np.uint64)
    rows = np.ascontiguousarray(packed).view(np.uint64)
    both = np.empty(len(rows), dtype=np.int64)
    either = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _CHUNK):
        piece = slice(start, start + _CHUNK)
        both[piece] = np.bitwise_count(rows[piece] & wanted).sum(axis=1, dtype=np.uint16)
        either[piece] = np.bitwise_count(rows[piece] | wanted).sum(axis=1, dtype=np.uint16)
    similarity = np.divide(both, either, out=np.ones(len(rows)), where=either > 0)
    count = min(count, len(rows))
    # A stable sort of no more than those that can be among the first: ties keep the order of the rows.
    border = np.partition(similarity, len(rows) - count)[len(rows) - count] if count else 1.0
    candidates = np.flatnonzero(similarity >= border)
    best = candidates[np.argsort(-similarity[candidates], kind="stable")[:count]]
    return best, similarity[best]
