"""Channels: the pieces of a file put together, with what its headers say of the station, the event and the time."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from trova_widgets.errors import RecordError
from trova_widgets.records.events import SeismicEvent, is_storable
from trova_widgets.records.files.merging import Segment, merge
from trova_widgets.records.files.pieces import Codes
from trova_widgets.records.files.sac import event_of_sac
from trova_widgets.records.waveform import NANOSECONDS, Waveform

# what a 4-byte float rounds off
_ROUNDING = 1.2e-7
# where a file says nothing of its time, its reader begins with the first day of 1970; a recorder that has not seen a
# satellite yet begins with the first day of GPS time, 6 January 1980
_DAY_NS = 86_400 * NANOSECONDS
_FIRST_OF_GPS_NS = 3657 * _DAY_NS


@dataclass(frozen=True, kw_only=True, eq=False)
class Channel:
    """A waveform with what else its file tells.

    Attributes
    ----------
    waveform : Waveform
        The seismogram.
    latitude, longitude : float or None
        The station's place in degrees.
    event : SeismicEvent or None
        The event that the headers name.
    time_is_known : bool
        Whether the file says when it begins; without it, the seismogram begins on the first day of 1970, or of GPS
        time in 1980.
    is_superseded : bool
        Whether it is only there for records of an older version, by its place; another channel has its samples.
    """

    waveform: Waveform
    latitude: float | None = None
    longitude: float | None = None
    event: SeismicEvent | None = None
    time_is_known: bool = True
    is_superseded: bool = False

    @property
    def begin_ns(self) -> int:
        """When it begins, nanoseconds since 1970 UTC."""
        return self.waveform.start_time_ns

    @property
    def end_ns(self) -> int:
        """When it ends."""
        return self.waveform.end_time_ns


def channels_of(codes: Codes, traces: list[Any], notes: tuple[str, ...], problems: list[str]) -> list[Channel]:
    """Put the pieces of a channel together.

    Parameters
    ----------
    codes : Codes
        Network, station, location, channel, and the sampling rate [Hz].
    traces : list of obspy.Trace
        The pieces, in the order of the file.
    notes : tuple of str
        What ObsPy remarked of the file.
    problems : list of str
        Gets a sentence for each stretch that cannot be a seismogram.

    Returns
    -------
    list of Channel
        Several, where long gaps cut it.

    Raises
    ------
    RecordError
        When the sampling rate is none, or the time cannot be stored.
    """
    network, station, location, channel, sampling_rate_hz = codes
    if not (np.isfinite(sampling_rate_hz) and sampling_rate_hz > 0):
        raise RecordError(
            f"The channel {'.'.join(codes[:4])} has the sampling rate {sampling_rate_hz} Hz, expected a positive "
            f"number; correct the header of the file."
        )
    latitude, longitude = _place(traces[0])
    # damaged floating-point samples may be signalling NaNs or overflow in a bridge; Waveform refuses what comes of it
    with np.errstate(invalid="ignore", over="ignore"):
        segments = [
            Segment(
                start_time_ns=storable_ns(trace.stats.starttime.ns, ".".join(codes[:4])),
                samples=np.ascontiguousarray(trace.data, dtype=np.float64),
            )
            for trace in traces
        ]
        stretches = merge(segments, sampling_rate_hz)
    jitter_s = _jitter_s(traces, sampling_rate_hz)
    found = []
    for merged in stretches:
        try:
            waveform = Waveform(
                network=network,
                station=station,
                location=location,
                channel=channel,
                start_time_ns=merged.start_time_ns,
                sampling_rate_hz=sampling_rate_hz,
                samples=merged.samples,
                gap_count=merged.gap_count,
                gap_s=merged.gap_s,
                overlap_s=merged.overlap_s,
                clock_jitter_s=jitter_s,
                notes=notes,
            )
        except RecordError as error:
            # of a channel that is cut into stretches by long gaps, the others are sound
            problems.append(str(error))
            continue
        found.append(
            Channel(
                waveform=waveform,
                latitude=latitude,
                longitude=longitude,
                event=event_of_sac(traces[0].stats.sac) if "sac" in traces[0].stats else None,
                time_is_known=_is_time(merged.start_time_ns),
            )
        )
    return found


def _is_time(begin_ns: int) -> bool:
    """Tell whether a moment is none of those at which clocks begin that nobody has set."""
    return abs(begin_ns) > _DAY_NS and not _FIRST_OF_GPS_NS <= begin_ns < _FIRST_OF_GPS_NS + _DAY_NS


def storable_ns(moment_ns: int, channel: str) -> int:
    """Return a moment that the database can keep.

    Raises
    ------
    RecordError
        When it is beyond the years 1678 to 2261.
    """
    if not is_storable(moment_ns):
        raise RecordError(
            f"The channel {channel} begins in a year beyond 1678 to 2261; correct the year in the header of the file."
        )
    return int(moment_ns)


def _jitter_s(traces: list[Any], sampling_rate_hz: float) -> float:
    """Return how far the clock of a channel's pieces strays from one regular grid within a piece, seconds."""
    strays = [
        abs(1 / trace.stats.sampling_rate - 1 / sampling_rate_hz) * len(trace.data)
        for trace in traces
        if abs(trace.stats.sampling_rate - sampling_rate_hz) > _ROUNDING * sampling_rate_hz
    ]
    return max(strays, default=0.0)


_PLACES = (
    ("sac", "stla", "stlo"),
    ("gse2", "lat", "lon"),
    ("gse1", "lat", "lon"),
    ("knet", "stla", "stlo"),
    ("ah", "latitude", "longitude"),
    ("baykal", "latitude", "longitude"),
)


def _place(trace: Any) -> tuple[float | None, float | None]:
    for header, north, east in _PLACES:
        values = trace.stats.get(header, {})
        if values.get(north) is not None and values.get(east) is not None:
            latitude, longitude = float(values[north]), float(values[east])
            # 0, 0 and numbers beyond the globe are what programs write when they do not know
            if (latitude or longitude) and abs(latitude) <= 90 and abs(longitude) <= 360:
                return latitude, longitude
    return None, None
