"""What the results page reads from a workspace: the grid of an experiment, and the details of a trial."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.figures.confusion import Confusion, confusion
from trova_widgets.figures.diagram import LayerBox, diagram
from trova_widgets.figures.field import Field, Index, field_of
from trova_widgets.figures.learning import LearningCurve, learning_curve

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """The trials of an experiment, as they were at one moment.

    Attributes
    ----------
    experiment : str
        Its name.
    table : DataFrame
        A row a trial, as of ``Workspace.trials``; ``state`` is never missing.
    places : ndarray of int, shape (trials, k)
        Which value of each varied parameter a trial has.
    quality, gradient : Field
        The objectives over the grid.
    """

    experiment: str
    table: pd.DataFrame
    places: NDArray[np.int64]
    quality: Field
    gradient: Field

    def trials_at(self, index: Index) -> pd.DataFrame:
        """Return the trials of a combination, a row a seed."""
        return self.table[np.all(self.places == np.asarray(index), axis=1)]

    def index_of(self, trial_id: str) -> Index | None:
        """Return the combination of a trial, or None for a trial that is not of this experiment."""
        found = np.flatnonzero(self.table["trial_id"].to_numpy() == trial_id)
        return tuple(int(place) for place in self.places[found[0]]) if found.size else None

    def best(self) -> Index:
        """Return the combination of the highest quality, of equal ones that of the lowest gradient."""
        quality = np.nan_to_num(self.quality.mean, nan=-1.0).ravel()
        gradient = np.nan_to_num(self.gradient.mean, nan=np.inf).ravel()
        place = np.lexsort((gradient, -quality))[0]
        return tuple(int(axis) for axis in np.unravel_index(place, self.quality.shape))


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialDetails:
    """Everything about one finished trial.

    Attributes
    ----------
    trial_id : str
        Its identity.
    confusion : Confusion
        On the validation set.
    curve : LearningCurve
        Its training.
    diagram : tuple of LayerBox
        Its network.
    mistakes : DataFrame
        The records of the validation set that it took for something else, the surest mistake first.
    """

    trial_id: str
    confusion: Confusion
    curve: LearningCurve
    diagram: tuple[LayerBox, ...]
    mistakes: pd.DataFrame


def read_experiment(workspace: "Workspace", experiment: str) -> Reading:
    """Read the trials of an experiment and gather them into the grid of its plan.

    Parameters
    ----------
    workspace : Workspace
        The open study.
    experiment : str
        Its name.

    Returns
    -------
    Reading
    """
    axes = dict(workspace.experiment_plan(experiment).axes)
    table = workspace.trials(experiment)
    table = table.assign(state=table["state"].fillna("planned"))
    if axes:
        columns = [pd.Index(list(values)).get_indexer(table[name]) for name, values in axes.items()]
        places = np.column_stack(columns).astype(np.int64)
    else:
        # nothing varies: the one combination is the network as it was saved
        axes, places = {"network": ("as saved",)}, np.zeros((len(table), 1), dtype=np.int64)
    states = list(table["state"])
    empty = "impossible" if len(table) else "missing"
    fields = [
        field_of(axes, places, pd.to_numeric(table[name]).to_numpy(dtype=float), states, without_trials=empty)
        for name in ("quality", "gradient")
    ]
    return Reading(experiment=experiment, table=table, places=places, quality=fields[0], gradient=fields[1])


def read_trial(workspace: "Workspace", trial_id: str, varied: dict[str, Any]) -> TrialDetails:
    """Read what is drawn of a finished trial.

    Parameters
    ----------
    workspace : Workspace
        The open study.
    trial_id : str
        Its identity.
    varied : dict
        The varied parameters and the trial's values.

    Returns
    -------
    TrialDetails
    """
    counts = workspace.confusion(trial_id)
    curve = workspace.curve(trial_id)
    said = workspace.predictions(trial_id).query("split == 'validation' and predicted != event_class")
    return TrialDetails(
        trial_id=trial_id,
        confusion=confusion(counts.to_numpy(), [str(name) for name in counts.index]),
        curve=learning_curve({str(name): list(curve[name]) for name in curve.columns}),
        diagram=diagram(workspace.diagram(trial_id), varied),
        mistakes=said.sort_values(["probability", "record_id"], ascending=[False, True]),
    )
