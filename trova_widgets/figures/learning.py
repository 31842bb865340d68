"""Learning curve of a trial: loss and accuracy after each epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trova_widgets.figures.colour import round_ticks
from trova_widgets.space import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class LearningCurve:
    """What a training told after each epoch.

    Attributes
    ----------
    epochs : ndarray of float, shape (epochs,)
        From 1.
    shares : dict of str to ndarray
        What lies between 0 and 1 (accuracies), by name.
    losses : dict of str to ndarray
        What has no upper end, by name.
    """

    epochs: Floats
    shares: dict[str, Floats]
    losses: dict[str, Floats]

    @property
    def highest_loss(self) -> float:
        """The upper end of the losses' axis; 1 when there are none."""
        every = np.concatenate([np.empty(0), *self.losses.values()])
        every = every[np.isfinite(every)]
        return float(every.max()) if every.size and every.max() > 0 else 1.0

    @property
    def epoch_ticks(self) -> tuple[float, ...]:
        """Round and whole numbers of epochs: a tick between two epochs would be written as one of them."""
        count = len(self.epochs)
        return tuple(tick for tick in round_ticks(1.0, count, 4) if tick.is_integer()) if count > 1 else (1.0,)


def learning_curve(series: Mapping[str, Sequence[float]]) -> LearningCurve:
    """Sort the series of a training into accuracies and losses.

    Parameters
    ----------
    series : mapping of str to sequence of float
        Equal lengths, one number an epoch. What has "loss" in its name is a loss; a series named "epoch" counts.

    Returns
    -------
    LearningCurve

    Examples
    --------
    >>> curve = learning_curve({"training_loss": [1.1, 0.7], "test_accuracy": [0.5, 0.8]})
    >>> list(curve.losses), list(curve.shares), curve.epochs.tolist()
    (['training_loss'], ['test_accuracy'], [1.0, 2.0])
    """
    numbers = {name: np.asarray(values, dtype=float) for name, values in series.items() if name != "epoch"}
    length = max((len(values) for values in numbers.values()), default=0)
    return LearningCurve(
        epochs=np.arange(1, length + 1, dtype=float),
        shares={name: values for name, values in numbers.items() if "loss" not in name},
        losses={name: values for name, values in numbers.items() if "loss" in name},
    )
