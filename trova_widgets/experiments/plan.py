"""A plan: which parameters vary, which are fixed, on which network and data set; and the trials that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from trova_widgets.errors import NetworkError, PlanError
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.identity import identity_of
from trova_widgets.networks import Architecture, Value, check, format_values, parse_axis, parse_values
from trova_widgets.networks import architecture as model_of


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The plan of an experiment; `Plan.make` reads one from what a person writes.

    Parameters
    ----------
    network_type, architecture : str
        Names in the catalogue of `trova_widgets.networks`.
    dataset_id : str
        Identity of the data set.
    axes : mapping of str to tuple
        Each varied parameter with its values, in the order in which they are shown.
    values : mapping
        The saved network's own values; parameters that are not named have the model's.
    fixed : mapping
        Parameters that this experiment sets to another value.
    seeds : tuple of int
        Each cell is trained once for each seed.
    training : TrainingSettings
        How each trial is trained.

    Raises
    ------
    PlanError
        When a parameter is unknown, not allowed a value, or both varied and fixed.
    """

    network_type: str
    architecture: str
    dataset_id: str
    axes: Mapping[str, tuple[Value, ...]]
    values: Mapping[str, Value] = field(default_factory=dict)
    fixed: Mapping[str, Value] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0,)
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def __post_init__(self) -> None:
        both = self.axes.keys() & self.fixed.keys()
        if both:
            raise PlanError(f"{', '.join(sorted(both))} cannot be varied and fixed at once; take it out of one.")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0:
            raise PlanError(f"The seeds are {self.seeds}; give at least one whole number from 0 up, each once.")
        try:
            for name, values in self.axes.items():
                parameter = self.model.parameter(name)
                allowed = tuple(parameter.value_of(value) for value in values)
                if allowed != values or len(set(values)) != len(values) or not values:
                    raise PlanError(f"{name} has the values {values!r}; give one or more, each once.")
            self.model.canonical(self.values)
            self.model.canonical(self.fixed)
        except NetworkError as error:
            raise PlanError(str(error)) from error

    @classmethod
    def make(
        cls,
        *,
        network_type: str,
        dataset_id: str,
        axes: Mapping[str, object] | Sequence[str],
        architecture: str | None = None,
        values: Mapping[str, object] | None = None,
        fixed: Mapping[str, object] | None = None,
        seeds: int | Sequence[int] = 1,
        training: TrainingSettings | None = None,
    ) -> Plan:
        """Make a plan from what a person writes.

        Parameters
        ----------
        network_type, architecture, dataset_id
            As of the class; no architecture means the type's usual one.
        axes : mapping, or sequence of str
            ``{"convolution2dLayer_2_filterSize": "[1 : 1 : 8]"}`` or the article's
            ``["convolution2dLayer_2_filterSize=[1 : 1 : 8]"]``.
        values, fixed : mapping, optional
            Full parameter names and values.
        seeds : int or sequence of int
            How many seeds, counted from 0, or which.
        training : TrainingSettings, optional
            Default: the usual settings.

        Returns
        -------
        Plan

        Raises
        ------
        PlanError
            When something is not understood or not allowed.

        Examples
        --------
        >>> axes = ["convolution2dLayer_2_filterSize=[1 : 1 : 8]", "averagePooling2dLayer_6_poolSize=1, 2, 3"]
        >>> plan = Plan.make(network_type="CNN", dataset_id="d", seeds=2, axes=axes)
        >>> plan.cell_count, plan.trial_count
        (24, 48)
        """
        if isinstance(seeds, int) and seeds < 1:
            raise PlanError(f"The number of seeds is {seeds}; each cell needs 1 or more.")
        try:
            model = model_of(network_type, architecture)
            pairs = axes.items() if isinstance(axes, Mapping) else [parse_axis(text) for text in axes]
            parsed = {
                name: tuple(model.parameter(name).value_of(value) for value in parse_values(written))
                for name, written in pairs
            }
            return cls(
                network_type=network_type,
                architecture=model.name,
                dataset_id=dataset_id,
                axes=parsed,
                values=model.canonical(values or {}),
                fixed=model.canonical(fixed or {}),
                seeds=tuple(range(seeds)) if isinstance(seeds, int) else tuple(int(seed) for seed in seeds),
                training=training or TrainingSettings(),
            )
        except NetworkError as error:
            raise PlanError(str(error)) from error

    @cached_property
    def model(self) -> Architecture:
        """The architecture model out of the catalogue."""
        return model_of(self.network_type, self.architecture)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each axis has."""
        return tuple(len(values) for values in self.axes.values())

    @property
    def cell_count(self) -> int:
        """How many combinations there are."""
        return prod(self.shape)

    @property
    def trial_count(self) -> int:
        """How many combinations with seeds there are, before any is left out."""
        return self.cell_count * len(self.seeds)

    def full_values(self, cell: Mapping[str, Value]) -> dict[str, Value]:
        """Return the value of every parameter of the network in a cell."""
        return self.model.complete({**self.values, **self.fixed, **cell})

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as a JSON value, the axes as the article writes them."""
        return {
            "network_type": self.network_type,
            "architecture": self.architecture,
            "dataset_id": self.dataset_id,
            "axes": [f"{name}={format_values(values)}" for name, values in self.axes.items()],
            "values": dict(self.values),
            "fixed": dict(self.fixed),
            "seeds": list(self.seeds),
            "training": self.training.to_dict(),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Plan:
        """Return the plan out of `to_dict`."""
        return cls.make(**{**content, "training": TrainingSettings.from_dict(content["training"])})


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
