"""A workspace with experiments over one to five settings, an MLP and the recipe, told of by dice and not trained."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.hundred_thousand import fill_with_records
from tests.benchmarks.views_study import untrained_result
from trova_widgets import Workspace

FOLDS, RECORDS = 3, 240
SIZE, COUNT = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"
POOL, DROPOUT = "averagePooling2dLayer_6_poolSize", "dropoutLayer_5_probability"
#: The experiments, with the network that each varies.
EXPERIMENTS: Mapping[str, tuple[str, dict[str, str]]] = {
    "one": ("base", {SIZE: "[1:1:6]"}),
    "two": ("base", {SIZE: "[1:1:6]", COUNT: "[8:8:48]"}),
    "three": ("base", {SIZE: "[1:1:5]", COUNT: "[8:8:40]", POOL: "[1:1:4]"}),
    "wider": ("base", {SIZE: "[2:1:6]", COUNT: "[8:8:32]", POOL: "[1:1:4]"}),
    "four": ("base", {SIZE: "[1:1:4]", COUNT: "[8:8:32]", POOL: "1, 2, 4", DROPOUT: "[0.1:0.2:0.7]"}),
    "five": ("base", {SIZE: "1, 3", COUNT: "8, 16, 24", POOL: "1, 2, 4", DROPOUT: "0.1, 0.5", "seed": "1, 2, 3"}),
    "perceptron": (
        "layers",
        {"fullyConnectedLayer_2_outputSize": "16, 64, 256", "training.learning_rate": "0.0003, 0.001, 0.003, 0.01"},
    ),
    "recipe": ("base", {"fingerprint.keep": "100, 200, 400, 800", "fingerprint.amplitude": "linear, log"}),
}


def make_study(folder: Path) -> None:
    """Make the workspace, with all trials of every experiment finished."""
    with Workspace.create(folder, recipe="article") as workspace:
        fill_with_records(workspace._store, RECORDS)
        workspace.build_dataset("all", folds=FOLDS)
        workspace.create_network("base")
        workspace.create_network("layers", "MLP")
        for name, (network, axes) in EXPERIMENTS.items():
            # so that no trial of it is one of another experiment
            epochs = 20 if name == "wider" else None
            workspace.plan(name, network=network, dataset="all", axes=axes, seeds=1, epochs=epochs)
            finish(workspace, name)


def finish(workspace: Workspace, name: str) -> None:
    """Let all trials of an experiment have told what dice say, the better the nearer to the middle of each axis."""
    row = workspace._store.experiment(name)
    plan = workspace.results(name).plan
    members = workspace._store.dataset_members(row.dataset_id).sort_values("position")
    classes = {each: at for at, each in enumerate(workspace._store.dataset(row.dataset_id).classes)}
    truth = members["event_class"].map(classes).to_numpy()
    held = (members["split"] == "holdout").to_numpy()
    fold_of = members["fold"].fillna(-1).to_numpy(dtype=int)
    dice, done = np.random.default_rng(7), []
    hard = np.random.default_rng(3).normal(size=len(members))
    for number, trial in enumerate(workspace._trials_of(row)):
        asked = np.flatnonzero((fold_of == int(trial.settings["fold"])) | held)
        said = 0.8 * dice.normal(size=(len(asked), len(classes)))
        said[np.arange(len(asked)), truth[asked]] += skill(trial.settings, plan.axes) + hard[asked]
        shares = np.exp(said) / np.exp(said).sum(axis=1, keepdims=True)
        done.append(untrained_result(trial.trial_id, trial.settings, asked, shares, truth[asked], held[asked], number))
    workspace._store.add_trials(done)


def skill(settings: Mapping[str, Any], axes: Mapping[str, tuple[Any, ...]]) -> float:
    """Return how good a trial is: less with each step that its values are away from a place of their own."""
    found = 2.2
    for number, (name, values) in enumerate(axes.items()):
        share = values.index(settings[name]) / max(len(values) - 1, 1)
        found -= 1.6 * (share - (0.3, 0.7, 0.4, 0.2, 0.6)[number % 5]) ** 2
    return found
