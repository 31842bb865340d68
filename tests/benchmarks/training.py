"""How fast a trial trains, against the plain loop: ``python -m tests.benchmarks.training``.

Both train the same cells of the article's first experiment on as many fingerprints as it had, in one process of
one thread; processor time is counted, so that whatever else the machine does matters little. The plain loop is
what one writes first: batches of 128 in float32, maps in torch's usual order.
"""

import argparse
import time

import numpy as np
import torch
from torch import nn

from trova_widgets.experiments import DatasetArrays, Plan, TrainingSettings, train_trial, trial_cost, trial_specs
from trova_widgets.networks import architecture, build

CELLS = ((2, 8, 2), (2, 64, 2), (8, 64, 1))
AXES = ("convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters", "averagePooling2dLayer_6_poolSize")
TRAINING_COUNT, OTHERS_COUNT = 1546, 57


def random_arrays():
    """Return fingerprints of chance: how fast a network trains does not depend on what it learns."""
    generator = np.random.default_rng(0)
    count = TRAINING_COUNT + 3 * OTHERS_COUNT
    splits = ["training"] * TRAINING_COUNT + ["test", "validation", "holdout"] * OTHERS_COUNT
    return DatasetArrays(
        bits=np.packbits(generator.random((count, 64 * 64)) < 0.1, axis=1),
        labels=generator.integers(0, 3, count),
        splits=np.array(splits),
        classes=("earthquake", "mine_blast", "quarry_blast"),
    )


def plain_epoch(spec, arrays):
    """Train one epoch as one writes it first."""
    module = build(architecture(spec.network_type, spec.architecture), spec.values)
    optimizer = torch.optim.Adam(module.parameters())
    at = arrays.positions("training")
    images = torch.from_numpy(arrays.images()[at]).unsqueeze(1).float()
    labels = torch.from_numpy(arrays.labels[at])
    for batch in torch.randperm(len(at)).split(128):
        optimizer.zero_grad()
        nn.functional.cross_entropy(module(images[batch]), labels[batch]).backward()
        optimizer.step()


def processor_seconds(work, *arguments):
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=2)
    epochs = parser.parse_args().epochs
    torch.set_num_threads(1)
    arrays = random_arrays()
    print(f"{'cell':>14} {'plain':>8} {'float32':>8} {'auto':>8} {'ratio':>6} {'operations a second':>20}")
    for cell in CELLS:
        seconds = {}
        for precision in ("float32", "auto"):
            plan = Plan.make(
                network_type="CNN",
                dataset_id="random",
                axes={name: [value] for name, value in zip(AXES, cell, strict=True)},
                training=TrainingSettings(epochs=epochs, precision=precision),
            )
            [spec] = trial_specs(plan)
            seconds[precision] = processor_seconds(train_trial, spec, arrays) / epochs
        plain = processor_seconds(plain_epoch, spec, arrays)
        rate = trial_cost(spec) / epochs * TRAINING_COUNT / seconds["auto"]
        print(
            f"{cell!s:>14} {plain:8.2f} {seconds['float32']:8.2f} {seconds['auto']:8.2f} "
            f"{plain / seconds['auto']:6.2f} {rate:20.3g}",
            flush=True,
        )


if __name__ == "__main__":
    main()
