"""A workspace with an experiment that nobody trained: as many cells and repeats as asked, told of by dice."""

from pathlib import Path

import numpy as np

from tests.benchmarks.hundred_thousand import fill_with_records
from trova_widgets import Workspace
from trova_widgets.space import TrialResult, pack_probabilities

EXPERIMENT = "many"
SEEDS, FOLDS = 3, 5
#: The article's experiment 1: 384 cells; with so many values of a fourth setting some 100,000 trials.
ARTICLE = {
    "convolution2dLayer_2_filterSize": "[1:1:8]",
    "convolution2dLayer_2_numFilters": "[8:8:64]",
    "averagePooling2dLayer_6_poolSize": "[1:1:6]",
}
FOURTH = ("training.weight_decay", 18)
_AT_ONCE = 2_000
_VERSIONS = {"trova": "0", "python": "3", "torch": "2", "numpy": "2", "precision": "float32", "device": "cpu"}


def make_study(folder: Path, *, records: int, fourth: bool) -> int:
    """Make the workspace and return how many trials it has.

    Parameters
    ----------
    folder : Path
        Where it goes.
    records : int
        How many records its data set has, ten an event.
    fourth : bool
        Whether a fourth setting varies, so that there are some 100,000 trials.
    """
    axes = {**ARTICLE, **({FOURTH[0]: [number / 1000 for number in range(FOURTH[1])]} if fourth else {})}
    with Workspace.create(folder, recipe="article") as workspace:
        fill_with_records(workspace._store, records)
        workspace.build_dataset("all", folds=FOLDS)
        workspace.create_network("base")
        workspace.plan(EXPERIMENT, network="base", dataset="all", axes=axes, seeds=SEEDS)
        row = workspace._store.experiment(EXPERIMENT)
        members = workspace._store.dataset_members(row.dataset_id).sort_values("position")
        classes = {name: at for at, name in enumerate(workspace._store.dataset(row.dataset_id).classes)}
        truth = members["event_class"].map(classes).to_numpy()
        held = (members["split"] == "holdout").to_numpy()
        fold_of = members["fold"].fillna(-1).to_numpy(dtype=int)
        dice, done = np.random.default_rng(7), []
        hard = dice.normal(size=len(members))
        for number, trial in enumerate(workspace._trials_of(row)):
            asked = np.flatnonzero((fold_of == int(trial.settings["fold"])) | held)
            skill = 1.6 - 0.1 * abs(trial.settings["convolution2dLayer_2_filterSize"] - 3)
            said = dice.normal(size=(len(asked), len(classes)))
            said[np.arange(len(asked)), truth[asked]] += skill + hard[asked]
            shares = np.exp(said) / np.exp(said).sum(axis=1, keepdims=True)
            done.append(
                untrained_result(trial.trial_id, trial.settings, asked, shares, truth[asked], held[asked], number)
            )
            if len(done) == _AT_ONCE:
                workspace._store.add_trials(done)
                done = []
        workspace._store.add_trials(done)
        return number + 1


def untrained_result(
    trial_id: str,
    settings: dict,
    asked: np.ndarray,
    shares: np.ndarray,
    truth: np.ndarray,
    held: np.ndarray,
    number: int,
) -> TrialResult:
    """Return the result of a trial that told of some records by dice."""
    predicted = shares.argmax(axis=1)
    right = predicted == truth
    counts = np.zeros((shares.shape[1],) * 2, dtype=int)
    np.add.at(counts, (truth[~held], predicted[~held]), 1)
    return TrialResult(
        trial_id=trial_id,
        state="finished",
        settings=settings,
        finished_at_ns=1 + number,
        seconds=10.0,
        quality=float(right[~held].mean()),
        loss=0.5,
        scores={"validation": float(right[~held].mean()), "holdout": float(right[held].mean())},
        confusion=counts.tolist(),
        curve={"training_loss": [1.0, 0.6, 0.4], "training_accuracy": [0.5, 0.7, 0.8]},
        predictions={
            "position": asked.tolist(),
            "predicted": predicted.tolist(),
            "probability": shares.max(axis=1).round(4).tolist(),
        },
        probabilities=pack_probabilities(shares),
        parameter_count=1_000 + 10 * number % 5_000,
        versions=_VERSIONS,
    )
