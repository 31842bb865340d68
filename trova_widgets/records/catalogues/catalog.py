"""Catalogues of events, in the formats that ObsPy reads and as tables."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.layout import TableLayout, is_table, table_layout
from trova_widgets.records.catalogues.quakeml_parts import quakeml_parts
from trova_widgets.records.catalogues.tables import FileLink, read_table
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.formats import FileFormat, UnknownFormatError, detect, read_with_plugin
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.records.files.reading import content_of
from trova_widgets.records.items import Rejection, printed, sentences

# what ObsPy makes up where the file names no event
_MADE_UP = re.compile(r"^smi:local/(event/)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_LONGEST_ID = 120


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The events of a file, and what of it could not be taken.

    Attributes
    ----------
    events : tuple of SeismicEvent
        In the order of the file, each identity once.
    links : tuple of FileLink
        What ties files to events, in a table with a column ``file``.
    problems : tuple of str
        A sentence for each event that was left out.
    """

    events: tuple[SeismicEvent, ...]
    links: tuple[FileLink, ...] = ()
    problems: tuple[str, ...] = ()

    def rejections(self, path: Path | str) -> tuple[Rejection, ...]:
        """Return the problems as what was left out of a file."""
        return tuple(Rejection(path=Path(path), **sentences(problem)) for problem in self.problems)


def read_catalog(path: Path | str | bytes, columns: Mapping[str, str] | None = None) -> list[SeismicEvent]:
    r"""Read a catalogue: QuakeML, SeisComP ML, ISF/IMS, Nordic, more of `formats.CATALOG_FORMATS`, or a table.

    The preferred origin and magnitude of an event are taken, or else its first. An event keeps the short form of
    its public identifier, ``uw61362132`` of ``quakeml:pnsn.org/event/uw61362132``; where the file has none, one is
    made from the event's values, so that the same catalogue gives the same identities again. Tables are described in
    `tables.read_table`.

    Parameters
    ----------
    path : Path, str or bytes
        The name of a file, or its content.
    columns : mapping of str to str, optional
        For a table: Trova's columns and the table's, where their names do not tell.

    Returns
    -------
    list of SeismicEvent
        In the order of the file, each identity once.

    Raises
    ------
    RecordError
        When the format is unknown, the file damaged, or an event's numbers are out of range.
    FileNotFoundError
        When there is no such file.

    Examples
    --------
    >>> (event,) = read_catalog(b"event_id,time,event_type\nkola7,2021-05-04T12:00:00Z,quarry blast\n")
    >>> event.event_id, event.event_type
    ('kola7', 'quarry blast')
    """
    catalogue = open_catalog(path, columns)
    if catalogue.problems:
        raise RecordError(catalogue.problems[0])
    return list(catalogue.events)


def open_catalog(source: Path | str | bytes, columns: Mapping[str, str] | None = None) -> Catalogue:
    """Read what can be read of a catalogue; parameters as of `read_catalog`.

    Returns
    -------
    Catalogue
        The events; those with impossible numbers are told among its problems instead.

    Raises
    ------
    RecordError
        When the format is unknown or the file damaged.
    """
    content = content_of(source)
    if is_table(content, columns):
        rows = read_table(content, columns)
        return Catalogue(events=rows.events, links=rows.links, problems=tuple(rows.problems.values()))
    if columns:
        # to say which of the columns is not there; what is no table at all has none of them
        table_layout(content, columns)
    with remarks():
        file_format = detect("event", content)
        found: dict[str, SeismicEvent] = {}
        problems: dict[str, None] = {}
        for event in _read_events(file_format, content):
            try:
                found.setdefault(str(event.resource_id.id), _event(event))
            except RecordError as error:
                problems[str(error)] = None
    return Catalogue(events=tuple(_unique(found)), problems=tuple(problems))


def catalogue_file(path: Path | str, columns: Mapping[str, str] | None = None) -> Catalogue:
    """Read what can be read of a file; see `open_catalog`.

    Raises
    ------
    RecordError
        When the file cannot be opened, its format is unknown or it is damaged.
    """
    try:
        return open_catalog(path, columns)
    except (OSError, ValueError) as error:
        raise RecordError(
            f"The catalogue {printed(path)[:200]} cannot be opened: {getattr(error, 'strerror', None) or error}; "
            f"give the path of a file that you may read."
        ) from error


def layout_of_table(path: Path | str, columns: Mapping[str, str] | None = None) -> TableLayout:
    """Return the columns of a catalogue that is a table, and what they are taken for; see `layout.table_layout`.

    Raises
    ------
    RecordError
        When the file cannot be opened or is no table, or a column of `columns` is not there.
    """
    try:
        content = content_of(path)
    except (OSError, ValueError) as error:
        raise RecordError(
            f"The table {printed(path)[:200]} cannot be opened: {getattr(error, 'strerror', None) or error}; "
            f"give the path of a file that you may read."
        ) from error
    if not is_table(content):
        with suppress(UnknownFormatError):
            title = detect("event", content).title
            raise RecordError(f"{printed(path)[-200:]} is {title}, which has no columns; import it as it is.")
        # columns of any name, which is what they are mapped for; but one is none
        if len(table_layout(content).names) < 2:
            raise RecordError(f"{printed(path)[-200:]} is no table; import it as it is.")
    return table_layout(content, columns)


def _read_events(file_format: FileFormat, content: bytes) -> Iterator[Any]:
    for part in quakeml_parts(content) if file_format.name == "QUAKEML" else (content,):
        yield from read_with_plugin("event", file_format, part)


def _event(event: Any) -> SeismicEvent:
    origin = event.preferred_origin() or (event.origins[0] if event.origins else None)
    magnitude = event.preferred_magnitude() or (event.magnitudes[0] if event.magnitudes else None)
    values: dict[str, Any] = {"event_type": str(event.event_type) if event.event_type else None}
    if origin is not None:
        values |= {
            "origin_time_ns": int(origin.time.ns) if origin.time is not None else None,
            "latitude": _number(origin.latitude),
            "longitude": _number(origin.longitude),
            "depth_km": origin.depth / 1000 if _number(origin.depth) is not None else None,
        }
    if magnitude is not None:
        values |= {
            "magnitude": _number(magnitude.mag),
            "magnitude_type": str(magnitude.magnitude_type).strip()[:20] if magnitude.magnitude_type else None,
        }
    public = str(event.resource_id.id)
    made = _MADE_UP.match(public) is not None
    event_id = f"event-{identity_of(values)}" if made else _short(public)
    return SeismicEvent(event_id=event_id, **values)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _short(public_id: str) -> str:
    """Return the part of a QuakeML identifier that people use: ``...?eventid=X``, ``...evid=X``, ``.../X``."""
    named = re.search(r"(?:eventid|evid|event_id)=([^&;/]+)", public_id, re.IGNORECASE)
    text = named.group(1) if named else public_id.rstrip("/").rsplit("/", 1)[-1]
    return "".join(filter(str.isprintable, text)).strip()


def _unique(found: Mapping[str, SeismicEvent]) -> Iterator[SeismicEvent]:
    """Fall back on the full identifier where two agencies use the same short one."""
    uses = Counter(event.event_id for event in found.values())
    for public, event in found.items():
        text = event.event_id if uses[event.event_id] == 1 else "".join(filter(str.isprintable, public)).strip()
        # cut off, two of them might be one
        yield replace(event, event_id=text if len(text) <= _LONGEST_ID else f"event-{identity_of([public])}")
