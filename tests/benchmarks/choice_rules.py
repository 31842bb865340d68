"""What rules of the choice cost, and what they gain: ``python -m tests.benchmarks.choice --rules``.

Each rule chooses in simulated experiments with all their trainings, by what was measured; told is how much the true
quality of its cell is below the best there is, and how steep the truth is around it. All cells have as many parameters.
"""

import numpy as np
import pandas as pd

from tests.benchmarks.landscapes import GRID, LANDSCAPES, RECORDS, ROWS, Floats, Task, landscape, simulate
from trova_widgets.experiments.choice import MARGIN, RandomNumbers, best_cell, confidence_set
from trova_widgets.space import Grid

RULES = (
    "least steep of the 90 % set",
    "within a standard error",
    "within a point (the product's)",
    "highest quality",
)
#: Where some cells are better than others, and steepness is told apart from quality.
SLOPING = ("smooth", "spike")


def choices(rng: np.random.Generator, name: str, events: int, seeds: int, lasting: float = 0.0) -> Floats:
    """Return what each rule's cell in one experiment truly is, shape (rule, 2): quality lost, and steepness."""
    level, truth = landscape(name)
    losses = simulate(rng, level, events, seeds, lasting)
    inside = confidence_set(losses, numbers=RandomNumbers.of(losses, seed=int(rng.integers(2**31)))).inside.reshape(
        GRID
    )
    places = np.indices(GRID).reshape(len(GRID), -1).T
    axes = {f"axis {axis}": tuple(range(count)) for axis, count in enumerate(GRID)}
    measured, true = (Grid.of(axes, places, figures) for figures in (losses.quality(), truth))
    trials = pd.DataFrame(
        {
            "trial_id": np.arange(truth.size).astype(str),
            "state": "finished",
            "quality": losses.quality(),
            "seed": 0,
            "parameter_count": 1,
            "holdout": np.nan,
        }
    )
    found = (
        best_cell(measured, places, trials, margin=1.0, among=inside),
        best_cell(measured, places, trials, measured_on=events * RECORDS, among=inside),
        best_cell(measured, places, trials, margin=MARGIN, among=inside),
        best_cell(measured, places, trials),
    )
    return np.array([(truth.max() - true.mean[best.place], true.gradient[best.place]) for best in found])


def compare_rules(task: Task) -> list[Floats]:
    """Make the experiments of a task."""
    return [choices(*experiment) for experiment in task.experiments()]


def report_rules(tables: dict[tuple[int, int], Floats]) -> None:
    """Print a table for each rule."""
    print("true quality lost (+- se), and true steepness around the cell")
    print("landscape  events  seeds | " + " | ".join(f"{rule:30}" for rule in RULES))
    for (place, row), each in tables.items():
        mean, error = each.mean(axis=0), each.std(axis=0) / np.sqrt(len(each))
        told = " | ".join(
            f"{lost:.4f} +- {unsure:.4f}, steep {steep:.4f}"
            for (lost, steep), unsure in zip(mean, error[:, 0], strict=True)
        )
        events, seeds = ROWS[row]
        print(f"{LANDSCAPES[place]:9}  {events:6d}  {seeds:5d} | {told}")
