"""Which event of a workspace an entry of a catalogue is: told by its time and place, not by a name that many bear."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace

from trova_widgets.records import SeismicEvent
from trova_widgets.records.remarks import Remark
from trova_widgets.records.same_event import completed, contradictions, is_same_event, named_by_time, said
from trova_widgets.store import EventRow, KnownEvent, Store

OF_FILES = ("file-", "sac-")
"""How the names of events begin that files have made for themselves, for want of a catalogue."""

# catalogues place the origin of one event within so many seconds; two events of one minute are farther apart
_TWIN_S = 5.0
# records of one event begin within an hour of each other, and of its origin
_SAME_HOUR_NS = 3600 * 10**9
_OF_EVENT = tuple(field.name for field in fields(SeismicEvent))


@dataclass
class _Entry:
    """An event that is known, stored or on its way."""

    event: SeismicEvent
    first_ns: int | None = None
    last_ns: int | None = None
    record_count: int = 0
    is_stored: bool = False

    def widen(self, begin_ns: int | None) -> None:
        if begin_ns is not None:
            self.first_ns = begin_ns if self.first_ns is None else min(self.first_ns, begin_ns)
            self.last_ns = begin_ns if self.last_ns is None else max(self.last_ns, begin_ns)

    def is_same(self, event: SeismicEvent, begin_ns: int | None) -> bool:
        # an event has many records, and most say the same of it
        if event != self.event and not is_same_event(self.event, event):
            return False
        if self.event.origin_time_ns is not None and event.origin_time_ns is not None:
            return True
        # a name alone: what was recorded at other times is another event
        moment = event.origin_time_ns if event.origin_time_ns is not None else begin_ns
        known = (self.first_ns, self.last_ns) if self.event.origin_time_ns is None else (self.event.origin_time_ns,) * 2
        if moment is None or known[0] is None or known[1] is None:
            return True
        return known[0] - _SAME_HOUR_NS <= moment <= known[1] + _SAME_HOUR_NS


class EventRegister:
    """Finds the identity of events in a workspace, and notes what is new of those that are there.

    Parameters
    ----------
    store : Store
        The workspace's tables.

    Attributes
    ----------
    revised : dict of str to SeismicEvent
        Stored events that a catalogue has corrected or completed since, by their identities, with all their values.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entries: dict[str, list[_Entry]] = {}
        self._remarks: dict[Remark, None] = {}
        self._fresh: list[_Entry] = []
        self._new: set[str] = set()
        self.revised: dict[str, SeismicEvent] = {}

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is to be known of clashes and corrections."""
        return tuple(self._remarks)

    def look_up(self, names: Iterable[str]) -> None:
        """Ask the store for the events of some names, those that are not known yet."""
        unknown = {name for name in names if name not in self._entries}
        for name in unknown:
            self._entries[name] = []
        for known in self._store.known_events(unknown):
            base = known.row.event_id
            name = base if base in unknown else base.rpartition("~")[0]
            if name in unknown:
                self._entries[name].append(_stored(known))

    def mark_stored(self) -> None:
        """Note that all events that were named so far are in the store."""
        for entry in self._fresh:
            entry.is_stored = True
            self._new.add(entry.event.event_id)
        self._fresh.clear()

    def tell_twins(self, catalogue: Collection[SeismicEvent]) -> None:
        """Say which of the new events another source has at the same time and place under another name.

        Parameters
        ----------
        catalogue : collection of SeismicEvent
            The catalogue of this import, which knows its own events apart.
        """
        apart = {
            entry.event.event_id
            for event in catalogue
            for entry in self._entries.get(event.event_id, ())
            if entry.is_same(event, None)
        }
        for new, other in self._store.twin_events(self._new, _TWIN_S):
            is_told = other.event_id in self._new and other.event_id < new.event_id
            if is_told or {new.event_id, other.event_id} <= apart:
                continue
            if is_same_event(_event(new), _event(other), _TWIN_S):
                self._remarks[
                    Remark(
                        kind="event that another catalogue or file has under another name, at the same time and place; "
                        "both are kept",
                        subject=f"{new.event_id[:60]} and {other.event_id[:60]}",
                        way_out="Give both one name in the catalogues, so that one event does not count as two.",
                    )
                ] = None

    def find(self, event: SeismicEvent) -> SeismicEvent | None:
        """Return the event that an entry is; None where there is none."""
        entry = self._find(event, None)
        return None if entry is None else entry.event

    def record_count(self, event: SeismicEvent) -> int:
        """Return how many records of an event were there when it was looked up."""
        entry = self._find(event, None)
        return 0 if entry is None else entry.record_count

    def identified(self, event: SeismicEvent, begin_ns: int | None, *, is_catalogued: bool) -> SeismicEvent:
        """Return an event under the identity that it has in the workspace.

        Parameters
        ----------
        event : SeismicEvent
            As its catalogue or its file has it; its name was looked up.
        begin_ns : int or None
            When a record of it begins, nanoseconds since 1970 UTC.
        is_catalogued : bool
            Whether a catalogue says it: then its values count before those that are there, else after them.
        """
        entry = self._find(event, begin_ns)
        if entry is None:
            there = self._entries[event.event_id]
            fresh = self._named(event, begin_ns) if there else event
            if there:
                self._tell_clash(event, there[0], fresh)
            entry = _Entry(event=fresh)
            there.append(entry)
            self._fresh.append(entry)
        else:
            self._settle(entry, event, is_catalogued=is_catalogued)
        entry.widen(begin_ns)
        return entry.event

    def _find(self, event: SeismicEvent, begin_ns: int | None) -> _Entry | None:
        return next((entry for entry in self._entries[event.event_id] if entry.is_same(event, begin_ns)), None)

    def _named(self, event: SeismicEvent, begin_ns: int | None) -> SeismicEvent:
        taken = {entry.event.event_id for entry in self._entries[event.event_id]}
        fresh = named_by_time(event, begin_ns)
        number = 1
        while fresh.event_id in taken:
            number += 1
            fresh = replace(fresh, event_id=f"{named_by_time(event, begin_ns).event_id}-{number}")
        return fresh

    def _settle(self, entry: _Entry, event: SeismicEvent, *, is_catalogued: bool) -> None:
        if event == entry.event:
            return
        differ = contradictions(entry.event, event)
        if is_catalogued:
            later = {name: getattr(event, name) for name in differ}
            settled = completed(replace(entry.event, **later), event)
            kind = "event that a later catalogue corrects; the later one counts, the earlier values stay in its history"
        else:
            settled = completed(entry.event, event)
            kind = "event of which files contradict each other; the first one counts"
        for name in differ:
            old, new = said(name, getattr(entry.event, name)), said(name, getattr(event, name))
            self._remarks[
                Remark(
                    kind=kind,
                    subject=f"{entry.event.event_id[:60]} ({name}: {old}, then {new})",
                    way_out="Label the event by hand if neither is right.",
                )
            ] = None
        if settled != entry.event:
            entry.event = settled
            if entry.is_stored:
                self.revised[settled.event_id] = settled

    def _tell_clash(self, event: SeismicEvent, there: _Entry, fresh: SeismicEvent) -> None:
        if event.event_id.startswith(("file-", "sac-", "event-")):
            return
        self._remarks[
            Remark(
                kind="event whose name another event has already, which differs in time or place; both are kept",
                subject=f"{event.event_id[:60]} ({_when(there)}; the new one, as {fresh.event_id[:80]})",
                way_out="Nothing needs to be done; give the events of each catalogue names of their own if you mind.",
            )
        ] = None


def remembered_events(store: Store) -> list[SeismicEvent]:
    """Return the events of earlier catalogues, with which files that come later are matched.

    Events that files have made for themselves are none of them: they say nothing about other files.
    """
    return [_event(row) for row in store.timed_events() if not row.event_id.startswith(OF_FILES)]


def event_row(event: SeismicEvent, source: str) -> EventRow:
    """Return an event as the store keeps it."""
    values = {name: getattr(event, name) for name in _OF_EVENT}
    return EventRow(**values, source=source)


def _event(row: EventRow) -> SeismicEvent:
    return SeismicEvent(**{name: getattr(row, name) for name in _OF_EVENT})


def _stored(known: KnownEvent) -> _Entry:
    return _Entry(
        event=_event(known.row),
        first_ns=known.first_ns,
        last_ns=known.last_ns,
        record_count=known.record_count,
        is_stored=True,
    )


def _when(entry: _Entry) -> str:
    moment = entry.event.origin_time_ns if entry.event.origin_time_ns is not None else entry.first_ns
    return "there at an unknown time" if moment is None else f"there at {said('origin_time_ns', int(moment))}"


def names_of(events: Collection[SeismicEvent]) -> set[str]:
    """Return the names of events, for `EventRegister.look_up`."""
    return {event.event_id for event in events}
