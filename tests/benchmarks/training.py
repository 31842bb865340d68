"""How fast a trial trains, against the plain loop, in one run: ``python -m tests.benchmarks.training``.

Both train and test the same cells of the article's first experiment, on as many fingerprints as it had, in one
process of one thread; processor time is counted, so that whatever else the machine does matters little. The
plain loop is what one writes first: batches of 128 in float32, maps in torch's usual order, torch's dropout.
"""

import argparse
import time

import numpy as np
import torch
from torch import nn

from trova_widgets.experiments import DatasetArrays, Plan, TrainingSettings, train_trial, trial_cost, trial_specs
from trova_widgets.networks import architecture, build
from trova_widgets.networks.fast_dropout import FastDropout

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


def plain_trial(spec, arrays):
    """Train and test as one writes it first."""
    module = build(architecture(spec.network_type, spec.architecture), spec.values)
    # torch's own dropout in place of Trova's
    for name, part in module.named_children():
        if isinstance(part, FastDropout):
            setattr(module, name, nn.Dropout(part.probability))
    optimizer = torch.optim.Adam(module.parameters())
    images = torch.from_numpy(arrays.images()).unsqueeze(1).float()
    labels = torch.from_numpy(arrays.labels)
    training, test = (torch.from_numpy(arrays.positions(split)) for split in ("training", "test"))
    for _ in range(spec.training.epochs):
        module.train()
        for batch in training[torch.randperm(len(training))].split(128):
            optimizer.zero_grad()
            nn.functional.cross_entropy(module(images[batch]), labels[batch]).backward()
            optimizer.step()
        module.eval()
        with torch.inference_mode():
            module(images[test])
    with torch.inference_mode():
        for batch in images.split(128):
            module(batch)


def processor_seconds(work, *arguments):
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=3)
    epochs = parser.parse_args().epochs
    torch.set_num_threads(1)
    arrays = random_arrays()
    train_trial(spec_of(CELLS[0], "auto", 1), arrays)  # whatever torch does only once
    print("Processor seconds an epoch; operations a second calibrate trova_widgets.experiments.cost.")
    print(f"{'cell':>14} {'plain':>8} {'float32':>8} {'auto':>8} {'ratio':>6} {'operations/s':>13}")
    for cell in CELLS:
        plain = processor_seconds(plain_trial, spec_of(cell, "float32", epochs), arrays) / epochs
        exact = processor_seconds(train_trial, spec_of(cell, "float32", epochs), arrays) / epochs
        spec = spec_of(cell, "auto", epochs)
        auto = processor_seconds(train_trial, spec, arrays) / epochs
        rate = trial_cost(spec) / epochs * TRAINING_COUNT / auto
        print(f"{cell!s:>14} {plain:8.2f} {exact:8.2f} {auto:8.2f} {plain / auto:6.2f} {rate:13.3g}", flush=True)


def spec_of(cell, precision, epochs):
    plan = Plan.make(
        network_type="CNN",
        dataset_id="random",
        axes={name: [value] for name, value in zip(AXES, cell, strict=True)},
        training=TrainingSettings(epochs=epochs, precision=precision),
    )
    [spec] = trial_specs(plan)
    return spec


if __name__ == "__main__":
    main()
