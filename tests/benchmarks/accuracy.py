"""Do fused networks learn as well as torch's layers? ``python -m tests.benchmarks.accuracy``.

Cells of the article's first experiment are trained on the teaching set with ten seeds each, three ways with the same
batches: torch's layers and dropout in float32, fused in float32, fused with convolutions in bfloat16. Printed is the
validation accuracy, and how far the fused ways are from torch's, seed by seed, with a 95 % interval of the mean.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from tests.benchmarks.sweep.trials import save_teaching_set, trials_of
from trova_widgets.experiments import DatasetArrays, train_trial, training

CELLS = ((2, 8, 2), (2, 2, 4), (1, 4, 3), (6, 8, 2))
# of Student's distribution with nine degrees of freedom
_T_975 = 2.262


class ByTorch(nn.Sequential):
    """A network in place of a fused one, whose layers torch computes one by one."""

    def __init__(self, module: nn.Sequential, seed: int = 0, dtype: torch.dtype = torch.float32) -> None:
        super().__init__(*module)
        torch.manual_seed(seed)

    def forward(self, images):
        """Return the logits."""
        return super().forward(images.float())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--data", type=Path, help="a file of DatasetArrays in place of the teaching set")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.data or Path(folder) / "teaching.npz"
        if options.data is None:
            save_teaching_set(path)
        arrays = DatasetArrays.load(path)
    print(f"{'cell':>12} {'torch':>7} {'float32':>8} {'apart':>18} {'bfloat16':>9} {'apart':>18}")
    for cell in CELLS:
        plain = accuracies(cell, options, arrays, "float32", ByTorch)
        exact, short = (accuracies(cell, options, arrays, each) for each in ("float32", "bfloat16"))
        print(
            f"{cell!s:>12} {plain.mean():7.3f} {exact.mean():8.3f} {apart(exact - plain):>18} "
            f"{short.mean():9.3f} {apart(short - plain):>18}",
            flush=True,
        )


def accuracies(cell, options, arrays, precision, network=training.FusedNetwork):
    """Return the validation accuracy of each seed."""
    kept, training.FusedNetwork = training.FusedNetwork, network
    try:
        results = [train_trial(trial, arrays) for trial in trials_of(cell, options.seeds, options.epochs, precision)]
    finally:
        training.FusedNetwork = kept
    return np.array([result.quality for result in results])


def apart(differences):
    """Return the mean difference and its interval as text."""
    reach = _T_975 * differences.std(ddof=1) / np.sqrt(len(differences))
    return f"{differences.mean():+.3f} ± {reach:.3f}"


if __name__ == "__main__":
    main()
