"""Files of weights: what they say of themselves, told without torch."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import safetensors.numpy
from safetensors import SafetensorError

from trova_widgets.errors import NetworkError

#: The entry of a file's header that holds the digest of its numbers.
DIGEST = "sha256"
#: What the numbers of each network of an ensemble are named by, before its place and the layer.
MEMBER = "member_"

# the format: the length of the header in eight bytes, the header in JSON, the numbers
_LENGTH = 8
_ABOUT = "__metadata__"


def weights_digest(tensors: Iterable[tuple[str, bytes]]) -> str:
    """Return the SHA-256 of tensors and their names, whatever their order.

    Examples
    --------
    >>> weights_digest([("a", b"1"), ("b", b"2")]) == weights_digest([("b", b"2"), ("a", b"1")])
    True
    """
    digest = hashlib.sha256()
    for name, data in sorted(tensors):
        digest.update(f"{name} {len(data)} ".encode())
        digest.update(data)
    return digest.hexdigest()


def with_header_in_order(content: bytes) -> bytes:
    """Return a safetensors file with what its header says about it in the order of names.

    The library writes these entries in an order that changes from one save to the next, and a trial that is run again
    is to give the same file.

    Parameters
    ----------
    content : bytes
        A whole file, as the library wrote it.

    Examples
    --------
    >>> import numpy as np
    >>> content = safetensors.numpy.save({"a": np.ones(3)}, metadata={"z": "1", "b": "2"})
    >>> with_header_in_order(content)[8:44]
    b'{"__metadata__":{"b":"2","z":"1"},"a'
    """
    header, numbers = _parted(content)
    header[_ABOUT] = dict(sorted(header.get(_ABOUT, {}).items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    # the numbers begin at a multiple of eight bytes
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(_LENGTH, "little") + text + numbers


def member_count(content: bytes) -> int:
    """Return how many networks tell together whose weights a file holds; 1 for a network by itself.

    Parameters
    ----------
    content : bytes
        The whole file, as `save_weights` wrote it.

    Raises
    ------
    NetworkError
        When it is no safetensors file.

    Examples
    --------
    >>> import numpy as np
    >>> member_count(safetensors.numpy.save({"member_1.a": np.ones(3), "member_2.a": np.ones(3)}))
    2
    """
    try:
        names = _parted(content)[0]
    except ValueError as error:
        raise NetworkError("The weights are no whole safetensors file; train the network again.") from error
    return len({name.partition(".")[0] for name in names if name.startswith(MEMBER)}) or 1


def weights_problem(content: bytes, trial_id: str) -> str | None:
    """Return what is wrong with a file of weights, or None.

    Parameters
    ----------
    content : bytes
        The whole file, as `save_weights` wrote it.
    trial_id : str
        The trial that it should be of.

    Examples
    --------
    >>> weights_problem(b"no weights", "t0")
    'it is no whole safetensors file'
    """
    try:
        tensors = safetensors.numpy.load(content)
        about = _parted(content)[0].get(_ABOUT, {})
    except (SafetensorError, ValueError):
        return "it is no whole safetensors file"
    if about.get("trial_id", trial_id) != trial_id:
        return f"it holds the weights of the trial {about['trial_id']}"
    if DIGEST in about and about[DIGEST] != weights_digest((name, data.tobytes()) for name, data in tensors.items()):
        return "its numbers are no longer those that were written"
    return None


def _parted(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the header of a safetensors file, and its numbers."""
    end = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    return json.loads(content[_LENGTH:end]), content[end:]
