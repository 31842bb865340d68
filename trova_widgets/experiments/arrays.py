"""A data set as arrays of one recipe: what travels to a worker, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments.splits import DEVELOPMENT, OPTIMAL_VARIANT, choose_variants

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class DatasetArrays:
    """The fingerprints of a data set's records, eight pixels a byte, with their classes and parts.

    Parameters
    ----------
    bits : (n, size * size / 8) uint8
        Packed as `numpy.packbits` does, row by row. Twice as many where each coefficient has two bits, which say its
        sign.
    members : (n,) int64
        Which member of the data set each fingerprint is of: its position there.
    variants : (n,) int64
        Which variant it is.
    labels : (n,) int64
        Index of the class in ``classes``.
    splits : (n,) str
        ``training``, ``test``, ``validation`` or ``holdout``; where the data set has folds, ``development`` or
        ``holdout``, until `of_fold` says what trains and what measures.
    classes : tuple of str
        The classes, in the order of the confusion matrix.
    folds : (n,) int64, optional
        The fold of each fingerprint, -1 where there is none.
    size : int
        Side of a fingerprint in pixels.
    frozen : bool
        Whether just these variants are trained on, as in data sets of older versions; otherwise each trial chooses.

    Raises
    ------
    PlanError
        When lengths disagree, or there is nothing to train or to validate on.
    """

    bits: NDArray[np.uint8]
    members: NDArray[np.int64]
    variants: NDArray[np.int64]
    labels: NDArray[np.int64]
    splits: NDArray[np.str_]
    classes: tuple[str, ...]
    folds: NDArray[np.int64] = None  # type: ignore[assignment]
    size: int = 64
    frozen: bool = False

    def __post_init__(self) -> None:
        if self.folds is None:
            object.__setattr__(self, "folds", np.full(len(self.bits), -1))
        lengths = {len(each) for each in (self.bits, self.members, self.variants, self.labels, self.splits, self.folds)}
        if len(lengths) > 1:
            raise PlanError(
                f"There are {len(self.bits)} fingerprints, {len(self.labels)} labels and {len(self.splits)} splits; "
                "a data set needs one of each for every fingerprint."
            )
        if self.bits.shape[1:] not in [((bits * self.size**2 + 7) // 8,) for bits in (1, 2)]:
            raise PlanError(f"A packed fingerprint of side {self.size} cannot have {self.bits.shape[1:]} bytes.")
        for split in () if self.has_folds else ("training", "validation"):
            if not (self.splits == split).any():
                raise PlanError(f"The data set has nothing in its {split} split; give it a share above 0.")

    @classmethod
    def of_fingerprints(
        cls, fingerprints: pd.DataFrame, packed: Sequence[bytes], classes: Sequence[str], size: int
    ) -> DatasetArrays:
        """Return the arrays of a table of fingerprints.

        Parameters
        ----------
        fingerprints : DataFrame
            Columns ``position``, ``event_class``, ``split``, ``fold``, ``variant``, ``frozen``; a row a fingerprint.
        packed : sequence of bytes
            Their bits, in the same order.
        classes, size
            As of the class.
        """
        index = {name: place for place, name in enumerate(classes)}
        return cls(
            bits=np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(len(packed), -1),
            members=fingerprints["position"].to_numpy(dtype=np.int64),
            variants=fingerprints["variant"].to_numpy(dtype=np.int64),
            labels=np.array([index[name] for name in fingerprints["event_class"]], dtype=np.int64),
            splits=np.array(fingerprints["split"].tolist(), dtype=np.str_),
            folds=fingerprints["fold"].fillna(-1).to_numpy(dtype=np.int64),
            classes=tuple(classes),
            size=size,
            frozen=bool(fingerprints["frozen"].all()),
        )

    @property
    def has_folds(self) -> bool:
        """Whether a trial is measured on a fold of the data set."""
        return bool((self.splits == DEVELOPMENT).any())

    def of_fold(self, fold: int | None) -> DatasetArrays:
        """Return what a trial sees: its fold as validation, and the other folds as training.

        Parameters
        ----------
        fold : int or None
            The trial's fold; None where the data set has one split for all trials.

        Raises
        ------
        PlanError
            When the data set has no such fold.
        """
        if fold is None and not self.has_folds:
            return self
        there = np.unique(self.folds[self.folds >= 0]).tolist()
        if fold not in there:
            raise PlanError(
                f"The data set has {f'the folds {there}' if there else 'no folds'}, and a trial names {fold}."
            )
        dealt = np.where(self.folds == fold, "validation", "training")
        return replace(self, splits=np.where(self.folds < 0, self.splits, dealt), folds=np.full_like(self.folds, -1))

    def dealt(self, learnt: NDArray[np.int64], told: NDArray[np.int64]) -> DatasetArrays:
        """Return what a trial sees that learns from some members and tells others; the rest are not there for it.

        Parameters
        ----------
        learnt, told : (n,) int64
            Members of the data set, none of them in both.

        Raises
        ------
        PlanError
            When a member is in both, or none is in one.
        """
        both = np.intersect1d(learnt, told)
        if both.size:
            raise PlanError(f"{both.size} members are to be learnt from and told at once; deal each to one side.")
        here = np.flatnonzero(np.isin(self.members, np.concatenate([learnt, told])))
        rows = {name: getattr(self, name)[here] for name in ("bits", "members", "variants", "labels")}
        splits = np.where(np.isin(rows["members"], told), "validation", "training")
        return replace(self, **rows, splits=splits, folds=np.full(len(here), -1))

    def training(self, augmentation: str, seed: int) -> NDArray[np.int64]:
        """Return which fingerprints a trial is trained on, in the order of members and variants.

        Parameters
        ----------
        augmentation : {"levelled", "all", "none"}
            As of `choose_variants`.
        seed : int
            The draw.
        """
        there = np.flatnonzero(self.splits == "training")
        if self.frozen and augmentation == "levelled":
            return there
        chosen = choose_variants(self.members[there], self.labels[there], self.variants[there], augmentation, seed)
        return there[chosen]

    def measured(self, split: str) -> NDArray[np.int64]:
        """Return the fingerprints that a split is measured on: the optimal variant of each of its members, in order."""
        return np.flatnonzero((self.splits == split) & (self.variants == OPTIMAL_VARIANT))

    def variants_of(self, measured: NDArray[np.int64], variants: Sequence[int]) -> NDArray[np.int64]:
        """Return the fingerprints that tell a record together.

        Parameters
        ----------
        measured : (n,) int64
            Optimal fingerprints, as of `measured`.
        variants : sequence of int
            Which variants, as of `told_by`.

        Returns
        -------
        (n, variants) int64
            A variant that is not there, as in data sets of older versions, is stood for by the optimal one.
        """
        place_of = {key: at for at, key in enumerate(zip(self.members.tolist(), self.variants.tolist(), strict=True))}
        return np.array(
            [
                [place_of.get((member, variant), at) for variant in variants]
                for at, member in zip(measured.tolist(), self.members[measured].tolist(), strict=True)
            ],
            dtype=np.int64,
        ).reshape(-1, len(variants))

    def images(self) -> NDArray[np.int8]:
        """Return all fingerprints unpacked, (n, size, size) int8: 1 for a white point, -1 for a negative one."""
        unpacked = np.unpackbits(self.bits, axis=1).astype(np.int8)
        pixels = self.size**2
        if self.bits.shape[1] == (pixels + 7) // 8:
            return unpacked[:, :pixels].reshape(-1, self.size, self.size)
        pairs = unpacked[:, : 2 * pixels].reshape(-1, self.size, self.size, 2)
        return pairs[..., 0] - pairs[..., 1]

    def save(self, path: Path) -> None:
        """Write the arrays to a ``.npz`` file, which `load` reads without running any code in it."""
        with path.open("wb") as file:
            self.write(file)

    def write(self, file: IO[bytes], *, compressed: bool = False) -> None:
        """Write what `save` does to an open file; compressed, where it has a way to go."""
        content = {each.name: np.asarray(getattr(self, each.name)) for each in fields(self)}
        (np.savez_compressed if compressed else np.savez)(file, **content)  # type: ignore[arg-type]

    @classmethod
    def load(cls, source: Path | IO[bytes]) -> DatasetArrays:
        """Read the arrays that `save` or `write` wrote."""
        with np.load(source, allow_pickle=False) as content:
            plain = {"classes": tuple, "size": int, "frozen": bool}
            return cls(
                **{name: plain[name](content[name].tolist()) if name in plain else content[name] for name in content}
            )


def told_together(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what several variants of a record say together: the mean of their logarithms, made probabilities again.

    Parameters
    ----------
    probabilities : (n, variants, classes) float64

    Returns
    -------
    (n, classes) float64

    Examples
    --------
    >>> told_together(np.array([[[0.5, 0.5], [0.9, 0.1]]])).round(2).tolist()
    [[0.75, 0.25]]
    """
    if probabilities.shape[1] == 1:
        return probabilities[:, 0]
    logarithms = np.log(np.maximum(probabilities, np.finfo(np.float64).tiny)).mean(axis=1)
    shares = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    together: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return together
