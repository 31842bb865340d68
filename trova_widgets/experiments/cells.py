"""The trials of a plan: its cells, each a combination of the varied parameters, and the seeds of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from trova_widgets.experiments.plan import Plan
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.identity import identity_of
from trova_widgets.networks import Value, check


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One combination of the varied parameters.

    Parameters
    ----------
    index : int
        Place in the grid, the last axis running fastest (C order).
    values : mapping
        The varied parameters alone.
    buildable : bool
        A network can be built from it.
    reason : str or None
        Why it cannot.
    warnings : tuple of str
        The rules of the table of constraints that it breaks; it is run all the same.
    """

    index: int
    values: Mapping[str, Value]
    buildable: bool
    reason: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TrialSpec:
    """All that a worker must know to run a trial, besides the data.

    Parameters
    ----------
    trial_id : str
        Identity of everything below that follows ``axis_values``, so that a trial is known again in a grown plan.
    cell : int
        Place in the grid of its plan.
    axis_values : mapping
        The varied parameters alone.
    seed : int
        Of the weights, the order of the batches, and the dropout.
    network_type, architecture : str
        Names in the catalogue.
    values : mapping
        Every parameter of the network.
    dataset_id : str
        Identity of the data set.
    training : TrainingSettings
        How it is trained.
    """

    trial_id: str
    cell: int
    axis_values: Mapping[str, Value]
    seed: int
    network_type: str
    architecture: str
    values: Mapping[str, Value]
    dataset_id: str
    training: TrainingSettings


def cells(plan: Plan, input_size: int = 64, class_count: int = 3) -> tuple[Cell, ...]:
    """Return every combination of a plan, with whether it can be built, before anything runs.

    Parameters
    ----------
    plan : Plan
        The plan.
    input_size : int
        Side of the fingerprints in pixels.
    class_count : int
        Number of classes of the data set.

    Returns
    -------
    tuple of Cell
        In C order of the axes.

    Examples
    --------
    >>> plan = Plan.make(network_type="CNN", dataset_id="d",
    ...                  axes=["convolution2dLayer_2_Padding=[0:1:3]", "convolution2dLayer_2_filterSize=[1:1:8]"])
    >>> grid = cells(plan)
    >>> len(grid), sum(cell.buildable for cell in grid), sum(bool(cell.warnings) for cell in grid)
    (32, 32, 6)
    """
    found = []
    for index, combination in enumerate(product(*plan.axes.values())):
        varied = dict(zip(plan.axes, combination, strict=True))
        result = check(plan.model, {**plan.values, **plan.fixed, **varied}, input_size, class_count)
        found.append(
            Cell(
                index=index,
                values=varied,
                buildable=result.buildable,
                reason=result.reason,
                warnings=result.warnings,
            )
        )
    return tuple(found)


def trial_specs(plan: Plan, input_size: int = 64, class_count: int = 3) -> tuple[TrialSpec, ...]:
    """Return the trials of a plan in the order in which they should run.

    The grid fills from coarse to fine: first the ends of every axis, then the middles between them, so that a
    cube shows its shape long before it is full; the second seed starts when the first has been everywhere.

    Parameters
    ----------
    plan, input_size, class_count
        As of `cells`.

    Returns
    -------
    tuple of TrialSpec
        For each cell that can be built and each seed.

    Examples
    --------
    >>> plan = Plan.make(network_type="CNN", dataset_id="d", axes={"averagePooling2dLayer_6_poolSize": "1:5"})
    >>> [spec.cell for spec in trial_specs(plan)]
    [0, 4, 2, 1, 3]
    """
    ranks = [_coarse_to_fine(length) for length in plan.shape]
    places = product(*(range(length) for length in plan.shape))
    order = {
        index: (max(levels, default=0), sum(levels), index)
        for index, place in enumerate(places)
        for levels in [[rank[at] for rank, at in zip(ranks, place, strict=True)]]
    }
    buildable = [cell for cell in cells(plan, input_size, class_count) if cell.buildable]
    buildable.sort(key=lambda cell: order[cell.index])
    training = plan.training.to_dict()
    return tuple(_spec(plan, cell, seed, training) for seed in plan.seeds for cell in buildable)


def _spec(plan: Plan, cell: Cell, seed: int, training: Mapping[str, Any]) -> TrialSpec:
    values = plan.full_values(cell.values)
    derived_from = {
        "network_type": plan.network_type,
        "architecture": plan.architecture,
        "values": values,
        "dataset_id": plan.dataset_id,
        "training": training,
        "seed": seed,
    }
    return TrialSpec(
        trial_id=identity_of(derived_from),
        cell=cell.index,
        axis_values=cell.values,
        seed=seed,
        network_type=plan.network_type,
        architecture=plan.architecture,
        values=values,
        dataset_id=plan.dataset_id,
        training=plan.training,
    )


def _coarse_to_fine(length: int) -> list[int]:
    """Return for each place on an axis in which round of halving it comes up; the ends come in round 0."""
    rank = [0] * length
    gaps = [(0, length - 1)]
    level = 1
    while gaps:
        halved = [(low, (low + high) // 2, high) for low, high in gaps if high - low > 1]
        for _, middle, _ in halved:
            rank[middle] = level
        gaps = [half for low, middle, high in halved for half in ((low, middle), (middle, high))]
        level += 1
    return rank
