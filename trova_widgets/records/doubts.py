"""What is not sure about a record, and where two sources say different things of it: kept, and told."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from trova_widgets.records.events import SeismicEvent, class_of, event_type_key
from trova_widgets.records.files.channels import Channel
from trova_widgets.records.letters import printable
from trova_widgets.records.listed_files import ListedFile
from trova_widgets.records.matching import arrival_window
from trova_widgets.records.remarks import Remark
from trova_widgets.records.same_event import is_same_event, said
from trova_widgets.records.waveform import NANOSECONDS

NO_REFERENCE_TIME = "no_reference_time"
CLOCK_JITTER = "clock_jitter_s"
DOUBTFUL_PARAMETERS = (NO_REFERENCE_TIME, CLOCK_JITTER)
"""Parameters that a record has only where there is this doubt: filters ask for those on which it is missing."""

# magnitudes of other scales and depths that were only assumed differ by less
_NOTEWORTHY = {"magnitude": 0.5, "depth_km": 10.0}
_NUMBERS = re.compile(r"\d[\d.]*")
# a table may tie a file to an event whose origin lies this far from it, and mean it
_TIED_WITHIN_S = 3600.0


def doubts(channel: Channel) -> dict[str, float]:
    """Return the parameters that say what is not sure about a channel; none where all is."""
    found = {}
    if not channel.time_is_known:
        found[NO_REFERENCE_TIME] = 1.0
    if channel.waveform.clock_jitter_s > 0:
        found[CLOCK_JITTER] = channel.waveform.clock_jitter_s
    return found


def record_remarks(path: Path, channel: Channel, event: SeismicEvent | None, *, is_linked: bool) -> Iterator[Remark]:
    """Say what is to be known of a channel that is taken in.

    Parameters
    ----------
    path : Path
        Its file.
    channel : Channel
        The channel, with the event that its headers name.
    event : SeismicEvent or None
        The event that a catalogue gives it.
    is_linked : bool
        Whether a table ties the file to the event.
    """
    name = printable(path.name)
    waveform = channel.waveform
    yield from _notes_of_reader(name, waveform.notes)
    if not channel.time_is_known:
        yield Remark(
            kind="record without a reference time: its clock begins on the first day of 1970 or of GPS time",
            subject=name,
            way_out=f"No time finds its event, only a table that names its file; its parameter {NO_REFERENCE_TIME} is "
            f"1, by which data sets can leave it out.",
        )
    if waveform.clock_jitter_s > 0:
        yield Remark(
            kind="record whose pieces tell slightly different sampling rates",
            subject=f"{name} ({waveform.seed_id}, {waveform.clock_jitter_s:.2g} s)",
            way_out=f"They are put together at the first one's rate; the parameter {CLOCK_JITTER} says how far off "
            f"that is, by which data sets can leave it out.",
        )
    if event is None:
        return
    if channel.event is not None and (differs := _differs(channel.event, event)):
        yield Remark(
            kind="record whose headers and catalogue contradict each other; the catalogue counts",
            subject=f"{name} ({differs})",
            way_out="Correct the one that is wrong, then import again.",
        )
    if is_linked and is_apart(channel, event):
        hours = _apart_s(channel, event) / 3600
        yield Remark(
            kind="record that a table ties to an event of another time; the table counts",
            subject=f"{name} ({event.event_id[:60]}, {hours:.1f} hours away)",
            way_out="Correct the table, or the time in the file's header, then import again.",
        )


def _notes_of_reader(name: str, notes: Sequence[str]) -> Iterator[Remark]:
    """Tell what a file's reader has remarked, once for all that differs only in its numbers."""
    alike: dict[str, list[str]] = {}
    for note in notes:
        alike.setdefault(_NUMBERS.sub("...", printable(note)[:200].rstrip(".")), []).append(printable(note))
    for kind, notes_of_kind in alike.items():
        times = f"{len(notes_of_kind)} times, first: " if len(notes_of_kind) > 1 else ""
        yield Remark(
            kind=f"file of which its reader remarks: {kind}",
            subject=name if kind == notes_of_kind[0].rstrip(".") else f"{name} ({times}{notes_of_kind[0][:160]})",
            way_out="It was taken in all the same; look at it if that matters.",
        )


def tied_remarks(path: Path, tied: Sequence[SeismicEvent]) -> Iterator[Remark]:
    """Say where a table ties a record's file to several events."""
    if len(tied) > 1:
        names = " and ".join(printable(event.event_id)[:60] for event in tied[:3])
        yield Remark(
            kind="record that a table ties to several events; the first one counts",
            subject=f"the table ties the file {printable(path.name)} to the events {names}",
            way_out="Correct the table, or take in the longer file out of which each of them can be cut.",
        )


def alike_remarks(path: Path, match: ListedFile | None) -> Iterator[Remark]:
    """Say where a table calls a file a little differently than it is called."""
    if match is not None and match.is_alike:
        yield Remark(
            kind="file whose name in the table differs in capitals or a suffix; it was taken for the same",
            subject=f"{printable(path.name)} ({printable(match.row.name)})",
            way_out="Correct the name in the table if it is another file.",
        )


def is_apart(channel: Channel, event: SeismicEvent) -> bool:
    """Tell whether a channel was recorded at another time than an event, where both times are known."""
    return channel.time_is_known and _apart_s(channel, event) > _TIED_WITHIN_S


def _apart_s(channel: Channel, event: SeismicEvent) -> float:
    window = arrival_window(channel, event)
    if window is None:
        return 0.0
    return max(channel.begin_ns - window.earliest_ns, window.earliest_ns - channel.end_ns) / NANOSECONDS


def class_remarks(path: Path, event: SeismicEvent | None, by_type: str | None, given: str | None) -> Iterator[Remark]:
    """Say where the class that an import gives to all is not that of the event's type."""
    if event is not None and given is not None and by_type is not None and by_type != given:
        yield Remark(
            kind=f"record whose event type says another class than the import, {given}; the import's counts",
            subject=f"{printable(path.name)} ({printable(event.event_type or '')[:60]}: {by_type})",
            way_out="Label those events one by one, or import them without a class.",
        )


def _differs(header: SeismicEvent, event: SeismicEvent) -> str:
    """Return how the event of a file's header and that of a catalogue differ; nothing where they agree."""
    names = []
    if header.event_type is not None and event.event_type is not None:
        by_header, by_catalogue = class_of(header.event_type), class_of(event.event_type)
        is_one = event_type_key(header.event_type) == event_type_key(event.event_type)
        names += [] if is_one or (by_header is not None and by_header == by_catalogue) else ["event_type"]
    if not is_same_event(header, event):
        names += [
            name
            for name in ("origin_time_ns", "latitude", "longitude")
            if None not in (getattr(header, name), getattr(event, name))
            and said(name, getattr(header, name)) != said(name, getattr(event, name))
        ]
    names += [
        name
        for name, least in _NOTEWORTHY.items()
        if None not in (mine := getattr(header, name), theirs := getattr(event, name)) and abs(mine - theirs) >= least
    ]
    return "; ".join(
        f"headers: {said(name, getattr(header, name))}, catalogue: {said(name, getattr(event, name))}"
        if name == "event_type"
        else f"{name.removesuffix('_ns')}: {said(name, getattr(header, name))} in the headers, "
        f"{said(name, getattr(event, name))} in the catalogue"
        for name in names
    )
