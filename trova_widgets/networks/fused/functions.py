"""The cycles of a network as functions of torch, with their gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from trova_widgets.networks.fused.arrays import Doubles, Floats, Maps, Shape
from trova_widgets.networks.fused.dropout import Dropping
from trova_widgets.networks.fused.first_cycle import count_points, first_cycle_gradients, first_cycle_maps
from trova_widgets.networks.fused.later_cycle import later_cycle_gradients, later_cycle_maps, moments
from trova_widgets.networks.fused.points import Points

Moments = tuple[Doubles, Doubles]
"""The mean and the variance of each channel over a batch, before normalisation."""


# A training that diverges ends with what its loss says, and not with a warning of each sum before.
untroubled = np.errstate(over="ignore", invalid="ignore", divide="ignore")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a cycle does at one step, besides its learnt values.

    Parameters
    ----------
    shape : Shape
        Its sizes.
    epsilon : float
        Of the normalisation: what is added to a variance.
    dropping : Dropping
        Which elements are dropped.
    dtype : torch.dtype
        Of the pooled maps: float32 or bfloat16.
    """

    shape: Shape
    epsilon: float
    dropping: Dropping
    dtype: torch.dtype


class FirstCycle(torch.autograd.Function):
    """Convolution, batch normalisation, rectifier, dropout and average pooling of fingerprints."""

    @staticmethod
    @untroubled
    def forward(
        ctx: Any,
        weight: Tensor,
        bias: Tensor,
        slope: Tensor,
        shift: Tensor,
        points: Points,
        step: Step,
    ) -> tuple[Tensor, Moments]:
        """Return the pooled maps, channels last, and the moments.

        ``weight`` and ``bias`` are the convolution's, ``slope`` and ``shift`` the normalisation's.
        """
        places = points.number * step.shape.places**2
        singles, pairs = count_points(points, step.shape)
        mean_pixels = singles / places
        covariance = pairs / places - np.outer(mean_pixels, mean_pixels)
        kernels = _mirrored(weight)
        mean = mean_pixels @ kernels + _array(bias)
        variance = np.maximum((kernels * (covariance @ kernels)).sum(axis=0), 0)
        ctx.save_for_backward(weight, bias, slope, shift)
        ctx.rest = points, step, mean_pixels, covariance, (mean, variance)
        return first_maps(weight, bias, slope, shift, points, step, (mean, variance)), (mean, variance)

    @staticmethod
    @once_differentiable
    @untroubled
    def backward(ctx: Any, gradient: Tensor, _: None) -> tuple[Tensor | None, ...]:
        """Return the gradients of the learnt values."""
        weight, bias, slope, shift = ctx.saved_tensors
        points, step, mean_pixels, covariance, found = ctx.rest
        kernels = _mirrored(weight)
        factor, offset = _normalisation(slope, shift, found, step.epsilon)
        folded, constant = _single(kernels * factor), _single(_array(bias) * factor + offset)
        by_weight, by_channel = first_cycle_gradients(
            points, step.shape, folded.ravel(), constant, step.dropping, _memory(gradient)
        )
        inverse = 1 / np.sqrt(found[1] + step.epsilon)
        # sums of g * (x - mean of x), and of g * (y - mean of y)
        by_pixel = by_weight.reshape(kernels.shape) - np.outer(mean_pixels, by_channel)
        by_value = (kernels * by_pixel).sum(axis=0)
        of_kernels = factor * (by_pixel - covariance @ kernels * (by_value * inverse**2))
        # as of `IdleBias`
        of_bias = np.zeros_like(by_channel)
        learnt = (_unmirrored(of_kernels), *map(_tensor, (of_bias, by_value * inverse, by_channel)))
        return *learnt, None, None


class LaterCycle(torch.autograd.Function):
    """Batch normalisation, rectifier, dropout and average pooling of maps."""

    @staticmethod
    @untroubled
    def forward(ctx: Any, maps: Tensor, slope: Tensor, shift: Tensor, step: Step) -> tuple[Tensor, Moments]:
        """Return the pooled maps, channels last, and the moments of what came in."""
        mean, variance = moments(_memory(maps))
        variance = np.maximum(variance, 0)
        ctx.save_for_backward(maps, slope, shift)
        ctx.rest = step, (mean, variance)
        return later_maps(maps, slope, shift, step, (mean, variance)), (mean, variance)

    @staticmethod
    @once_differentiable
    @untroubled
    def backward(ctx: Any, gradient: Tensor, _: None) -> tuple[Tensor | None, ...]:
        """Return the gradients of the maps and of the learnt values."""
        maps, slope, shift = ctx.saved_tensors
        step, (mean, variance) = ctx.rest
        factor, offset = _normalisation(slope, shift, (mean, variance), step.epsilon)
        inverse = 1 / np.sqrt(variance + step.epsilon)
        of_maps = torch.empty_like(maps, memory_format=torch.channels_last)
        by_channel, by_value = later_cycle_gradients(
            _memory(maps),
            step.shape,
            _single(factor),
            _single(offset),
            _single(mean),
            _single(inverse**2),
            step.dropping,
            _memory(gradient),
            _memory(of_maps),
        )
        return of_maps, _tensor(by_value * inverse), _tensor(by_channel), None


class IdleBias(torch.autograd.Function):
    """The bias of a convolution before a normalisation, which takes it away again.

    It changes nothing, so its gradient is 0, and not what rounding would leave of it: optimizers that scale gradients
    would make steps of that.
    """

    @staticmethod
    def forward(ctx: Any, bias: Tensor) -> Tensor:
        """Return the bias."""
        return bias.view_as(bias)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        """Return zeros."""
        return torch.zeros_like(gradient)


def first_maps(
    weight: Tensor, bias: Tensor, slope: Tensor, shift: Tensor, points: Points, step: Step, found: Moments
) -> Tensor:
    """Return the pooled maps of the first cycle, channels last, with the moments by which it normalises."""
    factor, offset = _normalisation(slope, shift, found, step.epsilon)
    folded, constant = _single(_mirrored(weight) * factor), _single(_array(bias) * factor + offset)
    out = _empty_maps(points.number, len(weight), step)
    first_cycle_maps(points, step.shape, folded.ravel(), constant, step.dropping, _memory(out))
    return out


def later_maps(maps: Tensor, slope: Tensor, shift: Tensor, step: Step, found: Moments) -> Tensor:
    """Return the pooled maps of a later cycle, channels last, with the moments by which it normalises."""
    factor, offset = _normalisation(slope, shift, found, step.epsilon)
    out = _empty_maps(len(maps), len(slope), step)
    later_cycle_maps(_memory(maps), step.shape, _single(factor), _single(offset), step.dropping, _memory(out))
    return out


def _normalisation(slope: Tensor, shift: Tensor, found: Moments, epsilon: float) -> tuple[Doubles, Doubles]:
    """Return what a normalisation multiplies each channel with, and what it adds then."""
    mean, variance = found
    factor = _array(slope) / np.sqrt(variance + epsilon)
    return factor, _array(shift) - mean * factor


def _mirrored(weight: Tensor) -> Doubles:
    """Return kernels (channels, 1, k, k) as (k * k, channels), the columns of each row from last to first."""
    return _array(weight)[:, 0, :, ::-1].transpose(1, 2, 0).reshape(-1, len(weight))


def _unmirrored(kernels: Doubles) -> Tensor:
    """Turn `_mirrored` round."""
    side = round(len(kernels) ** 0.5)
    return _tensor(kernels.reshape(side, side, 1, -1)[:, ::-1].transpose(3, 2, 0, 1))


def _empty_maps(count: int, channels: int, step: Step) -> Tensor:
    side = step.shape.pooled
    return torch.empty((count, channels, side, side), dtype=step.dtype, memory_format=torch.channels_last)


def _memory(maps: Tensor) -> Maps:
    """Return maps as they lie in memory, (n, height, width, channels): what kernels read and write."""
    last = maps.detach().permute(0, 2, 3, 1).contiguous()
    found: Maps = (last.view(torch.uint16) if last.dtype == torch.bfloat16 else last).numpy()
    return found


def _array(values: Tensor) -> Doubles:
    return values.detach().numpy().astype(np.float64)


def _single(values: Doubles) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float32)


def _tensor(values: Doubles) -> Tensor:
    return torch.from_numpy(_single(values))
