"""One trial: a network built, trained and tested, on one processor core.

One thread a trial, batches of 32 whose maps stay in the cache, channels-last maps, bfloat16 where the processor
has it, and `trova_widgets.networks.fast_dropout`: together 1.7 to 3.2 times as fast as the plain loop (cells of
the article's first experiment, AMD EPYC with AVX-512; ``python -m tests.benchmarks.training``).
"""

from __future__ import annotations

import platform
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LRScheduler, OneCycleLR

import trova_widgets
from trova_widgets.errors import TrovaError
from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.cells import TrialSpec
from trova_widgets.experiments.results import TrialResult
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.networks import architecture, build, save_weights, summary

_EVALUATION_BATCH = 128
_MOMENTUM = 0.9
_QUOTED_SPLITS = ("test", "validation", "holdout")
_DIGITS = 5


def train_trial(spec: TrialSpec, arrays: DatasetArrays) -> TrialResult:
    """Train and test one trial; equal specs and data give equal results on the same machine.

    Parameters
    ----------
    spec : TrialSpec
        What to train.
    arrays : DatasetArrays
        The data set.

    Returns
    -------
    TrialResult
        With the state ``failed`` and a sentence in ``error`` when anything went wrong.
    """
    started = time.perf_counter()
    try:
        with _seeded(spec.seed), _one_thread():
            outcome = _train(spec, arrays)
    except (TrovaError, RuntimeError, ValueError, MemoryError, ArithmeticError) as error:
        return TrialResult(
            trial_id=spec.trial_id,
            state="failed",
            seed=spec.seed,
            values=dict(spec.values),
            finished_at_ns=time.time_ns(),
            seconds=time.perf_counter() - started,
            versions=_versions(spec.training),
            error=f"{type(error).__name__}: {error}",
        )
    return _result(spec, arrays, outcome, time.perf_counter() - started)


@dataclass(kw_only=True)
class _Outcome:
    module: nn.Module
    probabilities: NDArray[np.float64]
    curve: dict[str, list[float]] = field(default_factory=dict)


def _train(spec: TrialSpec, arrays: DatasetArrays) -> _Outcome:
    settings = spec.training
    module = build(architecture(spec.network_type, spec.architecture), spec.values, arrays.size, len(arrays.classes))
    _to_channels_last(module)
    images = torch.from_numpy(arrays.images()).unsqueeze(1)
    labels = torch.from_numpy(arrays.labels)
    training, test = (torch.from_numpy(arrays.positions(split)) for split in ("training", "test"))
    # Batches of nearly equal size: a last batch of one would stop a batch normalisation.
    edges = np.linspace(0, len(training), -(-len(training) // settings.batch_size) + 1).round().astype(int).tolist()
    optimizer = _optimizer(module, settings)
    schedule = _schedule(optimizer, settings, len(edges) - 1)
    half = _takes_bfloat16(settings)
    curve: dict[str, list[float]] = {"training_loss": [], "training_accuracy": []}
    for epoch in range(settings.epochs):
        module.train()
        order = training[torch.randperm(len(training))]
        total_loss, correct = 0.0, 0
        for low, high in pairwise(edges):
            batch = order[low:high]
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                logits = module(_as_input(images[batch]))
            loss = nn.functional.cross_entropy(logits.float(), labels[batch])
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
        curve["training_loss"].append(round(total_loss / len(training), _DIGITS))
        curve["training_accuracy"].append(round(correct / len(training), _DIGITS))
        if len(test):
            probabilities = _probabilities(module, images[test])
            loss_now, accuracy_now = _score(probabilities, arrays.labels[test.numpy()])
            curve.setdefault("test_loss", []).append(round(loss_now, _DIGITS))
            curve.setdefault("test_accuracy", []).append(round(accuracy_now, _DIGITS))
    return _Outcome(module=module, probabilities=_probabilities(module, images), curve=curve)


def _result(spec: TrialSpec, arrays: DatasetArrays, outcome: _Outcome, seconds: float) -> TrialResult:
    positions = {split: arrays.positions(split) for split in sorted(set(arrays.splits.tolist()))}
    scores = {split: _score(outcome.probabilities[at], arrays.labels[at]) for split, at in positions.items()}
    predicted = outcome.probabilities.argmax(axis=1)
    validation = positions["validation"]
    confusion = np.zeros((len(arrays.classes),) * 2, dtype=np.int64)
    np.add.at(confusion, (arrays.labels[validation], predicted[validation]), 1)
    quoted = np.concatenate([positions[split] for split in _QUOTED_SPLITS if split in positions])
    layers = summary(architecture(spec.network_type, spec.architecture), spec.values, arrays.size, len(arrays.classes))
    return TrialResult(
        trial_id=spec.trial_id,
        state="finished",
        seed=spec.seed,
        values=dict(spec.values),
        finished_at_ns=time.time_ns(),
        seconds=seconds,
        quality=scores["validation"][1],
        loss=scores["validation"][0],
        scores={split: accuracy for split, (_, accuracy) in scores.items()},
        confusion=confusion.tolist(),
        curve=outcome.curve,
        predictions={
            "position": quoted.tolist(),
            "predicted": predicted[quoted].tolist(),
            "probability": outcome.probabilities[quoted].max(axis=1).round(_DIGITS).tolist(),
        },
        parameter_count=sum(layer.parameter_count for layer in layers),
        versions=_versions(spec.training),
        weights=save_weights(outcome.module, {"trial_id": spec.trial_id}),
    )


def _to_channels_last(module: nn.Module) -> None:
    for parameter in module.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)


def _as_input(images: torch.Tensor) -> torch.Tensor:
    return images.float().contiguous(memory_format=torch.channels_last)


def _probabilities(module: nn.Module, images: torch.Tensor) -> NDArray[np.float64]:
    """Return the probabilities in float32 arithmetic, so that a saved network classifies just as its trial did."""
    module.eval()
    with torch.inference_mode():
        logits = [module(_as_input(batch)) for batch in torch.split(images, _EVALUATION_BATCH)]
        return torch.cat(logits).double().softmax(dim=1).numpy()


def _score(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """Return the mean cross-entropy and the accuracy."""
    of_truth = probabilities[np.arange(len(labels)), labels]
    loss = -np.log(np.maximum(of_truth, np.finfo(np.float64).tiny)).mean()
    return float(loss), float((probabilities.argmax(axis=1) == labels).mean())


def _optimizer(module: nn.Module, settings: TrainingSettings) -> torch.optim.Optimizer:
    parameters, rate, decay = module.parameters(), settings.learning_rate, settings.weight_decay
    if settings.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=_MOMENTUM)
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, lr=rate, weight_decay=decay)


def _schedule(optimizer: torch.optim.Optimizer, settings: TrainingSettings, batches: int) -> LRScheduler:
    steps = settings.epochs * batches
    if settings.schedule == "one_cycle":
        # One step more than is taken: torch steps once past the last batch.
        return OneCycleLR(optimizer, max_lr=settings.learning_rate, total_steps=steps + 1)
    if settings.schedule == "cosine":
        return CosineAnnealingLR(optimizer, T_max=steps)
    return LambdaLR(optimizer, lambda _: 1.0)


def _takes_bfloat16(settings: TrainingSettings) -> bool:
    if settings.precision != "auto":
        return settings.precision == "bfloat16"
    return bool(torch.cpu._is_avx512_bf16_supported())


def _versions(settings: TrainingSettings) -> dict[str, str]:
    return {
        "trova": trova_widgets.__version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": version("numpy"),
        "precision": "bfloat16" if _takes_bfloat16(settings) else "float32",
    }


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed everything that draws, and give the caller's generators back as they were."""
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    with torch.random.fork_rng(devices=[]):
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        torch.manual_seed(seed)
        try:
            yield
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)  # noqa: NPY002


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: a trial a core is faster than a trial on all, and sums come in one order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
