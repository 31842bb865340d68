"""What kernels compute with: arrays as they lie in memory, and the sizes of a cycle."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]
Maps = NDArray[Any]
"""Maps (n, height, width, channels), float32, or bfloat16 as uint16."""


class Shape(NamedTuple):
    """The sizes of a cycle: of its kernels, the maps that they make, the pooling windows, and the pooled maps."""

    kernel: int
    stride: int
    padding: int
    places: int
    pool: int
    pool_stride: int
    pooled: int
