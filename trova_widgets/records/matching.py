"""Which event a record shows: by a list of files, by time and travel time, or by the file's own headers."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from trova_widgets.geometry import distance_km
from trova_widgets.records.catalogues.tables import FileLink
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.listed_files import ListedFile, ListedFiles
from trova_widgets.records.waveform import NANOSECONDS

FASTEST_P_KM_S = 8.5
SLOWEST_P_KM_S = 5.0
"""What the first arrival's mean speed may be, from the origin to a station at any regional distance."""

LONGEST_LEAD_S = 60.0
"""How long before a record's begin an origin may lie when the station's place is not known."""

_FARTHEST_KM = 1500.0
# what catalogues and clocks are off by
_TOLERANCE_S = 3.0
# P waves of the small events that a station triggers on come from some 60 km on average
_USUAL_LAG_S = 10.0


class Recorded(Protocol):
    """When and where something was recorded: a channel of a file, or a record of a workspace."""

    @property
    def begin_ns(self) -> int:
        """Begin, nanoseconds since 1970 UTC."""

    @property
    def end_ns(self) -> int:
        """End."""

    @property
    def latitude(self) -> float | None:
        """The station's latitude in degrees."""

    @property
    def longitude(self) -> float | None:
        """The station's longitude in degrees."""


class ArrivalWindow(NamedTuple):
    """When the first wave of an event can arrive."""

    earliest_ns: int
    """Nanoseconds since 1970 UTC."""
    latest_ns: int
    """Nanoseconds since 1970 UTC."""
    usual_lag_s: float | None = None
    """Mean time after the earliest [s], where the distance is not known; None where every time is as likely."""


def arrival_window(channel: Recorded, event: SeismicEvent) -> ArrivalWindow | None:
    """Return when the first wave of an event can arrive at a station.

    Parameters
    ----------
    channel : Recorded
        The record, and the station's place where its file tells it.
    event : SeismicEvent
        The event, and its place where it is known.

    Returns
    -------
    ArrivalWindow or None
        At 5 to 8.5 km/s, give or take 3 s, but not before the origin; up to a minute after it where the distance is
        not known. None for an event without an origin time.
    """
    if event.origin_time_ns is None:
        return None
    origin, distance_km = event.origin_time_ns, _distance_km(channel, event)
    if distance_km is None:
        return ArrivalWindow(origin, origin + round(LONGEST_LEAD_S * NANOSECONDS), _USUAL_LAG_S)
    first_s = max(distance_km / FASTEST_P_KM_S - _TOLERANCE_S, 0.0)
    last_s = distance_km / SLOWEST_P_KM_S + _TOLERANCE_S
    return ArrivalWindow(origin + round(first_s * NANOSECONDS), origin + round(last_s * NANOSECONDS))


class EventFinder:
    """Finds the event of a record among those of a catalogue.

    Parameters
    ----------
    events : sequence of SeismicEvent
        The catalogue; events without an origin time are reached through `links` only.
    links : sequence of FileLink
        Rows that tie a file to an event; they count more than any time.
    folder : Path, optional
        Where the links' paths begin: the folder of their table.
    """

    def __init__(
        self,
        events: Sequence[SeismicEvent],
        links: Sequence[FileLink] = (),
        folder: Path | None = None,
    ) -> None:
        timed = [(event.origin_time_ns, event) for event in events if event.origin_time_ns is not None]
        timed.sort(key=lambda pair: (pair[0], pair[1].event_id))
        self._origins = [origin for origin, _ in timed]
        self._events = [event for _, event in timed]
        self._listed = ListedFiles(links, folder)

    @property
    def has_origins(self) -> bool:
        """Whether any event of the catalogue has an origin time."""
        return bool(self._origins)

    def events_between(self, begin_ns: int, end_ns: int) -> list[SeismicEvent]:
        """Return the events with an origin from `begin_ns` to before `end_ns`, nanoseconds since 1970 UTC, ordered."""
        return self._events[bisect_left(self._origins, begin_ns) : bisect_left(self._origins, end_ns)]

    def fits(self, channel: Recorded, event: SeismicEvent) -> bool:
        """Tell whether the P wave of an event with an origin time can be in a record."""
        origin = event.origin_time_ns
        if origin is None:
            return False
        begin, end = channel.begin_ns, channel.end_ns
        return origin < end and self._score(channel, event, origin, begin, end, begin) is not None

    def linked(self, path: Path) -> SeismicEvent | None:
        """Return the first event that the table ties a file to; None when no row names it."""
        return next(iter(self.linked_events(path)), None)

    def linked_events(self, path: Path) -> tuple[SeismicEvent, ...]:
        """Return all events that the table ties a file to: several of an archive's day, one of a record."""
        match = self.match_of(path)
        return () if match is None else self._listed.events(match.row)

    @property
    def rows(self) -> tuple[PurePosixPath, ...]:
        """The files that the table names."""
        return self._listed.rows

    def match_of(self, path: Path) -> ListedFile | None:
        """Return what the table calls a file; see `ListedFiles.match`."""
        return self._listed.match(path)

    def matching(
        self, channel: Recorded, onset_s: float | Callable[[], float | None] | None = None
    ) -> SeismicEvent | None:
        """Return the event whose P wave the record can show.

        With the places of station and event known, the first arrival at 5 to 8.5 km/s must fall into the record, and
        the event wins whose arrival is nearest to the onset. Otherwise the origin must lie in the record or up to a
        minute before it, and the last one before the onset wins. Without an onset, a third of the record stands
        for it.

        Parameters
        ----------
        channel : Recorded
            The record, and the station's place where its file tells it.
        onset_s : float or callable, optional
            The onset found in the record, seconds from its first sample, or what finds it: asked only when more than
            one event can be meant.

        Returns
        -------
        SeismicEvent or None
            None when no event fits.
        """
        begin, end = channel.begin_ns, channel.end_ns
        earliest = begin - round((_FARTHEST_KM / SLOWEST_P_KM_S) * NANOSECONDS)
        near = range(bisect_left(self._origins, earliest), bisect_right(self._origins, end))

        def score(index: int, onset: int) -> tuple[bool, float] | None:
            return self._score(channel, self._events[index], self._origins[index], begin, end, onset)

        possible = [index for index in near if score(index, begin) is not None]
        if len(possible) < 2:
            return self._events[possible[0]] if possible else None
        found_s = onset_s() if callable(onset_s) else onset_s
        onset = begin + ((end - begin) // 3 if found_s is None else round(found_s * NANOSECONDS))
        return self._events[min((score(index, onset), index) for index in possible)[1]]

    @staticmethod
    def _score(
        channel: Recorded, event: SeismicEvent, origin: int, begin: int, end: int, onset: int
    ) -> tuple[bool, float] | None:
        """Lower is better; None is impossible, whatever the onset."""
        distance_km = _distance_km(channel, event)
        if distance_km is None:
            if begin - origin > LONGEST_LEAD_S * NANOSECONDS:
                return None
            is_late = origin > onset + _TOLERANCE_S * NANOSECONDS
            return is_late, abs(onset - origin) / NANOSECONDS
        if distance_km > _FARTHEST_KM:
            return None
        first = origin + (distance_km / FASTEST_P_KM_S - _TOLERANCE_S) * NANOSECONDS
        last = origin + (distance_km / SLOWEST_P_KM_S + _TOLERANCE_S) * NANOSECONDS
        if last < begin or first > end:
            return None
        # how far the onset lies outside of the possible arrivals, then from their middle
        outside = max(first - onset, onset - last, 0.0)
        return outside > 0, (outside + abs(onset - (first + last) / 2)) / NANOSECONDS


def _distance_km(channel: Recorded, event: SeismicEvent) -> float | None:
    """Return the straight line, or near enough, from the hypocentre to the station."""
    if channel.latitude is None or channel.longitude is None or event.latitude is None or event.longitude is None:
        return None
    surface_km = distance_km(channel.longitude, channel.latitude, event.longitude, event.latitude)
    return math.hypot(surface_km, event.depth_km or 0.0)
