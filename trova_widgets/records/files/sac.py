"""The event that the header of a SAC file names."""

import math
from collections.abc import Mapping
from typing import Any

from trova_widgets.identity import identity_of
from trova_widgets.records.event_words import NO_NAMES
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.waveform import NANOSECONDS

_UNKNOWN = -12345
_EVENT_TYPES = {
    "inucl": "nuclear explosion",
    "iquake": "earthquake",
    "ichem": "chemical explosion",
    "iqb": "quarry blast",
    "iqb1": "quarry blast",
    "iqb2": "quarry blast",
    "iqbx": "quarry blast",
    "iqmt": "rock burst",
    "ieq": "earthquake",
    "ieq1": "earthquake",
    "ieq2": "earthquake",
    "ime": "explosion",
    "iex": "explosion",
    "inu": "nuclear explosion",
    "inc": "cavity collapse",
    "io_": "other event",
}
_MAGNITUDE_TYPES = {"imb": "mb", "ims": "ms", "iml": "ml", "imw": "mw", "imd": "md"}


def event_of_sac(header: Mapping[str, Any]) -> SeismicEvent | None:
    """Return the event that a SAC header names.

    The event's identity is made from its origin and place, or its name where those are unknown, so that the files of
    all stations and components share one event.

    Parameters
    ----------
    header : mapping
        The fields of the header as ObsPy reads them; -12345 stands for "unknown".

    Returns
    -------
    SeismicEvent or None
        None when the header gives neither an origin time nor a name.

    Examples
    --------
    >>> event_of_sac({"kevnm": "-12345  ", "o": -12345.0}) is None
    True
    """
    origin_time_ns = _origin_time_ns(header)
    name = str(header.get("kevnm", "")).strip()
    name = "" if name.startswith(str(_UNKNOWN)) else "".join(filter(str.isprintable, name))
    if name.strip("? ").lower() in NO_NAMES:
        # a placeholder is no name, nor is what is left of one whose letters were lost
        name = ""
    if origin_time_ns is None and not name:
        return None
    latitude, longitude = _number(header, "evla", 90), _number(header, "evlo", 360)
    # a tenth of a second: files of one event round their origin relative to their own reference time
    instant = None if origin_time_ns is None else round(origin_time_ns / (NANOSECONDS // 10))
    return SeismicEvent(
        event_id=f"sac-{identity_of([instant, latitude, longitude] if instant is not None else [name])}",
        origin_time_ns=origin_time_ns,
        latitude=latitude,
        longitude=longitude,
        depth_km=_depth_km(header),
        magnitude=_number(header, "mag", 10),
        magnitude_type=_MAGNITUDE_TYPES.get(_word(header, "imagtyp")),
        event_type=_EVENT_TYPES.get(_word(header, "ievtyp")),
    )


def _origin_time_ns(header: Mapping[str, Any]) -> int | None:
    origin = _number(header, "o", 1e9)
    fields = [int(header.get(name, _UNKNOWN)) for name in ("nzyear", "nzjday", "nzhour", "nzmin", "nzsec", "nzmsec")]
    if origin is None or _UNKNOWN in fields:
        return None
    year, day, hour, minute, second, millisecond = fields
    try:
        reference = obspy_module("obspy").UTCDateTime(
            year=year, julday=day, hour=hour, minute=minute, second=second, microsecond=1000 * millisecond
        )
    except (ValueError, TypeError, OverflowError):
        # numbers that are no date: the samples are sound without an origin
        return None
    return int(reference.ns) + round(origin * NANOSECONDS)


def _depth_km(header: Mapping[str, Any]) -> float | None:
    depth = _number(header, "evdp", 1e6)
    if depth is None or depth < -20:
        return None
    # metres in old files, kilometres in new ones, and no earthquake is deeper than 1,000 km
    return depth / 1000 if depth > 1000 else depth


def _number(header: Mapping[str, Any], name: str, largest: float) -> float | None:
    value = float(header.get(name, _UNKNOWN))
    return value if value != _UNKNOWN and math.isfinite(value) and abs(value) <= largest else None


def _word(header: Mapping[str, Any], name: str) -> str:
    value = header.get(name, _UNKNOWN)
    words: Mapping[int, str] = obspy_module("obspy.io.sac.header").ENUM_NAMES
    return words.get(int(value), "")
