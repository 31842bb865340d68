"""A channel of a file judged: whether it is a record, which event it shows, and what is to be known of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trova_widgets.records.analysis.quality import Measurement
from trova_widgets.records.catalogues.stations import StationPlaces
from trova_widgets.records.doubts import alike_remarks, class_remarks, doubts, is_apart, record_remarks, tied_remarks
from trova_widgets.records.events import SeismicEvent, class_of
from trova_widgets.records.files.channels import Channel
from trova_widgets.records.fitness import unfit, without_first_wave
from trova_widgets.records.items import Content, NewRecord, Rejection, plain_suffix
from trova_widgets.records.letters import printable
from trova_widgets.records.matching import EventFinder, arrival_window
from trova_widgets.records.remarks import Remark
from trova_widgets.records.same_event import SAME_ENTRY_S, is_same_event
from trova_widgets.records.waveform import NANOSECONDS

_NO_EVENTS = EventFinder([])


@dataclass(frozen=True, kw_only=True)
class RecordJudge:
    """Judges channels by what is known beside them.

    Attributes
    ----------
    finder : EventFinder
        Finds a record's event in the catalogue that was given.
    remembered : EventFinder
        Finds it among the events that a workspace has of earlier catalogues; asked after the catalogue.
    places : StationPlaces
        Where stations stand whose files do not tell it.
    event_class : str or None
        The class of every record, whatever its event's type.
    class_mapping : mapping of str to str, optional
        Event type to class, in place of `events.EVENT_CLASSES`.
    picks : mapping of (str, str) to int
        When an analyst saw the first P wave of an event (its identity) at a station (its code), nanoseconds since 1970.
    """

    finder: EventFinder = _NO_EVENTS
    remembered: EventFinder = _NO_EVENTS
    places: StationPlaces = field(default_factory=StationPlaces)
    event_class: str | None = None
    class_mapping: Mapping[str, str] | None = None
    picks: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def records(
        self,
        path: Path,
        content: Content,
        channels: Iterable[Channel],
        *,
        tied: tuple[SeismicEvent, ...] = (),
        cut_for: SeismicEvent | None = None,
        beside: EventFinder | None = None,
        place: tuple[float | None, float | None] = (None, None),
        extra: Mapping[str, float] | None = None,
        suffix: str | None = None,
    ) -> Iterator[NewRecord | Rejection]:
        """Judge the channels of a file.

        Parameters
        ----------
        path : Path
            The file they came from.
        content : Content
            What is kept of it.
        channels : iterable of Channel
            The channels of `content`, in its order.
        tied : tuple of SeismicEvent
            The events that a table ties the file to; of a record, the first one counts.
        cut_for : SeismicEvent, optional
            The event around which the content was cut out of a long file.
        beside : EventFinder, optional
            Finds events in tables that belong to the file.
        place : (float, float), optional
            Where the station stands, degrees north and east.
        extra : mapping of str to float, optional
            More parameters of the records.
        suffix : str, optional
            What the name of the content ends in; the path's own suffix, if left out.

        Yields
        ------
        NewRecord or Rejection
            One for each channel.
        """
        noted: set[Remark] = set()
        for index, read in enumerate(channels):
            if read.is_superseded:
                continue
            channel = self.places.complete(read, *place)
            waveform = channel.waveform
            if (why := unfit(waveform)) is not None:
                reason, way_out = why
                yield Rejection(path=path, reason=reason, way_out=way_out)
                continue
            measurement = Measurement(waveform)
            linked = tied[0] if tied else None
            namesake: tuple[Remark, ...] = ()
            if linked is not None and (namesake := self._namesake(path, channel, linked)):
                linked = None
            event = linked or self._event(channel, measurement, cut_for, beside)
            if event is None and cut_for is not None:
                yield without_first_wave(path, waveform, cut_for)
                continue
            is_catalogued = event is not None and event is not channel.event
            if event is None and self.event_class is not None:
                event = SeismicEvent(event_id=f"file-{content.file_hash}")
            arrival = None if event is None else arrival_window(channel, event)
            given = class_of(event.event_type if event else None, self.class_mapping)
            remarks = (
                *namesake,
                *self.places.unknown(path, channel),
                *record_remarks(path, channel, event if is_catalogued else None, is_linked=linked is not None),
                *tied_remarks(path, tied if linked is not None else ()),
                *alike_remarks(path, self.finder.match_of(path) if linked is not None else None),
                *class_remarks(path, event, given, self.event_class),
                *self.places.disagreements(path, read),
            )
            yield NewRecord(
                file_hash=content.file_hash,
                source_path=path,
                content=content.data,
                suffix=plain_suffix(path) if suffix is None else suffix,
                trace_index=index,
                waveform=waveform,
                event=event,
                event_class=self.event_class or given,
                parameters=measurement.parameters(arrival)
                | _station(channel)
                | doubts(channel)
                | self._picked(channel, event)
                | dict(extra or {}),
                is_catalogued=is_catalogued,
                remarks=_once(remarks, noted),
            )

    def events_between(self, begin_ns: int, end_ns: int, beside: EventFinder | None = None) -> list[SeismicEvent]:
        """Return the events that are known with an origin in a time, each of them once: first as the catalogue has it.

        Parameters
        ----------
        begin_ns, end_ns : int
            From when and until when, nanoseconds since 1970 UTC.
        beside : EventFinder, optional
            Finds events in tables that belong to the file.
        """
        found = self.finder.events_between(begin_ns, end_ns)
        for finder in (beside, self.remembered):
            if finder is not None:
                known = tuple(found)
                found += [
                    event
                    for event in finder.events_between(begin_ns, end_ns)
                    if not any(is_same_event(event, other, SAME_ENTRY_S) for other in known)
                ]
        return sorted(found, key=lambda event: (event.origin_time_ns or 0, event.event_id))

    def _namesake(self, path: Path, channel: Channel, linked: SeismicEvent) -> tuple[Remark, ...]:
        """Say where a table names a file by a bare name, and means another file of that name, of another time."""
        match = self.finder.match_of(path)
        if match is None or match.is_whole or not is_apart(channel, linked):
            return ()
        return (
            Remark(
                kind="file that has the name of one in the table and is of another time; the row is of another file",
                subject=f"{printable(path.name)} ({linked.event_id[:60]})",
                way_out="Name the files in the table by their paths from its folder.",
            ),
        )

    def _event(
        self,
        channel: Channel,
        measurement: Measurement,
        cut_for: SeismicEvent | None,
        beside: EventFinder | None,
    ) -> SeismicEvent | None:
        """Return the event that an excerpt was cut for, if its P wave can be in it, or the one that fits best."""
        if cut_for is not None and self.finder.fits(channel, cut_for):
            return cut_for
        if not channel.time_is_known:
            return channel.event
        for finder in (self.finder, beside, self.remembered):
            if finder is not None and (found := finder.matching(channel, measurement.onset_s)) is not None:
                return found
        return channel.event

    def _picked(self, channel: Channel, event: SeismicEvent | None) -> dict[str, float]:
        """Return where an analyst saw the first wave, seconds from the first sample, where that is in the record."""
        if event is None or (event.event_id, channel.waveform.station) not in self.picks:
            return {}
        moment = self.picks[event.event_id, channel.waveform.station]
        if not channel.begin_ns <= moment <= channel.end_ns:
            return {}
        return {"picked_p_s": (moment - channel.begin_ns) / NANOSECONDS}


def _once(remarks: Iterable[Remark], noted: set[Remark]) -> tuple[Remark, ...]:
    """Return the remarks that were not made on another channel of the file, and note them."""
    fresh = tuple(remark for remark in dict.fromkeys(remarks) if remark not in noted)
    noted.update(fresh)
    return fresh


def _station(channel: Channel) -> dict[str, float]:
    if channel.latitude is None or channel.longitude is None:
        return {}
    return {"station_latitude": channel.latitude, "station_longitude": channel.longitude}
