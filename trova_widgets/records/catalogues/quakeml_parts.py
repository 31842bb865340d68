"""A large QuakeML file as many small ones, because ObsPy takes some sixteen kilobytes of memory for each event."""

import io
from collections.abc import Iterator
from typing import Any

from trova_widgets.records.files.obspy_plugins import obspy_module

_EVENTS_A_PART = 250


def quakeml_parts(content: bytes) -> Iterator[bytes]:
    """Cut a QuakeML file into QuakeML files of a few events.

    Parameters
    ----------
    content : bytes
        The whole file, without a document type.

    Yields
    ------
    bytes
        Files with the events of `content` in their order and the root that it has. The whole content is one of them
        where it ends before its root does, so that its reader says what is wrong with it, and where it has no event.
    """
    etree = obspy_module("lxml.etree")
    frame: tuple[bytes, bytes] | None = None
    events: list[bytes] = []
    try:
        for _, element in etree.iterparse(io.BytesIO(content), tag="{*}event", resolve_entities=False):
            parent = element.getparent()
            if parent is None or etree.QName(parent).localname != "eventParameters":
                continue
            frame = frame or _frame(etree, parent)
            events.append(etree.tostring(element, with_tail=False))
            # what has been read leaves the tree
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
            if len(events) == _EVENTS_A_PART:
                yield b"".join((frame[0], *events, frame[1]))
                events = []
    except etree.XMLSyntaxError:
        yield content
        return
    if frame is None:
        yield content
    elif events:
        yield b"".join((frame[0], *events, frame[1]))


def _frame(etree: Any, parameters: Any) -> tuple[bytes, bytes]:
    """Return what stands before the events and behind them."""
    root = parameters.getroottree().getroot()
    shell = etree.Element(root.tag, root.attrib, nsmap=root.nsmap)
    inner = shell if parameters is root else etree.SubElement(shell, parameters.tag, parameters.attrib)
    inner.append(etree.Comment("events"))
    begin, _, end = etree.tostring(shell).partition(b"<!--events-->")
    return begin, end
