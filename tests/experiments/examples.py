"""Small fingerprints that a network can tell apart, plans over them, and a sink that is a file."""

import json
import os
from pathlib import Path

import numpy as np

from trova_widgets.experiments import DatasetArrays, Plan, cells, recipe_key, trials

SIZE = 32
CLASSES = ("earthquake", "mine_blast", "quarry_blast")
COUNTS = {"training": 90, "test": 15, "validation": 30, "holdout": 15}
FILTER_2, POOL_6 = "convolution2dLayer_2_filterSize", "averagePooling2dLayer_6_poolSize"
FILTERS_2, FILTERS_7 = "convolution2dLayer_2_numFilters", "convolution2dLayer_7_numFilters"
_BAR = 12


def example_arrays(seed=0):
    """Return fingerprints with a bar upright, a bar across, or none, in a sky of points."""
    generator = np.random.default_rng(seed)
    count = sum(COUNTS.values())
    labels = np.arange(count) % len(CLASSES)
    images = generator.random((count, SIZE, SIZE)) < 0.04
    for image, label, place in zip(images, labels, generator.integers(0, SIZE - _BAR, (count, 2)), strict=True):
        row, column = place
        if label == 0:
            image[row : row + _BAR, column] = True
        if label == 1:
            image[row, column : column + _BAR] = True
    return DatasetArrays(
        bits=np.packbits(images.reshape(count, -1), axis=1),
        members=np.arange(count),
        variants=np.zeros(count, dtype=np.int64),
        labels=labels.astype(np.int64),
        splits=np.repeat(list(COUNTS), list(COUNTS.values())),
        classes=CLASSES,
        size=SIZE,
    )


def example_plan(axes=None, seeds=1, **fixed):
    """Return a plan of small networks that train in a moment; ``training__epochs=3`` fixes that setting."""
    axes = axes or {FILTER_2: "1:3", POOL_6: "1, 2"}
    held = {"fingerprint.size": SIZE, "training.epochs": 1, **{_full(name): value for name, value in fixed.items()}}
    return Plan.make(
        network_type="CNN",
        dataset_id="example",
        axes=axes,
        values={FILTERS_2: 2, FILTERS_7: 2},
        fixed={name: value for name, value in held.items() if name not in axes},
        seeds=seeds,
    )


def example_trials(axes=None, seeds=1, **fixed):
    """Return the trials of an example's plan in the order in which they run."""
    return trials_of(example_plan(axes, seeds, **fixed))


def trials_of(plan):
    """Return the trials of a plan in the order in which they run."""
    return trials(plan, cells(plan))


def by_recipe(trials, arrays):
    """Return the same arrays under the key of every recipe that occurs."""
    return {recipe_key(trial): arrays for trial in trials}


class FileSink:
    """A sink that is a file of JSON lines, as safe as it needs to be to be killed."""

    def __init__(self, path):
        self.path = Path(path)

    def append(self, results):
        there = {(row["trial_id"], row["finished_at_ns"]) for row in self.rows()}
        new = [result.to_dict() for result in results if (result.trial_id, result.finished_at_ns) not in there]
        with self.path.open("ab") as file:
            file.write("".join(json.dumps(row) + "\n" for row in new).encode())
            file.flush()
            os.fsync(file.fileno())

    def finished(self, trial_ids):
        return {row["trial_id"] for row in self.rows() if row["state"] == "finished"} & set(trial_ids)

    def rows(self):
        if not self.path.exists():
            return []
        # the last line may be in the middle of being written
        lines = self.path.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]


def _full(name):
    return name.replace("__", ".")
