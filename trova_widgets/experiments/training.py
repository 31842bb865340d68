"""One trial: a network built, trained and tested, on one processor core.

One thread a trial, batches of 32 whose maps stay in the cache, several layers in one pass over them
(`trova_widgets.networks.fused`), and bfloat16 for the convolutions where the processor has it. How much faster that is
than a plain loop: ``python -m tests.benchmarks.sweep``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LRScheduler, OneCycleLR

from trova_widgets.errors import TrovaError
from trova_widgets.experiments.arrays import DatasetArrays, told_together
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
from trova_widgets.networks import architecture, build
from trova_widgets.networks.fused import FusedNetwork
from trova_widgets.space import Trial, TrialResult

_EVALUATION_BATCH = 128
_MOMENTUM = 0.9
_DEVICE = "cpu"
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def train_trial(trial: Trial, arrays: DatasetArrays) -> TrialResult:
    """Train and test one trial; equal settings and data give equal results on the same machine.

    Parameters
    ----------
    trial : Trial
        What to train.
    arrays : DatasetArrays
        The data set, in the fingerprints of the trial's recipe.

    Returns
    -------
    TrialResult
        With the state ``failed`` and a sentence in ``error`` when anything went wrong.
    """
    started = time.perf_counter()
    try:
        settings = TrainingSettings.from_dict(trial.group(TrainingSettings.prefix))
        arrays = arrays.of_fold(trial.fold)
        with one_thread():
            seeds = member_seeds(trial, settings.members)
            outcome = of_ensemble([_train(trial, settings, arrays, seed) for seed in seeds])
    except (TrovaError, RuntimeError, ValueError, MemoryError, ArithmeticError) as error:
        return failed(trial, error, time.perf_counter() - started, _DEVICE)
    return finished(trial, arrays, outcome, time.perf_counter() - started)


def _train(trial: Trial, settings: TrainingSettings, arrays: DatasetArrays, seed: int) -> Outcome:
    module = fresh(trial, arrays, seed)
    network = FusedNetwork(module, seed, DTYPES[resolved_precision(settings.precision)])
    images = torch.from_numpy(arrays.images()).unsqueeze(1)
    labels = torch.from_numpy(arrays.labels)
    chosen = arrays.training(settings.augmentation, trial.seed)
    asked = asked_of(arrays, chosen)
    shown = shown_of(arrays, asked, settings)
    training = torch.from_numpy(chosen)
    edges = batch_edges(len(training), settings.batch_size)
    shuffling = shuffling_of(seed)
    optimizer = optimizer_of(network.parameters(), settings)
    schedule = schedule_of(optimizer, settings, len(edges) - 1)
    curve: dict[str, list[float]] = {"training_loss": [], "training_accuracy": []}
    for epoch in range(settings.epochs):
        network.train()
        order = training[torch.randperm(len(training), generator=shuffling)]
        total_loss, correct = 0.0, 0
        for low, high in pairwise(edges):
            batch = order[low:high]
            optimizer.zero_grad()
            logits = network(images[batch])
            loss = nn.functional.cross_entropy(logits, labels[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            total_loss += loss.item() * len(batch)
            correct += int((logits.argmax(dim=1) == labels[batch]).sum())
        if not np.isfinite(total_loss):
            raise ArithmeticError(
                f"the training loss was no longer a number in epoch {epoch + 1}; "
                f"choose a learning rate below {settings.learning_rate:g}."
            )
        curve["training_loss"].append(round(total_loss / len(training), DIGITS))
        curve["training_accuracy"].append(round(correct / len(training), DIGITS))
        if "test" in shown:
            loss_now, accuracy_now = score(_told(network, images, shown["test"]), arrays.labels[asked["test"]])
            curve.setdefault("test_loss", []).append(round(loss_now, DIGITS))
            curve.setdefault("test_accuracy", []).append(round(accuracy_now, DIGITS))
    said = {split: _told(network, images, at) for split, at in shown.items()}
    return Outcome(network=network, asked=asked, said=said, curve=curve, device=_DEVICE)


def _told(network: nn.Module, images: torch.Tensor, shown: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the probabilities of records, of which each is shown by some fingerprints, shape (n, variants)."""
    said = _probabilities(network, images[torch.from_numpy(shown.ravel())])
    return told_together(said.reshape(*shown.shape, -1))


def _probabilities(network: nn.Module, images: torch.Tensor) -> NDArray[np.float64]:
    """Return the probabilities in float32 arithmetic, so that a saved network classifies as its trial did."""
    network.eval()
    with torch.inference_mode():
        logits = [network(batch) for batch in torch.split(images, _EVALUATION_BATCH)]
        return torch.cat(logits).double().softmax(dim=1).numpy()


def fresh(trial: Trial, arrays: DatasetArrays, seed: int) -> nn.Sequential:
    """Return a network of a trial before its training; the seed decides its values, and nothing else is drawn."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = architecture(trial.network_type, trial.architecture)
        return build(model, trial.group(""), arrays.size, len(arrays.classes))


def shuffling_of(seed: int) -> torch.Generator:
    """Return what draws the order of a network's batches."""
    return torch.Generator().manual_seed(seed)


def batch_edges(count: int, batch_size: int) -> list[int]:
    """Return where batches begin and end, of nearly equal size: a last one of one would stop a normalisation.

    Examples
    --------
    >>> batch_edges(10, 4)
    [0, 3, 7, 10]
    """
    edges: list[int] = np.linspace(0, count, -(-count // batch_size) + 1).round().astype(int).tolist()
    return edges


def optimizer_of(parameters: Iterable[torch.Tensor], settings: TrainingSettings) -> torch.optim.Optimizer:
    """Return the optimizer of these settings."""
    rate, decay = settings.learning_rate, settings.weight_decay
    if settings.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=_MOMENTUM, fused=True)
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, lr=rate, weight_decay=decay, fused=True)


def schedule_of(optimizer: torch.optim.Optimizer, settings: TrainingSettings, batches: int) -> LRScheduler:
    """Return how the learning rate changes over all batches of all epochs."""
    steps = settings.epochs * batches
    if settings.schedule == "one_cycle":
        # One step more than is taken: torch steps once past the last batch.
        return OneCycleLR(optimizer, max_lr=settings.learning_rate, total_steps=steps + 1)
    if settings.schedule == "cosine":
        return CosineAnnealingLR(optimizer, T_max=steps)
    return LambdaLR(optimizer, lambda _: 1.0)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread: a trial a core is faster than a trial on all, and sums come in one order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
