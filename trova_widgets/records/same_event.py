"""Whether two entries of catalogues are one event: by what they say, not by a name that both happen to use."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from trova_widgets.geometry import distance_km
from trova_widgets.identity import identity_of
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.waveform import NANOSECONDS

SAME_WITHIN_S = 60.0
"""Origins of one event in two catalogues differ by less; two events of one name hardly ever do."""

SAME_WITHIN_KM = 100.0
"""Places of one event in two catalogues differ by less."""

SAME_ENTRY_S = 10.0
"""Two entries of one catalogue do not correct each other, as those of two may: origins of one event differ by less."""

_LONGEST_NAME = 100
_VALUES = ("origin_time_ns", "latitude", "longitude", "depth_km", "magnitude", "magnitude_type", "energy_class")
_SAID = (*_VALUES, "event_type", "type_certainty")


def is_same_event(one: SeismicEvent, other: SeismicEvent, within_s: float = SAME_WITHIN_S) -> bool:
    """Tell whether two entries of one name can be one event: what is not known contradicts nothing.

    Parameters
    ----------
    one, other : SeismicEvent
        The entries.
    within_s : float
        How far apart their origins may be.

    Examples
    --------
    >>> first = SeismicEvent(event_id="1", origin_time_ns=0, latitude=67.6, longitude=33.7)
    >>> corrected = SeismicEvent(event_id="1", origin_time_ns=2_000_000_000, latitude=67.7, longitude=33.7)
    >>> next_year = SeismicEvent(event_id="1", origin_time_ns=31_536_000_000_000_000)
    >>> is_same_event(first, corrected), is_same_event(first, next_year)
    (True, False)
    """
    times = (one.origin_time_ns, other.origin_time_ns)
    if times[0] is not None and times[1] is not None and abs(times[0] - times[1]) > within_s * NANOSECONDS:
        return False
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return True
    apart_km = distance_km(one.longitude or 0.0, one.latitude or 0.0, other.longitude or 0.0, other.latitude or 0.0)
    return bool(apart_km <= SAME_WITHIN_KM)


def named_by_time(event: SeismicEvent, begin_ns: int | None = None) -> SeismicEvent:
    """Return an event whose name another one has, with its time behind the name: the same whenever it is asked for.

    Parameters
    ----------
    event : SeismicEvent
        The event.
    begin_ns : int, optional
        When a record of it begins, nanoseconds since 1970 UTC, for an event whose origin is not known.

    Examples
    --------
    >>> named_by_time(SeismicEvent(event_id="7", origin_time_ns=1_622_541_600_000_000_000)).event_id
    '7~2021-06-01T10:00:00'
    """
    moment = event.origin_time_ns if event.origin_time_ns is not None else begin_ns
    if moment is None:
        mark = identity_of([getattr(event, name) for name in _VALUES])[:8]
    else:
        mark = datetime.fromtimestamp(moment // NANOSECONDS, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return replace(event, event_id=f"{event.event_id[:_LONGEST_NAME]}~{mark}")


def contradictions(one: SeismicEvent, other: SeismicEvent) -> tuple[str, ...]:
    """Return which values two entries of one event know differently.

    Examples
    --------
    >>> blast = SeismicEvent(event_id="1", event_type="quarry blast", magnitude=1.7)
    >>> contradictions(blast, SeismicEvent(event_id="1", event_type="earthquake"))
    ('event_type',)
    """
    return tuple(
        name
        for name in _SAID
        if getattr(one, name) is not None
        and getattr(other, name) is not None
        and not _alike(getattr(one, name), getattr(other, name))
    )


def known_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of an event out of which an identity is made: what older catalogues lack changes nothing."""
    later = ("type_certainty", "energy_class", "location_error_km")
    return {name: value for name, value in values.items() if name not in later or value is not None}


def completed(event: SeismicEvent, known: SeismicEvent) -> SeismicEvent:
    """Return an entry with what only another one of the same event knows."""
    lacking = {name: getattr(known, name) for name in _SAID if getattr(event, name) is None}
    return replace(event, **lacking) if any(value is not None for value in lacking.values()) else event


def apart(events: Iterable[SeismicEvent]) -> tuple[tuple[SeismicEvent, ...], tuple[str, ...]]:
    """Give each event of a catalogue a name of its own, and say where one name stood for several.

    Parameters
    ----------
    events : iterable of SeismicEvent
        In the order of the catalogue; a later entry of the same event adds nothing.

    Returns
    -------
    events : tuple of SeismicEvent
        One for each entry, those of one event alike.
    remarks : tuple of str
        A sentence for each name that was given to several events, and for each entry that contradicts an earlier one.
    """
    by_name: dict[str, list[SeismicEvent]] = {}
    named: list[SeismicEvent] = []
    remarks: dict[str, None] = {}
    for event in events:
        known = by_name.setdefault(event.event_id, [])
        found = next((index for index, other in enumerate(known) if is_same_event(event, other, SAME_ENTRY_S)), None)
        if found is None:
            fresh = event if not known else named_by_time(event)
            if known:
                remarks[
                    f"The name {event.event_id[:60]} stands for several events of the catalogue, which differ in time "
                    f"or place; both are kept, the later one as {fresh.event_id[:80]}."
                ] = None
            known.append(fresh)
            named.append(fresh)
            continue
        for name in contradictions(known[found], event):
            first, second = getattr(known[found], name), getattr(event, name)
            remarks[
                f"The entries of {event.event_id[:60]} contradict each other: {name} is {said(name, first)} in one and "
                f"{said(name, second)} in another; the first one counts."
            ] = None
        known[found] = completed(known[found], event)
        named.append(known[found])
    # what a later entry has completed is known to all
    final = {other.event_id: other for known in by_name.values() for other in known}
    return tuple(final[event.event_id] for event in named), tuple(remarks)


def said(name: str, value: object) -> str:
    """Return a value of an event as a person reads it.

    Examples
    --------
    >>> said("origin_time_ns", 1_622_541_600_000_000_000), said("event_type", "quarry blast")
    ('2021-06-01T10:00:00', "'quarry blast'")
    """
    if name == "origin_time_ns" and isinstance(value, int):
        return datetime.fromtimestamp(value // NANOSECONDS, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{value:g}" if isinstance(value, float) else repr(str(value)[:60])


def _alike(one: object, other: object) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        # a hundredth of a second is what formats cut off
        return abs(one - other) <= NANOSECONDS // 100
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-3 * max(1.0, abs(one))
    return str(one).strip().lower() == str(other).strip().lower()
