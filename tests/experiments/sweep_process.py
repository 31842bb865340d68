"""A sweep in a process of its own, to be killed: ``python -m tests.experiments.sweep_process FOLDER``."""

import sys
from pathlib import Path

from tests.experiments.examples import FileSink, by_recipe, example_arrays, example_trials
from trova_widgets.experiments import run_sweep

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    trials = example_trials()
    run_sweep(
        trials,
        by_recipe(trials, example_arrays()),
        FileSink(folder / "table.jsonl"),
        journal=folder / "journal.jsonl",
        weights=folder / "weights",
        workers=2,
    )
