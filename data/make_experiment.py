"""Run the demonstration's experiment and keep its trials: ``python data/make_experiment.py``.

It trains every network of the plan in `trova_widgets.workspace.demonstration` on the teaching set beside this file,
raced, which takes about half an hour, and writes ``experiment-1/``: the trials, how they were raced, and the weights of
the best one.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from trova_widgets.workspace import Workspace
from trova_widgets.workspace.demonstration import EXPERIMENT, prepare


def main() -> None:
    """Run what is missing, in a workspace that is thrown away."""
    folder = Path(__file__).parent / EXPERIMENT
    with TemporaryDirectory() as place, Workspace.create(place) as workspace:
        prepare(workspace)
        print(workspace.run_here(EXPERIMENT))
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{workspace.export_results(EXPERIMENT, folder)} trials in {folder}")
        print(workspace.race(EXPERIMENT))
        print(workspace.results(EXPERIMENT).sentence)


if __name__ == "__main__":
    main()
