"""What a thing is derived from, as a short hash: equal identity means equal content, so nothing is made twice."""

import hashlib
import json
from typing import Any

_DIGITS = 20


def identity_of(content: Any) -> str:
    """Return the identity of a JSON value: 20 hexadecimal digits of the SHA-256 of its canonical text.

    Parameters
    ----------
    content : JSON value
        Dictionaries, lists, strings, numbers, booleans and None. The order of keys does not matter.

    Returns
    -------
    str
        Twenty hexadecimal digits.

    Examples
    --------
    >>> identity_of({"a": 1, "b": 2}) == identity_of({"b": 2, "a": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return identity_of_bytes(text.encode())


def identity_of_bytes(content: bytes) -> str:
    """Return the identity of bytes: 20 hexadecimal digits of their SHA-256.

    Examples
    --------
    >>> identity_of_bytes(b"trova")
    '2eda5e293594ce064de7'
    """
    return hashlib.sha256(content).hexdigest()[:_DIGITS]
