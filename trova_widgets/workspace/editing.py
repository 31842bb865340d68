"""The plan of an experiment with some of it said anew: for the experiment itself, or for a copy of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from trova_widgets.experiments import EPOCHS, Plan
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.space import Value, parse_axes
from trova_widgets.store import DatasetRow, NetworkRow
from trova_widgets.workspace.planning import Draft


def changed_draft(
    plan: Plan,
    network: NetworkRow,
    dataset: DatasetRow,
    own_recipe: FingerprintRecipe | None,
    *,
    axes: Mapping[str, Any] | Sequence[str] | None = None,
    fixed: Mapping[str, Any] | None = None,
    seeds: int | Sequence[int] | None = None,
    folds: Sequence[int] = (),
    epochs: int | None = None,
) -> Draft:
    """Return a plan with some of it said anew; what is left out stays as it was when the plan was made.

    Parameters
    ----------
    plan : Plan
        The plan.
    network, dataset : NetworkRow, DatasetRow
        What it is over from now on.
    own_recipe : FingerprintRecipe or None
        The recipe that a data set of an older version was made with.
    axes : mapping or sequence of str, optional
        The settings that vary, all of them.
    fixed : mapping, optional
        Settings that are fixed from now on, besides those that are; one of no value (None) is as the network, the
        training or the recipe has it.
    seeds : int or sequence of int, optional
        As of `Workspace.plan`.
    folds : sequence of int
        The folds of the data set; those of them that the plan had are kept, or all where it had none of them.
    epochs : int, optional
        As of `Workspace.plan`.

    Raises
    ------
    PlanError
        When something is not understood or not allowed.
    """
    held: dict[str, Any] = {**plan.fixed, **(fixed or {}), **({} if epochs is None else {EPOCHS: epochs})}
    varied: Mapping[str, Any] = plan.axes if axes is None else parse_axes(axes)
    again = Plan.make(
        network_type=network.network_type,
        architecture=network.architecture,
        dataset_id=dataset.dataset_id,
        values=network.values,
        recipe=own_recipe,
        axes=varied,
        # what is varied now is fixed no longer, unless that is what was said just now
        fixed={
            name: value
            for name, value in held.items()
            if value is not None and (name not in varied or name in (fixed or {}))
        },
        seeds=plan.seeds if seeds is None else seeds,
        folds=[fold for fold in folds if fold in plan.folds] or folds,
    )
    standing = replace(again, base=_base(plan, again, own_recipe))
    return Draft(plan=standing, network=network, dataset=dataset, own_recipe=own_recipe)


def _base(before: Plan, after: Plan, own_recipe: FingerprintRecipe | None) -> dict[str, Value]:
    """Return what a plan stands on: what it stood on, with the layers of its network and the recipe of its data."""
    others = {name: value for name, value in before.base.items() if name not in before.model.space}
    layers = {name: value for name, value in after.base.items() if name in after.model.space}
    recipe = {} if own_recipe is None else own_recipe.values()
    return {**others, **layers, **recipe}
