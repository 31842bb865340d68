"""Records cut out of an archive's long files: the minutes around each event."""

import io
from collections.abc import Iterator, Sequence

from trova_widgets.errors import RecordError
from trova_widgets.records.formats import detect
from trova_widgets.records.obspy_plugins import obspy_module, remarks
from trova_widgets.records.reading import read_traces
from trova_widgets.records.waveform import NANOSECONDS

LONGEST_RECORD_S = 1800.0
"""A file that covers more is an archive's, not a record of one event, and excerpts are taken from it."""

BEFORE_ORIGIN_S = 50.0
AFTER_ORIGIN_S = 150.0
"""What an excerpt covers: noise before the origin, and the S wave of a station 400 km away."""


def excerpts(content: bytes, origin_times_ns: Sequence[int]) -> Iterator[bytes]:
    """Cut the time around each origin out of a file.

    Parameters
    ----------
    content : bytes
        The whole file, in any format of `formats.WAVEFORM_FORMATS`.
    origin_times_ns : sequence of int
        Origins, nanoseconds since 1970 UTC.

    Yields
    ------
    bytes
        miniSEED with the samples of the file, bit for bit the same whenever the same is cut; origins around which the
        file has no data yield nothing.

    Raises
    ------
    RecordError
        When the file cannot be read, or its samples not be written as miniSEED.
    """
    with remarks():
        obspy = obspy_module("obspy")
        stream = obspy.Stream(read_traces(detect("waveform", content), content))
    for origin in origin_times_ns:
        begin = obspy.UTCDateTime(ns=origin - round(BEFORE_ORIGIN_S * NANOSECONDS))
        end = obspy.UTCDateTime(ns=origin + round(AFTER_ORIGIN_S * NANOSECONDS))
        piece = stream.slice(begin, end)
        if any(len(trace) for trace in piece):
            written = io.BytesIO()
            try:
                with remarks():
                    piece.write(written, format="MSEED")
            except Exception as error:
                # the writer has no coding for every kind of sample that a reader returns
                raise RecordError(
                    f"The minutes around an event cannot be written as miniSEED: {' '.join(str(error).split())}; "
                    f"cut the file into records of at most {LONGEST_RECORD_S / 60:g} minutes."
                ) from error
            yield written.getvalue()
