"""Fingerprints as bytes: eight bits to a byte, row by row, the first bit the highest."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError


def pack(bits: ArrayLike) -> bytes:
    """Pack the bits of a fingerprint into bytes (``numpy.packbits``, C order): 512 of them for 64 by 64.

    Parameters
    ----------
    bits : array_like of bool, shape (size, size) or (size, 2 * size)

    Returns
    -------
    bytes

    Examples
    --------
    >>> len(pack(np.zeros((64, 64), dtype=bool)))
    512
    """
    return np.packbits(np.asarray(bits, dtype=np.bool_)).tobytes()


def unpack(packed: bytes, size: int = 64) -> NDArray[np.bool_]:
    """Unpack the bytes of a fingerprint: the inverse of `pack`.

    Parameters
    ----------
    packed : bytes
    size : int, default 64
        Rows of the fingerprint.

    Returns
    -------
    ndarray of bool, shape (size, size), or (size, 2 * size) if the bytes hold signed bits

    Raises
    ------
    RecipeError
        If the bytes are not those of a fingerprint of this size.

    Examples
    --------
    >>> bits = np.eye(64, dtype=bool)
    >>> bool((unpack(pack(bits)) == bits).all())
    True
    """
    columns = len(packed) * 8 // size
    if columns not in (size, 2 * size) or columns * size != len(packed) * 8:
        raise RecipeError(
            f"{len(packed)} bytes are not a fingerprint of size {size}, which takes {size * size // 8} "
            f"or, signed, {size * size // 4}; name the size it was made with."
        )
    return np.unpackbits(np.frombuffer(packed, dtype=np.uint8)).astype(np.bool_).reshape(size, columns)
