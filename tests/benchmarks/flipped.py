"""How many wrong labels stand at the head of the queue of doubts: ``python -m tests.benchmarks.flipped``.

Of the teaching set's events ten per cent get another class, drawn. Trova's choice (`tests.benchmarks.evaluate`) learns
from what is said now, in five folds of whole events, so that it takes the wrong labels for true; then the events that
are not held out are put in the order of doubt. Printed is which share of the wrong labels among them the first ten per
cent of the queue hold.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.evaluate import silently, train
from trova_widgets import Workspace
from trova_widgets.fingerprinting import recipe_named
from trova_widgets.records.synthetics import TEACHING_EVENTS

SHARE, ASKED = 0.1, 0.8
DATASET, CHOICE = "flipped", "choice"


def main() -> None:
    """Flip, train, and print what the queue finds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Workspace.create(Path(folder, "study")) as workspace:
        workspace.import_teaching_set(TEACHING_EVENTS, progress=silently)
        flipped = _flip(workspace, np.random.default_rng(options.seed))
        workspace.compute_fingerprints(recipe_named("signed"), progress=silently)
        workspace.build_dataset(DATASET, seed=2024)
        train(workspace, CHOICE, DATASET)
        queue = workspace.doubts(CHOICE)["event_id"]
    wrong, first = queue.isin(flipped), round(SHARE * len(queue))
    found = int(wrong.iloc[:first].sum())
    verdict = "reached" if found >= ASKED * wrong.sum() else "MISSED"
    print(
        f"{verdict}: of {wrong.sum()} wrong labels among {len(queue)} events the first {first} in the queue hold "
        f"{found}, {100 * found / wrong.sum():.0f} % ({100 * ASKED:.0f} % asked)"
    )


def _flip(workspace: Workspace, random: np.random.Generator) -> set[str]:
    """Give some events another class, and return which."""
    said = workspace.events().set_index("event_id")["event_class"]
    classes = sorted(said.unique())
    flipped = random.choice(said.index, round(SHARE * len(said)), replace=False).tolist()
    for event in flipped:
        others = [name for name in classes if name != said[event]]
        workspace.label(event, str(random.choice(others)), comment="flipped")
    return set(flipped)


if __name__ == "__main__":
    main()
