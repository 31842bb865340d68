"""The first cycle of a network: convolution of a fingerprint, normalisation, rectifier, dropout and pooling in one.

A fingerprint is a few hundred white points. Its convolution is a sum over them, each adding a piece of the kernels to
the places that see it. It costs so little that the maps are never kept: both passes compute them anew, a row at a
time in the processor's cache. What normalisation needs of a whole batch follows from counts of the points alone.
With x_j(p) the pixel that weight j meets at place p, a map is y(p) = sum_j w_j x_j(p) + b, hence over N places

    mean y = sum_j w_j S_j / N + b,    var y = sum_jk w_j w_k (P_jk / N - S_j S_k / N**2),

where S_j = sum_p x_j(p) and P_jk = sum_p x_j(p) x_k(p) are whole numbers.
"""

from __future__ import annotations

import numpy as np

from trova_widgets.networks.fused.arrays import Doubles, Floats, Integers, Maps, Shape
from trova_widgets.networks.fused.compiling import compiled, inlined
from trova_widgets.networks.fused.dropout import Dropping, is_kept
from trova_widgets.networks.fused.points import Points, list_touches, touch_room
from trova_widgets.networks.fused.pooling import pool_row, spread_row, tiled


@compiled
def count_points(points: Points, shape: Shape) -> tuple[Integers, Integers]:
    """Return S, (kernel**2,), and P, (kernel**2, kernel**2), int64, with the weights in mirrored rows."""
    weights = shape.kernel**2
    singles, pairs = np.zeros(weights, np.int64), np.zeros((weights, weights), np.int64)
    touches, signs = touch_room(points, shape)
    seen = np.empty((shape.places, weights), np.int64)
    seen_signs = np.empty((shape.places, weights), np.int64)
    counts = np.zeros(shape.places, np.int64)
    for image in range(points.number):
        for row in range(shape.places):
            counts[:] = 0
            for touch in range(list_touches(points, image, row, shape, touches, signs)):
                place, weight, run = touches[touch]
                for step in range(run):
                    seen[place + step, counts[place + step]] = weight + step
                    seen_signs[place + step, counts[place + step]] = np.int64(signs[touch])
                    counts[place + step] += 1
            for place in range(shape.places):
                if counts[place] == 0:
                    continue
                here, signs_here = seen[place], seen_signs[place]
                for one in range(counts[place]):
                    singles[here[one]] += signs_here[one]
                    row_of_one = pairs[here[one]]
                    for other in range(one + 1):
                        row_of_one[here[other]] += signs_here[one] * signs_here[other]
    # each pair was met once, in one order or the other
    return singles, pairs + pairs.T - np.diag(np.diag(pairs))


@compiled
def first_cycle_maps(
    points: Points, shape: Shape, weights: Floats, shift: Floats, dropping: Dropping, out: Maps
) -> None:
    """Compute the pooled maps of a batch.

    Parameters
    ----------
    points : Points
        Of the fingerprints of the batch.
    shape : Shape
    weights : (kernel**2 * channels,) float32
        The kernels, normalised, with mirrored rows, channels last.
    shift : (channels,) float32
        Added to every place.
    dropping : Dropping
    out : (n, pooled, pooled, channels) float32 or bfloat16
        Where to.
    """
    channels = len(shift)
    length = shape.places * channels
    touches, signs = touch_room(points, shape)
    shifts, maps, summed = tiled(shift, shape.places), np.empty(length, np.float32), np.empty(length, np.float32)
    total = np.empty(channels, np.float32)
    place, salt, threshold, scale = dropping
    share = np.float32(scale / (shape.pool * shape.pool))
    for at in range(points.number):
        for pooled in range(shape.pooled):
            summed[:] = 0
            for row in range(pooled * shape.pool_stride, pooled * shape.pool_stride + shape.pool):
                _map_row(maps, shifts, points, at, row, shape, weights, channels, touches, signs)
                if threshold == 0:
                    for i in range(length):
                        summed[i] += np.float32(0) if maps[i] <= 0 else maps[i]
                else:
                    base = np.uint32((at * shape.places + row) * length)
                    for i in range(length):
                        kept = is_kept(np.uint32(base + np.uint32(i)), place, salt, threshold)
                        summed[i] += np.float32(0) if maps[i] <= 0 or not kept else maps[i]
            pool_row(summed, out[at, pooled], total, share, channels, shape.pool, shape.pool_stride)


@compiled
def first_cycle_gradients(
    points: Points, shape: Shape, weights: Floats, shift: Floats, dropping: Dropping, gradients: Maps
) -> tuple[Doubles, Doubles]:
    """Sum what a gradient of the pooled maps says about the maps before the rectifier.

    Parameters
    ----------
    points, shape, weights, shift, dropping
        As of `first_cycle_maps`.
    gradients : (n, pooled, pooled, channels) float32 or bfloat16
        Of the pooled maps.

    Returns
    -------
    by_weight : (kernel**2 * channels,) float64
        With g(p) the gradient of the map at place p: sum_p g(p) x_j(p), in the order of ``weights``.
    by_channel : (channels,) float64
        sum_p g(p).
    """
    channels = len(shift)
    length = shape.places * channels
    touches, signs = touch_room(points, shape)
    shifts, maps, spread = tiled(shift, shape.places), np.empty(length, np.float32), np.empty(length, np.float32)
    by_weight, by_channel = np.zeros(len(weights), np.float64), np.zeros(channels, np.float64)
    # float32 for the sums of one fingerprint, float64 for those of the batch
    of_weights, of_places = np.empty(len(weights), np.float32), np.empty(length, np.float32)
    place, salt, threshold, scale = dropping
    share = np.float32(scale / (shape.pool * shape.pool))
    reached = min(shape.places, (shape.pooled - 1) * shape.pool_stride + shape.pool)
    for at in range(points.number):
        of_weights[:] = 0
        of_places[:] = 0
        for row in range(reached):
            spread_row(spread, gradients[at], row, share, channels, shape.pool, shape.pool_stride)
            count = _map_row(maps, shifts, points, at, row, shape, weights, channels, touches, signs)
            base = np.uint32((at * shape.places + row) * length)
            for i in range(length):
                kept = is_kept(np.uint32(base + np.uint32(i)), place, salt, threshold)
                gradient = np.float32(0) if maps[i] <= 0 or not kept else spread[i]
                spread[i] = gradient
                of_places[i] += gradient
            for touch in range(count):
                first, weight, run = touches[touch]
                source = spread[first * channels : (first + run) * channels]
                target = of_weights[weight * channels : (weight + run) * channels]
                sign = signs[touch]
                for i in range(len(source)):
                    target[i] += sign * source[i]
        for i in range(len(weights)):
            by_weight[i] += of_weights[i]
        for i in range(length):
            by_channel[i % channels] += of_places[i]
    return by_weight, by_channel


@inlined
def _map_row(
    maps: Maps,
    shifts: Floats,
    points: Points,
    image: int,
    row: int,
    shape: Shape,
    weights: Floats,
    channels: int,
    touches: Integers,
    signs: Floats,
) -> int:
    """Set a row of all maps, and return how many touches the fingerprint has there."""
    for i in range(len(maps)):
        maps[i] = shifts[i]
    count = list_touches(points, image, row, shape, touches, signs)
    for touch in range(count):
        first, weight, run = touches[touch]
        target = maps[first * channels : (first + run) * channels]
        source = weights[weight * channels : (weight + run) * channels]
        sign = signs[touch]
        for i in range(len(target)):
            target[i] += sign * source[i]
    return count
