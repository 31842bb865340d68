"""Everything about one finished trial: what it has left, and what its network said of each record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from trova_widgets.experiments import Plan
from trova_widgets.networks import LayerSummary, summary
from trova_widgets.networks import architecture as model_of
from trova_widgets.space import TrialResult
from trova_widgets.store import DatasetRow, ExperimentRow, Store


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialReport:
    """Everything about one finished trial.

    Attributes
    ----------
    experiment : str
        The experiment in which it was planned first.
    result : TrialResult
        What it has left behind.
    plan : Plan
        The plan of that experiment.
    classes : tuple of str
        What the network's outputs stand for.
    predictions : DataFrame
        What its network said of each record that did not train it: ``record_id``, ``event_id``, ``event_class`` (true),
        ``split``, ``predicted`` class and its ``probability``.
    """

    experiment: str
    result: TrialResult
    plan: Plan
    classes: tuple[str, ...]
    read_members: Callable[[], pd.DataFrame] = field(repr=False)

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """What its network said of each record that did not train it, read when it is asked for."""
        said = pd.DataFrame(dict(self.result.predictions), columns=["position", "predicted", "probability"])
        said["predicted"] = [self.classes[index] for index in said["predicted"]]
        members = self.read_members()
        return said.merge(members[["position", "record_id", "event_id", "event_class", "split"]], on="position")

    @property
    def confusion(self) -> pd.DataFrame:
        """The confusion matrix on the validation set: a row a true class, a column a predicted one."""
        return pd.DataFrame(
            self.result.confusion,
            index=pd.Index(self.classes, name="true"),
            columns=pd.Index(self.classes, name="predicted"),
            dtype=int,
        )

    @property
    def curve(self) -> pd.DataFrame:
        """The learning curve: a row an epoch."""
        return pd.DataFrame(self.result.curve)

    @property
    def diagram(self) -> tuple[LayerSummary, ...]:
        """The layers of its network, with their values, output shapes and parameter counts."""
        model = model_of(self.plan.network_type, self.plan.architecture)
        settings = self.result.settings
        values = {name: settings[name] for name in model.space if name in settings}
        return summary(model, values, int(settings.get("fingerprint.size", 64)), len(self.classes))


def read_trial(store: Store, trial_id: str, row: ExperimentRow) -> TrialReport:
    """Return everything about a finished trial, in a handful of queries.

    Parameters
    ----------
    store : Store
        Where it is kept.
    trial_id : str
        The trial.
    row : ExperimentRow
        An experiment that plans it.
    """
    result = store.trial(trial_id)
    dataset: DatasetRow = store.dataset(row.dataset_id)
    return TrialReport(
        experiment=row.name,
        result=result,
        plan=Plan.from_dict(row.plan),
        classes=dataset.classes,
        read_members=lambda: store.dataset_members(row.dataset_id),
    )
