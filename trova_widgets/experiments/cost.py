"""How much work a trial is, from its layers alone: for the time left, and for an estimate before the start."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from trova_widgets.experiments.cells import TrialSpec
from trova_widgets.networks import architecture, summary

OVERHEAD_OPERATIONS = 1_500_000
"""What a fingerprint costs besides the multiplications: measured with ``python -m tests.benchmarks.training``."""

OPERATIONS_PER_SECOND = 3e9
"""Of one core of an ordinary computer, forward and backward together, until trials of its own are there."""


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


def estimate_seconds(
    specs: Sequence[TrialSpec],
    training_count: int,
    workers: int,
    *,
    input_size: int = 64,
    class_count: int = 3,
    measured: Sequence[tuple[TrialSpec, float]] = (),
) -> float:
    """Estimate how long trials take.

    Parameters
    ----------
    specs : sequence of TrialSpec
        The trials that are missing.
    training_count : int
        Fingerprints in the training split.
    workers : int
        Processes at work.
    input_size, class_count : int
        Of the data set.
    measured : sequence of (TrialSpec, seconds)
        Trials on the same data set that are through, to calibrate with.

    Returns
    -------
    float
        Seconds.
    """
    rates = [trial_cost(spec, input_size, class_count) * training_count / took for spec, took in measured if took > 0]
    rate = median(rates) if rates else OPERATIONS_PER_SECOND
    work = sum(trial_cost(spec, input_size, class_count) for spec in specs) * training_count
    return work / rate / min(workers, max(len(specs), 1))
