"""How much work a trial is, from its layers alone: for the time left."""

from __future__ import annotations

from trova_widgets.networks import architecture, summary
from trova_widgets.space import Trial

OVERHEAD_OPERATIONS = 1_500_000
"""What a fingerprint costs besides the multiplications: measured with ``python -m tests.benchmarks.sweep``."""

OPERATIONS_PER_S = 3e9
"""About how many operations a core does in a second; where trials were run, they tell it better."""


def trial_cost(trial: Trial, class_count: int = 3) -> float:
    """Return the operations of a trial for each training fingerprint, over all epochs.

    Parameters
    ----------
    trial : Trial
        One that can be built.
    class_count : int
        Of the data set.
    """
    size = int(trial.settings["fingerprint.size"])
    layers = summary(architecture(trial.network_type, trial.architecture), trial.group(""), size, class_count)
    return int(trial.settings["training.epochs"]) * (
        OVERHEAD_OPERATIONS + sum(layer.operation_count for layer in layers)
    )
