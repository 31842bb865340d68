"""Events written as QuakeML, for every tool that reads catalogues."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks

# what may stand in a QuakeML identifier behind its authority
_NOT_IN_IDENTIFIERS = re.compile(r"[^\w\-.*()+?~'=,;#/&]")


def write_quakeml(path: Path, events: Iterable[SeismicEvent], classes: Mapping[str, str]) -> int:
    """Write events with their classes, as comments, into a QuakeML file.

    Parameters
    ----------
    path : Path
        The file.
    events : iterable of SeismicEvent
        The events; a type that QuakeML does not know becomes a comment.
    classes : mapping of str to str
        The event class of those that have one, by the events' identities.

    Returns
    -------
    int
        How many events were written.
    """
    event = obspy_module("obspy.core.event")
    made: list[Any] = []
    taken: set[str] = set()
    with remarks():
        for found in events:
            name = _NOT_IN_IDENTIFIERS.sub("_", found.event_id) or "_"
            if name in taken:
                name = f"{name}_{len(taken)}"
            taken.add(name)
            made.append(_event(event, found, name, classes.get(found.event_id)))
        event.Catalog(events=made).write(str(path), format="QUAKEML", validate=False)
    return len(made)


def _event(event: Any, found: SeismicEvent, name: str, event_class: str | None) -> Any:
    def identifier(kind: str) -> Any:
        return event.ResourceIdentifier(f"smi:local/{kind}/{name}")

    written = event.Event(resource_id=identifier("event"))
    texts = {"event class": event_class, "identity": found.event_id if name != found.event_id else None}
    if found.event_type is not None and found.event_type in obspy_module("obspy.core.event.header").EventType:
        written.event_type = found.event_type
    else:
        texts["event type"] = found.event_type
    if found.type_certainty is not None:
        written.event_type_certainty = found.type_certainty
    written.comments = [
        event.Comment(text=f"{what}: {_printable(value)}", resource_id=identifier(what.replace(" ", "-")))
        for what, value in texts.items()
        if value
    ]
    if found.origin_time_ns is not None:
        written.origins = [
            event.Origin(
                resource_id=identifier("origin"),
                time=obspy_module("obspy").UTCDateTime(ns=found.origin_time_ns),
                latitude=found.latitude,
                longitude=found.longitude,
                depth=None if found.depth_km is None else found.depth_km * 1000,
            )
        ]
        written.preferred_origin_id = identifier("origin")
        if found.location_error_km is not None:
            # the standard has no ellipse of one axis, but a circle
            written.origins[0].origin_uncertainty = event.OriginUncertainty(
                horizontal_uncertainty=found.location_error_km * 1000, preferred_description="horizontal uncertainty"
            )
    if found.magnitude is not None:
        written.magnitudes = [
            event.Magnitude(
                resource_id=identifier("magnitude"), mag=found.magnitude, magnitude_type=found.magnitude_type
            )
        ]
        written.preferred_magnitude_id = identifier("magnitude")
    if found.energy_class is not None:
        # the energy class of Russian catalogues goes as a magnitude of a type of its own
        written.magnitudes.append(
            event.Magnitude(resource_id=identifier("energy-class"), mag=found.energy_class, magnitude_type="K")
        )
    return written


def _printable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(character for character in text if character.isprintable())
