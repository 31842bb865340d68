"""Records cut out of an archive's long files: the minutes around each event."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.formats import detect
from trova_widgets.records.files.miniseed import Written, write_miniseed
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks
from trova_widgets.records.files.reading import content_of, read_traces
from trova_widgets.records.waveform import NANOSECONDS

LONGEST_RECORD_S = 1800.0
"""A file that covers more is an archive's, not a record of one event, and excerpts are taken from it."""

BEFORE_ORIGIN_S = 50.0
AFTER_ORIGIN_S = 150.0
"""What an excerpt covers: noise before the origin, and the S wave of a station 400 km away."""


def excerpts(
    content: bytes, events: Sequence[SeismicEvent], neighbours: Sequence[Path] = ()
) -> Iterator[tuple[SeismicEvent, Written]]:
    """Cut the time around each origin out of a file.

    Parameters
    ----------
    content : bytes
        The whole file, in any format of `formats.WAVEFORM_FORMATS`.
    events : sequence of SeismicEvent
        Events with an origin time.
    neighbours : sequence of Path
        The files of the days before and after, opened only for an excerpt that reaches into them.

    Yields
    ------
    event : SeismicEvent
        The event.
    excerpt : Written
        miniSEED with the samples of the file, bit for bit the same whenever the same is cut; events around whose origin
        there are no data yield nothing.

    Raises
    ------
    RecordError
        When the file cannot be read, or its samples not be written as miniSEED.
    """
    obspy = obspy_module("obspy")
    stream = obspy.Stream(_traces(content))
    first, last = min(trace.stats.starttime for trace in stream), max(trace.stats.endtime for trace in stream)
    for event in events:
        origin = event.origin_time_ns or 0
        begin = obspy.UTCDateTime(ns=origin - round(BEFORE_ORIGIN_S * NANOSECONDS))
        end = obspy.UTCDateTime(ns=origin + round(AFTER_ORIGIN_S * NANOSECONDS))
        if neighbours and (begin < first or end > last):
            stream += obspy.Stream([trace for path in neighbours for trace in _readable(path)])
            neighbours = ()
        piece = stream.slice(begin, end)
        if any(len(trace) for trace in piece):
            yield event, write_miniseed(piece)


def _traces(content: bytes) -> list[object]:
    with remarks():
        return read_traces(detect("waveform", content), content)


def _readable(path: Path) -> list[object]:
    try:
        return _traces(content_of(path))
    except (RecordError, OSError):
        # it is reported when its own turn comes; the excerpt ends where this day does
        return []
