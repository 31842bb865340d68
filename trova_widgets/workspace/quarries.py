"""The quarries and mines that a workspace knows, and which of its events lie near one."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets.atomic import write_atomically
from trova_widgets.errors import RecordError, StoreError
from trova_widgets.geometry import distance_km
from trova_widgets.records.catalogues.quarries import Quarry, read_quarries
from trova_widgets.records.catalogues.sheets import with_mark
from trova_widgets.reports import Report

FILE_NAME = "quarries.csv"
"""Columns ``name``, ``latitude``, ``longitude`` and ``radius_km``; may be edited by hand."""

_COLUMNS = ["name", "latitude", "longitude", "radius_km"]
_OF_AN_EVENT = ["event_id", "origin_time", "latitude", "longitude", "depth_km", "event_type", "event_class"]
# quarries and problems that a report names
_NAMED = 5


@dataclass(frozen=True, kw_only=True, repr=False)
class QuarryReport(Report):
    """What is known of quarries, and what lies near them.

    Attributes
    ----------
    quarries : int
        How many are known.
    events : int
        How many events have a place.
    near : int
        How many of them lie within the radius of a quarry.
    classes : dict of str to int
        Those by class; events without one stand under ``"without a class"``.
    nearest : dict of str to int
        Those by quarry, most first.
    problems : tuple of str
        Lines of the table that were left out.
    """

    quarries: int
    events: int
    near: int
    classes: dict[str, int] = field(default_factory=dict)
    nearest: dict[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.quarries} quarries are known; {self.near} of {self.events} events with a place lie near one."]
        lines += [f"  {name:<18}{count:6d}" for name, count in sorted(self.classes.items())]
        if self.nearest:
            named = ", ".join(f"{name} ({count})" for name, count in list(self.nearest.items())[:_NAMED])
            more = f" and {len(self.nearest) - _NAMED} more" if len(self.nearest) > _NAMED else ""
            lines.append(f"Nearest to them: {named}{more}.")
        if self.classes.get("earthquake"):
            lines.append(
                "Those that are called earthquakes may be blasts: look at them, and label them anew where they are."
            )
        if self.problems:
            lines.append(f"{len(self.problems)} lines left out:")
            lines += [f"  {problem}" for problem in self.problems[:_NAMED]]
        return "\n".join(lines)


class QuarryFile:
    """The quarries of one workspace.

    Parameters
    ----------
    folder : Path
        The workspace's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def quarries(self) -> tuple[Quarry, ...]:
        """Return the quarries; none where the file is not there.

        Raises
        ------
        StoreError
            When the file was edited into something else than the table.
        """
        if not self.path.exists():
            return ()
        try:
            return read_quarries(self.path).quarries
        except (OSError, RecordError) as error:
            raise StoreError(f"{self.path} cannot be read: {error} Mend it, or give the quarries anew.") from error

    def keep(self, quarries: Sequence[Quarry]) -> None:
        """Keep quarries in place of those that are there; the file is replaced whole.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for quarry in quarries:
            writer.writerow([with_mark(quarry.name), quarry.latitude, quarry.longitude, quarry.radius_km])
        try:
            write_atomically(self.path, text.getvalue().encode())
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be written: {error.strerror}; make room or mend the folder."
            ) from error


def quarry_frame(quarries: Sequence[Quarry]) -> pd.DataFrame:
    """Return quarries as a table with the columns of the file."""
    rows = [(quarry.name, quarry.latitude, quarry.longitude, quarry.radius_km) for quarry in quarries]
    return pd.DataFrame(rows, columns=_COLUMNS)


def near_quarries(events: pd.DataFrame, quarries: Sequence[Quarry], radius_km: float | None = None) -> pd.DataFrame:
    """Return the events that lie near a quarry.

    Parameters
    ----------
    events : DataFrame
        As of `Store.events`.
    quarries : sequence of Quarry
        The quarries.
    radius_km : float, optional
        How near, in place of each quarry's own radius.

    Returns
    -------
    DataFrame
        Columns ``event_id``, ``origin_time``, ``latitude``, ``longitude``, ``depth_km``, ``event_type``,
        ``event_class``, ``quarry`` (the nearest) and ``quarry_km`` (how far it is), in the order of the events.
    """
    placed = events.dropna(subset=["latitude", "longitude"])
    if placed.empty or not quarries:
        return events.iloc[:0][_OF_AN_EVENT].assign(quarry=pd.Series(dtype=object), quarry_km=pd.Series(dtype=float))
    # a row a quarry at a time: a world catalogue and a national list of quarries together would fill the memory
    nearest_km = np.full(len(placed), np.inf)
    is_near = np.zeros(len(placed), dtype=bool)
    nearest = np.zeros(len(placed), dtype=int)
    longitudes, latitudes = (placed[name].to_numpy(dtype=float) for name in ("longitude", "latitude"))
    for number, quarry in enumerate(quarries):
        apart_km = distance_km(longitudes, latitudes, quarry.longitude, quarry.latitude)
        is_near |= apart_km <= (quarry.radius_km if radius_km is None else radius_km)
        nearer = apart_km < nearest_km
        nearest_km[nearer], nearest[nearer] = apart_km[nearer], number
    names = np.array([quarry.name for quarry in quarries], dtype=object)
    found = placed[_OF_AN_EVENT].assign(quarry=names[nearest], quarry_km=nearest_km)
    return found[is_near].reset_index(drop=True)


def quarry_report(
    events: pd.DataFrame, quarries: Sequence[Quarry], near: pd.DataFrame, problems: Sequence[str] = ()
) -> QuarryReport:
    """Return what is told of quarries; parameters as of `near_quarries` and what it returns."""
    classes = near["event_class"].fillna("without a class").value_counts()
    return QuarryReport(
        quarries=len(quarries),
        events=len(events.dropna(subset=["latitude", "longitude"])),
        near=len(near),
        classes={str(name): int(count) for name, count in classes.items()},
        nearest={str(name): int(count) for name, count in near["quarry"].value_counts().items()},
        problems=tuple(problems),
    )
