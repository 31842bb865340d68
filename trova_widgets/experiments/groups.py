"""Which trials can be trained side by side, and where: told without torch."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from trova_widgets.experiments.pool import WorkerPool
from trova_widgets.identity import identity_of
from trova_widgets.processor import has_nvidia_driver
from trova_widgets.space import FOLD, SEED, Trial

# what differs between networks of one shape, besides their dropout
_FREE = (SEED.name, FOLD.name, "training.learning_rate", "training.weight_decay", "training.schedule")
# so many results are at stake when a worker dies, at most
_LARGEST = 64


def recipe_key(trial: Trial) -> str:
    """Return by what the arrays of a trial's recipe are found."""
    return identity_of(trial.group("fingerprint"))


def shape_of(trial: Trial) -> Hashable:
    """Return what two trials must have in common to be trained side by side."""
    held = (
        (name, value)
        for name, value in trial.settings.items()
        if name not in _FREE and not name.endswith("_probability")
    )
    return trial.network_type, trial.architecture, *held


def tasks_of(trials: Sequence[Trial], device: str) -> list[list[Trial]]:
    """Return what a worker is given at a time.

    Parameters
    ----------
    trials : sequence of Trial
        In the order in which they are to run.
    device : str
        As `resolved_device` returns it.

    Returns
    -------
    list of list of Trial
        Each trial by itself for the processor, those of one shape together for a graphics processor.
    """
    if device == "cpu":
        return [[trial] for trial in trials]
    groups: dict[Hashable, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(shape_of(trial), []).append(trial)
    return [group[low : low + _LARGEST] for group in groups.values() for low in range(0, len(group), _LARGEST)]


def resolved_device(device: str) -> str:
    """Return where trials of this machine are trained: ``cpu``, ``cuda`` or ``cuda:1``.

    Parameters
    ----------
    device : str
        One of these, or ``auto``: a graphics processor where there is one that torch can use.

    Raises
    ------
    PlanError
        When this machine, or this build of torch, does not have it.

    Examples
    --------
    >>> resolved_device("cpu")
    'cpu'
    """
    if device == "cpu" or (device == "auto" and not has_nvidia_driver()):
        return "cpu"
    from trova_widgets.experiments.worker import name_of_device

    # asked in a worker, because torch is not loaded here
    with WorkerPool(1) as pool:
        return pool.submit(name_of_device, device).result()
