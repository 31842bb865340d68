"""A plan: which parameters vary, which are fixed, on which network and data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from trova_widgets.errors import NetworkError, PlanError
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.networks import Architecture, Value, format_values, parse_axis, parse_values
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
