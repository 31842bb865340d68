"""How much work a trial is, from its layers alone: for the time left."""

from __future__ import annotations

from collections.abc import Sequence

from trova_widgets.experiments.splits import LEVELLED_VARIANTS
from trova_widgets.networks import architecture, summary
from trova_widgets.space import Trial

OVERHEAD_OPERATIONS = 1_500_000
"""What a fingerprint costs besides the multiplications: measured with ``python -m tests.benchmarks.sweep``."""

OPERATIONS_PER_S = 3e9
"""About how many operations a core does in a second; where trials were run, they tell it better."""


def trial_cost(trial: Trial, class_count: int = 3) -> float:
    """Return the operations of a trial for each training fingerprint, over all epochs of all its members.

    Parameters
    ----------
    trial : Trial
        One that can be built.
    class_count : int
        Of the data set.
    """
    size = int(trial.settings["fingerprint.size"])
    layers = summary(architecture(trial.network_type, trial.architecture), trial.group(""), size, class_count)
    trainings = int(trial.settings["training.epochs"]) * int(trial.settings["training.members"])
    return trainings * (OVERHEAD_OPERATIONS + sum(layer.operation_count for layer in layers))


def trained_count(class_sizes: Sequence[float], variants: int, augmentation: str) -> float:
    """Return how many fingerprints a trial is trained on, as `choose_variants` chooses them.

    Parameters
    ----------
    class_sizes : sequence of float
        The records of each class in the training.
    variants : int
        Of each record.
    augmentation : {"levelled", "all", "none"}
        As of `TrainingSettings`.

    Examples
    --------
    >>> trained_count([6, 2], 5, "levelled"), trained_count([6, 2], 5, "all"), trained_count([6, 2], 5, "none")
    (20, 40, 8)
    """
    if augmentation != "levelled":
        return sum(class_sizes) * (variants if augmentation == "all" else 1)
    target = min(class_sizes, default=0) * min(variants, LEVELLED_VARIANTS)
    return sum(max(size, target) for size in class_sizes)
