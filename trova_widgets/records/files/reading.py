"""Seismograms out of files: read by ObsPy, put together by channel, with what the headers say of station and event."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trova_widgets.errors import RecordError
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.formats import FileFormat, detect, read_with_plugin
from trova_widgets.records.files.guards import (
    gse_messages,
    refuse_backward_steps,
    refuse_countless_slices,
    refuse_empty_promises,
    refuse_endless_longitudes,
    refuse_large,
)
from trova_widgets.records.files.merging import Segment, merge
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.records.files.sac import event_of_sac
from trova_widgets.records.waveform import Waveform, plain_code

# 64 KiB hold at most 512 records of miniSEED, of 65,535 samples each: 134 MB
_HARMLESS = 2**16


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
    """

    waveform: Waveform
    latitude: float | None = None
    longitude: float | None = None
    event: SeismicEvent | None = None


def read_waveforms(source: Path | str | bytes) -> list[Waveform]:
    r"""Read every channel of a file of seismograms.

    The format is told from the content, out of `formats.WAVEFORM_FORMATS`. Pieces of one channel are put
    together, see `merging.merge`; a gap of more than a minute begins another waveform. The order is that of the file,
    so that a waveform is found again by its index.

    Parameters
    ----------
    source : Path, str or bytes
        The name of a file, or its content.

    Returns
    -------
    list of Waveform
        At least one; samples are float64, in the units of the file.

    Raises
    ------
    RecordError
        When the format is unknown, the file damaged, too large or without seismograms, or a sample not finite.
    FileNotFoundError
        When there is no such file.

    Examples
    --------
    >>> header = "TIMESERIES NL_HGN_00_BHZ_R, 4 samples, 40 sps, 2021-05-04T12:00:00.000000, SLIST, INTEGER, Counts"
    >>> (waveform,) = read_waveforms(f"{header}\n1 2 3 4\n".encode())
    >>> waveform.station, waveform.samples
    ('HGN', array([1., 2., 3., 4.]))
    """
    return [channel.waveform for channel in read_channels(content_of(source))]


def content_of(source: Path | str | bytes) -> bytes:
    """Return the bytes of a file that is not too large, or the bytes that were given.

    Parameters
    ----------
    source : Path, str or bytes
        The name of a file, or its content.

    Returns
    -------
    bytes
        The whole content.
    """
    if isinstance(source, bytes):
        refuse_large(len(source))
        return source
    path = Path(source)
    refuse_large(path.stat().st_size)
    return path.read_bytes()


def read_channels(content: bytes) -> list[Channel]:
    """Read every channel with what the headers say of its station and event; see `read_waveforms`.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    list of Channel
        At least one.
    """
    with remarks() as notes:
        file_format = detect("waveform", content)
        traces = read_traces(file_format, content)
    pieces: dict[tuple[str, str, str, str, float], list[Any]] = defaultdict(list)
    for number, trace in enumerate(traces, start=1):
        if trace.data.dtype.kind in "iuf" and len(trace.data):
            # headers keep the sampling interval as a 4-byte float: 0.01 s comes back as 99.9999978 Hz
            sampling_rate_hz = float(f"{trace.stats.sampling_rate:.7g}")
            pieces[(*_codes(trace, number, len(traces)), sampling_rate_hz)].append(trace)
    if not pieces:
        raise RecordError(
            f"The {file_format.title} file holds no samples, only headers or text; export the seismograms themselves."
        )
    return [channel for codes, group in pieces.items() for channel in _channels(codes, group, tuple(notes))]


def read_traces(file_format: FileFormat, content: bytes) -> list[Any]:
    """Read the traces of a file as ObsPy has them, after a look at what its headers promise.

    Parameters
    ----------
    file_format : FileFormat
        From `formats.detect`.
    content : bytes
        The whole file.

    Returns
    -------
    list of obspy.Trace
        In the order of the file.
    """
    match file_format.name:
        case "SAC" | "SACXY":
            refuse_endless_longitudes(content, is_text=file_format.name == "SACXY")
        case "DMX":
            refuse_backward_steps(content)
        case "RG16":
            refuse_countless_slices(content)
    contents = gse_messages(content) if file_format.name in ("GSE1", "GSE2") else [content]
    traces: list[Any] = []
    for part in contents:
        # a small miniSEED file cannot promise enough to hurt, and reading its headers first takes as long as the rest
        is_harmless = file_format.name == "MSEED" and len(part) <= _HARMLESS
        headers = read_with_plugin("waveform", file_format, part, headonly=not is_harmless)
        counts = [int(trace.stats.npts) for trace in headers]
        refuse_empty_promises(counts, len(part))
        if file_format.name in ("GSE1", "GSE2") and min(counts) < 2:
            # its decoder takes differences between two samples and writes past the end of one
            raise RecordError("The GSE file has a message of fewer than two samples; export it with its data.")
        traces += headers if is_harmless else read_with_plugin("waveform", file_format, part)
    return traces


def _codes(trace: Any, number: int, count: int) -> tuple[str, str, str, str]:
    """Return the channel's codes with nothing but letters, digits, dots and dashes; a number where there are none."""
    stats = trace.stats
    network, station, location, channel = (
        plain_code(code) for code in (stats.network, stats.station, stats.location, stats.channel)
    )
    if count > 1 and not (network or station or location or channel):
        # the traces of an exploration file are so many geophones, not pieces of one channel
        station = f"T{number:04d}"
    return network, station, location, channel


def _channels(codes: tuple[str, str, str, str, float], traces: list[Any], notes: tuple[str, ...]) -> list[Channel]:
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
            Segment(start_time_ns=trace.stats.starttime.ns, samples=np.ascontiguousarray(trace.data, dtype=np.float64))
            for trace in traces
        ]
        stretches = merge(segments, sampling_rate_hz)
    return [
        Channel(
            waveform=Waveform(
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
                notes=notes,
            ),
            latitude=latitude,
            longitude=longitude,
            event=event_of_sac(traces[0].stats.sac) if "sac" in traces[0].stats else None,
        )
        for merged in stretches
    ]


_PLACES = (
    ("sac", "stla", "stlo"),
    ("gse2", "lat", "lon"),
    ("gse1", "lat", "lon"),
    ("knet", "stla", "stlo"),
    ("ah", "latitude", "longitude"),
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
