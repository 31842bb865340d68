"""Trials of one shape trained side by side as one network, each as it would be trained alone.

A graphics processor waits for the launch of small networks. Folds, seeds, dropout, learning rates and weight decays of
a cell are networks of one shape: together they are one large network. Each has its own batches, in its own order, drops
what it would drop alone, and learns with its own step sizes, so that its result does not depend on the others.
"""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Hashable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trova_widgets.errors import PlanError, TrovaError
from trova_widgets.experiments.arrays import DatasetArrays, told_together
from trova_widgets.experiments.group_step import GroupStep, rates_of
from trova_widgets.experiments.groups import shape_of
from trova_widgets.experiments.outcome import (
    DIGITS,
    Outcome,
    asked_of,
    failed,
    finished,
    member_seeds,
    of_ensemble,
    score,
    shown_of,
)
from trova_widgets.experiments.plan import resolved_precision
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.experiments.training import DTYPES, batch_edges, fresh, one_thread, shuffling_of
from trova_widgets.networks.fused import FusedNetwork
from trova_widgets.networks.stacked import StackedNetworks
from trova_widgets.space import Trial, TrialResult

_EVALUATION_BATCH = 128
# of what is free: a CUDA graph has a pool of its own beside that of the steps before it
_SHARE_OF_MEMORY = 0.4

_log = logging.getLogger(__name__)


def device_named(name: str = "auto") -> torch.device:
    """Return a device by its name.

    Parameters
    ----------
    name : str
        ``cpu``, ``cuda``, ``cuda:1``, or ``auto``: the first graphics processor, and without one the processor.

    Raises
    ------
    PlanError
        When this machine, or this build of torch, does not have it.

    Examples
    --------
    >>> device_named("cpu")
    device(type='cpu')
    """
    count = torch.cuda.device_count()
    if name == "auto":
        return torch.device("cuda" if count else "cpu")
    kind, _, number = name.partition(":")
    if kind not in ("cpu", "cuda") or (number and (kind == "cpu" or not number.isdigit())):
        raise PlanError(f"The device is {name!r}; choose auto, cpu, cuda, or cuda:1 for the second of several.")
    if kind == "cuda" and int(number or 0) >= count:
        there = f"there are {count}" if count else "there is none that this build of torch can use"
        raise PlanError(f"The device is {name!r}, but of such graphics processors {there}; choose auto or cpu.")
    return torch.device(name)


def groups_of(trials: Sequence[Trial], arrays: DatasetArrays) -> list[list[Trial]]:
    """Return the trials that can be trained side by side: networks of one shape that take as many steps.

    Parameters
    ----------
    trials : sequence of Trial
        In the order in which they are to run.
    arrays : DatasetArrays
        The data set.

    Returns
    -------
    list of list of Trial
        In the order of the first of each.
    """
    found: dict[Hashable, list[Trial]] = {}
    for trial in trials:
        steps = len(batch_edges(len(_training_of(trial, arrays)), int(trial.settings["training.batch_size"])))
        found.setdefault((shape_of(trial), steps), []).append(trial)
    return list(found.values())


def train_together(
    trials: Sequence[Trial], arrays: DatasetArrays, device: torch.device, at_once: int | None = None
) -> Iterator[TrialResult]:
    """Train trials in groups as large as fit the device, and yield their results.

    Parameters
    ----------
    trials : sequence of Trial
        Of any shapes.
    arrays : DatasetArrays
        The data set, in the fingerprints of the trials' recipe.
    device : torch.device
        Where to train; as of `device_named`.
    at_once : int, optional
        How many networks in a group at most; default: what the memory of a first step says. All those of one trial
        are in one group.

    Yields
    ------
    TrialResult
        With the state ``failed`` and a sentence in ``error`` where anything went wrong. A group that does not fit
        after all is halved.
    """
    for group in groups_of(trials, arrays):
        try:
            limit = at_once or _fitting(group[0], arrays, device)
        except (TrovaError, RuntimeError, ValueError, MemoryError) as error:
            yield from (failed(trial, error, 0.0, device.type) for trial in group)
            continue
        members = int(group[0].settings["training.members"])
        size = max(1, limit // members)
        for low in range(0, len(group), size):
            yield from _halved(group[low : low + size], arrays, device)


def _halved(group: Sequence[Trial], arrays: DatasetArrays, device: torch.device) -> Iterator[TrialResult]:
    started = time.perf_counter()
    try:
        with one_thread():
            outcomes = _train(group, arrays, device)
    except (TrovaError, RuntimeError, ValueError, MemoryError) as error:
        if len(group) == 1 or not isinstance(error, torch.OutOfMemoryError | MemoryError):
            yield from (failed(trial, error, time.perf_counter() - started, device.type) for trial in group)
            return
        _log.warning("%d trials do not fit the memory of %s together; half of them are tried.", len(group), device)
    else:
        seconds = (time.perf_counter() - started) / len(group)
        for trial, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Outcome):
                yield finished(trial, arrays.of_fold(trial.fold), outcome, seconds)
            else:
                yield failed(trial, outcome, seconds, device.type)
        return
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    middle = len(group) // 2
    yield from _halved(group[:middle], arrays, device)
    yield from _halved(group[middle:], arrays, device)


def _train(trials: Sequence[Trial], arrays: DatasetArrays, device: torch.device) -> list[Outcome | ArithmeticError]:
    """Return what becomes of some trials of one shape, whose networks are trained as one."""
    members = int(trials[0].settings["training.members"])
    outcomes = _train_networks(
        [trial for trial in trials for _ in range(members)],
        [seed for trial in trials for seed in member_seeds(trial, members)],
        arrays,
        device,
    )
    return [_of_trial(outcomes[low : low + members]) for low in range(0, len(outcomes), members)]


def _of_trial(outcomes: Sequence[Outcome | ArithmeticError]) -> Outcome | ArithmeticError:
    """Return what the networks of one trial say together, or the first error of them."""
    for each in outcomes:
        if not isinstance(each, Outcome):
            return each
    return of_ensemble([each for each in outcomes if isinstance(each, Outcome)])


def _train_networks(
    group: Sequence[Trial], seeds: Sequence[int], arrays: DatasetArrays, device: torch.device
) -> list[Outcome | ArithmeticError]:
    """Return what becomes of networks, each of a trial and with a seed of its own."""
    if device.type == "cuda":
        torch.cuda.set_device(device)
    settings = [TrainingSettings.from_dict(trial.group(TrainingSettings.prefix)) for trial in group]
    networks = _stacked(group, seeds, settings[0], arrays, device)
    images, labels = torch.from_numpy(arrays.images()).to(device), torch.from_numpy(arrays.labels).to(device)
    training = [_training_of(trial, arrays) for trial in group]
    edges = [batch_edges(len(each), settings[0].batch_size) for each in training]
    steps = len(edges[0]) - 1
    shuffling = [shuffling_of(seed) for seed in seeds]
    rates = torch.stack([rates_of(each, steps) for each in settings], dim=2)
    widths = np.array([np.diff(each) for each in edges])
    step = GroupStep(networks, images, labels, settings, int(widths.max()))
    curves: list[dict[str, list[float]]] = [{"training_loss": [], "training_accuracy": []} for _ in group]
    # of a data set with folds each trial is asked about other records; a test set is the same for all
    seen = [arrays.of_fold(trial.fold) for trial in group]
    asked = [asked_of(own, each.numpy()) for own, each in zip(seen, training, strict=True)]
    shown = [shown_of(own, each, how) for own, each, how in zip(seen, asked, settings, strict=True)]
    for epoch in range(settings[0].epochs):
        step.start_epoch()
        orders = [each[torch.randperm(len(each), generator=own)] for each, own in zip(training, shuffling, strict=True)]
        for at in range(steps):
            batches = [order[edge[at] : edge[at + 1]] for order, edge in zip(orders, edges, strict=True)]
            batch, present = _side_by_side(batches, int(widths.max()))
            step.take(batch, present, rates[epoch * steps + at], epoch * steps + at)
        counts = widths.sum(axis=1)
        _note(curves, "training_loss", step.loss.cpu().numpy() / counts)
        _note(curves, "training_accuracy", step.correct.cpu().numpy() / counts)
        if "test" in shown[0]:
            said = _told(networks, images, [each["test"] for each in shown])
            scores = np.array([score(each, arrays.labels[asked[0]["test"]]) for each in said])
            _note(curves, "test_loss", scores[:, 0])
            _note(curves, "test_accuracy", scores[:, 1])
    answers = {split: _told(networks, images, [each[split] for each in shown]) for split in shown[0]}
    networks.put_back()
    return [
        Outcome(
            network=FusedNetwork(networks.modules[at]),
            asked=asked[at],
            said={split: answers[split][at] for split in answers},
            curve=curves[at],
            device=device.type,
        )
        if np.isfinite(curves[at]["training_loss"]).all()
        else ArithmeticError(
            f"the training loss was no longer a number; choose a learning rate below {settings[at].learning_rate:g}."
        )
        for at in range(len(group))
    ]


def _stacked(
    group: Sequence[Trial],
    seeds: Sequence[int],
    settings: TrainingSettings,
    arrays: DatasetArrays,
    device: torch.device,
) -> StackedNetworks:
    modules = [fresh(trial, arrays, seed) for trial, seed in zip(group, seeds, strict=True)]
    return StackedNetworks(modules, seeds, device, DTYPES[resolved_precision(settings.precision)])


def _training_of(trial: Trial, arrays: DatasetArrays) -> Tensor:
    seen = arrays.of_fold(trial.fold)
    return torch.from_numpy(seen.training(str(trial.settings["training.augmentation"]), trial.seed))


def _side_by_side(batches: Sequence[Tensor], width: int) -> tuple[Tensor, Tensor]:
    """Return batches as one, (networks, width) int64, and where there is something, float32."""
    batch, present = torch.zeros(len(batches), width, dtype=torch.int64), torch.zeros(len(batches), width)
    for row, each in enumerate(batches):
        batch[row, : len(each)] = each
        present[row, : len(each)] = 1
    return batch, present


def _told(networks: StackedNetworks, images: Tensor, shown: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float64]]:
    """Return the probabilities of records, of which each is shown to its network by some fingerprints."""
    said = _said(networks, images, [each.ravel() for each in shown])
    return [told_together(one.reshape(*each.shape, -1)) for one, each in zip(said, shown, strict=True)]


def _said(networks: StackedNetworks, images: Tensor, asked: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float64]]:
    """Return the probabilities that each network gives to fingerprints of its own."""
    longest = max(map(len, asked))
    batch, _ = _side_by_side([torch.from_numpy(each) for each in asked], longest)
    with torch.inference_mode():
        parts = [
            networks.classify(images[part]).double().softmax(dim=2).cpu().numpy()
            for part in torch.split(batch.to(images.device), _EVALUATION_BATCH, dim=1)
        ]
    together = np.concatenate(parts, axis=1)
    return [together[at, : len(each)] for at, each in enumerate(asked)]


def _note(curves: Sequence[dict[str, list[float]]], name: str, numbers: NDArray[np.float64]) -> None:
    for curve, number in zip(curves, numbers.tolist(), strict=True):
        curve.setdefault(name, []).append(round(number, DIGITS))


def _fitting(trial: Trial, arrays: DatasetArrays, device: torch.device) -> int:
    """Return how many networks like a trial's fit the memory of a device, from what a first step of one takes."""
    settings = TrainingSettings.from_dict(trial.group(TrainingSettings.prefix))
    networks = _stacked([trial], [trial.seed], settings, arrays, device)
    width = min(settings.batch_size, len(_training_of(trial, arrays)))
    images = torch.from_numpy(arrays.images()[:width]).to(device).unsqueeze(0)
    keys, scales = (each.to(device) for each in networks.keys(0))
    kept: dict[int, int] = {}

    def count(saved: Tensor) -> Tensor:
        kept[saved.untyped_storage().data_ptr()] = saved.untyped_storage().nbytes()
        return saved

    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
    with torch.autograd.graph.saved_tensors_hooks(count, lambda saved: saved):
        logits = networks.logits(images, torch.ones(images.shape[:2], device=device), keys, scales)
        logits.sum().backward()  # type: ignore[no-untyped-call]
    if device.type == "cuda":
        one, free = torch.cuda.max_memory_allocated(device) - before, torch.cuda.mem_get_info(device)[0]
    else:
        # the backward pass takes about as much again as what is kept for it
        one, free = 2 * sum(kept.values()), os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, int(free * _SHARE_OF_MEMORY / max(one, 1)))
