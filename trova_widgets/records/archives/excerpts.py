"""Records cut out of an archive's long files: the minutes around each event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trova_widgets.errors import RecordError
from trova_widgets.records.archives.sds import AFTER_ORIGIN_S, BEFORE_ORIGIN_S, is_archive_day
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.merging import LONGEST_BRIDGED_GAP_S
from trova_widgets.records.files.miniseed import Written, write_miniseed
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.files.reading import content_of, open_traces
from trova_widgets.records.waveform import NANOSECONDS

LONGEST_RECORD_S = 1800.0
"""A stretch that covers more is an archive's, not a record of one event, and excerpts are taken from it."""

LONGEST_PIECE_S = 600.0
"""So long a stretch is an archive's as well, where its file covers more than `LONGEST_RECORD_S` with its gaps."""

_LONGEST_EXCERPT_S = BEFORE_ORIGIN_S + AFTER_ORIGIN_S


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """The time around an event, cut out of a file.

    Attributes
    ----------
    event : SeismicEvent
        The event.
    written : Written or None
        The excerpt; None where nothing of it can be kept.
    problems : tuple of str
        A sentence for each channel of it that was left out.
    """

    event: SeismicEvent
    written: Written | None
    problems: tuple[str, ...]


def span_ns(traces: Sequence[Any]) -> tuple[int, int]:
    """Return the time that traces cover with their gaps, nanoseconds since 1970 UTC."""
    return min(trace.stats.starttime.ns for trace in traces), max(trace.stats.endtime.ns for trace in traces)


def stretches(traces: Sequence[Any]) -> list[list[Any]]:
    """Gather traces into stretches, between which no channel has data for a minute, in the order of time."""
    found: list[list[Any]] = []
    end = 0
    for trace in sorted(traces, key=lambda trace: trace.stats.starttime.ns):
        if not found or trace.stats.starttime.ns - end > LONGEST_BRIDGED_GAP_S * NANOSECONDS:
            found.append([])
            end = trace.stats.endtime.ns
        found[-1].append(trace)
        end = max(end, trace.stats.endtime.ns)
    return found


def is_archive(path: Path, traces: Sequence[Any]) -> bool:
    """Tell whether a file is an archive's, out of which events are cut, and not one of records that were triggered."""
    covered_s = _seconds(traces)
    if covered_s <= LONGEST_RECORD_S:
        return False
    return is_archive_day(path) or any(_seconds(stretch) > LONGEST_PIECE_S for stretch in stretches(traces))


def holds_several(traces: Sequence[Any], events: Sequence[SeismicEvent]) -> bool:
    """Tell whether a stretch is long enough for excerpts, and more than one event of the catalogue begins in it."""
    return len(events) > 1 and _seconds(traces) > _LONGEST_EXCERPT_S


def _seconds(traces: Sequence[Any]) -> float:
    begin, end = span_ns(traces)
    return (end - begin) / NANOSECONDS


def excerpts(
    traces: Sequence[Any], events: Sequence[SeismicEvent], neighbours: Sequence[Path] = ()
) -> Iterator[Excerpt]:
    """Cut the time around each origin out of a file.

    Parameters
    ----------
    traces : sequence of obspy.Trace
        All that the file holds.
    events : sequence of SeismicEvent
        Events with an origin time.
    neighbours : sequence of Path
        The files of the days before and after, opened only for an excerpt that reaches into them.

    Yields
    ------
    Excerpt
        miniSEED with the samples of the file, bit for bit the same whenever the same is cut; events around whose origin
        there are no data yield nothing. What is wrong with one excerpt costs none of the others.
    """
    obspy = obspy_module("obspy")
    stream = list(traces)
    first, last = span_ns(stream)
    for event in events:
        origin = event.origin_time_ns or 0
        begin, end = origin - round(BEFORE_ORIGIN_S * NANOSECONDS), origin + round(AFTER_ORIGIN_S * NANOSECONDS)
        if neighbours and (begin < first or end > last):
            stream += [trace for path in neighbours for trace in _readable(path)]
            neighbours = ()
        problems: list[str] = []
        pieces = [
            piece
            for trace in stream
            if (piece := _cut(trace, obspy.UTCDateTime(ns=begin), obspy.UTCDateTime(ns=end), problems)) is not None
        ]
        written = None
        if pieces:
            try:
                written = write_miniseed(pieces)
            except RecordError as error:
                problems.append(str(error))
        if written is not None or problems:
            yield Excerpt(event=event, written=written, problems=tuple(problems))


def _cut(trace: Any, begin: Any, end: Any, problems: list[str]) -> Any | None:
    if trace.stats.endtime < begin or trace.stats.starttime > end:
        return None
    piece = trace.slice(begin, end)
    if not len(piece):
        return None
    if piece.data.dtype.kind == "f" and not np.isfinite(piece.data).all():
        problems.append(
            f"The channel {trace.id} holds samples that are not finite numbers around the event; replace them by a gap "
            f"and export the file again."
        )
        return None
    return piece


def _readable(path: Path) -> list[Any]:
    try:
        return open_traces(content_of(path)).traces
    except (RecordError, OSError):
        # it is reported when its own turn comes; the excerpt ends where this day does
        return []
