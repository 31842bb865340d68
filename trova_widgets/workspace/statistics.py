"""The medians and MADs that the selection "mad" compares with: files of a workspace, named by their content."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from trova_widgets.atomic import write_atomically
from trova_widgets.errors import StoreError, TrovaError
from trova_widgets.fingerprinting import FingerprintRecipe, SelectionStatistics
from trova_widgets.identity import identity_of, identity_of_bytes

_FORMAT = "trova selection statistics"
_SUFFIX = ".json"


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedStatistics:
    """Statistics, and what they were fitted to.

    Attributes
    ----------
    plane_identity : str
        Of the recipes that they can be used with, see `FingerprintRecipe.plane_identity`.
    fitted_to : str
        Identity of the records that they were to be fitted to, at the cut-offs that those had.
    record_ids : tuple of str
        The records whose planes they are the median and the MAD of.
    values : SelectionStatistics
        The median and the MAD of each coefficient.
    """

    plane_identity: str
    fitted_to: str
    record_ids: tuple[str, ...]
    values: SelectionStatistics

    def to_bytes(self) -> bytes:
        """Return the file: a JSON object, the same bytes for the same statistics."""
        content = {
            "format": _FORMAT,
            "planes": self.plane_identity,
            "fitted_to": self.fitted_to,
            "records": list(self.record_ids),
            **self.values.to_dict(),
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "FittedStatistics":
        """Read the file.

        Raises
        ------
        StoreError
            When it is something else.
        """
        try:
            values: Any = json.loads(content)
            if values["format"] != _FORMAT:
                raise ValueError(values["format"])
            return cls(
                plane_identity=str(values["planes"]),
                fitted_to=str(values["fitted_to"]),
                record_ids=tuple(str(record_id) for record_id in values["records"]),
                values=SelectionStatistics.from_dict(values),
            )
        except (ValueError, TypeError, KeyError, TrovaError) as error:
            raise StoreError(f"These are no statistics of Trova ({type(error).__name__}: {str(error)[:80]}).") from None


class StatisticsFolder:
    """The folder of a workspace's statistics; what was kept is never changed.

    Parameters
    ----------
    path : Path
        The folder, made when the first statistics come.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # a page asks for the same ones with every move of a slider
        self._read = lru_cache(maxsize=8)(self._read_file)

    def keep(self, fitted: FittedStatistics) -> str:
        """Keep statistics and return their identity; those that are there already stay as they are.

        Raises
        ------
        StoreError
            When the disk is full or cannot be written to.
        """
        content = fitted.to_bytes()
        self.keep_file(identity_of_bytes(content) + _SUFFIX, content)
        return identity_of_bytes(content)

    def keep_file(self, name: str, content: bytes) -> None:
        """Write a file so that it is whole, and on the disk, or not there.

        Raises
        ------
        StoreError
            When its name is not that of its content, or the disk is full or cannot be written to.
        """
        if name != identity_of_bytes(content) + _SUFFIX:
            raise StoreError(f"The statistics {name} are damaged: their content is not that of their name.")
        target = self.path / name
        if target.exists() and target.read_bytes() == content:
            return
        try:
            self.path.mkdir(exist_ok=True)
            write_atomically(target, content)
        except OSError as error:
            raise StoreError(
                f"The statistics cannot be kept in {self.path}: {error.strerror}; make room or mend the folder, then "
                "fit them again."
            ) from None

    def read(self, identity: str) -> FittedStatistics:
        """Return statistics by their identity.

        Raises
        ------
        StoreError
            When they are not there, or are no longer what they were.
        """
        return self._read(identity)

    def find(self, fitted_to: str) -> str | None:
        """Return the identity of statistics that were fitted to the same before, or None."""
        for name, _ in self.files():
            with suppress(StoreError):
                identity = name.removesuffix(_SUFFIX)
                if self.read(identity).fitted_to == fitted_to:
                    return identity
        return None

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield every file of the folder, by its name."""
        for path in sorted(self.path.glob("*")):
            if path.is_file():
                yield path.name, path

    def _read_file(self, identity: str) -> FittedStatistics:
        path = self.path / f"{identity}{_SUFFIX}"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(
                f"The statistics {identity} that a recipe compares with cannot be read from {self.path}: "
                f"{error.strerror}; restore {path.name} from a backup or an export of this workspace."
            ) from None
        if identity_of_bytes(content) != identity:
            raise StoreError(
                f"{path} is damaged: its content is not that of its name; restore it from a backup or an export."
            )
        return FittedStatistics.from_bytes(content)


def fitting_identity(recipe: FingerprintRecipe, records: Iterable[tuple[str, float | None, float | None]]) -> str:
    """Return the identity of what statistics are to be fitted to.

    Parameters
    ----------
    recipe : FingerprintRecipe
        What makes the planes.
    records : iterable of (str, float or None, float or None)
        The records, each with its cut-off [Hz] and its onset [s], None where it has none.

    Returns
    -------
    str
        Twenty hexadecimal digits, whatever the order of the records.
    """
    return identity_of([recipe.plane_identity, sorted([name, _rounded(hz), _rounded(s)] for name, hz, s in records)])


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.5g}"
