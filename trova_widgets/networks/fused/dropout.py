"""Which elements a dropout keeps: a random number from the place of an element, its step, its layer and its seed.

A number that is computed from a counter needs no generator and no state: forward and backward pass draw it anew
instead of keeping a mask, and a network draws the same alone and beside others, on any device. The counter goes
through multiplications and shifts that spread each of its bits over all 32 (the constants are from Wellons, 2018,
"Prospecting for hash functions"); one half of the key moves the counter, the other enters in the middle, so that two
keys are two different sequences and not one sequence at two places.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from trova_widgets.networks.fused.compiling import inlined

_BITS = 24
_LEVELS = 2**_BITS
_FIRST, _SECOND = 0x21F0AAAD, 0x735A2D97
_WORD_BITS = 0xFFFFFFFF

# what the compiled code computes with: 32 bits, whatever overflows is left out
_Word = np.uint32
_FIRST_WORD, _SECOND_WORD = _Word(_FIRST), _Word(_SECOND)
_BY_8, _BY_15, _BY_16 = _Word(8), _Word(15), _Word(16)


class Dropping(NamedTuple):
    """A dropout at one step, as kernels take it."""

    #: The two halves of the key.
    place: np.uint32
    salt: np.uint32
    #: Elements whose number, of 24 bits, is below it are dropped.
    threshold: np.uint32
    #: What the others are multiplied by, so that the mean stays.
    scale: np.float32


#: The dropout of a network that does not train.
NOTHING_DROPPED = Dropping(np.uint32(0), np.uint32(0), np.uint32(0), np.float32(1))


def dropping(probability: float, seed: int, step: int, layer: int) -> Dropping:
    """Return the dropout of a layer at a step.

    Parameters
    ----------
    probability : float
        Share of the elements that are set to zero, 0 to 1; it is met to 1 in 2**24.
    seed : int
        Of the trial, from 0.
    step : int
        Batches that were trained on before.
    layer : int
        Place of the layer in its network.

    Examples
    --------
    >>> dropping(0.5, seed=0, step=0, layer=3).scale
    np.float32(2.0)
    """
    threshold = round(probability * _LEVELS)
    place, salt = np.random.SeedSequence((seed, step, layer)).generate_state(2)
    scale = _LEVELS / (_LEVELS - threshold) if threshold < _LEVELS else 0.0
    return Dropping(place, salt, _Word(threshold), np.float32(scale))


@inlined
def is_kept(counter: Any, place: Any, salt: Any, threshold: Any) -> Any:
    """Tell for the compiled code whether the element with this number is kept, all of them uint32."""
    mixed = _Word(counter + place)
    mixed = _Word(mixed ^ (mixed >> _BY_16))
    mixed = _Word(mixed * _FIRST_WORD)
    mixed = _Word(mixed ^ (mixed >> _BY_15) ^ salt)
    mixed = _Word(mixed * _SECOND_WORD)
    mixed = _Word(mixed ^ (mixed >> _BY_15))
    return (mixed >> _BY_8) >= threshold


def keys_of(droppings: Sequence[Dropping], device: torch.device | str = "cpu") -> Tensor:
    """Return place, salt and threshold of several droppings, one a network, as `kept` takes them: (n, 3) int64."""
    return torch.tensor([[int(number) for number in each[:3]] for each in droppings], device=device)


def kept(keys: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Tell with torch which elements are kept: the same as the compiled code says.

    Parameters
    ----------
    keys : (n, 3) int64
        Of `keys_of`.
    shape : tuple of int
        Of the maps of one network, in the order in which its elements are numbered: (batch, height, width, channels),
        or (batch, features).

    Returns
    -------
    (n, *shape) bool

    Examples
    --------
    >>> mask = kept(keys_of([dropping(0.25, seed=0, step=0, layer=0)]), (100, 100))
    >>> abs(float(mask.float().mean()) - 0.75) < 0.02
    True
    """
    place, salt, threshold = keys.reshape(len(keys), 3, *(1 for _ in shape)).unbind(1)
    # Both constants are below 2**31, so that products of 32 bits fit into the 63 of torch's integers.
    mixed = (torch.arange(math.prod(shape), device=keys.device).reshape(shape) + place) & _WORD_BITS
    mixed = mixed ^ (mixed >> 16)
    mixed = (mixed * _FIRST) & _WORD_BITS
    mixed = mixed ^ (mixed >> 15) ^ salt
    mixed = (mixed * _SECOND) & _WORD_BITS
    mixed = mixed ^ (mixed >> 15)
    return (mixed >> 8) >= threshold
