"""Experiment plans: made over a saved network, checked before the run, grown without repeating anything."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from trova_widgets.durations import duration
from trova_widgets.errors import NetworkError, PlanError
from trova_widgets.experiments import EPOCHS, Cell, Plan, cells, trials
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.networks import architecture, check
from trova_widgets.reports import Report
from trova_widgets.space import Trial
from trova_widgets.store import DatasetRow, ExperimentRow, NetworkRow, Store
from trova_widgets.workspace.estimates import operations
from trova_widgets.workspace.naming import checked_name, new_identity

_REASONS_TOLD = 3


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
        Trials (a cell with a fold and a seed) that can be run, and those of them that have not been run yet.
    new_cells : int or None
        By how many cells an experiment that is there grows; None for a new one.
    refused : tuple of str
        Why the others cannot be built, a sentence a reason.
    warnings : tuple of str
        Constraints of the catalogue that some cells break, although they can be run.
    known_outside : int
        How many records outside of the training stand behind the medians that a recipe's selection "mad" compares with:
        figures measured on them were known to the medians.
    operations : float
        About how many multiplications and additions the missing trials cost together.
    seconds : float or None
        About how long all of them take on this machine's processor [s]; None where nothing tells how fast it is.
    """

    name: str
    cells: int
    buildable: int
    trials: int
    missing: int
    new_cells: int | None
    refused: tuple[str, ...]
    warnings: tuple[str, ...]
    known_outside: int = 0
    operations: float = 0.0
    seconds: float | None = None

    def __str__(self) -> str:
        lines = [
            f"Experiment {self.name}: {self.cells} {'cell' if self.cells == 1 else 'cells'}, {self.buildable} can be "
            f"built, {self.missing} of {self.trials} trials are to be run."
        ]
        if self.seconds and self.missing:
            lines.append(f"  about {duration(self.seconds)} on this machine, a race less.")
        if self.new_cells is not None:
            lines.append(f"  {self.new_cells} new cells, settings unchanged.")
        lines += [f"  cannot be built: {reason}" for reason in self.refused]
        lines += [f"  beyond the catalogue's constraints, run all the same: {warning}" for warning in self.warnings]
        if self.known_outside:
            lines.append(
                f"  The medians that coefficients are compared with know {self.known_outside} records outside of the "
                "training. No class was looked at; to keep them out all the same, fit to the training of the data set: "
                "trova fingerprint --dataset."
            )
        return "\n".join(lines)


def make_network(
    name: str,
    network_type: str,
    model_name: str | None,
    values: Mapping[str, Any],
    size: int,
    taken: Collection[str] = (),
) -> NetworkRow:
    """Return a network to save: an architecture model with typical parameters and the values that differ.

    Parameters
    ----------
    name, network_type, model_name, values
        As of `Workspace.create_network`.
    size : int
        Points along a side of the fingerprints that it is to read.
    taken : collection of str
        Identities of networks with other names.

    Raises
    ------
    PlanError
        When the name cannot be one.
    NetworkError
        When the catalogue has no such model or parameter, or the network cannot be built.
    """
    checked_name(name, "a network")
    model = architecture(network_type, model_name)
    chosen = model.space.settled(values)
    if reason := check(model, chosen, size).reason:
        raise NetworkError(f"The network {name} cannot be built: {reason}")
    return NetworkRow(
        network_id=new_identity("network", name, taken),
        name=name,
        network_type=network_type,
        architecture=model.name,
        values=chosen,
        created_at_ns=time.time_ns(),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Draft:
    """A plan over what it is made of, with what it comes to.

    Attributes
    ----------
    plan : Plan
        The plan.
    network, dataset : NetworkRow, DatasetRow
        What it is made over.
    own_recipe : FingerprintRecipe or None
        The recipe that a data set of an older version was made with.
    """

    plan: Plan
    network: NetworkRow
    dataset: DatasetRow
    own_recipe: FingerprintRecipe | None

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every combination, and whether it can be run."""
        return cells(self.plan, len(self.dataset.classes))

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """What is to be run, in its order."""
        return trials(self.plan, self.cells, None if self.own_recipe is None else self.own_recipe.to_dict())


def draft(
    network: NetworkRow,
    dataset: DatasetRow,
    own_recipe: FingerprintRecipe | None,
    recipe: FingerprintRecipe,
    *,
    axes: Mapping[str, Any] | Sequence[str],
    fixed: Mapping[str, Any] | None,
    seeds: int | Sequence[int],
    folds: Sequence[int],
    epochs: int | None,
) -> Draft:
    """Return what a person asks for as a plan; see `Workspace.plan`.

    Raises
    ------
    PlanError
        When something is not understood or not allowed.
    """
    held = dict(fixed or {})
    if epochs is not None and held.setdefault(EPOCHS, epochs) != epochs:
        raise PlanError(f"{EPOCHS} is fixed at {held[EPOCHS]}, and {epochs} epochs are asked for; say it once.")
    plan = Plan.make(
        network_type=network.network_type,
        architecture=network.architecture,
        dataset_id=dataset.dataset_id,
        values=network.values,
        recipe=own_recipe or recipe,
        axes=axes,
        fixed=held,
        seeds=seeds,
        folds=folds,
    )
    return Draft(plan=plan, network=network, dataset=dataset, own_recipe=own_recipe)


def keep_plan(store: Store, name: str, asked: Draft) -> PlanReport:
    """Save a plan, or let the experiment of that name grow to it, and link the trials that it asks for.

    Raises
    ------
    PlanError
        When the name cannot be one, nothing can be built, the experiment exists over another network or data set, with
        other settings, or its plan would lose what was planned.
    """
    checked_name(name, "an experiment")
    experiments = store.experiments()
    new_cells = None
    if name in set(experiments["name"]):
        row = store.experiment(name)
        asked, new_cells = _grown(row, asked)
        experiment_id = row.experiment_id
    else:
        experiment_id = new_identity("experiment", name, set(experiments["experiment_id"]))
    must_build(name, asked)
    if new_cells is not None:
        store.update_experiment(name, asked.plan.to_dict())
    else:
        store.add_experiment(
            ExperimentRow(
                experiment_id=experiment_id,
                name=name,
                network_id=asked.network.network_id,
                dataset_id=asked.dataset.dataset_id,
                plan=asked.plan.to_dict(),
                created_at_ns=time.time_ns(),
            )
        )
    store.link_trials(experiment_id, linked(asked))
    return report(store, name, asked, new_cells)


def must_build(name: str, asked: Draft) -> None:
    """Refuse a plan of which nothing can be run.

    Raises
    ------
    PlanError
        With the reasons.
    """
    if asked.trials:
        return
    reasons = list(dict.fromkeys(cell.reason for cell in asked.cells if cell.reason))
    more = f" (and {len(reasons) - _REASONS_TOLD} more reasons)" if len(reasons) > _REASONS_TOLD else ""
    raise PlanError(
        f"Not one of the {len(asked.cells)} cells of {name} can be built, so nothing is kept: "
        f"{' '.join(reasons[:_REASONS_TOLD])}{more}"
    )


def linked(asked: Draft) -> pd.DataFrame:
    """Return the trials that a plan asks for, as `Store.link_trials` takes them."""
    texts = {cell.index: json.dumps(cell.values) for cell in asked.cells if cell.buildable}
    return pd.DataFrame(
        {
            "trial_id": [trial.trial_id for trial in asked.trials],
            "cell": [trial.cell for trial in asked.trials],
            "fold": pd.array([trial.fold for trial in asked.trials], dtype="Int64"),
            "seed": [trial.seed for trial in asked.trials],
            "values_json": [texts[trial.cell] for trial in asked.trials],
        }
    )


def report(store: Store, name: str, asked: Draft, new_cells: int | None = None) -> PlanReport:
    """Return what a plan comes to."""
    done = store.finished([trial.trial_id for trial in asked.trials])
    missing = [trial for trial in asked.trials if trial.trial_id not in done]
    return PlanReport(
        name=name,
        cells=len(asked.cells),
        buildable=sum(cell.buildable for cell in asked.cells),
        trials=len(asked.trials),
        missing=len(missing),
        new_cells=new_cells,
        refused=tuple(dict.fromkeys(cell.reason for cell in asked.cells if cell.reason)),
        warnings=tuple(dict.fromkeys(warning for cell in asked.cells for warning in cell.warnings)),
        operations=operations(store, asked.dataset, missing),
    )


def _grown(row: ExperimentRow, asked: Draft) -> tuple[Draft, int]:
    """Return the plan of an experiment that is there, grown to what is asked for, and its number of new cells."""
    before, later = Plan.from_dict(row.plan), asked.plan
    if (row.network_id, row.dataset_id) != (asked.network.network_id, asked.dataset.dataset_id):
        raise PlanError(
            f"{row.name} is an experiment over another network or data set; give the new plan another name."
        )
    if apart := before.differences(later):
        more = f", and {len(apart) - _REASONS_TOLD} more" if len(apart) > _REASONS_TOLD else ""
        raise PlanError(
            f"{row.name} is an experiment with other settings: there {'; '.join(apart[:_REASONS_TOLD])}{more}. "
            f"Fix them as {row.name} has them, so that it grows, or give the new plan another name."
        )
    shrinks = [name for name, values in before.axes.items() if not set(values) <= set(later.axes.get(name, ()))]
    fewer = not set(before.seeds) <= set(later.seeds) or not set(before.folds) <= set(later.folds)
    if shrinks or set(later.axes) != set(before.axes) or fewer:
        what = shrinks[0] if shrinks else "seeds, folds or varied settings"
        raise PlanError(
            f"The plan of {row.name} can only grow, and this one drops values of {what}; give it another name."
        )
    # what it stands on stays as it was kept
    plan = replace(before, axes=later.axes, seeds=later.seeds, folds=later.folds)
    return replace(asked, plan=plan), plan.cell_count - before.cell_count
