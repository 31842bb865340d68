"""The files of the seismic recorders Baykal: ``.xx`` of the models 5, 8 and their kin, ``.00`` of the Baykal-7HR.

A header of 120 bytes, 72 bytes for each channel, then the samples, channel by channel for each moment; numbers are
little-endian. What the two flavours have in common: the number of channels (2 bytes, at 0), the version (2 bytes, at
4), the bits of a sample (2 bytes, at 18), the station's name (16 letters, at 32), latitude and longitude (8 bytes each,
at 72 and 80). An ``.xx`` file has the date in three numbers (at 6), the sampling interval (8 bytes, at 48) and the
seconds since midnight (8 bytes, at 56); a ``.00`` file the sampling rate (2 bytes, at 22) and the time since 1980 in
ticks of 256 MHz (8 bytes, at 104). A channel's name stands behind the first 8 bytes of its header, 24 letters long.
Descriptions: the makers' sheet of the Baykal-7HR (Geophysical Survey of RAS) and readers of the field that are
published.
"""

import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from trova_widgets.errors import RecordError
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.waveform import plain_code

HEADER_BYTES = 120
CHANNEL_BYTES = 72

_MOST_CHANNELS = 12
_TICKS_A_SECOND = 256_000_000
_FIRST_DAY = datetime(1980, 1, 1, tzinfo=UTC)
_YEARS = (1980, 2100)
# bits of the converter: 16 in two bytes, more in four
_BITS = range(12, 33)
_FASTEST_HZ, _SLOWEST_HZ = 10_000.0, 0.1
_COMPONENTS = ("Z", "N", "E")


@dataclass(frozen=True, kw_only=True)
class _Header:
    """What the first 120 bytes say."""

    channel_count: int
    start_time_ns: int
    sampling_rate_hz: float
    sample_bytes: int
    station: str
    latitude: float | None
    longitude: float | None

    @property
    def size(self) -> int:
        """Bytes before the first sample."""
        return HEADER_BYTES + CHANNEL_BYTES * self.channel_count


def is_baykal(content: bytes) -> bool:
    """Tell whether a content is a file of a Baykal: it has no signature, so all of its numbers must make sense."""
    return _header(content) is not None


def read_baykal(content: bytes) -> list[Any]:
    """Read a file of a Baykal.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    list of obspy.Trace
        A trace a channel, int32, in counts of the converter; the station's place in ``stats.baykal``.

    Raises
    ------
    RecordError
        When it is none, or ends before its first sample.
    """
    header = _header(content)
    if header is None:
        raise RecordError("The header is none of a Baykal; fetch the file again from the recorder.")
    moment_bytes = header.sample_bytes * header.channel_count
    count = (len(content) - header.size) // moment_bytes
    if count < 1:
        raise RecordError("The Baykal file ends before its first sample; fetch it again from the recorder.")
    kind = "<i2" if header.sample_bytes == 2 else "<i4"
    table = np.frombuffer(content, dtype=kind, count=count * header.channel_count, offset=header.size)
    samples = table.reshape(count, header.channel_count)
    obspy = obspy_module("obspy")
    place = {"latitude": header.latitude, "longitude": header.longitude}
    return [
        obspy.Trace(
            samples[:, number].astype(np.int32),
            {
                "station": header.station,
                "channel": channel,
                "sampling_rate": header.sampling_rate_hz,
                "starttime": obspy.UTCDateTime(ns=header.start_time_ns),
                "baykal": dict(place),
            },
        )
        for number, channel in enumerate(_channels(content, header.channel_count))
    ]


def _header(content: bytes) -> _Header | None:
    if len(content) < HEADER_BYTES:
        return None
    count, _, version, day, month, year = struct.unpack_from("<6H", content)
    (bits,) = struct.unpack_from("<H", content, 18)
    if not 1 <= count <= _MOST_CHANNELS or bits not in _BITS or len(content) < HEADER_BYTES + CHANNEL_BYTES * count:
        return None
    if not 0 < version < 100:
        return None
    timed = _dated(content, day, month, year) or _ticked(content)
    if timed is None:
        return None
    start, rate = timed
    latitude, longitude = struct.unpack_from("<2d", content, 72)
    is_place = all(map(math.isfinite, (latitude, longitude))) and abs(latitude) <= 90 and abs(longitude) <= 360
    return _Header(
        channel_count=count,
        start_time_ns=round((start - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) * 1000,
        sampling_rate_hz=rate,
        sample_bytes=2 if bits <= 16 else 4,
        station=plain_code(content[32:48].split(b"\0")[0].decode("ascii", errors="ignore").removesuffix(".st")),
        # 0, 0 is what a recorder without a fix writes
        latitude=latitude if is_place and (latitude or longitude) else None,
        longitude=longitude if is_place and (latitude or longitude) else None,
    )


def _dated(content: bytes, day: int, month: int, year: int) -> tuple[datetime, float] | None:
    interval_s, seconds = struct.unpack_from("<2d", content, 48)
    # years of the first recorders have two digits
    full = year if year >= _YEARS[0] else year + 2000
    if not (_YEARS[0] <= full < _YEARS[1] and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    if not (1 / _FASTEST_HZ <= interval_s <= 1 / _SLOWEST_HZ and 0 <= seconds < 2 * 86_400):
        return None
    try:
        start = datetime(full, month, day, tzinfo=UTC) + timedelta(seconds=seconds)
    except ValueError:
        return None
    return start, float(f"{1 / interval_s:.7g}")


def _ticked(content: bytes) -> tuple[datetime, float] | None:
    (rate,) = struct.unpack_from("<H", content, 22)
    (ticks,) = struct.unpack_from("<Q", content, 104)
    seconds = ticks / _TICKS_A_SECOND
    if not 1 <= rate <= _FASTEST_HZ or not 0 < seconds < (_YEARS[1] - _YEARS[0]) * 365.25 * 86_400:
        return None
    return _FIRST_DAY + timedelta(
        seconds=ticks // _TICKS_A_SECOND, microseconds=(ticks % _TICKS_A_SECOND) // 256
    ), float(rate)


def _channels(content: bytes, count: int) -> list[str]:
    """Return a code for each channel: its name where that is short, or else the component by its place."""
    names = []
    for number in range(count):
        begin = HEADER_BYTES + CHANNEL_BYTES * number + 8
        name = plain_code(content[begin : begin + 24].split(b"\0")[0].decode("ascii", errors="ignore").strip())
        if not 1 <= len(name) <= 5 or name in names:
            name = _COMPONENTS[number] if count <= len(_COMPONENTS) else f"C{number + 1:02d}"
        names.append(name if name not in names else f"{name[:3]}{number + 1}")
    return names
