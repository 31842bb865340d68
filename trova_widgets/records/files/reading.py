"""Seismograms out of files: read by ObsPy, put together by channel, with what the headers say of station and event."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from trova_widgets.errors import RecordError
from trova_widgets.records.encodings import decoded
from trova_widgets.records.files.baykal import read_baykal
from trova_widgets.records.files.channels import Channel, channels_of
from trova_widgets.records.files.formats import FileFormat, detect, read_with_plugin
from trova_widgets.records.files.guards import (
    gse_messages,
    refuse_backward_steps,
    refuse_countless_slices,
    refuse_empty_promises,
    refuse_endless_longitudes,
    refuse_large,
)
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.records.files.pieces import parts_of
from trova_widgets.records.letters import printable
from trova_widgets.records.waveform import Waveform

# where a SAC file names its event
_SAC_EVENT_NAME = slice(448, 464)
# 64 KiB hold at most 512 records of miniSEED, of 65,535 samples each: 134 MB
_HARMLESS = 2**16


@dataclass(frozen=True, kw_only=True, eq=False)
class TraceFile:
    """A file of seismograms as its reader has it.

    Attributes
    ----------
    file_format : FileFormat
        Its format.
    traces : list of obspy.Trace
        Those that hold numbers, in the order of the file; pieces of a channel are not put together yet.
    problems : tuple of str
        A sentence for each part of the file that was left out.
    notes : tuple of str
        What ObsPy remarked while it read the file.
    """

    file_format: FileFormat
    traces: list[Any]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    def channels(self) -> "tuple[list[Channel], tuple[str, ...]]":
        """Put the pieces of each channel together.

        Returns
        -------
        channels : list of Channel
            In the order of the file: the same whenever the same content is read.
        problems : tuple of str
            A sentence for each channel that cannot be one, of which a sample is not finite for instance.
        """
        channels: list[Channel] = []
        problems: list[str] = []
        for codes, part, is_superseded in parts_of(self.traces):
            wrong: list[str] = []
            try:
                found = channels_of(codes, part, self.notes, wrong)
            except RecordError as error:
                found = []
                wrong.append(str(error))
            channels += [replace(channel, is_superseded=is_superseded) for channel in found] if is_superseded else found
            problems += [] if is_superseded else wrong
        return channels, tuple(problems)


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
    return [channel.waveform for channel in read_channels(content_of(source)) if not channel.is_superseded]


def sound_waveforms(content: bytes) -> tuple[list[tuple[int, Waveform]], tuple[str, ...]]:
    """Read the channels of a file that can be read, and say of the others why they cannot.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    waveforms : list of (int, Waveform)
        With the places that records refer to.
    problems : tuple of str
        A sentence for each channel or part that was left out.

    Raises
    ------
    RecordError
        When the format is unknown or the file damaged.
    """
    opened = open_traces(content)
    channels, problems = opened.channels()
    found = [(index, channel.waveform) for index, channel in enumerate(channels) if not channel.is_superseded]
    return found, (*opened.problems, *problems)


def indexed_waveforms(content: bytes) -> list[Waveform]:
    """Read every channel of a kept file in the order that the places of records refer to, superseded ones as well."""
    return [channel.waveform for channel in read_channels(content)]


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
        At least one; those that cannot be read are left out.
    """
    opened = open_traces(content)
    channels, problems = opened.channels()
    if not channels:
        raise RecordError((*opened.problems, *problems)[0])
    return channels


def open_traces(content: bytes) -> TraceFile:
    """Read the traces of a file, whatever else of it cannot be read.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    RecordError
        When the format is unknown, the file damaged, or nothing of it is a seismogram.
    """
    with remarks():
        # what the checks of other formats warn of is not about this file
        file_format = detect("waveform", content)
    problems: list[str] = []
    with remarks() as notes:
        traces = read_traces(file_format, content, problems)
    kept: list[Any] = []
    for trace in traces:
        if not len(trace.data):
            name = _name_of(trace, file_format)
            problems.append(f"The channel {name} holds no samples, only headers; export it again with them.")
        elif trace.data.dtype.kind not in "iuf":
            what = "text" if trace.data.dtype.kind in "SUO" else "no plain numbers"
            problems.append(f"The channel {_name_of(trace, file_format)} holds {what}, no seismogram; leave it out.")
        elif isinstance(trace.data, np.ma.MaskedArray):
            kept += list(trace.split())
        else:
            kept.append(trace)
    if not kept:
        raise RecordError(
            f"The {file_format.title} file holds no samples, only headers or text; export the seismograms themselves."
        )
    return TraceFile(file_format=file_format, traces=kept, problems=tuple(dict.fromkeys(problems)), notes=tuple(notes))


def _name_of(trace: Any, file_format: FileFormat) -> str:
    return printable(trace.id.strip(".") or file_format.title)


def read_traces(file_format: FileFormat, content: bytes, problems: list[str]) -> list[Any]:
    """Read the traces of a file as ObsPy has them, after a look at what its headers promise.

    Parameters
    ----------
    file_format : FileFormat
        From `formats.detect`.
    content : bytes
        The whole file.
    problems : list of str
        Gets a sentence for each message of a GSE file that cannot be read, where others can.

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
    if file_format.name == "BAYKAL":
        return read_baykal(content)
    if file_format.name not in ("GSE1", "GSE2"):
        return _read_part(file_format, content)
    traces: list[Any] = []
    failed: list[RecordError] = []
    for part in gse_messages(content, problems):
        try:
            traces += _read_part(file_format, part)
        except RecordError as error:
            failed.append(error)
    if failed and not traces:
        raise failed[0]
    problems += [str(error) for error in failed]
    return traces


def _read_part(file_format: FileFormat, part: bytes) -> list[Any]:
    # a small miniSEED file cannot promise enough to hurt, and reading its headers first takes as long as the rest
    is_harmless = file_format.name == "MSEED" and len(part) <= _HARMLESS
    headers = read_with_plugin("waveform", file_format, part, headonly=not is_harmless)
    counts = [int(trace.stats.npts) for trace in headers]
    refuse_empty_promises(counts, len(part))
    if file_format.name in ("GSE1", "GSE2") and min(counts) < 2:
        # its decoder takes differences between two samples and writes past the end of one
        raise RecordError("The GSE file has a message of fewer than two samples; export it with its data.")
    traces = list(headers if is_harmless else read_with_plugin("waveform", file_format, part))
    if file_format.name == "SAC" and not (name := part[_SAC_EVENT_NAME]).isascii():
        # ObsPy drops the letters that are none of ASCII's, and two names may then be one
        for trace in traces:
            trace.stats.sac["kevnm"] = decoded(name).text.strip("\0 ")
    return traces
