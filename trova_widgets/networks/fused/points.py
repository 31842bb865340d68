"""A fingerprint as a list of its points, and which weights of a kernel they meet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trova_widgets.networks.fused.arrays import Floats, Integers, Maps, Shape
from trova_widgets.networks.fused.compiling import compiled, inlined


class Points(NamedTuple):
    """The points of many fingerprints, sorted by fingerprint, row and column."""

    #: How many fingerprints.
    number: int
    #: (n * size + 1,) int64: where the points of each row of each fingerprint begin.
    starts: Integers
    #: (points,) int64: where in its row each point is.
    columns: Integers
    #: (points,) float32: 1 for a white point, -1 for a negative one.
    signs: Floats
    #: Side of a fingerprint, in pixels.
    size: int


def points_of(images: NDArray[np.int8]) -> Points:
    """Return the points of fingerprints.

    Parameters
    ----------
    images : (n, size, size) int8
        Zeros, ones and, where points have signs, minus ones.

    Examples
    --------
    >>> points_of(np.array([[[0, 1], [-1, 0]]], dtype=np.int8)).columns
    array([1, 0])
    """
    count, size, _ = images.shape
    room = np.count_nonzero(images)
    starts, columns = np.empty(count * size + 1, np.int64), np.empty(room, np.int64)
    signs = np.empty(room, np.float32)
    _list_points(images.ravel(), size, starts, columns, signs)
    return Points(count, starts, columns, signs, size)


@compiled
def _list_points(pixels: Maps, size: int, starts: Integers, columns: Integers, signs: Floats) -> None:
    found = 0
    for row in range(len(starts) - 1):
        starts[row] = found
        for column in range(size):
            pixel = pixels[row * size + column]
            if pixel != 0:
                columns[found] = column
                signs[found] = pixel
                found += 1
    starts[-1] = found


@compiled
def list_touches(points: Points, image: int, row: int, shape: Shape, touches: Integers, signs: Floats) -> int:
    """List which weights meet a point in a row of the maps, and return how many entries the list has.

    An entry is a run: places and weights that lie side by side. With mirrored kernels a point at column c meets weight
    m at place c + padding - kernel + 1 + m, so that at a stride of 1 one run is all that a point does in a row.
    """
    kernel, stride, count = shape.kernel, shape.stride, 0
    for down in range(kernel):
        line = row * stride + down - shape.padding
        if line < 0 or line >= points.size:
            continue
        for at in range(points.starts[image * points.size + line], points.starts[image * points.size + line + 1]):
            before = points.columns[at] + shape.padding - kernel + 1
            if stride == 1:
                first, end = max(0, -before), min(kernel, shape.places - before)
                if first < end:
                    touches[count] = before + first, down * kernel + first, end - first
                    signs[count] = points.signs[at]
                    count += 1
                continue
            for weight in range(-before % stride, kernel, stride):
                place = (before + weight) // stride
                if 0 <= place < shape.places:
                    touches[count] = place, down * kernel + weight, 1
                    signs[count] = points.signs[at]
                    count += 1
    return count


@inlined
def touch_room(points: Points, shape: Shape) -> tuple[Integers, Floats]:
    """Return room for the longest list of touches: every pixel of as many rows as a kernel is high."""
    runs = 1 if shape.stride == 1 else shape.kernel
    longest = shape.kernel * points.size * runs
    return np.empty((longest, 3), np.int64), np.empty(longest, np.float32)
