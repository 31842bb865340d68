"""A sweep in a process of its own, to be killed: ``python -m tests.experiments.sweep_process FOLDER``."""

import sys
from pathlib import Path

from tests.experiments.examples import SIZE, FileSink, example_arrays, example_plan
from trova_widgets.experiments import run_sweep, trial_specs

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    run_sweep(
        trial_specs(example_plan(), SIZE),
        example_arrays(),
        FileSink(folder / "table.jsonl"),
        journal=folder / "journal.jsonl",
        weights=folder / "weights",
        workers=2,
    )
