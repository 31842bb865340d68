"""How each trial of an experiment is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from trova_widgets.errors import PlanError

Optimizer = Literal["adamw", "adam", "sgd"]
Schedule = Literal["one_cycle", "cosine", "constant"]
Precision = Literal["auto", "float32", "bfloat16"]


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """The settings that all trials of an experiment share.

    Parameters
    ----------
    epochs : int
        How often the training set is gone through.
    batch_size : int
        Fingerprints a step. 32 keeps the maps of these networks in a processor's cache, which makes an epoch
        faster than with 128, and small batches also generalise at least as well (Masters and Luschi, 2018,
        arXiv 1804.07612).
    learning_rate : float
        The highest step size that the schedule reaches.
    weight_decay : float
        Pull of the weights to zero.
    optimizer : {"adamw", "adam", "sgd"}
        AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101), Adam, or descent with momentum 0.9.
    schedule : {"one_cycle", "cosine", "constant"}
        One rise and fall of the step size (Smith and Topin, 2018, arXiv 1708.07120), a fall along a cosine, or none.
    precision : {"auto", "float32", "bfloat16"}
        Numbers of the forward pass; weights are always float32. ``auto`` takes bfloat16 where the processor
        multiplies it in hardware; what was taken stands in the versions of each trial.

    Raises
    ------
    PlanError
        When a value is not allowed.

    Examples
    --------
    >>> TrainingSettings(epochs=5).epochs
    5
    """

    epochs: int = 12
    batch_size: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    optimizer: Optimizer = "adamw"
    schedule: Schedule = "one_cycle"
    precision: Precision = "auto"

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise PlanError(f"{name} is {value!r}; it must be a whole number from 1 up.")
        if not 0 < self.learning_rate < float("inf"):
            raise PlanError(f"learning_rate is {self.learning_rate!r}; it must be a number above 0, such as 0.002.")
        if not 0 <= self.weight_decay < float("inf"):
            raise PlanError(f"weight_decay is {self.weight_decay!r}; it must be 0 or more, such as 0.01.")
        for name, allowed in (("optimizer", Optimizer), ("schedule", Schedule), ("precision", Precision)):
            if getattr(self, name) not in get_args(allowed):
                raise PlanError(f"{name} is {getattr(self, name)!r}; choose one of {', '.join(get_args(allowed))}.")

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as a JSON value."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> TrainingSettings:
        """Return the settings out of `to_dict`; raise PlanError when there is one that is not known."""
        unknown = content.keys() - {field.name for field in fields(cls)}
        if unknown:
            known = ", ".join(field.name for field in fields(cls))
            raise PlanError(f"There is no training setting {', '.join(sorted(unknown))}; there are {known}.")
        return cls(**content)
