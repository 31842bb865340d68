"""What a trial leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """The result of a trial, finished or failed; everything but the weights is a JSON value.

    Parameters
    ----------
    trial_id : str
        Identity of the trial.
    state : {"finished", "failed"}
        A failed trial has an error and no figures.
    seed : int
        Seed of the trial.
    values : mapping
        Every parameter of the network.
    quality : float or None
        Accuracy on the validation split, 0 to 1.
    loss : float or None
        Mean cross-entropy on the validation split.
    scores : mapping of str to float
        Accuracy on each split.
    confusion : list of list of int
        Of the validation split; rows true, columns predicted.
    curve : mapping of str to list of float
        A number an epoch: ``training_loss`` and ``training_accuracy`` (while learning, with dropout),
        ``test_loss`` and ``test_accuracy`` (after the epoch; absent when there is no test split).
    predictions : mapping of str to list
        For the test, validation and holdout splits: ``position`` in the data set, ``predicted`` class index,
        ``probability`` of that class.
    parameter_count : int
        How many numbers the network learns.
    seconds : float
        Time that the trial took.
    versions : mapping of str to str
        What it was computed with: Trova, Python, torch, numpy, precision.
    error : str or None
        What went wrong.
    finished_at_ns : int
        When it ended, nanoseconds since 1970 UTC. With ``trial_id`` it tells one attempt from another.
    weights : bytes
        A safetensors file; empty for a failed trial.
    """

    trial_id: str
    state: Literal["finished", "failed"]
    seed: int
    values: Mapping[str, Any]
    finished_at_ns: int
    seconds: float = 0.0
    quality: float | None = None
    loss: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    confusion: list[list[int]] = field(default_factory=list)
    curve: Mapping[str, list[float]] = field(default_factory=dict)
    predictions: Mapping[str, list[Any]] = field(default_factory=dict)
    parameter_count: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    weights: bytes = field(default=b"", repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the weights as a JSON value."""
        content = asdict(self)
        del content["weights"]
        return content

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> TrialResult:
        """Return the result out of `to_dict`, without weights."""
        return cls(**content)


class ResultSink(Protocol):
    """Where a sweep puts its results: the store, or anything that keeps them."""

    def append(self, results: Sequence[TrialResult]) -> object:
        """Keep the results, all or none of them; only when it returns are they taken for kept.

        An attempt that is already there (equal trial_id and finished_at_ns) must not be kept twice, and a
        finished trial must not be changed.
        """
        ...

    def finished(self, trial_ids: Sequence[str]) -> set[str]:
        """Return those of the trials that are there and finished."""
        ...
