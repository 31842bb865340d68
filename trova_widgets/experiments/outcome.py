"""What a training leaves, made a result: scores, the confusion matrix, predictions, weights."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

import trova_widgets
from trova_widgets.experiments.arrays import DatasetArrays, told_together
from trova_widgets.experiments.plan import resolved_precision
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.experiments.splits import TEST_AUGMENTATION, told_by
from trova_widgets.networks import architecture, save_weights, summary
from trova_widgets.networks.ensemble import Ensemble
from trova_widgets.space import Trial, TrialResult, pack_probabilities

QUOTED_SPLITS = ("test", "validation", "holdout")
DIGITS = 5


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A trained network and what it says.

    Parameters
    ----------
    network : torch.nn.Module
        With its learnt values; an ensemble where a trial has several.
    asked : mapping of str to (n,) int64
        The fingerprints of each split that it was asked about (`asked_of`).
    said : mapping of str to (n, classes) float64
        The probabilities that it gave them.
    curve : mapping of str to list of float
        A number an epoch.
    device : str
        Where it was trained.
    """

    network: nn.Module
    asked: Mapping[str, NDArray[np.int64]]
    said: Mapping[str, NDArray[np.float64]]
    curve: Mapping[str, list[float]]
    device: str


def asked_of(arrays: DatasetArrays, training: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Return what a network is asked in the end: its training set, and the records of every other split."""
    measured = {split: arrays.measured(split) for split in QUOTED_SPLITS}
    return {"training": training, **{split: at for split, at in measured.items() if len(at)}}


def shown_of(
    arrays: DatasetArrays, asked: Mapping[str, NDArray[np.int64]], settings: TrainingSettings
) -> dict[str, NDArray[np.int64]]:
    """Return the fingerprints by which the records of each split are told, shape (n, variants).

    Of what it was trained on, a network tells each fingerprint by itself.
    """
    variants = told_by({TEST_AUGMENTATION: settings.test_augmentation}, np.unique(arrays.variants).tolist())
    return {
        split: at[:, None] if split == "training" else arrays.variants_of(at, variants) for split, at in asked.items()
    }


def member_seeds(trial: Trial, members: int) -> list[int]:
    """Return the seeds of the networks that a trial trains: its own, and others that no other trial has.

    A trial of the next seed is trained to see what changes by chance, so the two must have no network in common.

    Parameters
    ----------
    trial : Trial
        Whose seed decides.
    members : int
        How many networks.
    """
    further = (np.random.SeedSequence([trial.seed, place]) for place in range(1, members))
    return [trial.seed, *(int(each.generate_state(1)[0]) for each in further)]


def of_ensemble(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what the networks of a trial say together; their curves are averaged.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One a network; all were asked about the same fingerprints.
    """
    first = outcomes[0]
    if len(outcomes) == 1:
        return first
    said = {split: told_together(np.stack([each.said[split] for each in outcomes], axis=1)) for split in first.said}
    curve = {
        name: [round(number, DIGITS) for number in np.mean([each.curve[name] for each in outcomes], axis=0).tolist()]
        for name in first.curve
    }
    return replace(first, network=Ensemble([each.network for each in outcomes]), said=said, curve=curve)


def finished(trial: Trial, arrays: DatasetArrays, outcome: Outcome, seconds: float) -> TrialResult:
    """Return the result of a trial that was trained."""
    asked, said = outcome.asked, outcome.said
    scores = {split: score(probabilities, arrays.labels[asked[split]]) for split, probabilities in said.items()}
    predicted = {split: probabilities.argmax(axis=1) for split, probabilities in said.items()}
    confusion = np.zeros((len(arrays.classes),) * 2, dtype=np.int64)
    np.add.at(confusion, (arrays.labels[asked["validation"]], predicted["validation"]), 1)
    quoted = [split for split in QUOTED_SPLITS if split in said]
    quoted_probabilities = np.concatenate([said[split] for split in quoted])
    model = architecture(trial.network_type, trial.architecture)
    layers = summary(model, trial.group(""), arrays.size, len(arrays.classes))
    return TrialResult(
        trial_id=trial.trial_id,
        state="finished",
        settings=dict(trial.settings),
        finished_at_ns=time.time_ns(),
        seconds=seconds,
        quality=scores["validation"][1],
        loss=scores["validation"][0],
        scores={split: accuracy for split, (_, accuracy) in sorted(scores.items())},
        confusion=confusion.tolist(),
        curve=outcome.curve,
        predictions={
            "position": np.concatenate([arrays.members[asked[split]] for split in quoted]).tolist(),
            "predicted": np.concatenate([predicted[split] for split in quoted]).tolist(),
            "probability": quoted_probabilities.max(axis=1).round(DIGITS).tolist(),
        },
        probabilities=pack_probabilities(quoted_probabilities),
        parameter_count=int(trial.settings["training.members"]) * sum(layer.parameter_count for layer in layers),
        versions=_versions(trial, outcome.device),
        weights=save_weights(outcome.network, {"trial_id": trial.trial_id}),
    )


def failed(trial: Trial, error: Exception, seconds: float, device: str) -> TrialResult:
    """Return the result of a trial in which something went wrong."""
    return TrialResult.failure(trial, f"{type(error).__name__}: {error}", seconds, _versions(trial, device))


def score(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """Return the mean cross-entropy and the accuracy."""
    of_truth = probabilities[np.arange(len(labels)), labels]
    loss = -np.log(np.maximum(of_truth, np.finfo(np.float64).tiny)).mean()
    return float(loss), float((probabilities.argmax(axis=1) == labels).mean())


def _versions(trial: Trial, device: str) -> dict[str, str]:
    return {
        "trova": trova_widgets.__version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": version("numpy"),
        "precision": resolved_precision(str(trial.settings["training.precision"])),
        "device": device,
    }
