"""Experiment plans: made over a saved network, checked before the run, grown without repeating anything."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from trova_widgets.errors import NetworkError, PlanError
from trova_widgets.experiments import Cell, Plan, cells, trial_specs
from trova_widgets.identity import identity_of
from trova_widgets.networks import architecture, check
from trova_widgets.reports import Report
from trova_widgets.store import DatasetRow, ExperimentRow, NetworkRow, Store
from trova_widgets.workspace.naming import checked_name


@dataclass(frozen=True, kw_only=True, repr=False)
class PlanReport(Report):
    """What a plan asks for.

    Attributes
    ----------
    name : str
        The experiment.
    cells, buildable : int
        Combinations, and those of them whose network can be built.
    trials, missing : int
        Trials (a cell with a seed) that can be run, and those of them that have not been run yet.
    refused : tuple of str
        Why the others cannot be built, a sentence a reason.
    warnings : tuple of str
        Constraints of the catalogue that some cells break, although they can be run.
    """

    name: str
    cells: int
    buildable: int
    trials: int
    missing: int
    refused: tuple[str, ...]
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        lines = [
            f"Experiment {self.name}: {self.cells} cells, {self.buildable} can be built, "
            f"{self.missing} of {self.trials} trials are to be run."
        ]
        lines += [f"  cannot be built: {reason}" for reason in self.refused]
        lines += [f"  beyond the catalogue's constraints, run all the same: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def make_network(
    name: str, network_type: str, model_name: str | None, values: Mapping[str, Any], size: int
) -> NetworkRow:
    """Return a network to save: an architecture model with typical parameters and the values that differ.

    Raises
    ------
    PlanError
        When the name cannot be one.
    NetworkError
        When the catalogue has no such model or parameter, or the network cannot be built.
    """
    checked_name(name, "a network")
    model = architecture(network_type, model_name)
    chosen = model.settled(values)
    if reason := check(model, chosen, size).reason:
        raise NetworkError(f"The network {name} cannot be built: {reason}")
    return NetworkRow(
        network_id=identity_of(["network", name]),
        name=name,
        network_type=network_type,
        architecture=model.name,
        values=chosen,
        weights=None,
        trial_id=None,
        created_at_ns=time.time_ns(),
    )


def keep_plan(store: Store, name: str, network: NetworkRow, dataset: DatasetRow, plan: Plan, size: int) -> PlanReport:
    """Save a plan, or let the experiment of that name grow to it, and link the trials that it asks for.

    Raises
    ------
    PlanError
        When the name cannot be one, the experiment exists over another network or data set, or its plan would lose
        what was planned.
    """
    checked_name(name, "an experiment")
    known = set(store.experiments()["name"])
    experiment_id = identity_of(["experiment", name])
    if name in known:
        _must_grow(store.experiment(name), network, dataset, plan)
        store.update_experiment(name, plan=plan.to_dict())
    else:
        store.add_experiment(
            ExperimentRow(
                experiment_id=experiment_id,
                name=name,
                network_id=network.network_id,
                dataset_id=dataset.dataset_id,
                plan=plan.to_dict(),
                state="planned",
                created_at_ns=time.time_ns(),
            )
        )
    specs = trial_specs(plan, size, len(dataset.classes))
    linked = pd.DataFrame(
        [
            {
                "trial_id": s.trial_id,
                "cell": s.cell,
                "seed": s.seed,
                "values_json": json.dumps({name: s.values[name] for name in plan.axes}),
            }
            for s in specs
        ]
    )
    store.link_trials(experiment_id, linked)
    done = store.finished([spec.trial_id for spec in specs])
    return report(name, cells(plan, size, len(dataset.classes)), len(specs), len(specs) - len(done))


def report(name: str, every: Sequence[Cell], trials: int, missing: int) -> PlanReport:
    """Return what a plan's cells come to."""
    return PlanReport(
        name=name,
        cells=len(every),
        buildable=sum(cell.buildable for cell in every),
        trials=trials,
        missing=missing,
        refused=tuple(dict.fromkeys(cell.reason for cell in every if cell.reason)),
        warnings=tuple(dict.fromkeys(warning for cell in every for warning in cell.warnings)),
    )


def _must_grow(row: ExperimentRow, network: NetworkRow, dataset: DatasetRow, plan: Plan) -> None:
    before = Plan.from_dict(row.plan)
    if (row.network_id, row.dataset_id) != (network.network_id, dataset.dataset_id):
        raise PlanError(
            f"{row.name} is an experiment over another network or data set; give the new plan another name."
        )
    shrinks = [name for name, values in before.axes.items() if not set(values) <= set(plan.axes.get(name, ()))]
    if shrinks or set(plan.axes) != set(before.axes) or not set(before.seeds) <= set(plan.seeds):
        what = shrinks[0] if shrinks else "seeds or parameters"
        raise PlanError(
            f"The plan of {row.name} can only grow, and this one drops values of {what}; give it another name."
        )
