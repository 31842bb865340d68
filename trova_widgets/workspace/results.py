"""What experiments found: the table of trials with both objectives, and everything about one trial."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from trova_widgets.experiments import Plan, gradient, quality_grid
from trova_widgets.networks import LayerSummary, architecture, summary
from trova_widgets.store import ExperimentRow, Store, TrialRow

_FIRST = ("trial_id", "cell", "seed")
_LAST = ("quality", "gradient", "state", "loss", "seconds", "parameter_count", "error")


def trial_table(store: Store, row: ExperimentRow) -> pd.DataFrame:
    """Return the table of an experiment's trials; see `Workspace.trials`."""
    plan = Plan.from_dict(row.plan)
    stored = store.trials(row.experiment_id)
    values = pd.DataFrame(list(stored["values_json"]), index=stored.index, columns=list(plan.axes))
    table = pd.concat([stored.drop(columns=list(values.columns), errors="ignore"), values], axis=1)
    table["gradient"] = _gradients(table, plan.axes)
    return table[[*_FIRST, *plan.axes, *_LAST]].sort_values(["cell", "seed"], ignore_index=True)


def confusion_table(trial: TrialRow, classes: tuple[str, ...]) -> pd.DataFrame:
    """Return a confusion matrix with named rows (true) and columns (predicted)."""
    return pd.DataFrame(
        trial.confusion, index=pd.Index(classes, name="true"), columns=pd.Index(classes, name="predicted"), dtype=int
    )


def trial_diagram(plan: Plan, trial_values: Mapping[str, Any], size: int, class_count: int) -> tuple[LayerSummary, ...]:
    """Return the layers of a trial's network, with its own values."""
    return summary(architecture(plan.network_type, plan.architecture), dict(trial_values), size, class_count)


def _gradients(table: pd.DataFrame, axes: Mapping[str, tuple[Any, ...]]) -> np.ndarray:
    """Return each trial's gradient: that of the mean quality over seeds, at the trial's cell."""
    finished = table[table["state"] == "finished"]
    result = np.full(len(table), np.nan)
    if finished.empty:
        return result
    grid = quality_grid(finished, axes)
    steep = gradient(grid)
    places = [
        tuple(values.index(cell_value) for values, cell_value in zip(axes.values(), row, strict=True))
        for row in table[list(axes)].itertuples(index=False, name=None)
    ]
    done = (table["state"] == "finished").to_numpy()
    result[done] = [steep[place] for place, is_done in zip(places, done, strict=True) if is_done]
    return result
