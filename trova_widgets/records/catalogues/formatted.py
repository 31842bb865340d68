"""Catalogues in the formats that ObsPy reads, event by event where the whole cannot be read at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.quakeml_parts import SaidOfType, quakeml_parts
from trova_widgets.records.event_words import isf_type, type_and_doubt
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.formats import FileFormat, read_with_plugin
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.records.letters import composed, printable
from trova_widgets.records.same_event import known_values

# what ObsPy makes up where the file names no event
_MADE_UP = re.compile(r"^smi:local/(event/)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
# the energy class of Russian catalogues, as a magnitude of its own type
_ENERGY_CLASS = re.compile(r"^(k|kr|ks|kp|кр|k_r|energy class)$", re.IGNORECASE)
# what `quakeml.write_quakeml` says in comments, where QuakeML has no word for it
_TYPE_COMMENT = "event type: "
_IDENTITY_COMMENT = "identity: "
_XML = ("QUAKEML", "SCML")
_BLOCKS = {
    "NORDIC": re.compile(rb"(?<=\n)[ \t]*\r?\n"),
    "ZMAP": re.compile(rb"(?<=\n)(?=.)"),
    "HYPODDPHA": re.compile(rb"(?<=\n)(?=#)"),
}
_LINES_OF_NDK = 5
# events that a remark names
_NAMED = 5


@dataclass
class ReadCatalogue:
    """What a file of events holds.

    Attributes
    ----------
    events : list of (str, SeismicEvent)
        With their full public identifiers, in the order of the file.
    problems : list of str
        A sentence for each event that was left out.
    remarks : list of str
        A sentence for each warning of the reader.
    rivals : list of str
        Events of which several origins stand in the file, and none is said to be preferred.
    """

    events: list[tuple[str, SeismicEvent]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rivals: list[str] = field(default_factory=list)

    def add(self, event: Any, types: Sequence[SaidOfType]) -> None:
        """Take an event of ObsPy's, or say why it cannot be."""
        public = str(event.resource_id.id)
        try:
            self.events.append((public, seismic_event(event, next(_of(types, public), None))))
            if len(event.origins) > 1 and event.preferred_origin() is None:
                self.rivals.append(self.events[-1][1].event_id)
        except RecordError as error:
            self.problems.append(str(error))
        except (ValueError, TypeError, OverflowError, AttributeError) as error:
            self.problems.append(
                f"The event {printable(public)[-60:]} cannot be taken in: {printable(error)[:160]}; correct it in the "
                f"catalogue or leave it out."
            )


def read_formatted(file_format: FileFormat, content: bytes) -> ReadCatalogue:
    """Read a catalogue in one of `formats.CATALOG_FORMATS`.

    Parameters
    ----------
    file_format : FileFormat
        From `formats.detect`.
    content : bytes
        The whole file.

    Raises
    ------
    RecordError
        When nothing of it can be read.
    """
    found = ReadCatalogue()
    warned: dict[str, None] = {}
    if file_format.name in _XML:
        for part in quakeml_parts(content, file_format.name):
            if part.problem:
                found.problems.append(part.problem)
                if not (found.events or part.count or part.types):
                    raise RecordError(part.problem)
            events = _read(file_format, part.content, warned)
            if len(events) < part.count:
                # ObsPy leaves out with a warning what it does not like, or stumbles over one event of many
                _one_by_one(file_format, part.singles(), found, part.types)
                continue
            for event in events:
                found.add(event, part.types)
            if part.count == 0:
                _tell_missing(part.types, events, found)
        # a root that holds nothing, or one that is cut short, says itself what is wrong
    else:
        try:
            with remarks() as notes:
                events = list(read_with_plugin("event", file_format, content))
            warned.update(dict.fromkeys(notes))
            for event in events:
                found.add(event, ())
        except RecordError:
            blocks = list(_blocks(file_format.name, content))
            if len(blocks) < 2:
                raise
            _one_by_one(file_format, blocks, found, ())
            if not found.events:
                raise
    if found.rivals:
        names = ", ".join(name[:60] for name in found.rivals[:_NAMED])
        more = f" and {len(found.rivals) - _NAMED} more" if len(found.rivals) > _NAMED else ""
        found.remarks.append(
            f"Several origins stand in {len(found.rivals)} events, of which none is preferred ({names}{more}); the "
            f"first one counts."
        )
    found.remarks += [
        f"Its reader remarks: {printable(note)[:200].rstrip('.')}; look at it if that matters." for note in warned
    ]
    return found


def _read(file_format: FileFormat, content: bytes, warned: dict[str, None]) -> list[Any]:
    """Return the events of a part; none where its reader fails, so that they are read one by one."""
    with remarks() as notes:
        try:
            events = list(read_with_plugin("event", file_format, content))
        except RecordError:
            if b"<event" not in content and b":event" not in content:
                raise
            events = []
    warned.update(dict.fromkeys(notes))
    return events


def _one_by_one(
    file_format: FileFormat, blocks: Sequence[bytes], found: ReadCatalogue, types: Sequence[SaidOfType]
) -> None:
    for number, block in enumerate(blocks, start=1):
        if not block.strip():
            continue
        error: RecordError | None = None
        events: list[Any] = []
        with remarks() as notes:
            try:
                events = list(read_with_plugin("event", file_format, block))
            except RecordError as failed:
                error = failed
        for event in events:
            found.add(event, types)
        if not events:
            why = str(error) if error is not None else "; ".join(notes) or "its reader gives no event"
            name = re.search(rb'publicID="([^"]{1,200})"', block)
            which = name[1].decode(errors="replace")[-60:] if name else f"number {number}"
            found.problems.append(
                f"The event {printable(which)} of the catalogue was left out: {printable(why)[:240].rstrip('.')}; "
                f"correct it in the catalogue."
            )


def _tell_missing(types: Sequence[SaidOfType], events: Sequence[Any], found: ReadCatalogue) -> None:
    """Say which events of a whole file its reader has left out."""
    there = [str(event.resource_id.id) for event in events]
    for said in types:
        if said.public_id and not any(
            public == said.public_id or public.endswith(f"/{said.public_id}") for public in there
        ):
            found.problems.append(
                f"The event {printable(said.public_id)[-60:]} of the catalogue was left out by its reader; correct it "
                f"in the catalogue, or export it as QuakeML."
            )


def _blocks(name: str, content: bytes) -> Iterator[bytes]:
    """Cut a catalogue of text into its events, each with the ending that its reader wants."""
    if name == "NDK":
        lines = content.splitlines(keepends=True)
        yield from (b"".join(lines[i : i + _LINES_OF_NDK]) for i in range(0, len(lines), _LINES_OF_NDK))
    elif name == "IMS10BULLETIN":
        parts = re.split(rb"(?m)^(?=Event )", content)
        yield from (parts[0] + part.replace(b"STOP", b"").rstrip() + b"\n\nSTOP\n" for part in parts[1:])
    elif name in _BLOCKS:
        ending = b"\n" if name == "NORDIC" else b""
        yield from (block + ending for block in _BLOCKS[name].split(content) if block.strip())


def _of(types: Sequence[SaidOfType], public: str) -> Iterator[SaidOfType]:
    # ObsPy puts an authority before an identifier that has none
    return (
        said for said in types if said.public_id and (public == said.public_id or public.endswith(f"/{said.public_id}"))
    )


def seismic_event(event: Any, said: SaidOfType | None = None) -> SeismicEvent:
    """Return an event of ObsPy's as one of Trova's.

    Parameters
    ----------
    event : obspy.core.event.Event
        The preferred origin and magnitude are taken, or else its first.
    said : SaidOfType, optional
        What the file itself says of the type, where ObsPy knows only the words of its own list.

    Raises
    ------
    RecordError
        When a value cannot be.
    """
    origin = event.preferred_origin() or (event.origins[0] if event.origins else None)
    classes = [item for item in event.magnitudes if _ENERGY_CLASS.match(str(item.magnitude_type or "").strip())]
    others = [item for item in event.magnitudes if item not in classes]
    magnitude = event.preferred_magnitude()
    if magnitude is None or magnitude in classes:
        magnitude = others[0] if others else None
    event_type = (
        said.event_type if said is not None else str(event.event_type or "") or _commented(event, _TYPE_COMMENT)
    )
    certainty = said.certainty if said is not None else str(event.event_type_certainty or "") or None
    kind, doubt = isf_type(event_type or "") or type_and_doubt(event_type, certainty)
    values: dict[str, Any] = {"event_type": kind, "type_certainty": doubt}
    if said is not None and not event_type:
        values["event_type"], _ = type_and_doubt(_commented(event, _TYPE_COMMENT))
    if origin is not None:
        values |= {
            "origin_time_ns": int(origin.time.ns) if origin.time is not None else None,
            "latitude": _number(origin.latitude),
            "longitude": _number(origin.longitude),
            "depth_km": origin.depth / 1000 if _number(origin.depth) is not None else None,
            "location_error_km": _location_error_km(origin),
        }
    if magnitude is not None:
        values |= {
            "magnitude": _number(magnitude.mag),
            "magnitude_type": str(magnitude.magnitude_type).strip()[:20] if magnitude.magnitude_type else None,
        }
    if classes:
        values["energy_class"] = _number(classes[0].mag)
    public = str(event.resource_id.id)
    made = _MADE_UP.match(public) is not None
    event_id = (
        f"event-{identity_of(known_values(values))}"
        if made
        else _commented(event, _IDENTITY_COMMENT) or short_identity(public)
    )
    return SeismicEvent(event_id=event_id or f"event-{identity_of(known_values(values))}", **values)


def short_identity(public_id: str) -> str:
    """Return the part of a QuakeML identifier that people use: ``...?eventid=X``, ``...evid=X``, ``.../X``.

    Examples
    --------
    >>> short_identity("smi:ISC/evid=600516598"), short_identity("quakeml:pnsn.org/event/uw61362132")
    ('600516598', 'uw61362132')
    """
    named = re.search(r"(?:eventid|evid|event_id)=([^&;/]+)", public_id, re.IGNORECASE)
    text = named.group(1) if named else public_id.rstrip("/").rsplit("/", 1)[-1]
    return composed("".join(filter(str.isprintable, text))).strip()


def _commented(event: Any, what: str) -> str | None:
    texts = (str(comment.text or "") for comment in event.comments)
    return next((text[len(what) :] for text in texts if text.startswith(what)), None)


def _location_error_km(origin: Any) -> float | None:
    uncertainty = origin.origin_uncertainty
    if uncertainty is None:
        return None
    metres = uncertainty.max_horizontal_uncertainty or uncertainty.horizontal_uncertainty
    value = _number(metres)
    # 99,999 km and the like stand for "not known"
    return None if value is None or not 0 <= value < 20_000_000 else value / 1000


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
