"""A trial: a flat mapping of settings with an identity, and what it leaves behind; tables and files derive from it."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import SettingError
from trova_widgets.identity import canonical_text, identity_of_bytes
from trova_widgets.space.setting import Value, values_getter
from trova_widgets.space.space import FOLD, SEED, Space

_WHOLE = 65_535

# under which word an identity tells each group of settings; the layers' names have no prefix
_GROUPS = {"values": "", "training": "training", "fingerprint": "fingerprint"}
# what an identity tells, in the order of a canonical text
_TOLD = sorted([*_GROUPS, "network_type", "architecture", "dataset_id", SEED.name, FOLD.name])


@dataclass(frozen=True, kw_only=True)
class Trial:
    """All that must be known to run a trial, besides the data.

    Parameters
    ----------
    trial_id : str
        Its identity (`TrialIdentities`), by which it is known again in another plan.
    cell : int
        Place in the grid of its plan, the last axis running fastest (C order).
    axis_values : mapping
        The varied settings alone.
    network_type, architecture : str
        Names in the catalogue.
    dataset_id : str
        Identity of the data set.
    settings : mapping
        The value of every setting: of the layers, of the training, of the recipe, the seed, and the fold where the
        data set has some.
    """

    trial_id: str
    cell: int
    axis_values: Mapping[str, Value]
    network_type: str
    architecture: str
    dataset_id: str
    settings: Mapping[str, Value]

    @property
    def seed(self) -> int:
        """What repeats the trial with other luck."""
        return int(self.settings[SEED.name])

    @property
    def fold(self) -> int | None:
        """Which fold measures it; None where the data set has none."""
        return _fold_of(self.settings)

    def group(self, prefix: str) -> dict[str, Value]:
        """Return the settings of a group by their short names; those of the layers for an empty prefix."""
        return group_of(self.settings, prefix)


def group_of(settings: Mapping[str, Value], prefix: str) -> dict[str, Value]:
    """Return the settings of a group by their short names.

    Parameters
    ----------
    settings : mapping
        By full names.
    prefix : str
        ``"training"``, ``"fingerprint"``, or an empty text for the layers, whose names have no dot.

    Examples
    --------
    >>> group_of({"training.epochs": 5, "dropoutLayer_5_probability": 0.1, "seed": 0}, "training")
    {'epochs': 5}
    """
    return {short: settings[name] for name, short in _short_names(settings, prefix).items()}


class TrialIdentities:
    """The identities of trials: equal for equal settings on equal data, in whatever plan they stand.

    Many trials of a plan differ in few settings, so what the others come to is worked out once.

    Parameters
    ----------
    space : Space
        The settings of the experiment; values that older trials implied are not told.
    network_type, architecture, dataset_id : str
        As of `Trial`.
    own_recipe : mapping, optional
        The recipe's settings that the identity of the data set stands for already, as those of older versions do:
        they are not told a second time, and what was trained then is known again.

    Examples
    --------
    >>> from trova_widgets.space import Setting, Space
    >>> space = Space([Setting(name="training.epochs", default=5, kind="integer"), SEED])
    >>> identities = TrialIdentities(space, "CNN", "two-cycle", "d")
    >>> identities.of({"training.epochs": 5, "seed": 0}) == identities.of({"seed": 0, "training.epochs": 5})
    True
    """

    def __init__(
        self,
        space: Space,
        network_type: str,
        architecture: str,
        dataset_id: str,
        own_recipe: Mapping[str, Any] | None = None,
    ) -> None:
        about = {"network_type": network_type, "architecture": architecture, "dataset_id": dataset_id}
        self._about = {name: canonical_text(value) for name, value in about.items()}
        self._own_recipe = own_recipe
        self._groups = {told: _Group(space, prefix) for told, prefix in _GROUPS.items()}

    def of(self, settings: Mapping[str, Value]) -> str:
        """Return the identity of a trial: twenty hexadecimal digits.

        Parameters
        ----------
        settings : mapping
            The value of every setting.
        """
        return self.of_cell(settings).of(_fold_of(settings), int(settings[SEED.name]))

    def of_cell(self, settings: Mapping[str, Value]) -> CellIdentities:
        """Return what tells the identities of a cell's trials: they differ in fold and seed alone.

        Parameters
        ----------
        settings : mapping
            The value of every setting; seed and fold do not count.
        """
        parts = dict(self._about)
        for told, group in self._groups.items():
            parts[told] = group.text(settings, self._own_recipe if told == "fingerprint" else None)
        pieces = [""]
        for name in _TOLD:
            if name in (FOLD.name, SEED.name):
                pieces.append("")
            elif parts[name]:
                pieces[-1] += f',"{name}":{parts[name]}'
        before_fold, before_seed, rest = pieces
        return CellIdentities(f"{{{before_fold[1:]}", before_seed, f"{rest}}}")


class CellIdentities(NamedTuple):
    """The canonical text of a cell's trials, in the three pieces around fold and seed."""

    before_fold: str
    before_seed: str
    rest: str

    def of(self, fold: int | None, seed: int) -> str:
        """Return the identity of the trial on a fold with a seed."""
        # a data set of one split has no folds, and its trials are those of older versions
        of_fold = "" if fold is None else f',"{FOLD.name}":{fold}'
        whole = f'{self.before_fold}{of_fold}{self.before_seed},"{SEED.name}":{seed}{self.rest}'
        return identity_of_bytes(whole.encode())


class _Group:
    """The settings of a group as an identity tells them; each combination of values is written once."""

    def __init__(self, space: Space, prefix: str) -> None:
        names = sorted(_short_names(space, prefix).items(), key=lambda both: both[1])
        self._told = [(short, space[name].implied, dict[Value, str]()) for name, short in names]
        self._values = values_getter([name for name, _ in names])
        self._texts: dict[tuple[Value, ...], str] = {}

    def text(self, settings: Mapping[str, Value], own: Mapping[str, Any] | None) -> str:
        """Return the canonical text of the group; empty where it is that which need not be told."""
        values = self._values(settings)
        known = self._texts.get(values)
        if known is None:
            known = self._texts[values] = "" if own is not None and self._content(values) == own else self._text(values)
        return known

    def _content(self, values: tuple[Value, ...]) -> dict[str, Value]:
        return {short: value for (short, implied, _), value in zip(self._told, values, strict=True) if implied != value}

    def _text(self, values: tuple[Value, ...]) -> str:
        """Return `canonical_text` of the content; the text of each value is written once."""
        pieces = []
        for (short, implied, texts), value in zip(self._told, values, strict=True):
            if implied != value:
                text = texts.get(value)
                if text is None:
                    text = texts[value] = canonical_text({short: value})[1:-1]
                pieces.append(text)
        return f"{{{','.join(pieces)}}}"


def _short_names(names: Iterable[str], prefix: str) -> dict[str, str]:
    """Return the settings of a group by full name, each with its short one."""
    if not prefix:
        return {name: name for name in names if "." not in name and name not in (SEED.name, FOLD.name)}
    head = f"{prefix}."
    return {name: name.removeprefix(head) for name in names if name.startswith(head)}


def pack_probabilities(probabilities: NDArray[np.floating]) -> bytes:
    """Return probabilities as bytes: row by row in 65,535ths, unsigned integers of 16 bits, little-endian.

    The class of the highest probability stays it.

    Parameters
    ----------
    probabilities : ndarray of float, shape (n, classes)
        Each row adds up to 1.

    Examples
    --------
    >>> packed = pack_probabilities(np.array([[0.25, 0.75], [0.499999, 0.500001]]))
    >>> len(packed), unpack_probabilities(packed, 2).round(2).tolist()
    (8, [[0.25, 0.75], [0.5, 0.5]])
    >>> unpack_probabilities(packed, 2).argmax(axis=1).tolist()
    [1, 1]
    """
    shares = np.rint(np.asarray(probabilities, dtype=np.float64) * _WHOLE).astype(np.int64)
    rows, highest = np.arange(len(shares)), np.asarray(probabilities).argmax(axis=1)
    others = shares.copy()
    others[rows, highest] = -1
    # rounding must not make a tie of what was none
    shares[rows, highest] = np.minimum(np.maximum(shares[rows, highest], others.max(axis=1, initial=-1) + 1), _WHOLE)
    return shares.astype("<u2").tobytes()


def unpack_probabilities(packed: bytes, class_count: int) -> NDArray[np.float32]:
    """Return the probabilities in `pack_probabilities`, shape (n, classes)."""
    return np.frombuffer(packed, dtype="<u2").reshape(-1, class_count).astype(np.float32) / np.float32(_WHOLE)


def _fold_of(settings: Mapping[str, Any]) -> int | None:
    fold = settings.get(FOLD.name)
    return None if fold is None else int(fold)


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """The result of a trial, finished or failed; everything but the weights is a JSON value.

    The columns of the table that keeps it, the lines of the journal and those of an export are these fields.

    Parameters
    ----------
    trial_id : str
        Identity of the trial.
    state : {"finished", "failed"}
        A failed trial has an error and no figures.
    settings : mapping
        The value of every setting.
    finished_at_ns : int
        When it ended, nanoseconds since 1970 UTC. With ``trial_id`` it tells one attempt from another.
    attempt : int
        Counted by the store from 1; 0 as long as it is not kept.
    quality : float or None
        Accuracy on the validation split, 0 to 1. Where the data set has folds, the trial's fold is that split.
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
    probabilities : bytes
        For the same records in the same order the probability of each class, as `pack_probabilities` writes it. Empty
        for a failed trial, and for those of older versions.
    parameter_count : int
        How many numbers the network learns.
    seconds : float
        Time that the trial took.
    versions : mapping of str to str
        What it was computed with: Trova, Python, torch, numpy, precision.
    error : str or None
        What went wrong.
    weights : bytes
        A safetensors file; empty for a failed trial. It has a file of its own, and no place in a table.

    Raises
    ------
    SettingError
        When the state is neither of the two, or it failed without an error.
    """

    trial_id: str
    state: Literal["finished", "failed"]
    settings: Mapping[str, Any]
    finished_at_ns: int
    attempt: int = 0
    seconds: float = 0.0
    quality: float | None = None
    loss: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    confusion: list[list[int]] = field(default_factory=list)
    curve: Mapping[str, list[float]] = field(default_factory=dict)
    predictions: Mapping[str, list[Any]] = field(default_factory=dict)
    probabilities: bytes = field(default=b"", repr=False)
    parameter_count: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    weights: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if self.state not in ("finished", "failed"):
            raise SettingError(f"Trial {self.trial_id} ended as {self.state!r}; expected 'finished' or 'failed'.")
        if self.state == "failed" and not self.error:
            raise SettingError(f"Trial {self.trial_id} failed without an error; say in one sentence what went wrong.")

    @classmethod
    def failure(
        cls, trial: Trial, error: str, seconds: float = 0.0, versions: Mapping[str, str] | None = None
    ) -> TrialResult:
        """Return the result of a trial in which something went wrong, now."""
        return cls(
            trial_id=trial.trial_id,
            state="failed",
            settings=dict(trial.settings),
            finished_at_ns=time.time_ns(),
            seconds=seconds,
            versions=versions or {},
            error=error,
        )

    @property
    def seed(self) -> int:
        """What the trial was repeated with."""
        return int(self.settings[SEED.name])

    @property
    def fold(self) -> int | None:
        """Which fold measured it; None where the data set has none."""
        return _fold_of(self.settings)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the weights as a JSON value, the probabilities as text (base 64)."""
        content = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "weights"}
        content["probabilities"] = b64encode(self.probabilities).decode()
        return content

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> TrialResult:
        """Return the result out of `to_dict`, without weights.

        One that an older version wrote has ``values`` of the layers and a ``seed`` in place of the settings.
        """
        told = {**content, "probabilities": b64decode(content.get("probabilities", ""))}
        if "settings" not in told:
            told["settings"] = {**told.pop("values"), SEED.name: told.pop("seed")}
        return cls(**told)
