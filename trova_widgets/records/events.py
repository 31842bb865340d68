"""Seismic events, and the table that maps their types to the classes a network tells apart."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from trova_widgets.errors import RecordError
from trova_widgets.records.letters import composed

EVENT_CLASSES: dict[str, str] = {
    "earthquake": "earthquake",
    "induced or triggered event": "earthquake",
    "reservoir loading": "earthquake",
    "quarry blast": "quarry_blast",
    "mining explosion": "mine_blast",
    "mine blast": "mine_blast",
    "explosion": "explosion",
    "accidental explosion": "explosion",
    "chemical explosion": "explosion",
    "controlled explosion": "explosion",
    "experimental explosion": "explosion",
    "industrial explosion": "explosion",
    "nuclear explosion": "explosion",
    "blasting levee": "explosion",
    "road cut": "explosion",
    "rock burst": "other",
    "collapse": "other",
    "cavity collapse": "other",
    "mine collapse": "other",
    "building collapse": "other",
    "anthropogenic event": "other",
    "fluid injection": "other",
    "fluid extraction": "other",
    "crash": "other",
    "plane crash": "other",
    "train crash": "other",
    "boat crash": "other",
    "atmospheric event": "other",
    "acoustic noise": "other",
    "sonic blast": "other",
    "sonic boom": "other",
    "thunder": "other",
    "meteorite": "other",
    "avalanche": "other",
    "snow avalanche": "other",
    "debris avalanche": "other",
    "rockslide": "other",
    "landslide": "other",
    "slide": "other",
    "submarine landslide": "other",
    "ice quake": "other",
    "hydroacoustic event": "other",
    "volcanic eruption": "other",
    "other event": "other",
    "other": "other",
}
"""QuakeML's event types (and the classes' own names) and the event class of each.

A type that says nothing about the source, "not reported" for instance, stands in no row and has no class.
"""


def class_of(event_type: str | None, mapping: Mapping[str, str] | None = None) -> str | None:
    """Return the event class of an event type.

    Parameters
    ----------
    event_type : str or None
        A QuakeML event type; case, ``_`` and ``-`` do not matter.
    mapping : mapping of str to str, optional
        Event type to class, in place of `EVENT_CLASSES`.

    Returns
    -------
    str or None
        The class, or None when the mapping does not know the type.

    Examples
    --------
    >>> class_of("Quarry blast")
    'quarry_blast'
    >>> class_of("not reported") is None
    True
    """
    if event_type is None:
        return None
    key, table = event_type_key(event_type), EVENT_CLASSES if mapping is None else mapping
    if mapping is None or key in table:
        return table.get(key)
    return {event_type_key(name): value for name, value in table.items()}.get(key)


def event_type_key(event_type: str) -> str:
    """Return an event type in lower case, with single blanks for ``_`` and ``-``.

    Examples
    --------
    >>> event_type_key(" Rock-Burst")
    'rock burst'
    """
    return " ".join(re.split(r"[\s_-]+", composed(event_type).strip(" \t\r\n_-").lower()))


def is_storable(moment_ns: int) -> bool:
    """Tell whether a moment fits 64 bits of nanoseconds since 1970, as the database keeps it.

    Examples
    --------
    >>> is_storable(0), is_storable(18_817_574_400 * 10**9)
    (True, False)
    """
    return abs(moment_ns) < _LAST_NS


# 1678 to 2261, a few months short of 64 bits
_LAST_NS = 9_200_000_000 * 10**9


@dataclass(frozen=True, kw_only=True, slots=True)
class SeismicEvent:
    """Where, when and what: one event of a catalogue.

    Attributes
    ----------
    event_id : str
        Identity within the workspace: the catalogue's own, or one made from the event's values.
    origin_time_ns : int or None
        Nanoseconds since 1970 UTC.
    latitude, longitude : float or None
        Degrees north and east, -90 to 90 and -180 to 360.
    depth_km : float or None
        Below sea level; negative above it.
    magnitude : float or None
        The preferred magnitude.
    magnitude_type : str or None
        For instance ``"ml"``.
    event_type : str or None
        QuakeML's word.
    type_certainty : {"known", "suspected"} or None
        What the catalogue says of the type; None where it says nothing.
    energy_class : float or None
        The energy class K of Russian catalogues, the decimal logarithm of the energy in joule (Rautian, 1964).
    location_error_km : float or None
        The larger semi-axis of the epicentre's error ellipse.

    Raises
    ------
    RecordError
        When the identity is empty, a number is not finite or out of range, or the time is beyond the years 1678 to
        2261 that 64 bits of nanoseconds hold.

    Examples
    --------
    >>> SeismicEvent(event_id="uw61362132", event_type="earthquake", magnitude=1.6).magnitude
    1.6
    """

    event_id: str
    origin_time_ns: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    depth_km: float | None = None
    magnitude: float | None = None
    magnitude_type: str | None = None
    event_type: str | None = None
    type_certainty: str | None = None
    energy_class: float | None = None
    location_error_km: float | None = None

    def __post_init__(self) -> None:
        if not self.event_id:
            raise RecordError("An event has an empty event_id; give each event of the catalogue a name.")
        if self.origin_time_ns is not None and not is_storable(self.origin_time_ns):
            raise RecordError(
                f"The event {self.event_id} has an origin time beyond the years 1678 to 2261; correct the year in the "
                f"catalogue."
            )
        ranges = {
            "latitude": (-90.0, 90.0),
            "longitude": (-180.0, 360.0),
            "depth_km": (-20.0, 1000.0),
            "magnitude": (-10.0, 12.0),
            "energy_class": (-5.0, 25.0),
            "location_error_km": (0.0, 20_100.0),
        }
        for name, (lowest, highest) in ranges.items():
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and lowest <= value <= highest):
                raise RecordError(
                    f"The event {self.event_id} has the {name} {value}, expected {lowest:g} to {highest:g}; "
                    f"correct it in the catalogue or leave it out."
                )
