"""What a network says of events, written as QuakeML: a type that is suspected, and the picks that it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from trova_widgets.records.events import EVENT_CLASSES
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks

#: The class of what is none of those that a network tells, and QuakeML's word for an event whose type is not told.
NONE_OF_THESE, _UNTOLD = "none_of_these", "not reported"


@dataclass(frozen=True, kw_only=True)
class AnsweredPick:
    """The onset of an event at a station, and what was said of the record.

    Attributes
    ----------
    network, station, channel : str
        Its codes.
    time_ns : int
        Nanoseconds since 1970 UTC.
    comment : str
        What was said.
    """

    network: str
    station: str
    channel: str
    time_ns: int
    comment: str


@dataclass(frozen=True, kw_only=True)
class AnsweredEvent:
    """What is said of an event.

    Attributes
    ----------
    name : str
        Letters and digits: equal names are one event.
    event_class : str
        The likeliest class.
    comment : str
        The probabilities, and who gave them.
    picks : tuple of AnsweredPick
        The records that it rests on.
    """

    name: str
    event_class: str
    comment: str
    picks: tuple[AnsweredPick, ...] = ()


def quakeml_of(events: Iterable[AnsweredEvent]) -> bytes:
    """Return what was said of events as QuakeML, the same bytes each time.

    The type is one of QuakeML's, and suspected: a network's word is no analyst's. A class for which QuakeML has no word
    stands in the comment alone; what is none of the classes is of the type "not reported".

    Parameters
    ----------
    events : iterable of AnsweredEvent
        What was said.

    Returns
    -------
    bytes
        A whole file.

    Examples
    --------
    >>> blast = AnsweredEvent(name="b1", event_class="quarry_blast", comment="quarry_blast 0.9")
    >>> b"<type>quarry blast</type>" in quakeml_of([blast])
    True
    """
    quakeml = obspy_module("obspy.core.event")
    written = BytesIO()
    with remarks():
        catalog = quakeml.Catalog(
            events=[_event(quakeml, event) for event in events],
            resource_id=quakeml.ResourceIdentifier("smi:local/answers"),
        )
        # it would have the moment of writing
        catalog.creation_info = None
        catalog.write(written, format="QUAKEML", validate=False)
    return written.getvalue()


def _event(quakeml: Any, event: AnsweredEvent) -> Any:
    def identifier(kind: str) -> Any:
        return quakeml.ResourceIdentifier(f"smi:local/{kind}/{event.name}")

    written = quakeml.Event(resource_id=identifier("event"))
    word = _word(event.event_class)
    if word is not None:
        written.event_type = word
        written.event_type_certainty = None if word == _UNTOLD else "suspected"
    written.comments = [quakeml.Comment(text=event.comment, resource_id=identifier("comment"))]
    written.picks = [
        quakeml.Pick(
            resource_id=identifier(f"pick/{number}"),
            time=obspy_module("obspy").UTCDateTime(ns=pick.time_ns),
            waveform_id=quakeml.WaveformStreamID(
                network_code=pick.network, station_code=pick.station, channel_code=pick.channel or None
            ),
            phase_hint="P",
            evaluation_mode="automatic",
            comments=[quakeml.Comment(text=pick.comment, resource_id=identifier(f"comment/{number}"))],
        )
        for number, pick in enumerate(event.picks)
    ]
    return written


def _word(event_class: str) -> str | None:
    """Return QuakeML's word for a class: the first that stands for it, as the classes are made of them."""
    if event_class == NONE_OF_THESE:
        return _UNTOLD
    known = obspy_module("obspy.core.event.header").EventType
    return next((word for word, name in EVENT_CLASSES.items() if name == event_class and word in known), None)
