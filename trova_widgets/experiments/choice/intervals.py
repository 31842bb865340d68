"""How sure the quality of each cell is: intervals by event, the luck of the trainings counted."""

from __future__ import annotations

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice.losses import Array, Losses
from trova_widgets.experiments.choice.sampling import RandomNumbers, bootstrap


def quality_intervals(
    losses: Losses, confidence: float = 0.95, *, numbers: RandomNumbers | None = None
) -> tuple[Array, Array]:
    """Return the interval of each cell's quality by a bootstrap of events and of the luck of the trainings.

    Parameters
    ----------
    losses : Losses
        What was measured.
    confidence : float
        How sure each interval is to be, between 0 and 1.
    numbers : RandomNumbers, optional
        The random numbers of the bootstrap; without them those of seed 0 are drawn.

    Returns
    -------
    (ndarray, ndarray), shape (cell,)
        Lower and upper ends, from 0 to 1; NaN where nothing was measured.

    Raises
    ------
    PlanError
        When the confidence is no share.

    Examples
    --------
    >>> wrong = (np.random.default_rng(0).random((2, 1, 200)) < 0.1).astype(float)
    >>> low, high = quality_intervals(Losses(values=wrong, folds=np.arange(200) % 5))
    >>> bool((low < 0.9).all() and (high > 0.9).all())
    True
    """
    if not 0 < confidence < 1:
        raise PlanError(f"A confidence of {confidence} is none; take a share between 0 and 1, such as 0.95.")
    drawn = bootstrap(losses, paired=False, numbers=numbers)
    ends = np.quantile(drawn.deviations, [(1 - confidence) / 2, (1 + confidence) / 2], axis=1)
    low, high = np.clip(1 - drawn.losses - ends[::-1], 0.0, 1.0)
    return low, high
