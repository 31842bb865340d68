"""A data set as arrays: what travels to a worker, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class DatasetArrays:
    """The fingerprints of a data set, eight pixels a byte, with their classes and splits.

    Parameters
    ----------
    bits : (n, size * size / 8) uint8
        Packed as `numpy.packbits` does, row by row; row i is the member at position i. Twice as many where each
        coefficient has two bits, which say its sign.
    labels : (n,) int64
        Index of the class in ``classes``.
    splits : (n,) str
        ``training``, ``test``, ``validation`` or ``holdout``.
    classes : tuple of str
        The classes, in the order of the confusion matrix.
    size : int
        Side of a fingerprint in pixels.

    Raises
    ------
    PlanError
        When lengths disagree, or there is nothing to train or to validate on.
    """

    bits: NDArray[np.uint8]
    labels: NDArray[np.int64]
    splits: NDArray[np.str_]
    classes: tuple[str, ...]
    size: int = 64

    def __post_init__(self) -> None:
        if not len(self.bits) == len(self.labels) == len(self.splits):
            raise PlanError(
                f"There are {len(self.bits)} fingerprints, {len(self.labels)} labels and {len(self.splits)} splits; "
                "a data set needs one of each for every member."
            )
        if self.bits.shape[1:] not in [((bits * self.size**2 + 7) // 8,) for bits in (1, 2)]:
            raise PlanError(f"A packed fingerprint of side {self.size} cannot have {self.bits.shape[1:]} bytes.")
        for split in ("training", "validation"):
            if not (self.splits == split).any():
                raise PlanError(f"The data set has nothing in its {split} split; give it a share above 0.")

    @classmethod
    def of_members(
        cls, members: pd.DataFrame, packed: Sequence[bytes], classes: Sequence[str], size: int
    ) -> DatasetArrays:
        """Return the arrays of the members of `make_members`, with the packed bits of each in the same order."""
        index = {name: place for place, name in enumerate(classes)}
        return cls(
            bits=np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(len(packed), -1),
            labels=np.array([index[name] for name in members["event_class"]], dtype=np.int64),
            splits=np.array(members["split"].tolist(), dtype=np.str_),
            classes=tuple(classes),
            size=size,
        )

    def positions(self, split: str) -> NDArray[np.int64]:
        """Return where the members of a split are, in order."""
        return np.flatnonzero(self.splits == split)

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
            np.savez(
                file,
                bits=self.bits,
                labels=self.labels,
                splits=self.splits,
                classes=np.array(self.classes, dtype=np.str_),
                size=np.array(self.size),
            )

    @classmethod
    def load(cls, path: Path) -> DatasetArrays:
        """Read the arrays that `save` wrote."""
        with np.load(path, allow_pickle=False) as content:
            return cls(
                bits=content["bits"],
                labels=content["labels"],
                splits=content["splits"],
                classes=tuple(content["classes"].tolist()),
                size=int(content["size"]),
            )
