"""Stations, regions and periods left out as a whole: what a cell tells of them that has never seen any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments.anew import Deal
from trova_widgets.experiments.evaluation import (
    Parts,
    accuracy_lost,
    figures,
    map_cells,
    periods,
    station_groups,
)
from trova_widgets.names import nearest
from trova_widgets.space import TrialResult, unpack_probabilities
from trova_widgets.workspace.elsewhere import ALL, apart, share

By = Literal["station", "region", "period"]
#: Into so many groups whole stations are dealt, at most.
STATION_GROUPS = 4
COLUMNS = (
    *("by", "part", "records", "events", "accuracy", "low", "high"),
    *("usual", "lost", "lost_low", "lost_high", "learnt_from"),
)
_PLURAL = {"station": "stations", "region": "regions", "period": "periods"}
_CALLED = {"station": "in {} groups", "region": "in {} cells of the map", "period": "in {} parts"}
_UNKNOWN = {"station": "no station", "region": "events without a place", "period": "events without a time"}

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def checked_leave(leave: Sequence[str]) -> tuple[By, ...]:
    """Return what is to be left out, each once.

    Raises
    ------
    PlanError
        When one is none of station, region and period.

    Examples
    --------
    >>> checked_leave(["region", "station", "region"])
    ('region', 'station')
    """
    if isinstance(leave, str):
        leave = (leave,)
    kinds: dict[str, By] = {kind: kind for kind in get_args(By)}
    for each in leave:
        if each not in kinds:
            raise PlanError(f"There is no leaving out by {each!r}; {nearest(each, kinds)}.")
    return tuple(dict.fromkeys(kinds[each] for each in leave))


@dataclass(frozen=True, kw_only=True, eq=False)
class Leaving:
    """What is to be trained so that every record is told by a network that saw nothing of its part.

    Attributes
    ----------
    by : {"station", "region", "period"}
    parts : Parts
        Of the data set's records.
    deals : tuple of Deal
        What each training learns from and tells, by positions in the data set.
    of : tuple of int
        The part that each training leaves out.
    notes : tuple of str
        What cannot be told, and why.
    """

    by: By
    parts: Parts
    deals: tuple[Deal, ...]
    of: tuple[int, ...]
    notes: tuple[str, ...]


def parts_by(by: By, members: pd.DataFrame, folds: int) -> Parts:
    """Return the parts of a data set's records.

    Regions and periods are as many as folds, so that a network learns from as many records as usually, and what is lost
    is not for want of records.

    Parameters
    ----------
    by : {"station", "region", "period"}
    members : DataFrame
        Columns ``event_id``, ``station``, ``longitude``, ``latitude`` (of the event), ``origin_time``.
    folds : int
        Of the data set.
    """
    events = pd.factorize(members["event_id"])[0]
    if by == "station":
        return station_groups(list(members["station"]), STATION_GROUPS)
    if by == "region":
        east, north = (members[name].to_numpy(dtype=float) for name in ("longitude", "latitude"))
        return map_cells(east, north, events, folds)
    return periods(members["origin_time"].to_numpy(dtype="datetime64[ns]"), events, folds)


def leaving(by: By, members: pd.DataFrame, told: "pd.Series[str]", classes: Sequence[str]) -> Leaving:
    """Return what is to be trained to leave out one part at a time.

    A region or a period holds whole events, so one training leaves out each. The stations of an event may stand in
    several groups, so each fold and group is left out together: as many trainings as folds times groups.

    Parameters
    ----------
    by : {"station", "region", "period"}
    members : DataFrame
        All records of the data set but the hold-out: ``position``, ``record_id``, ``event_class``, ``fold``, and what
        `parts_by` looks at.
    told : Series of str
        The records that are to be told.
    classes : sequence of str
        What is told apart; a training that would miss one is a note.
    """
    fold = members["fold"].to_numpy(dtype=np.int64)
    parts = parts_by(by, members, np.unique(fold).size)
    wanted = members["record_id"].isin(told).to_numpy()
    notes = []
    unknown = int((wanted & (parts.of < 0)).sum())
    if unknown:
        notes.append(f"By {by}, {unknown} records are not told: {_UNKNOWN[by]}, so nothing of theirs can be left out.")
    if len(parts.names) < 2:
        return Leaving(
            by=by, parts=parts, deals=(), of=(), notes=(*notes, f"Nothing is left out by {by}: {_too_few(by, parts)}.")
        )
    position, names = members["position"].to_numpy(dtype=np.int64), members["event_class"].to_numpy()
    deals, of = [], []
    missed: dict[tuple[int, str], int] = {}
    for part in range(len(parts.names)):
        for each in np.unique(fold) if by == "station" else [None]:
            # those whose part is not known could be of this one, and are not learnt from
            learnt, tells = (parts.of >= 0) & (parts.of != part), wanted & (parts.of == part)
            if each is not None:
                learnt, tells = learnt & (fold != each), tells & (fold == each)
            lacking = [name for name in classes if not (names[learnt] == name).any()]
            if lacking and tells.any():
                key = (part, ", ".join(lacking))
                missed[key] = missed.get(key, 0) + int(tells.sum())
            elif tells.any():
                deals.append((position[learnt], position[tells]))
                of.append(part)
    notes += [
        f"{count} records of the {by} {parts.names[part]} are not told: without it no {lacking} is left to learn from."
        for (part, lacking), count in missed.items()
    ]
    return Leaving(by=by, parts=parts, deals=tuple(deals), of=tuple(of), notes=tuple(notes))


def _too_few(by: By, parts: Parts) -> str:
    return f"all are of one {by}, {parts.names[0]}" if parts.names else "of no record it is known"


class LeftOut:
    """Gathers what the networks tell of parts that they never saw, and lays it out as a table.

    Parameters
    ----------
    described : DataFrame
        The records that were told as usual.
    usual : ndarray of bool, shape (record,)
        Whether each was told right by the usual folds, with the seed that is trained here.
    truth : ndarray of int, shape (record,)
    positions : ndarray of int, shape (record,)
        Where each stands in the data set.
    """

    def __init__(self, described: pd.DataFrame, usual: NDArray[np.bool_], truth: Integers, positions: Integers) -> None:
        self._events = pd.factorize(described["event_id"])[0]
        self._usual, self._truth = usual, truth
        self._place_of = {position: place for place, position in enumerate(positions.tolist())}
        self._tables: list[pd.DataFrame] = []
        self.notes: list[str] = []

    def add(self, left: Leaving, results: Sequence[TrialResult], class_count: int) -> None:
        """Take what the trainings of one kind of parts have come to, in the order of its deals."""
        self.notes += left.notes
        told = np.full((len(self._truth), class_count), np.nan)
        part, learnt = np.full(len(self._truth), -1), np.full(len(self._truth), np.nan)
        failed: dict[str, int] = {}
        for (learns, _), number, result in zip(left.deals, left.of, results, strict=True):
            if result.state == "failed":
                failed[str(result.error)] = failed.get(str(result.error), 0) + 1
                continue
            places = [self._place_of[each] for each in result.predictions["position"]]
            told[places] = unpack_probabilities(result.probabilities, class_count)
            part[places], learnt[places] = number, len(learns)
        self.notes += [f"By {left.by}, {count} trainings failed: {error}" for error, count in failed.items()]
        if (part >= 0).any():
            self._tables.append(self._table(left, told, part, learnt))

    @property
    def table(self) -> pd.DataFrame:
        """A row for all parts of a kind together, then a row a part; columns as of `COLUMNS`."""
        return pd.concat(self._tables, ignore_index=True) if self._tables else pd.DataFrame(columns=list(COLUMNS))

    def _table(self, left: Leaving, told: Floats, part: Integers, learnt: Floats) -> pd.DataFrame:
        rows = []
        groups = [(ALL, part >= 0), *((name, part == number) for number, name in enumerate(left.parts.names))]
        for name, here in groups:
            if not here.any():
                continue
            truth, events = self._truth[here], self._events[here]
            found = figures(told[here], truth, events)
            lost = accuracy_lost(self._usual[here], told[here].argmax(axis=1) == truth, truth, events)
            rows.append(
                {
                    "by": left.by,
                    "part": name,
                    "records": found.count,
                    "events": found.events,
                    "accuracy": found.accuracy.value,
                    "low": found.accuracy.low,
                    "high": found.accuracy.high,
                    "usual": float(self._usual[here].mean()),
                    "lost": lost.value,
                    "lost_low": lost.low,
                    "lost_high": lost.high,
                    "learnt_from": round(float(learnt[here].mean())),
                }
            )
        return pd.DataFrame(rows, columns=list(COLUMNS))


def sentences(left_out: pd.DataFrame, learnt_usually: float) -> list[str]:
    """Return what leaving out has come to, in words.

    Parameters
    ----------
    left_out : DataFrame
        As of `LeftOut.table`.
    learnt_usually : float
        How many records a network of the usual folds learns from, on average.
    """
    said = []
    for row in left_out[left_out["part"] == ALL].itertuples(index=False):
        each = left_out[(left_out["by"] == row.by) & (left_out["part"] != ALL)]
        worst = each.loc[each["accuracy"].idxmin()]
        said.append(
            f"{_PLURAL[row.by].capitalize()} left out ({_CALLED[row.by].format(len(each))}): "
            f"{share(row.accuracy, row.low, row.high)} of {row.records} records are told right by networks that saw "
            f"nothing of the same {row.by}, {apart(row.lost, row.lost_low, row.lost_high)} what the usual folds tell "
            f"of these records with the same seed; the lowest {100 * worst['accuracy']:.1f} %, {worst['part']}. "
            f"A network learnt from {row.learnt_from:,.0f} records on average, usually from {learnt_usually:,.0f}."
        )
    return said
