"""What becomes of a file that covers more than one event: the minutes around each are cut out of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.records.archives import adjoining
from trova_widgets.records.archives.excerpts import excerpts, holds_several, is_archive, span_ns, stretches
from trova_widgets.records.archives.sds import AFTER_ORIGIN_S, BEFORE_ORIGIN_S, ArchiveDay, is_archive_day
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.miniseed import write_miniseed
from trova_widgets.records.fitness import left_out
from trova_widgets.records.items import Item, Rejection, rejection
from trova_widgets.records.judging import RecordJudge
from trova_widgets.records.matching import EventFinder
from trova_widgets.records.waveform import NANOSECONDS


@dataclass(frozen=True, kw_only=True)
class Cutting:
    """Cuts events out of files.

    Attributes
    ----------
    judge : RecordJudge
        Knows the events.
    keep : callable
        Reads what was written anew: called with the path, what was written, ``tied``, ``cut_for`` and ``beside``, as of
        `RecordJudge.records`.
    beside : EventFinder, optional
        Finds events in tables that belong to the file.
    """

    judge: RecordJudge
    keep: Callable[..., Iterator[Item]]
    beside: EventFinder | None = None

    def day(self, path: Path, traces: Sequence[Any]) -> ArchiveDay | None:
        """Return the time that an archive's file answers for; None for any other, and where no event is known."""
        finders = (self.judge.finder, self.beside, self.judge.remembered)
        if not any(finder is not None and finder.has_origins for finder in finders) or not is_archive(path, traces):
            return None
        day = ArchiveDay.of(path, *span_ns(traces))
        # without a catalogue, a day of which no event is known is one long record, out of which one may still be cut
        is_cut = self.judge.finder.has_origins or bool(self._events(day.begin_ns, day.end_ns))
        return day if is_cut else None

    def crowded(self, traces: Sequence[Any]) -> dict[int, list[SeismicEvent]]:
        """Return which stretches of a file show several events that are known, by their place in order."""
        begin, end = span_ns(traces)
        if (end - begin) < round((BEFORE_ORIGIN_S + AFTER_ORIGIN_S) * NANOSECONDS):
            return {}
        found = {}
        for number, stretch in enumerate(stretches(traces)):
            events = self._events(*span_ns(stretch))
            if holds_several(stretch, events):
                found[number] = events
        return found

    def of_day(self, path: Path, traces: Sequence[Any], day: ArchiveDay) -> Iterator[Item]:
        """Cut the events of its time out of an archive's file."""
        kept = False
        events = self._events(day.begin_ns, day.end_ns)
        if not is_archive_day(path):
            traces, events = _joined(path, traces, events)
        for item in self._cut(path, traces, events, day.neighbours):
            kept = True
            yield item
        if not kept:
            yield Rejection(
                path=path,
                reason=f"The file covers {day.hours:.1f} hours in which the catalogue has no event.",
                way_out="Give a catalogue of that time, or cut the file into records.",
            )

    def of_stretches(
        self, path: Path, traces: Sequence[Any], crowded: Mapping[int, Sequence[SeismicEvent]]
    ) -> Iterator[Item]:
        """Cut several events out of the stretches that show them, and keep the others as they are."""
        for number, stretch in enumerate(stretches(traces)):
            if number in crowded:
                yield from self._cut(path, stretch, crowded[number])
                continue
            try:
                yield from self.keep(path, write_miniseed(stretch), tied=(), beside=self.beside)
            except RecordError as error:
                yield rejection(path, error)

    def _events(self, begin_ns: int, end_ns: int) -> list[SeismicEvent]:
        return self.judge.events_between(begin_ns, end_ns, self.beside)

    def _cut(
        self, path: Path, traces: Sequence[Any], events: Sequence[SeismicEvent], neighbours: Sequence[Path] = ()
    ) -> Iterator[Item]:
        tied = self.judge.finder.linked_events(path)
        for excerpt in excerpts(traces, events, neighbours):
            yield from left_out(path, excerpt.problems)
            if excerpt.written is None:
                continue
            # a table that ties the file to an event means the minutes around it
            linked = (excerpt.event,) if excerpt.event in tied else ()
            try:
                yield from self.keep(path, excerpt.written, tied=linked, cut_for=excerpt.event, beside=self.beside)
            except RecordError as error:
                # of a file with many events one excerpt costs none of the others
                yield rejection(path, error)


def _joined(
    path: Path, traces: Sequence[Any], events: Sequence[SeismicEvent]
) -> tuple[Sequence[Any], list[SeismicEvent]]:
    """Add what the files before and after hold of events at the edges, and leave the one before its own events."""
    begin, end = span_ns(traces)
    origins = [event.origin_time_ns or 0 for event in events]
    joined = list(traces)
    chosen = list(events)
    if any(origin - BEFORE_ORIGIN_S * NANOSECONDS < begin for origin in origins) and (
        found := adjoining.before(path, traces)
    ):
        joined += found
        # what lies between two files is the later one's
        their_end = span_ns(found)[1]
        chosen = [event for event in events if (event.origin_time_ns or 0) > their_end]
    if any(origin + AFTER_ORIGIN_S * NANOSECONDS > end for origin in origins):
        joined += adjoining.after(path, traces)
    return joined, chosen
