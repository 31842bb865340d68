"""Trials on a graphics processor: ``python -m tests.benchmarks.gpu``.

First it checks itself: trials side by side must come to what each comes to alone on the processor. On a machine with a
CUDA device it then prints, for cells of the article's first experiment, how many trials of fifteen repeats train a
second and which share of the device's matrix peak (measured with one large product in bfloat16) they reach, and the
time of the whole experiment: 384 cells, 15 epochs, one repeat. Without such a device it ends after the check.
"""

import argparse
import time

import numpy as np
import torch

from trova_widgets.experiments import DatasetArrays, Plan, cells, train_trial, trials
from trova_widgets.experiments.together import device_named, train_together
from trova_widgets.networks import architecture, summary

AXES = {
    "convolution2dLayer_2_filterSize": "[1 : 1 : 8]",
    "convolution2dLayer_2_numFilters": "[8 : 8 : 64]",
    "averagePooling2dLayer_6_poolSize": "[1 : 1 : 6]",
}
CELLS = ((2, 8, 2), (2, 64, 2), (8, 64, 1))
TRAINING_COUNT, OTHERS_COUNT, SIDE = 1546, 57, 64
MARK_S = 60
_TOLERANCE = {"cpu": 1e-5, "cuda": 1e-3}


def main(arguments: list[str] | None = None) -> None:
    """Check, and measure where there is something to measure on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args(arguments)
    device = device_named(options.device)
    print(f"on {device}: the losses of trials side by side and alone are at most {difference(device):.1e} apart")
    if device.type != "cuda":
        print("no CUDA device is at hand, so nothing is measured")
        return
    arrays = random_arrays(TRAINING_COUNT, OTHERS_COUNT, SIDE)
    peak = matrix_peak(device)
    print(f"{torch.cuda.get_device_name(device)}, matrix peak {peak / 1e12:.0f} TFLOP/s in bfloat16")
    for cell in CELLS:
        asked = made(dict(zip(AXES, map(str, cell), strict=True)), SIDE, options.epochs, seeds=options.repeats)
        seconds = timed(asked, arrays, device)
        share = sum(map(operations, asked)) * TRAINING_COUNT / seconds / peak
        print(f"{cell}: {len(asked) / seconds:.2f} trials a second, {100 * share:.1f} % of the matrix peak", flush=True)
    asked = made(AXES, SIDE, options.epochs)
    seconds = timed(asked, arrays, device)
    verdict = "reached" if seconds < MARK_S else "MISSED"
    print(f"experiment 1, {len(asked)} trials of {options.epochs} epochs: {seconds:.0f} s ({verdict}, mark {MARK_S} s)")


def difference(device: torch.device) -> float:
    """Return how far the losses of trials side by side are from those alone; more than rounding is an error."""
    arrays = random_arrays(96, 12, 32)
    asked = made(
        {**dict(zip(AXES, ("2", "3", "2"), strict=True)), "dropoutLayer_5_probability": "0.1, 0.5"},
        32,
        epochs=1,
        seeds=2,
        precision="float32",
    )
    found = {result.trial_id: result for result in train_together(asked, arrays, device)}
    alone = [train_trial(trial, arrays) for trial in asked]
    apart = max(abs(found[result.trial_id].loss - result.loss) for result in alone)
    if apart > _TOLERANCE[device.type]:
        raise SystemExit(f"on {device} trials side by side and alone are {apart:.1e} apart")
    return apart


def timed(asked, arrays, device) -> float:
    """Return how long trials take."""
    torch.cuda.synchronize(device)
    started = time.perf_counter()
    failed = [result.error for result in train_together(asked, arrays, device) if result.state == "failed"]
    torch.cuda.synchronize(device)
    if failed:
        raise SystemExit(f"{len(failed)} trials failed: {failed[0]}")
    return time.perf_counter() - started


def operations(trial) -> float:
    """Return the floating-point operations of a trial's products for a fingerprint, forward and backward."""
    layers = summary(architecture(trial.network_type, trial.architecture), trial.group(""), SIDE)
    products = sum(layer.operation_count for layer in layers if layer.kind.startswith(("convolution", "fully")))
    # two operations a product; the backward pass multiplies twice as often as the forward pass
    return 2 * 3 * products * int(trial.settings["training.epochs"])


def matrix_peak(device: torch.device, side: int = 8192, times: int = 20) -> float:
    """Return the operations a second of one large product."""
    factor = torch.randn(side, side, device=device, dtype=torch.bfloat16)
    seconds = []
    for _ in range(times):
        torch.cuda.synchronize(device)
        started = time.perf_counter()
        factor @ factor
        torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - started)
    return 2 * side**3 / min(seconds)


def made(axes, side, epochs, seeds=1, precision="bfloat16"):
    """Return the trials of a plan."""
    plan = Plan.make(
        network_type="CNN",
        dataset_id="random",
        axes=axes,
        fixed={
            "training.epochs": epochs,
            "training.precision": precision,
            "training.augmentation": "all",
            "fingerprint.size": side,
        },
        seeds=seeds,
    )
    return trials(plan, cells(plan))


def random_arrays(training_count, others_count, side):
    """Return fingerprints of chance: how fast a network trains does not depend on what it learns."""
    generator = np.random.default_rng(0)
    count = training_count + 3 * others_count
    return DatasetArrays(
        bits=np.packbits(generator.random((count, side**2)) < 0.1, axis=1),
        members=np.arange(count),
        variants=np.zeros(count, dtype=np.int64),
        labels=generator.integers(0, 3, count),
        splits=np.array(["training"] * training_count + ["test", "validation", "holdout"] * others_count),
        classes=("earthquake", "mine_blast", "quarry_blast"),
        size=side,
    )


if __name__ == "__main__":
    main()
