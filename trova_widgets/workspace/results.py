"""What experiments found: the table of trials with both objectives, and everything about one trial."""

import numpy as np
import pandas as pd

from trova_widgets.experiments import Plan, gradient, quality_grid
from trova_widgets.store import ExperimentRow, Store, TrialRow

_FIRST = ("trial_id", "cell", "seed")
_LAST = ("quality", "gradient", "state", "loss", "seconds", "parameter_count", "error")


def trial_table(store: Store, row: ExperimentRow) -> pd.DataFrame:
    """Return the table of an experiment's trials; see `Workspace.trials`."""
    plan = Plan.from_dict(row.plan)
    stored = store.trials(row.experiment_id)
    values = pd.DataFrame(list(stored["values"]), index=stored.index, columns=list(plan.axes))
    table = pd.concat([stored.drop(columns=list(values.columns), errors="ignore"), values], axis=1)
    shape = tuple(len(values) for values in plan.axes.values())
    places = tuple(pd.Index(values).get_indexer(table[name]) for name, values in plan.axes.items())
    # a plan that grew has numbered its cells anew
    table["cell"] = np.ravel_multi_index(places, shape) if len(table) else table["cell"]
    table["gradient"] = np.where(table["state"] == "finished", gradient(quality_grid(table, plan.axes))[places], np.nan)
    return table[[*_FIRST, *plan.axes, *_LAST]].sort_values(["cell", "seed"], ignore_index=True)


def confusion_table(trial: TrialRow, classes: tuple[str, ...]) -> pd.DataFrame:
    """Return a confusion matrix with named rows (true) and columns (predicted)."""
    return pd.DataFrame(
        trial.confusion, index=pd.Index(classes, name="true"), columns=pd.Index(classes, name="predicted"), dtype=int
    )
