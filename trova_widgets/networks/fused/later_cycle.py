"""A later cycle of a network: normalisation, rectifier, dropout and pooling of maps in one; maps lie channels last."""

from __future__ import annotations

import numpy as np

from trova_widgets.networks.fused.arrays import Doubles, Floats, Maps, Shape
from trova_widgets.networks.fused.bfloat16 import read, write
from trova_widgets.networks.fused.compiling import compiled
from trova_widgets.networks.fused.dropout import Dropping, is_kept
from trova_widgets.networks.fused.pooling import pool_row, spread_row, tiled


@compiled
def moments(maps: Maps) -> tuple[Doubles, Doubles]:
    """Return the mean and the variance of each channel, two (channels,) float64.

    Parameters
    ----------
    maps : (n, height, width, channels) float32 or bfloat16
    """
    count, height, width, channels = maps.shape
    length = width * channels
    # Around a value of each channel, so that a large mean takes nothing from the variance.
    around, sums, squares = np.empty(length, np.float32), np.empty(length, np.float32), np.empty(length, np.float32)
    for i in range(length):
        around[i] = read(maps[0, 0, 0], i % channels)
    total, total_squares = np.zeros(channels, np.float64), np.zeros(channels, np.float64)
    for at in range(count):
        sums[:] = 0
        squares[:] = 0
        for row in range(height):
            source = maps[at, row].reshape(length)
            for i in range(length):
                value = read(source, i) - around[i]
                sums[i] += value
                squares[i] += value * value
        for i in range(length):
            total[i % channels] += sums[i]
            total_squares[i % channels] += squares[i]
    mean = total / (count * height * width)
    return mean + around[:channels], total_squares / (count * height * width) - mean * mean


@compiled
def later_cycle_maps(maps: Maps, shape: Shape, slope: Floats, shift: Floats, dropping: Dropping, out: Maps) -> None:
    """Compute the pooled maps.

    Parameters
    ----------
    maps : (n, height, width, channels) float32 or bfloat16
        As they leave the convolution.
    shape : Shape
        Of it the sizes of the pooling count.
    slope, shift : (channels,) float32
        What normalisation multiplies the maps with, and adds to them.
    dropping : Dropping
    out : (n, pooled, pooled, channels) float32 or bfloat16
        Where to.
    """
    count, height, width, channels = maps.shape
    length = width * channels
    slopes, shifts, summed = tiled(slope, width), tiled(shift, width), np.empty(length, np.float32)
    total = np.empty(channels, np.float32)
    place, salt, threshold, scale = dropping
    share = np.float32(scale / (shape.pool * shape.pool))
    for at in range(count):
        for pooled in range(shape.pooled):
            summed[:] = 0
            for row in range(pooled * shape.pool_stride, pooled * shape.pool_stride + shape.pool):
                source = maps[at, row].reshape(length)
                if threshold == 0:
                    for i in range(length):
                        value = read(source, i) * slopes[i] + shifts[i]
                        summed[i] += np.float32(0) if value <= 0 else value
                    continue
                base = np.uint32((at * height + row) * length)
                for i in range(length):
                    value = read(source, i) * slopes[i] + shifts[i]
                    kept = is_kept(np.uint32(base + np.uint32(i)), place, salt, threshold)
                    summed[i] += np.float32(0) if value <= 0 or not kept else value
            pool_row(summed, out[at, pooled], total, share, channels, shape.pool, shape.pool_stride)


@compiled
def later_cycle_gradients(
    maps: Maps,
    shape: Shape,
    slope: Floats,
    shift: Floats,
    mean: Floats,
    inverse_variance: Floats,
    dropping: Dropping,
    gradients: Maps,
    out: Maps,
) -> tuple[Doubles, Doubles]:
    """Compute the gradient of the maps from that of the pooled maps.

    Parameters
    ----------
    maps, shape, slope, shift, dropping
        As of `later_cycle_maps`.
    mean, inverse_variance : (channels,) float32
        Of the maps, as normalisation takes them.
    gradients : (n, pooled, pooled, channels) float32 or bfloat16
        Of the pooled maps.
    out : (n, height, width, channels) float32 or bfloat16
        Where the gradient of the maps goes.

    Returns
    -------
    by_channel, by_value : (channels,) float64
        With g the gradient of the normalised maps and y the maps: the sum of g, and of g * (y - mean).
    """
    count, height, width, channels = maps.shape
    length = width * channels
    slopes, shifts, means = tiled(slope, width), tiled(shift, width), tiled(mean, width)
    by_channel, by_value = np.zeros(channels, np.float64), np.zeros(channels, np.float64)
    # float32 for the sums of one fingerprint, float64 for those of the batch
    of_places, of_values = np.empty(length, np.float32), np.empty(length, np.float32)
    passed = np.empty((count, height, length), np.float32)
    place, salt, threshold, scale = dropping
    share = np.float32(scale / (shape.pool * shape.pool))
    for at in range(count):
        of_places[:] = 0
        of_values[:] = 0
        for row in range(height):
            gradient = passed[at, row]
            spread_row(gradient, gradients[at], row, share, channels, shape.pool, shape.pool_stride)
            source = maps[at, row].reshape(length)
            base = np.uint32((at * height + row) * length)
            for i in range(length):
                value = read(source, i)
                kept = is_kept(np.uint32(base + np.uint32(i)), place, salt, threshold)
                through = np.float32(0) if value * slopes[i] + shifts[i] <= 0 or not kept else gradient[i]
                gradient[i] = through
                of_places[i] += through
                of_values[i] += through * (value - means[i])
        for i in range(length):
            by_channel[i % channels] += of_places[i]
            by_value[i % channels] += of_values[i]
    places = count * height * width
    common = tiled((by_channel / places).astype(np.float32), width)
    tilt = tiled((by_value / places * inverse_variance).astype(np.float32), width)
    for at in range(count):
        for row in range(height):
            source, target, gradient = maps[at, row].reshape(length), out[at, row].reshape(length), passed[at, row]
            for i in range(length):
                write(target, i, slopes[i] * (gradient[i] - common[i] - tilt[i] * (read(source, i) - means[i])))
    return by_channel, by_value
