"""Average pooling for compiled code, a row of maps at a time; maps lie channels last."""

from __future__ import annotations

from typing import Any

import numpy as np

from trova_widgets.networks.fused.arrays import Floats, Maps
from trova_widgets.networks.fused.bfloat16 import read, write
from trova_widgets.networks.fused.compiling import inlined


@inlined
def pool_row(summed: Floats, out: Maps, total: Floats, share: Any, channels: int, size: int, step: int) -> None:
    """Write a row of pooled maps.

    Parameters
    ----------
    summed : (width * channels,) float32
        The rows of the window, added up.
    out : (out_width, channels) float32 or bfloat16
        Where to.
    total : (channels,) float32
        Room for one window.
    share : float32
        What each sum is multiplied by.
    channels, size, step : int
        How many maps; the side of the window, and the step between windows.
    """
    for x in range(len(out)):
        target = out[x]
        window = summed[x * step * channels : (x * step + size) * channels]
        # channels innermost, so that they run in vectors; where windows overlap the sums must stay as they are
        total[:] = window[:channels]
        for across in range(1, size):
            beside = window[across * channels : (across + 1) * channels]
            for channel in range(channels):
                total[channel] += beside[channel]
        for channel in range(channels):
            write(target, channel, total[channel] * share)


@inlined
def spread_row(spread: Floats, gradients: Maps, row: int, share: Any, channels: int, size: int, step: int) -> None:
    """Set the gradients of a row of maps from those of the pooled maps, each divided among its window.

    Parameters
    ----------
    spread : (width * channels,) float32
        Where to.
    gradients : (out_height, out_width, channels) float32 or bfloat16
        Of the pooled maps.
    row : int
        Which row of the maps.
    share, channels, size, step
        As of `pool_row`.
    """
    spread[:] = 0
    for y in range(max(0, (row - size) // step + 1), min(row // step, len(gradients) - 1) + 1):
        for x in range(gradients.shape[1]):
            source = gradients[y, x]
            window = spread[x * step * channels : (x * step + size) * channels]
            for across in range(size):
                target = window[across * channels : (across + 1) * channels]
                for channel in range(channels):
                    target[channel] += read(source, channel) * share


@inlined
def tiled(values: Floats, times: int) -> Floats:
    """Return (channels,) values for every place of a row, float32."""
    row = np.empty(times * len(values), np.float32)
    for i in range(len(row)):
        row[i] = values[i % len(values)]
    return row
