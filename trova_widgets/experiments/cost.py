"""How much work a trial is, from its layers alone: for the time left."""

from __future__ import annotations

from trova_widgets.experiments.cells import TrialSpec
from trova_widgets.networks import architecture, summary

OVERHEAD_OPERATIONS = 1_500_000
"""What a fingerprint costs besides the multiplications: measured with ``python -m tests.benchmarks.training``."""


def trial_cost(spec: TrialSpec, input_size: int = 64, class_count: int = 3) -> float:
    """Return the operations of a trial for each training fingerprint, over all epochs.

    Parameters
    ----------
    spec : TrialSpec
        A trial that can be built.
    input_size, class_count : int
        Of the data set.
    """
    layers = summary(architecture(spec.network_type, spec.architecture), spec.values, input_size, class_count)
    return spec.training.epochs * (OVERHEAD_OPERATIONS + sum(layer.operation_count for layer in layers))
