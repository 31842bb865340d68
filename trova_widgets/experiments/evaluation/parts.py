"""Parts of records that can be left out as a whole: groups of stations, cells of the map, periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.choice.losses import Array, BoolArray, IntArray

_NAMED = 3
_DIGITS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """Parts of some records.

    Attributes
    ----------
    names : tuple of str
        What each is called; fewer than two where nothing can be left out.
    of : ndarray of int, shape (record,)
        The part of each record, a place in ``names``; -1 where it is not known.
    """

    names: tuple[str, ...]
    of: IntArray


def station_groups(stations: Sequence[str], count: int) -> Parts:
    """Deal whole stations to groups of nearly equal numbers of records, the largest stations first.

    Parameters
    ----------
    stations : sequence of str, shape (record,)
        Empty where it is not known.
    count : int
        How many groups at most; each station is one where there are no more than that.

    Examples
    --------
    >>> dealt = station_groups(["A", "A", "A", "B", "B", "C", ""], 2)
    >>> dealt.names, dealt.of.tolist()
    (('A', 'B, C'), [0, 0, 0, 1, 1, 1, -1])
    """
    sizes = Counter(name for name in stations if name)
    largest_first = sorted(sizes, key=lambda name: (-sizes[name], name))
    groups: list[list[str]] = [[] for _ in range(min(count, len(sizes)))]
    for name in largest_first:
        min(groups, key=lambda group: sum(sizes[each] for each in group)).append(name)
    place = {name: number for number, group in enumerate(groups) for name in group}
    return Parts(
        names=tuple(_listed(group) for group in groups),
        of=np.array([place.get(name, -1) for name in stations], dtype=np.int64),
    )


def map_cells(longitude: Array, latitude: Array, events: IntArray, count: int) -> Parts:
    """Divide the map into cells with nearly equal numbers of records, each time across the longer side.

    Parameters
    ----------
    longitude, latitude : ndarray of float, shape (record,)
        Of the event [degrees]; NaN where it is not known.
    events : ndarray, shape (record,)
        The event of each record, which stays whole; so do events of one place.
    count : int
        How many cells, where there are so many places.

    Examples
    --------
    >>> east, north = np.array([10.0, 10.2, 14.0, 14.5, np.nan]), np.array([60.0, 60.1, 60.2, 60.0, 60.0])
    >>> dealt = map_cells(east, north, np.arange(5), 2)
    >>> dealt.names, dealt.of.tolist()
    (('60.0 to 60.1° N, 10.0 to 10.2° E', '60.0 to 60.2° N, 14.0 to 14.5° E'), [0, 0, 1, 1, -1])
    """
    known = np.isfinite(longitude) & np.isfinite(latitude)
    # places a metre apart are one
    east, north = _unwrapped(longitude[known].round(_DIGITS)), latitude[known].round(_DIGITS)
    stretch = np.cos(np.radians(north.mean())) if known.any() else 1.0
    cells = _cells(np.column_stack([east * stretch, north]), events[known], count)
    for digits in range(1, _DIGITS + 1):
        names = [
            f"{north[cell].min():.{digits}f} to {north[cell].max():.{digits}f}° N, "
            f"{_turned(east[cell].min()):.{digits}f} to {_turned(east[cell].max()):.{digits}f}° E"
            for cell in cells
        ]
        if len(set(names)) == len(names):
            break
    return _parts(known, cells, names)


def periods(times: NDArray[np.datetime64], events: IntArray, count: int) -> Parts:
    """Divide the time of a catalogue into periods with nearly equal numbers of records.

    Parameters
    ----------
    times : ndarray of datetime64, shape (record,)
        Of the event (UTC); NaT where it is not known.
    events : ndarray, shape (record,)
        The event of each record, which stays whole.
    count : int
        How many periods, where there are so many moments.

    Examples
    --------
    >>> times = np.array(["2001-03-04", "2001-03-05", "2009-05-06", "NaT"], dtype="datetime64[ns]")
    >>> dealt = periods(times, np.arange(4), 3)
    >>> dealt.names, dealt.of.tolist()
    (('2001-03-04', '2001-03-05', '2009-05-06'), [0, 1, 2, -1])
    """
    known = ~np.isnat(times)
    when = times[known]
    moments = when.astype("datetime64[ns]").astype(np.int64).astype(np.float64)
    cells = _cells(moments[:, None], events[known], count)
    for unit in ("D", "m", "ns"):
        ends = [[str(np.datetime_as_string(end, unit)) for end in (when[c].min(), when[c].max())] for c in cells]
        names = [first if first == last else f"{first} to {last}" for first, last in ends]
        if len(set(names)) == len(names):
            break
    return _parts(known, cells, names)


def _cells(coordinates: Array, events: IntArray, count: int) -> list[IntArray]:
    """Return which records stand in each cell; all records of an event in that of its first one."""
    names, first, place = np.unique(events, return_index=True, return_inverse=True)
    if not names.size:
        return []
    sizes = np.bincount(place).astype(np.float64)
    cells = _divided(coordinates[first], sizes, np.arange(names.size), count)
    return [np.flatnonzero(np.isin(place, cell)) for cell in cells]


def _divided(coordinates: Array, sizes: Array, here: IntArray, count: int) -> list[IntArray]:
    if count < 2:
        return [here]
    before_count = count // 2
    for side in np.argsort(-np.ptp(coordinates[here], axis=0), kind="stable"):
        before = _before_cut(coordinates[here, side], sizes[here], before_count / count)
        if before is not None:
            return [
                *_divided(coordinates, sizes, here[before], before_count),
                *_divided(coordinates, sizes, here[~before], count - before_count),
            ]
    return [here]


def _before_cut(values: Array, sizes: Array, share: float) -> BoolArray | None:
    """Return what stands before the cut that leaves nearest to a share there; None where all stand at one place."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    ends = np.flatnonzero(ordered[1:] > ordered[:-1])
    if not ends.size:
        return None
    there = np.cumsum(sizes[order])[ends]
    return np.asarray(values <= ordered[ends[np.abs(there - share * sizes.sum()).argmin()]])


def _unwrapped(longitude: Array) -> Array:
    """Return longitudes that go on where they would jump by 360 degrees, as on both sides of the date line."""
    turned = np.sort(longitude % 360)
    if not turned.size:
        return longitude
    gaps = np.diff(np.r_[turned, turned[0] + 360])
    start = turned[(int(gaps.argmax()) + 1) % turned.size]
    return np.asarray((longitude - start) % 360 + _turned(start))


def _turned(longitude: float) -> float:
    """Return a longitude from -180 to 180."""
    return (float(longitude) + 180) % 360 - 180


def _listed(stations: Sequence[str]) -> str:
    others = len(stations) - _NAMED
    return ", ".join(stations[:_NAMED]) + (f" and {others} more" if others > 0 else "")


def _parts(known: BoolArray, cells: Sequence[IntArray], names: Sequence[str]) -> Parts:
    of = np.full(known.size, -1, dtype=np.int64)
    places = np.flatnonzero(known)
    for number, cell in enumerate(cells):
        of[places[cell]] = number
    return Parts(names=tuple(names), of=of)
