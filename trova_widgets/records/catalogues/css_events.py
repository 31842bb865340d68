"""The event tables of a CSS 3.0 database: ``.origin``, ``.event``, ``.origerr``, ``.arrival`` and ``.assoc``.

Each is a text file of one line a row, its columns at fixed places, as Anderson et al. (1990, "Center Version 3
Database: Schema Reference Manual", Science Applications International Corporation, SAIC-90/1235) describe them;
Antelope writes the same places. ``.wfdisc``, the table of seismograms, is read by `files.paired`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.event_words import type_of_code
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.waveform import NANOSECONDS

SUFFIXES = (".origin", ".event", ".origerr", ".arrival", ".assoc")
"""The tables that belong together, by their names."""

_LONGEST_LINE = 512
_NO_NUMBER = -999.0
_NO_TIME = -9_999_999_999.0
_NO_IDENTITY = -1
# a magnitude by preference, and where it stands
_MAGNITUDES = (("ml", slice(162, 169)), ("mb", slice(128, 135)), ("ms", slice(145, 152)))
_ORIGIN_LENGTH = 115
# the name of an event may have 15 letters or, in the schema of the NNSA, 32
_LONG_EVENT = 93


@dataclass(frozen=True, kw_only=True)
class PickedArrival:
    """When an analyst saw a wave of an event at a station.

    Attributes
    ----------
    event_id : str
        The event.
    station : str
        The station's code.
    phase : str
        ``"P"``, ``"Pn"``, ``"S"``, ``"Lg"`` for instance.
    time_ns : int
        Nanoseconds since 1970 UTC.
    """

    event_id: str
    station: str
    phase: str
    time_ns: int


@dataclass(frozen=True, kw_only=True)
class CssEvents:
    """What the event tables of a database say.

    Attributes
    ----------
    events : tuple of SeismicEvent
        One an event, of its preferred origin, in the order of the table of origins.
    arrivals : tuple of PickedArrival
        The arrivals that are associated with one of these origins.
    problems : tuple of str
        A sentence for each row that was left out.
    files : tuple of Path
        The tables that were read.
    """

    events: tuple[SeismicEvent, ...]
    arrivals: tuple[PickedArrival, ...]
    problems: tuple[str, ...]
    files: tuple[Path, ...]


def is_css_events(path: Path) -> bool:
    """Tell whether a file is one of the event tables of a database that has a table of origins."""
    return path.suffix.lower() in SUFFIXES and _table(path, ".origin") is not None


def read_css_events(path: Path) -> CssEvents:
    """Read the event tables of a database.

    Parameters
    ----------
    path : Path
        Any of the tables; the others are those beside it with the same name before the suffix.

    Returns
    -------
    CssEvents
        Of an event with several origins the one that the table of events prefers, or else the first.

    Raises
    ------
    RecordError
        When there is no table of origins, or none of its lines is one.
    OSError
        When a table cannot be opened.
    """
    origins = _table(path, ".origin")
    if origins is None:
        raise RecordError(f"{path.stem} has no table of origins (.origin) beside {path.name}; export it as well.")
    files = [origins]
    problems: list[str] = []

    def lines(suffix: str) -> Iterator[tuple[int, str]]:
        table = _table(path, suffix)
        if table is not None:
            if table not in files:
                files.append(table)
            for number, line in enumerate(table.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                if line.strip():
                    yield number, line[:_LONGEST_LINE]

    preferred: dict[int, int] = {}
    names: dict[int, str] = {}
    for number, line in lines(".event"):
        try:
            evid, name, prefor = _event_row(line)
        except ValueError:
            problems.append(_unreadable("event", number, line))
            continue
        preferred[evid] = prefor
        names[evid] = name
    errors_km: dict[int, float] = {}
    for number, line in lines(".origerr"):
        try:
            semi_axis_km = float(line[179:188])
            if semi_axis_km >= 0:
                errors_km[int(line[0:8])] = semi_axis_km
        except ValueError:
            problems.append(_unreadable("origerr", number, line))
    rows: dict[int, list[tuple[int, SeismicEvent]]] = {}
    seen = 0
    for number, line in lines(".origin"):
        try:
            orid, evid, event = _origin(line, names, errors_km)
        except (ValueError, OverflowError):
            problems.append(_unreadable("origin", number, line))
            continue
        except RecordError as error:
            problems.append(f"Line {number} of the table of origins cannot stand: {error}")
            continue
        seen += 1
        # an origin without an event stands for itself
        rows.setdefault(evid if evid != _NO_IDENTITY else -2 - orid, []).append((orid, event))
    if not seen and not problems:
        raise RecordError(f"{origins.name} holds no origin; export it again.")
    chosen = {
        evid: next((pair for pair in found if pair[0] == preferred.get(evid)), found[0]) for evid, found in rows.items()
    }
    by_origin = {orid: chosen[evid][1].event_id for evid, found in rows.items() for orid, _ in found}
    arrivals = tuple(_arrivals(dict(lines(".assoc")), dict(lines(".arrival")), by_origin, problems))
    return CssEvents(
        events=tuple(event for _, event in chosen.values()),
        arrivals=arrivals,
        problems=tuple(problems),
        files=tuple(files),
    )


def _table(path: Path, suffix: str) -> Path | None:
    named = path.with_suffix(suffix)
    if named.is_file():
        return named
    # databases from Windows write them large
    large = path.with_suffix(suffix.upper())
    return large if large.is_file() else None


def _event_row(line: str) -> tuple[int, str, int]:
    prefor = line[42:50] if len(line.rstrip()) >= _LONG_EVENT else line[25:33]
    name = line[9:41] if len(line.rstrip()) >= _LONG_EVENT else line[9:24]
    return int(line[0:8]), name.strip().strip("-"), int(prefor)


def _origin(line: str, names: dict[int, str], errors_km: dict[int, float]) -> tuple[int, int, SeismicEvent]:
    if len(line.rstrip()) < _ORIGIN_LENGTH - 6:
        raise ValueError
    orid, evid = int(line[48:56]), int(line[57:65])
    time_s, depth_km = float(line[30:47]), float(line[20:29])
    codes = line[108:115].split()
    event_type, certainty = type_of_code(codes[0] if codes else "-")
    magnitudes = ((kind, _known(line[place])) for kind, place in _MAGNITUDES)
    kind, magnitude = next(((kind, value) for kind, value in magnitudes if value is not None), (None, None))
    name = "".join(filter(str.isprintable, names.get(evid, "")))
    identity = name or (str(evid) if evid != _NO_IDENTITY else f"orid-{orid}")
    return (
        orid,
        evid,
        SeismicEvent(
            event_id=identity,
            origin_time_ns=None if time_s <= _NO_TIME else round(time_s * 1e5) * (NANOSECONDS // 100_000),
            latitude=_known(line[0:9]),
            longitude=_known(line[10:19]),
            depth_km=None if depth_km <= _NO_NUMBER else depth_km,
            magnitude=magnitude,
            magnitude_type=kind,
            event_type=event_type,
            type_certainty=certainty,
            location_error_km=errors_km.get(orid),
        ),
    )


def _known(cell: str) -> float | None:
    value = float(cell)
    return None if value <= _NO_NUMBER else value


def _arrivals(
    assoc: dict[int, str], arrival: dict[int, str], by_origin: dict[int, str], problems: list[str]
) -> Iterator[PickedArrival]:
    origins: dict[int, tuple[int, str]] = {}
    for number, line in assoc.items():
        try:
            origins[int(line[0:8])] = int(line[9:17]), line[25:33].strip()
        except ValueError:
            problems.append(_unreadable("assoc", number, line))
    for number, line in arrival.items():
        try:
            arid, time_s = int(line[25:33]), float(line[7:24])
        except ValueError:
            problems.append(_unreadable("arrival", number, line))
            continue
        orid, phase = origins.get(arid, (_NO_IDENTITY, ""))
        if orid in by_origin and time_s > _NO_TIME:
            yield PickedArrival(
                event_id=by_origin[orid],
                station=line[0:6].strip(),
                phase=phase.strip("-") or line[70:78].strip(),
                time_ns=round(time_s * 1e5) * (NANOSECONDS // 100_000),
            )


def _unreadable(table: str, number: int, line: str) -> str:
    shown = "".join(filter(str.isprintable, line))[:40]
    return (
        f"Line {number} of the table {table} is {shown!r}, which has not the columns of CSS 3.0; export the table "
        f"again with columns at fixed places."
    )
