"""A plan: which settings vary, which are fixed, on which network and data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import prod
from typing import Any

from trova_widgets.errors import PlanError, SettingError
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.networks import Architecture
from trova_widgets.networks import architecture as model_of
from trova_widgets.processor import has_bfloat16
from trova_widgets.space import FOLD, SEED, Space, Value, format_value, format_values, parse_axes

EPOCHS, PRECISION = "training.epochs", "training.precision"


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
        Each varied setting with its values, in the order in which they are shown.
    base : mapping
        What the experiment stands on: the saved network's own values, and every setting of the training and of the
        recipe as it was when the plan was made, so that a later default changes nothing.
    fixed : mapping
        Settings that this experiment sets to another value.
    seeds : tuple of int
        Each cell is trained once for each seed.
    folds : tuple of int
        And once for each of these folds of the data set, measured on it; empty where the data set has none.

    Raises
    ------
    PlanError
        When a setting is unknown, not allowed a value, or both varied and fixed.
    """

    network_type: str
    architecture: str
    dataset_id: str
    axes: Mapping[str, tuple[Value, ...]]
    base: Mapping[str, Value] = field(default_factory=dict)
    fixed: Mapping[str, Value] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0,)
    folds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        both = self.axes.keys() & self.fixed.keys()
        if both:
            raise PlanError(f"{', '.join(sorted(both))} cannot be varied and fixed at once; take it out of one.")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0:
            raise PlanError(f"The seeds are {self.seeds}; give at least one whole number from 0 up, each once.")
        if len(set(self.folds)) < len(self.folds) or min(self.folds, default=0) < 0:
            raise PlanError(f"The folds are {self.folds}; give whole numbers from 0 up, each once.")
        if SEED.name in self.axes and len(self.seeds) > 1:
            raise PlanError("The seed varies along an axis already; leave out the number of seeds.")

    @classmethod
    def make(
        cls,
        *,
        network_type: str,
        dataset_id: str,
        axes: Mapping[str, object] | Sequence[str],
        architecture: str | None = None,
        values: Mapping[str, object] | None = None,
        recipe: FingerprintRecipe | None = None,
        fixed: Mapping[str, object] | None = None,
        seeds: int | Sequence[int] = 1,
        folds: Sequence[int] = (),
    ) -> Plan:
        """Make a plan from what a person writes.

        Parameters
        ----------
        network_type, architecture, dataset_id
            As of the class; no architecture means the type's usual one.
        axes : mapping, or sequence of str
            ``{"convolution2dLayer_2_filterSize": "[1 : 1 : 8]"}`` or the article's
            ``["convolution2dLayer_2_filterSize=[1 : 1 : 8]"]``.
        values : mapping, optional
            The saved network's values.
        recipe : FingerprintRecipe, optional
            The recipe whose settings hold where the plan does not say otherwise; default: the usual one.
        fixed : mapping, optional
            Names of settings and values; a seed among them is the only one.
        seeds : int or sequence of int
            How many seeds, counted from 0, or which.
        folds : sequence of int
            The folds of the data set, or some of them; a fold among the fixed settings is the only one.

        Returns
        -------
        Plan

        Raises
        ------
        PlanError
            When something is not understood or not allowed.

        Examples
        --------
        >>> axes = ["convolution2dLayer_2_filterSize=[1 : 1 : 8]", "training.weight_decay=0, 0.01, 0.1"]
        >>> plan = Plan.make(network_type="CNN", dataset_id="d", seeds=2, axes=axes, fixed={"training.epochs": 5})
        >>> plan.cell_count, plan.trial_count, plan.value_of("training.epochs")
        (24, 48, 5)
        """
        if isinstance(seeds, int) and seeds < 1:
            raise PlanError(f"The number of seeds is {seeds}; each cell needs 1 or more.")
        model = model_of(network_type, architecture)
        space = space_of(network_type, model.name)
        try:
            _refuse_a_fold_axis(axes)
            fixed = dict(fixed or {})
            if FOLD.name in fixed:
                folds = (_one_of(folds, FOLD.coerce(fixed.pop(FOLD.name))),)
            held = space.coerce(fixed)
            chosen = tuple(range(seeds)) if isinstance(seeds, int) else tuple(SEED.coerce(seed) for seed in seeds)
            if SEED.name in held:
                chosen = (int(held.pop(SEED.name)),)
            if PRECISION in held:
                held[PRECISION] = resolved_precision(str(held[PRECISION]))
            varied = space.axes(axes)
            if PRECISION in varied:
                varied[PRECISION] = space.values_of(PRECISION, [resolved_precision(str(v)) for v in varied[PRECISION]])
            return cls(
                network_type=network_type,
                architecture=model.name,
                dataset_id=dataset_id,
                axes=varied,
                base={
                    **model.space.settled(values or {}),
                    **TrainingSettings().values(),
                    PRECISION: resolved_precision("auto"),
                    **(recipe or FingerprintRecipe()).values(),
                },
                fixed=held,
                seeds=tuple(int(seed) for seed in chosen),
                folds=tuple(int(fold) for fold in folds),
            )
        except SettingError as error:
            raise PlanError(str(error)) from error

    @cached_property
    def model(self) -> Architecture:
        """The architecture model out of the catalogue."""
        return model_of(self.network_type, self.architecture)

    @property
    def space(self) -> Space:
        """Every setting that can vary in this experiment."""
        return space_of(self.network_type, self.architecture)

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
        """How many combinations with folds and seeds there are, before any is left out."""
        return self.cell_count * self.repeat_count

    @property
    def repeat_count(self) -> int:
        """How many trials a cell has: a fold with a seed is a repeat."""
        return len(self.seeds) * max(len(self.folds), 1)

    @cached_property
    def settings(self) -> dict[str, Value]:
        """The value of every setting but the varied ones, which stand at their first value, as do the seeds."""
        first = {name: values[0] for name, values in self.axes.items()}
        return self.space.complete({SEED.name: self.seeds[0], **self.base, **self.fixed, **first})

    def value_of(self, name: str) -> Value | None:
        """Return what a setting is in all trials; None for one that varies, or follows one that does."""
        varies = (
            name in self.axes or self._leaders.get(name) in self.axes or (name == SEED.name and len(self.seeds) > 1)
        )
        return None if varies else self.settings[name]

    @cached_property
    def _leaders(self) -> dict[str, str]:
        return dict(self.space.followers({**self.base, **self.fixed, **self.axes}))

    def differences(self, later: Plan) -> list[str]:
        """Return in which settings that do not vary a later plan differs from this one, a text each.

        What follows another setting in both plans is what that one is, and no difference of its own.

        Examples
        --------
        >>> first, second = (
        ...     Plan.make(network_type="CNN", dataset_id="d", axes=["seed=0, 1"], fixed={"training.epochs": epochs})
        ...     for epochs in (5, 8))
        >>> first.differences(second)
        ['training.epochs is 5, not 8']
        """
        apart = []
        for name in self.space:
            leader, later_leader = self._leaders.get(name), later._leaders.get(name)
            if name in self.axes or name in later.axes or (leader and later_leader):
                continue
            here, there = self.value_of(name), later.value_of(name)
            # an older version has kept the word; what it stood for is looked at when the experiment runs
            if here == there or (name == PRECISION and here == "auto"):
                continue
            if here is not None and there is not None:
                apart.append(f"{name} is {format_value(here)}, not {format_value(there)}")
            elif leader and there is not None:
                apart.append(f"{name} follows {leader}, and is not {format_value(there)}")
            elif later_leader and here is not None:
                apart.append(f"{name} is {format_value(here)}, and does not follow {later_leader}")
        return apart

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as a JSON value, the axes as the article writes them."""
        return {
            "network_type": self.network_type,
            "architecture": self.architecture,
            "dataset_id": self.dataset_id,
            "axes": [f"{name}={format_values(values)}" for name, values in self.axes.items()],
            "base": dict(self.base),
            "fixed": dict(self.fixed),
            "seeds": list(self.seeds),
            "folds": list(self.folds),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Plan:
        """Return the plan out of `to_dict`.

        A setting that this version does not know any more has no effect.
        """
        space = space_of(content["network_type"], content["architecture"])
        return cls(
            **{
                **content,
                "axes": space.axes(content["axes"]),
                "base": {name: value for name, value in content["base"].items() if name in space},
                "seeds": tuple(content["seeds"]),
                "folds": tuple(content.get("folds", ())),
            }
        )


def _refuse_a_fold_axis(axes: Mapping[str, object] | Sequence[str]) -> None:
    if FOLD.name in parse_axes(axes):
        raise PlanError(
            "The fold cannot be an axis: the folds of a cell are pooled, so that its quality counts every event once. "
            "To train on fewer of them, give some: --folds 0 1"
        )


def _one_of(folds: Sequence[int], fold: Value) -> int:
    if fold not in folds:
        raise PlanError(f"There is no fold {fold}; the data set has {', '.join(map(str, folds)) or 'none'}.")
    return int(fold)


@lru_cache(maxsize=64)
def space_of(network_type: str, architecture: str) -> Space:
    """Return every setting of an experiment over an architecture: layers, training, recipe, seed.

    Examples
    --------
    >>> space = space_of("CNN", "two-cycle")
    >>> space["training.weight_decay"].order, space["fingerprint.highpass"].choices
    ('numeric', ('on', 'off'))
    """
    model = model_of(network_type, architecture)
    return Space(
        [*model.space.values(), *TrainingSettings.settings(), *FingerprintRecipe.settings(), SEED],
        title=f"an experiment over {model.space.title}",
    )


def resolved_precision(precision: str) -> str:
    """Return which arithmetic a precision is on this machine."""
    if precision != "auto":
        return precision
    return "bfloat16" if has_bfloat16() else "float32"
