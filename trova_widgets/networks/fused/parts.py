"""The parts of a network: one or several of its layers, computed together, while it trains and as it has learnt."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from trova_widgets.errors import NetworkError
from trova_widgets.networks.fused.arrays import Shape
from trova_widgets.networks.fused.dropout import NOTHING_DROPPED, Dropping, dropping, kept, keys_of
from trova_widgets.networks.fused.functions import (
    FirstCycle,
    IdleBias,
    LaterCycle,
    Moments,
    Step,
    first_maps,
    later_maps,
    untroubled,
)
from trova_widgets.networks.fused.points import points_of


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """Normalisation, rectifier, dropout and pooling; in the first cycle after a convolution of fingerprints.

    Parameters
    ----------
    convolution : torch.nn.Conv2d or None
        The first cycle's; that of a later one is a part of its own.
    normalisation, dropout, pooling
        The layers.
    place : int
        Of the dropout among the layers of the network.
    dtype : torch.dtype
        Of the maps that leave.
    """

    convolution: nn.Conv2d | None
    normalisation: nn.BatchNorm2d
    dropout: nn.Dropout
    pooling: nn.AvgPool2d
    place: int
    dtype: torch.dtype

    def __call__(self, maps: Tensor, seed: int, step: int) -> Tensor:
        """Return the pooled maps of a step of the training, channels last."""
        now = self._step(maps, dropping(self.dropout.p, seed, step, self.place), self.dtype)
        slope, shift = self.normalisation.weight, self.normalisation.bias
        out: Tensor
        if self.convolution is None:
            out, found = LaterCycle.apply(maps, slope, shift, now)  # type: ignore[no-untyped-call]
        else:
            weight, bias = self.convolution.weight, self.convolution.bias
            points = points_of(maps[:, 0].numpy())
            out, found = FirstCycle.apply(weight, bias, slope, shift, points, now)  # type: ignore[no-untyped-call]
        remember(self.normalisation, found, len(maps) * now.shape.places**2)
        return out

    def as_learnt(self, maps: Tensor) -> Tensor:
        """Return the pooled maps of a network that does not train, channels last, in float32."""
        now = self._step(maps, NOTHING_DROPPED, torch.float32)
        layer = self.normalisation
        if layer.running_mean is None or layer.running_var is None:
            raise NetworkError(
                "A normalisation without a running mean and variance cannot classify; train it with them."
            )
        found = layer.running_mean.double().numpy(), layer.running_var.double().numpy()
        if self.convolution is None:
            return later_maps(maps, layer.weight, layer.bias, now, found)
        weight, bias = self.convolution.weight, self.convolution.bias
        if bias is None:
            raise NetworkError("The first convolution has no bias; build it with one.")
        return first_maps(weight, bias, layer.weight, layer.bias, points_of(maps[:, 0].numpy()), now, found)

    def _step(self, maps: Tensor, dropped: Dropping, dtype: torch.dtype) -> Step:
        kernel, stride, padding = (1, 1, 0) if self.convolution is None else sizes(self.convolution)
        pool, pool_stride, _ = sizes(self.pooling)
        places = (maps.shape[-1] + 2 * padding - kernel) // stride + 1
        pooled = (places - pool) // pool_stride + 1
        return Step(
            shape=Shape(kernel, stride, padding, places, pool, pool_stride, pooled),
            epsilon=self.normalisation.eps,
            dropping=dropped,
            dtype=dtype,
        )


@dataclass(frozen=True, kw_only=True)
class Convolution:
    """A convolution of maps.

    Parameters
    ----------
    layer : torch.nn.Conv2d
        The layer.
    dtype : torch.dtype
        Of the maps that it reads and writes, and of the weights that it multiplies them with.
    normalised : bool
        A normalisation follows.
    """

    layer: nn.Conv2d
    dtype: torch.dtype
    normalised: bool

    def __call__(self, maps: Tensor, seed: int, step: int) -> Tensor:
        """Return the maps that leave it, channels last."""
        weight = self.layer.weight.to(self.dtype, memory_format=torch.channels_last)
        bias = self.layer.bias
        if bias is not None:
            used: Tensor = IdleBias.apply(bias) if self.normalised else bias  # type: ignore[no-untyped-call]
            bias = used.to(self.dtype)
        return nn.functional.conv2d(maps.to(self.dtype), weight, bias, self.layer.stride, self.layer.padding)

    def as_learnt(self, maps: Tensor) -> Tensor:
        """Return the maps that leave it, channels last, in float32."""
        weight = self.layer.weight.contiguous(memory_format=torch.channels_last)
        return nn.functional.conv2d(maps.float(), weight, self.layer.bias, self.layer.stride, self.layer.padding)


@dataclass(frozen=True, kw_only=True)
class Dropout:
    """A dropout by itself."""

    layer: nn.Dropout
    place: int

    def __call__(self, maps: Tensor, seed: int, step: int) -> Tensor:
        """Return what is kept of maps, or of features."""
        now = dropping(self.layer.p, seed, step, self.place)
        # elements are numbered channels last
        last = maps.movedim(1, -1)
        return (last * kept(keys_of([now]), tuple(last.shape))[0] * float(now.scale)).movedim(-1, 1)

    def as_learnt(self, maps: Tensor) -> Tensor:
        """Return all of it: nothing is dropped."""
        return maps


@dataclass(frozen=True, kw_only=True)
class Other:
    """Any other layer, as torch computes it."""

    layer: nn.Module

    def __call__(self, maps: Tensor, seed: int, step: int) -> Tensor:
        """Return what leaves it."""
        return self.as_learnt(maps)

    def as_learnt(self, maps: Tensor) -> Tensor:
        """Return what leaves it; the layer itself knows whether it trains."""
        out: Tensor = self.layer(maps.float())
        return out


def sizes(layer: nn.Conv2d | nn.AvgPool2d) -> tuple[int, int, int]:
    """Return the side, the stride and the padding of a layer whose windows are square."""
    side, stride, padding = (
        each if isinstance(each, int) else each[0] for each in (layer.kernel_size, layer.stride, layer.padding)
    )
    return int(side), int(stride), int(padding)


@untroubled
def remember(normalisation: nn.BatchNorm2d, found: Moments, places: int) -> None:
    """Let the running mean and variance follow those of a batch, as torch's layer does it."""
    share = normalisation.momentum or 0.0
    mean, variance = found
    unbiased = variance * (places / max(places - 1, 1))
    # by numpy, in the same memory: so few numbers take torch longer than a pass over maps
    for running, new in ((normalisation.running_mean, mean), (normalisation.running_var, unbiased)):
        if running is not None:
            values = running.numpy()
            values += share * (new - values)
    if normalisation.num_batches_tracked is not None:
        normalisation.num_batches_tracked += 1
