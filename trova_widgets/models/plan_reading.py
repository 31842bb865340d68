"""Plans as the form of a new experiment has them: read from an experiment, or from what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trova_widgets.errors import TrovaError
from trova_widgets.experiments import EPOCHS, PRECISION, Plan, TrainingSettings
from trova_widgets.space import format_value, format_values

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


def plan_of(workspace: Workspace, experiment: str) -> dict[str, Any]:
    """Return the plan of an experiment as the traits of the form, under a name that is free."""
    plan = workspace.experiment_plan(experiment)
    experiments = workspace.experiments().set_index("name")
    networks = workspace.networks().set_index("network_id")
    datasets = workspace.datasets().set_index("dataset_id")["name"]
    network = networks.loc[experiments.loc[experiment, "network_id"]]
    varied = [{"parameter": name, "text": format_values(values)} for name, values in plan.axes.items()]
    # what a new plan over this network would have otherwise
    usual = Plan.make(
        network_type=plan.network_type,
        dataset_id=plan.dataset_id,
        architecture=plan.architecture,
        values=network["values"],
        recipe=workspace.recipe(),
        axes=plan.axes,
    )
    here = {name: plan.value_of(name) for name in plan.space if name != EPOCHS}
    if here[PRECISION] == "auto":
        # an older version has left it open; a new plan settles it
        del here[PRECISION]
    fixed = [
        {"parameter": name, "text": format_value(value)}
        for name, value in here.items()
        if value is not None and value != usual.value_of(name) and plan.space[name].kind != "text"
    ]
    epochs = plan.value_of(EPOCHS)
    return {
        "network": network["name"],
        "dataset": datasets[experiments.loc[experiment, "dataset_id"]],
        "axes": varied + fixed,
        "epochs": TrainingSettings().epochs if epochs is None else int(epochs),
        "seeds": len(plan.seeds),
        "name": free_name(set(experiments.index)),
    }


def plan_after(workspace: Workspace, experiment: str) -> dict[str, Any]:
    """Return the experiment that follows one as the traits of the form: its best cell fixed, the next settings varied.

    Raises
    ------
    TrovaError
        When every layer parameter has had its turn.
    """
    proposal = workspace.propose(experiment)
    if proposal is None:
        raise TrovaError(
            f"Every layer parameter has had its turn in {experiment} or before; refine those that act most."
        )
    fixed = {name: value for name, value in proposal.fixed.items() if name not in (EPOCHS, PRECISION)}
    rows = {**proposal.axes, **{name: (value,) for name, value in fixed.items()}}
    return {
        **plan_of(workspace, experiment),
        "axes": [{"parameter": name, "text": format_values(values)} for name, values in rows.items()],
    }


def free_name(taken: set[str]) -> str:
    """Return a name for an experiment that no other one has."""
    number = len(taken) + 1
    while f"experiment-{number}" in taken:
        number += 1
    return f"experiment-{number}"
