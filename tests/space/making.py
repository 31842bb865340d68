"""Grids, made of nothing but numbers."""

import numpy as np

from trova_widgets.space import Grid


def grid_of(mean, words_on=()):
    """Return a grid with these numbers; on some axes the values are words, on the others they count from 1."""
    mean = np.asarray(mean, dtype=float)
    axes = {
        f"layer_{axis}_p{axis}": [f"word{at}" if axis in words_on else at for at in range(1, count + 1)]
        for axis, count in enumerate(mean.shape)
    }
    return Grid.of(axes, np.argwhere(np.ones(mean.shape)), mean.ravel())


def distinct_grid(shape=(3, 4, 2), seed=0):
    """Return a grid without holes in which every number is another one."""
    numbers = np.random.default_rng(seed).permutation(int(np.prod(shape))) / np.prod(shape)
    return grid_of(numbers.reshape(shape))
