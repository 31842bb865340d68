"""A network on a processor: the same layers and values, computed a cycle at a time."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from trova_widgets.networks.fused.parts import Convolution, Cycle, Dropout, Other

_CYCLE = (nn.BatchNorm2d, nn.ReLU, nn.Dropout, nn.AvgPool2d)

_log = logging.getLogger(__name__)


class FusedNetwork(nn.Sequential):
    """A network that trains, and answers, in a fraction of the time that its layers take one by one.

    Normalisation, rectifier, dropout and pooling are one pass over the maps, and the first convolution is a part of
    it, as a sum over the white points. Layers that stand in another order are computed by torch, each by itself. A
    network that does not train is computed in float32, whatever it trains in: torch's own layers say the same, but for
    the last digits.

    Parameters
    ----------
    module : torch.nn.Sequential
        From `trova_widgets.networks.build`. Its layers are shared: what is learnt here is learnt there.
    seed : int
        Of the dropout. What is dropped depends on it, on how many batches were trained on before, and on the place of
        an element: not on other networks, on the device, or on torch's generator.
    dtype : torch.dtype
        Of the maps that a convolution reads and writes while training: float32, or bfloat16, which takes half the
        time where the processor multiplies it in hardware.

    Examples
    --------
    >>> from trova_widgets.networks import architecture, build
    >>> network = FusedNetwork(build(architecture("CNN"), {}))
    >>> network(torch.ones(5, 1, 64, 64, dtype=torch.int8)).shape
    torch.Size([5, 3])
    """

    def __init__(self, module: nn.Sequential, seed: int = 0, dtype: torch.dtype = torch.float32) -> None:
        super().__init__(OrderedDict(module.named_children()))
        self.seed = seed
        #: How many batches were trained on.
        self.step = 0
        self._parts = tuple(_parts(list(self), dtype))
        alone = {id(part.layer) for part in self._parts if not isinstance(part, Cycle)}
        tell_of(tuple(name for name, layer in self.named_children() if id(layer) in alone and _could_be_fused(layer)))

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of fingerprints.

        Parameters
        ----------
        images : (n, 1, size, size) int8
            Zeros, ones and, where points have signs, minus ones.

        Returns
        -------
        (n, classes) float32
        """
        if not self.training:
            return self._as_learnt(images)
        maps = images
        for part in self._parts:
            maps = part(maps, self.seed, self.step)
        self.step += 1
        return maps

    @torch.no_grad()
    def _as_learnt(self, images: Tensor) -> Tensor:
        maps = images
        for part in self._parts:
            maps = part.as_learnt(maps)
        return maps


def _parts(layers: Sequence[Any], dtype: torch.dtype) -> Iterator[Cycle | Convolution | Dropout | Other]:
    """Yield what computes the layers while training, in order."""
    at = 0
    while at < len(layers):
        # a cycle may begin with the convolution of the fingerprints themselves
        start = at + (at == 0 and _reads_fingerprints(layers[0]))
        end = start + len(_CYCLE)
        if _is_cycle(layers[start:end]):
            normalisation, _, dropout, pooling = layers[start:end]
            yield Cycle(
                convolution=layers[at] if start > at else None,
                normalisation=normalisation,
                dropout=dropout,
                pooling=pooling,
                place=start + 2,
                # only a convolution gains by shorter numbers
                dtype=dtype if isinstance((*layers, None)[end], nn.Conv2d) else torch.float32,
            )
            at = end
            continue
        layer = layers[at]
        if isinstance(layer, nn.Conv2d) and _is_square(layer):
            normalised = isinstance((*layers, None)[at + 1], nn.BatchNorm2d)
            yield Convolution(layer=layer, dtype=dtype, normalised=normalised)
        elif isinstance(layer, nn.Dropout):
            yield Dropout(layer=layer, place=at)
        else:
            yield Other(layer=layer)
        at += 1


def _reads_fingerprints(layer: nn.Module) -> bool:
    return isinstance(layer, nn.Conv2d) and layer.in_channels == 1 and layer.bias is not None and _is_square(layer)


def _is_square(layer: nn.Conv2d) -> bool:
    sizes = (layer.kernel_size, layer.stride, layer.padding)
    usual = (layer.groups, layer.dilation, layer.padding_mode) == (1, (1, 1), "zeros")
    return usual and all(len(set(each)) == 1 for each in sizes)


def _is_cycle(layers: Sequence[Any]) -> bool:
    if tuple(map(type, layers)) != _CYCLE:
        return False
    normalisation, _, _, pooling = layers
    square = isinstance(pooling.kernel_size, int) and isinstance(pooling.stride, int)
    plain = (pooling.padding, pooling.ceil_mode, pooling.divisor_override) == (0, False, None)
    return square and plain and normalisation.affine and normalisation.momentum is not None


def _could_be_fused(layer: nn.Module) -> bool:
    return isinstance(layer, _CYCLE) or _reads_fingerprints(layer)


@cache
def tell_of(names: tuple[str, ...]) -> None:
    """Say in the log, once for each network, which layers are not fused."""
    if names:
        _log.info("%s: in this order torch computes each by itself; a training takes longer.", ", ".join(names))
