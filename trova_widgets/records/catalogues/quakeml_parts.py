"""A large QuakeML file as many small ones, because ObsPy takes some sixteen kilobytes of memory for each event.

ObsPy leaves out an event whose type is none of its list, with no more than a warning. So types are taken out before it
sees them, and told beside: what a catalogue calls its events is the catalogue's own matter.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trova_widgets.records.files.obspy_plugins import obspy_module

_EVENTS_A_PART = 250
_PARENTS = {"QUAKEML": "eventParameters", "SCML": "EventParameters"}


@dataclass(frozen=True, kw_only=True)
class SaidOfType:
    """What a file says of the type of an event.

    Attributes
    ----------
    public_id : str
        The event's identifier.
    event_type, certainty : str or None
        As they stand there.
    """

    public_id: str
    event_type: str | None
    certainty: str | None


@dataclass(frozen=True, kw_only=True)
class QuakeMLPart:
    """A few events of a file.

    Attributes
    ----------
    begin, end : bytes
        What stands before and behind them.
    events : tuple of bytes
        The events, without their types; none where the whole file is the part.
    types : tuple of SaidOfType
        Their types.
    problem : str
        A sentence that says where the file is cut short or damaged, on what there is before that.
    """

    begin: bytes
    end: bytes
    events: tuple[bytes, ...] = ()
    types: tuple[SaidOfType, ...] = ()
    problem: str = ""

    @property
    def content(self) -> bytes:
        """The part as a file of its own."""
        return b"".join((self.begin, *self.events, self.end))

    @property
    def count(self) -> int:
        """How many events it has."""
        return len(self.events)

    def singles(self) -> list[bytes]:
        """Return a file for each of the events."""
        return [b"".join((self.begin, event, self.end)) for event in self.events]


def quakeml_parts(content: bytes, format_name: str = "QUAKEML") -> Iterator[QuakeMLPart]:
    """Cut a QuakeML file into QuakeML files of a few events.

    Parameters
    ----------
    content : bytes
        The whole file, without a document type.
    format_name : {"QUAKEML", "SCML"}
        SeisComP's XML refers from its events to origins beside them, and stays whole.

    Yields
    ------
    QuakeMLPart
        Files with the events of `content` in their order and the root that it has. The whole content is one of them
        where it has no event. Of a file that is cut short or damaged, the events before that place; the last part
        says so.
    """
    etree = obspy_module("lxml.etree")
    if format_name == "SCML":
        yield _whole(etree, content)
        return
    frame: tuple[bytes, bytes] | None = None
    events: list[bytes] = []
    types: list[SaidOfType] = []
    count, problem = 0, ""
    try:
        for _, element in etree.iterparse(io.BytesIO(content), tag="{*}event", resolve_entities=False):
            parent = element.getparent()
            if parent is None or etree.QName(parent).localname != _PARENTS["QUAKEML"]:
                continue
            frame = frame or _frame(etree, parent)
            types.append(_take_type(element))
            events.append(etree.tostring(element, with_tail=False))
            count += 1
            # what has been read leaves the tree
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
            if len(events) == _EVENTS_A_PART:
                yield QuakeMLPart(begin=frame[0], end=frame[1], events=tuple(events), types=tuple(types))
                events, types = [], []
    except etree.XMLSyntaxError as error:
        problem = _cut_short(error, count)
    if frame is None:
        yield QuakeMLPart(begin=content, end=b"", problem=problem)
    elif events or problem:
        yield QuakeMLPart(begin=frame[0], end=frame[1], events=tuple(events), types=tuple(types), problem=problem)


def _whole(etree: Any, content: bytes) -> QuakeMLPart:
    problem = ""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=False))
    except ValueError:
        return QuakeMLPart(begin=content, end=b"")
    except etree.XMLSyntaxError as error:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=False, recover=True))
        count = 0 if root is None else sum(1 for _ in root.iter("{*}event"))
        problem = _cut_short(error, count)
        if not count:
            return QuakeMLPart(begin=content, end=b"", problem=problem)
    types = tuple(
        _take_type(element)
        for element in root.iter("{*}event")
        if (parent := element.getparent()) is not None and etree.QName(parent).localname == _PARENTS["SCML"]
    )
    return QuakeMLPart(
        begin=etree.tostring(root, xml_declaration=True, encoding="UTF-8"), end=b"", types=types, problem=problem
    )


def _cut_short(error: Any, count: int) -> str:
    line, column = error.position
    what = f"the {count} events before that were read, and what follows was left out" if count else "no event is whole"
    return (
        f"The catalogue is damaged or cut short at line {line}, column {column}: {what}; export it again, or fetch it "
        f"again from its source."
    )


def _take_type(element: Any) -> SaidOfType:
    """Take the type and its certainty out of an event."""
    said: dict[str, str | None] = {"type": None, "typeCertainty": None}
    for name in said:
        for child in element.findall(f"{{*}}{name}"):
            said[name] = said[name] or " ".join((child.text or "").split()) or None
            element.remove(child)
    return SaidOfType(
        public_id=str(element.get("publicID") or "").strip(), event_type=said["type"], certainty=said["typeCertainty"]
    )


def _frame(etree: Any, parameters: Any) -> tuple[bytes, bytes]:
    """Return what stands before the events and behind them."""
    root = parameters.getroottree().getroot()
    shell = etree.Element(root.tag, root.attrib, nsmap=root.nsmap)
    inner = shell if parameters is root else etree.SubElement(shell, parameters.tag, parameters.attrib)
    inner.append(etree.Comment("events"))
    begin, _, end = etree.tostring(shell).partition(b"<!--events-->")
    return begin, end
