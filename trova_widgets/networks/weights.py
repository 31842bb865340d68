"""Files of weights: what they say of themselves, told without torch."""

import hashlib
import json
from collections.abc import Iterable

import safetensors.numpy
from safetensors import SafetensorError

#: The entry of a file's header that holds the digest of its numbers.
DIGEST = "sha256"


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
        about = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")]).get("__metadata__", {})
    except (SafetensorError, ValueError):
        return "it is no whole safetensors file"
    if about.get("trial_id", trial_id) != trial_id:
        return f"it holds the weights of the trial {about['trial_id']}"
    if DIGEST in about and about[DIGEST] != weights_digest((name, data.tobytes()) for name, data in tensors.items()):
        return "its numbers are no longer those that were written"
    return None
