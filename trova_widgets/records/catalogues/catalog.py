"""Catalogues of events, in the formats that ObsPy reads and as tables."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.css_events import PickedArrival, is_css_events, read_css_events
from trova_widgets.records.catalogues.formatted import read_formatted
from trova_widgets.records.catalogues.layout import TableLayout, is_table, table_layout
from trova_widgets.records.catalogues.obninsk import is_obninsk, read_obninsk
from trova_widgets.records.catalogues.quarries import is_quarry_table
from trova_widgets.records.catalogues.tables import FileLink, read_table
from trova_widgets.records.encodings import in_utf8
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.formats import UnknownFormatError, detect, refuse_packed
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.records.files.reading import content_of
from trova_widgets.records.items import Rejection, sentences
from trova_widgets.records.letters import printable
from trova_widgets.records.remarks import Remark
from trova_widgets.records.same_event import apart

_LONGEST_ID = 120
_LOOKED_AT = 4096
_FEWEST_COLUMNS = 3


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
    remarks : tuple of str
        A sentence for each thing to be known of the rest: names that stand for several events, entries that contradict
        each other, warnings of the reader, an encoding that was guessed.
    arrivals : tuple of PickedArrival
        When analysts saw waves of the events.
    files : tuple of Path
        The files that it was read from, where these are several.
    """

    events: tuple[SeismicEvent, ...]
    links: tuple[FileLink, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    arrivals: tuple[PickedArrival, ...] = ()
    files: tuple[Path, ...] = ()

    def rejections(self, path: Path | str) -> tuple[Rejection, ...]:
        """Return the problems as what was left out of a file."""
        return tuple(Rejection(path=Path(path), **sentences(problem)) for problem in self.problems)

    def catalogue_remarks(self, path: Path | str) -> tuple[Remark, ...]:
        """Return the remarks as what a report tells of a file."""
        name = printable(Path(path).name)
        return tuple(
            Remark(
                kind="remark on the catalogue",
                subject=f"{name}: {printable(remark).rstrip('.')}",
                way_out="Correct the catalogue where that is wrong, then attach it again: trova events --catalog FILE",
            )
            for remark in self.remarks
        )

    def first_arrivals(self) -> dict[tuple[str, str], int]:
        """Return the first P wave of each event at each station, by the event's identity and the station's code."""
        found: dict[tuple[str, str], int] = {}
        for arrival in self.arrivals:
            if arrival.phase[:1] in ("P", "p"):
                key = (arrival.event_id, arrival.station)
                found[key] = min(arrival.time_ns, found.get(key, arrival.time_ns))
        return found


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
    if not isinstance(source, bytes) and is_css_events(Path(source)):
        css = read_css_events(Path(source))
        events, remarks_of = apart(css.events)
        return Catalogue(
            events=_once(events),
            problems=css.problems,
            remarks=remarks_of,
            arrivals=css.arrivals,
            files=css.files,
        )
    content, encoding = _text(content_of(source))
    guessed = () if encoding in ("", "UTF-8", "UTF-16") else (_guessed(encoding),)
    if is_table(content, columns):
        rows = read_table(content, columns)
        return Catalogue(
            events=rows.events,
            links=rows.links,
            problems=tuple(rows.problems.values()),
            remarks=(*guessed, *rows.remarks),
        )
    if columns:
        # to say which of the columns is not there; what is no table at all has none of them
        table_layout(content, columns)
    if is_obninsk(text := content.decode("utf-8", errors="replace")):
        found, problems, notes = read_obninsk(text)
        events, clashes = apart(found)
        return Catalogue(events=_once(events), problems=tuple(problems), remarks=(*guessed, *notes, *clashes))
    with remarks():
        try:
            file_format = detect("event", content)
        except UnknownFormatError as error:
            if is_quarry_table(content):
                raise RecordError(
                    "It is a table of quarries, no catalogue of events; keep it with: trova quarries FILE"
                ) from error
            _refuse_unnamed_columns(content)
            raise error
    read = read_formatted(file_format, content)
    events, clashes = apart(_short_where_it_can_be(read.events))
    return Catalogue(events=_once(events), problems=tuple(read.problems), remarks=(*guessed, *read.remarks, *clashes))


def _refuse_unnamed_columns(content: bytes) -> None:
    """Say of a table whose columns have names that are not known how to say what they are."""
    names = [name for name in table_layout(content).names if name]
    lines = content[:_LOOKED_AT].decode("utf-8", errors="replace").strip().splitlines()
    separator = table_layout(content).separator
    if len(names) >= _FEWEST_COLUMNS and len(lines) > 1 and all(line.count(separator) for line in lines[:2]):
        raise RecordError(
            f"The table has the columns {', '.join(printable(name)[:40] for name in names[:12])}, of which none is "
            f"known as the time or the identity of an event; say which they are, for instance: --columns "
            f"origin_time={printable(names[0])[:40]}"
        )


def _text(content: bytes) -> tuple[bytes, str]:
    """Return a text in UTF-8 with its encoding; XML, which says its own, and what is no text stay as they are."""
    if content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<") or not content:
        return content, ""
    refuse_packed(content)
    begins_like_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:64]
    sample = content[:_LOOKED_AT]
    if not begins_like_utf16 and (
        b"\0" in sample or any(byte < 9 or (14 <= byte < 32 and byte != 26) for byte in sample)
    ):
        return content, ""
    return in_utf8(content)


def _guessed(encoding: str) -> str:
    return (
        f"It is no UTF-8 and was read as {encoding}, in which its letters look most like Russian; save it as UTF-8 "
        f"if its words came out wrong."
    )


def _once(events: Iterable[SeismicEvent]) -> tuple[SeismicEvent, ...]:
    return tuple({event.event_id: event for event in events}.values())


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
            f"The catalogue {printable(path)[:200]} cannot be opened: {getattr(error, 'strerror', None) or error}; "
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
        content, _ = _text(content_of(path))
    except (OSError, ValueError) as error:
        raise RecordError(
            f"The table {printable(path)[:200]} cannot be opened: {getattr(error, 'strerror', None) or error}; "
            f"give the path of a file that you may read."
        ) from error
    if not is_table(content):
        with suppress(UnknownFormatError):
            title = detect("event", content).title
            raise RecordError(f"{printable(path)[-200:]} is {title}, which has no columns; import it as it is.")
        # columns of any name, which is what they are mapped for; but one is none
        if len(table_layout(content).names) < 2:
            raise RecordError(f"{printable(path)[-200:]} is no table; import it as it is.")
    return table_layout(content, columns)


def _short_where_it_can_be(found: Iterable[tuple[str, SeismicEvent]]) -> list[SeismicEvent]:
    """Fall back on the full identifier where two agencies use the same short one."""
    pairs = list(found)
    uses = Counter(event.event_id for _, event in dict(pairs).items())
    events = []
    for public, event in pairs:
        text = event.event_id if uses[event.event_id] == 1 else "".join(filter(str.isprintable, public)).strip()
        # cut off, two of them might be one
        events.append(replace(event, event_id=text if len(text) <= _LONGEST_ID else f"event-{identity_of([public])}"))
    return events
