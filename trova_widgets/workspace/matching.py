"""Known records matched again when a catalogue comes later, and events that get another class by a later word."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from trova_widgets.errors import RecordError
from trova_widgets.records import AlreadyThere, RecordReader, SeismicEvent, class_of, printable, quality_parameters
from trova_widgets.records.archives.excerpts import LONGEST_RECORD_S
from trova_widgets.records.doubts import NO_REFERENCE_TIME
from trova_widgets.records.matching import arrival_window
from trova_widgets.records.remarks import Remark
from trova_widgets.store import LabelRow, ParameterRow, Store
from trova_widgets.workspace.event_register import OF_FILES, EventRegister, event_row, names_of
from trova_widgets.workspace.waveforms import WaveformFolder

GIVEN = "given for all of an import"
"""The comment of a label that was not read off the event's type."""


class KnownRecord(NamedTuple):
    """A record of the workspace, as far as a catalogue can be matched with it."""

    begin_ns: int
    """Begin, nanoseconds since 1970 UTC."""
    end_ns: int
    """End."""
    latitude: float | None
    """The station's latitude, degrees."""
    longitude: float | None
    """The station's longitude, degrees."""

    @classmethod
    def of(cls, row: Any) -> "KnownRecord":
        """Return it from a row of `Store.records`."""
        begin = int(row.start_time.value)
        return cls(
            begin_ns=begin,
            end_ns=begin + round(row.sample_count / row.sampling_rate_hz * 1e9),
            latitude=_known(row, "station_latitude"),
            longitude=_known(row, "station_longitude"),
        )


@dataclass
class Relabelling:
    """Which class a catalogue or the user says now, by event.

    Attributes
    ----------
    said : dict of str to (str, str, bool)
        The class, the type that it was read off, and whether it was given for all of an import.
    """

    said: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    def note(self, event: SeismicEvent, event_class: str, *, is_given: bool) -> None:
        """Note what is said of an event; a class that is given counts more than one by a type."""
        if is_given or event.event_id not in self.said:
            self.said[event.event_id] = (event_class, event.event_type or "", is_given)


@dataclass
class Rematch:
    """What matching again has come to.

    Attributes
    ----------
    count : int
        Records that have another event now.
    new_events : int
        Events that were not there.
    remarks : list of Remark
        What is to be known of it.
    types_without_class : Counter of str
        Matched records by event types that make no class.
    """

    count: int = 0
    new_events: int = 0
    remarks: list[Remark] = field(default_factory=list)
    types_without_class: Counter[str] = field(default_factory=Counter)


def match_again(
    store: Store,
    waveforms: WaveformFolder,
    register: EventRegister,
    reader: RecordReader,
    known: Mapping[str, AlreadyThere],
    author: str,
    relabelling: Relabelling,
) -> Rematch:
    """Find the events of records that were there before a catalogue, a table of files, a class or an inventory came.

    A record without an event, or with one that its file made for itself, gets that of the catalogue. One that another
    catalogue gave stays where the new one knows it too; else the new one counts, but not against a class that an
    analyst has said.

    Parameters
    ----------
    store, waveforms : Store and WaveformFolder
        The workspace.
    register : EventRegister
        It knows the workspace's events.
    reader : RecordReader
        It has the catalogue.
    known : mapping of str to AlreadyThere
        The files, by the identity of their content.
    author : str
        Who says so.
    relabelling : Relabelling
        Gets what is said of the events' classes.
    """
    found = Rematch()
    rows = store.records()
    rows = rows[rows["file_hash"].isin(known)]
    register.look_up(names_of(reader.catalogue))
    held = _held(store, rows)
    # what the catalogue has of the events that are there: by what these are, and not by a name that others bear
    ours = {there.event_id: other for other in reader.catalogue if (there := register.find(other)) is not None}
    matches: dict[str, str] = {}
    events: dict[str, SeismicEvent] = {}
    again: list[tuple[Any, SeismicEvent]] = []
    places: list[ParameterRow] = []
    for row in rows.itertuples(index=False):
        record = KnownRecord.of(row)
        if record.latitude is None and (
            place := reader.judge.places.place_of(row.network, row.station, record.begin_ns)
        ):
            record = record._replace(latitude=place[0], longitude=place[1])
            places += _measured(row.record_id, {"station_latitude": place[0], "station_longitude": place[1]})
        old = row.event_id if isinstance(row.event_id, str) else None
        event = _event_of(row, record, reader, known[row.file_hash])
        if event is not None:
            register.look_up([event.event_id])
            event = register.identified(event, record.begin_ns, is_catalogued=True)
        elif reader.judge.event_class is not None:
            name = old or f"file-{row.file_hash}"
            register.look_up([name])
            event = register.find(SeismicEvent(event_id=name)) or SeismicEvent(event_id=name)
        if event is None:
            continue
        by_type = class_of(event.event_type, reader.judge.class_mapping)
        said = reader.judge.event_class or by_type
        if event.event_id != old:
            if old is not None and (why := _stays(old, record, reader, held, ours.get(old))):
                found.remarks.append(_kept_remark(row, old, event, why))
                continue
            if old is not None and not old.startswith(OF_FILES):
                found.remarks.append(_moved_remark(row, old, event))
            matches[row.record_id] = event.event_id
            events[event.event_id] = event
            again.append((row, event))
            if said is None and old is not None and old in held.classes:
                # what was said of the event that the file made for itself is said of this one
                relabelling.note(event, held.classes[old].event_class, is_given=True)
        if said is not None:
            relabelling.note(event, said, is_given=reader.judge.event_class is not None)
        elif event.event_type is not None and row.record_id in matches:
            found.types_without_class[event.event_type] += 1
    source = next((printable(path) for path, what in reader.aside.items() if what == "the catalogue"), "an import")
    found.new_events, _ = store.add_record_batch(
        events=[event_row(event, source) for event in events.values()], labels=[], records=[], parameters=[]
    )
    register.mark_stored()
    found.count = store.match_records(matches)
    store.add_parameters([*places, *_measured_again(waveforms, again)])
    return found


class _Held(NamedTuple):
    """What analysts and imports have said of the events of some records."""

    classes: dict[str, LabelRow]
    analysed: set[str]


def _held(store: Store, rows: pd.DataFrame) -> _Held:
    names = list(rows["event_id"].dropna().unique())
    labels = store.last_labels(names)
    types = store.type_history(names)
    by_type = {name for name, label in labels.items() if label.comment in types.get(name, {""}) or label.comment == ""}
    given = {name for name, label in labels.items() if label.comment == GIVEN}
    return _Held(classes=labels, analysed=set(labels) - by_type - given)


def _event_of(row: Any, record: KnownRecord, reader: RecordReader, there: AlreadyThere) -> SeismicEvent | None:
    """Return the event of the catalogue that a record shows."""
    finder = reader.judge.finder
    has_time = not _known(row, NO_REFERENCE_TIME)
    if there.event is not None and (finder.match_of(there.path) is not None or finder.fits(record, there.event)):
        return there.event
    length_s = (record.end_ns - record.begin_ns) / 1e9
    if not has_time or length_s > LONGEST_RECORD_S:
        return None
    return finder.matching(record, _known(row, "onset_s"))


def _stays(old: str, record: KnownRecord, reader: RecordReader, held: _Held, ours: SeismicEvent | None) -> str:
    """Return why a record keeps the event that it has, which the catalogue may have too; nothing where it does not."""
    if old.startswith(OF_FILES):
        return ""
    if old in held.analysed:
        return "an analyst has said the class of the first one"
    if ours is not None and reader.judge.finder.fits(record, ours):
        return "the catalogue has the first one as well, and it fits"
    return ""


def _kept_remark(row: Any, old: str, event: SeismicEvent, why: str) -> Remark:
    return Remark(
        kind=f"record that two catalogues give to different events; the first one stays, because {why}",
        subject=f"{row.station} {row.channel} of {row.start_time:%Y-%m-%dT%H:%M:%S} ({old[:60]}, "
        f"{event.event_id[:60]})",
        way_out="Label the event by hand if it is wrong.",
    )


def _moved_remark(row: Any, old: str, event: SeismicEvent) -> Remark:
    return Remark(
        kind="record that a later catalogue gives to another event; the later one counts, the first one stays in its "
        "history",
        subject=f"{row.station} {row.channel} of {row.start_time:%Y-%m-%dT%H:%M:%S} ({old[:60]}, then "
        f"{event.event_id[:60]})",
        way_out="If both are one event, give it one name in both catalogues.",
    )


def _measured(record_id: str, values: Mapping[str, float]) -> list[ParameterRow]:
    now = time.time_ns()
    return [
        ParameterRow(record_id=record_id, name=name, value=value, source="found", author="trova", made_at_ns=now)
        for name, value in values.items()
    ]


def _measured_again(waveforms: WaveformFolder, again: list[tuple[Any, SeismicEvent]]) -> list[ParameterRow]:
    """Measure records whose event is known now: where its first wave can be, the onset is found more surely."""
    rows: list[ParameterRow] = []
    for row, event in again:
        try:
            waveform = waveforms.waveform(row.file_name, int(row.trace_index))
        except RecordError:
            # the check of the workspace tells of a file that is missing
            continue
        window = arrival_window(KnownRecord.of(row), event)
        changed = {
            name: value
            for name, value in quality_parameters(waveform, window).items()
            if (before := _known(row, name)) is None or abs(before - value) > 1e-9 * max(1.0, abs(value))
        }
        rows += _measured(row.record_id, changed)
    return rows


def _known(row: Any, name: str) -> float | None:
    value = getattr(row, name, None)
    return float(value) if isinstance(value, float | int) and value == value else None


@dataclass
class Relabelled:
    """What appending labels has come to.

    Attributes
    ----------
    count : int
        Events that were there and have another class now.
    remarks : list of Remark
        Classes that were kept against what a catalogue says.
    """

    count: int = 0
    remarks: list[Remark] = field(default_factory=list)


def relabel(
    store: Store, register: EventRegister, reader: RecordReader, relabelling: Relabelling, author: str
) -> Relabelled:
    """Append the classes that a catalogue or an import says to the histories of events.

    A class by type follows the type that a later catalogue gives; what an analyst has said, or an import has given to
    all, counts more than a type, and what an import gives now counts more than what one gave before.
    """
    found = Relabelled()
    for event in register.revised.values():
        by_type = class_of(event.event_type, reader.judge.class_mapping)
        if by_type is not None:
            relabelling.note(event, by_type, is_given=False)
    names = list(relabelling.said)
    labels, types = store.last_labels(names), store.type_history(names)
    now = time.time_ns()
    rows: list[LabelRow] = []
    for name, (event_class, event_type, is_given) in relabelling.said.items():
        last = labels.get(name)
        if last is not None and last.event_class == event_class:
            continue
        comment = GIVEN if is_given else event_type
        fresh = LabelRow(event_id=name, event_class=event_class, author=author, made_at_ns=now, comment=comment)
        is_by_type = last is not None and (last.comment in types.get(name, set()) or last.comment == "")
        if last is None or is_by_type or (is_given and last.comment == GIVEN):
            rows.append(fresh if last is None else replace(fresh, made_at_ns=max(now, last.made_at_ns + 1)))
            continue
        who = "an earlier import gave" if last.comment == GIVEN else "an analyst said"
        against = "the import" if is_given else "its type"
        found.remarks.append(
            Remark(
                kind=f"event whose class is kept as {who} it, against what {against} says",
                subject=f"{name[:60]} ({last.event_class}, not {event_class})",
                way_out="Label the event by hand if that is wrong.",
            )
        )
    found.count = store.add_labels(rows)
    return found
