"""How fast this machine trains, tried with a short training of the usual network on each of its cores at once."""

from __future__ import annotations

from statistics import median

import numpy as np

from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.cells import cells, trials
from trova_widgets.experiments.cost import trial_cost
from trova_widgets.experiments.plan import EPOCHS, Plan
from trova_widgets.experiments.pool import WorkerPool
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.processes import usable_cores
from trova_widgets.space import SEED, Trial

_FINGERPRINTS, _CLASSES, _SIZE = 384, 3, 64
#: The trainings of a core; the first one loads and compiles what the others find ready, and does not count.
_ROUNDS = 4


def seconds_an_operation() -> float:
    """Return how long a core takes for an operation of `trial_cost`, all cores at work: some seconds of trying.

    Returns
    -------
    float
    """
    cores = usable_cores()
    with WorkerPool(cores) as pool:
        found = [pool.submit(pace_of_this_core) for _ in range(cores)]
        return median(each.result() for each in found)


def pace_of_this_core() -> float:
    """Return the same of this process alone."""
    from trova_widgets.experiments.training import train_trial

    rng, records = np.random.default_rng(0), np.arange(_FINGERPRINTS)
    # as white as fingerprints are: the first layer takes the longer the more points there are
    points = rng.random((_FINGERPRINTS, _SIZE**2)).argsort(axis=1) < FingerprintRecipe().keep
    arrays = DatasetArrays(
        bits=np.packbits(points, axis=1),
        members=records,
        variants=np.zeros_like(records),
        labels=records % _CLASSES,
        splits=np.where(records < _FINGERPRINTS - 24, "training", "validation"),
        classes=tuple("abc"),
    )
    trial = _trial()
    operations = trial_cost(trial, _CLASSES) * len(arrays.training("none", 0))
    took = [train_trial(trial, arrays).seconds for _ in range(_ROUNDS)]
    return median(took[1:]) / operations


def _trial() -> Trial:
    fixed = {EPOCHS: 1, "training.augmentation": "none"}
    plan = Plan.make(network_type="CNN", dataset_id="", axes={SEED.name: (0, 1)}, fixed=fixed)
    return trials(plan, cells(plan, _CLASSES))[0]
