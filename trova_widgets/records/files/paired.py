"""Seismograms that come as two files: headers in one, samples in another that the headers name.

Such a pair is kept as miniSEED, since no single file of it can be read alone. The headers may name any path of this
machine: only files beside them are opened.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.records.files.formats import PAIRED_FORMATS, FileFormat, unreadable
from trova_widgets.records.files.guards import refuse_empty_promises, refuse_large
from trova_widgets.records.files.obspy_plugins import plugin, remarks
from trova_widgets.records.files.wfdisc import wfdisc_format, wfdisc_lines, wfdisc_traces

_TABLE, _HEADERS = ".wfdisc", ".qhd"


def paired_format(path: Path) -> FileFormat | None:
    """Return the format of a file of headers, None for every other file.

    Parameters
    ----------
    path : Path
        The file; its suffix says whether it is looked into at all, as ObsPy's checks are slow.
    """
    suffix = path.suffix.lower()
    if suffix == _TABLE:
        name = wfdisc_format(content_of_headers(path))
    elif suffix == _HEADERS:
        name = "Q" if plugin("waveform", "Q", "isFormat")(str(path)) else None
    else:
        return None
    return next((candidate for candidate in PAIRED_FORMATS if candidate.name == name), None)


def content_of_headers(path: Path) -> bytes:
    """Return the content of a file of headers, nothing of one that cannot be read."""
    try:
        refuse_large(path.stat().st_size)
        return path.read_bytes()
    except (OSError, RecordError):
        # it is told when the file itself is read
        return b""


def companions_of(path: Path) -> tuple[Path, ...]:
    """Return the files of samples that a file of headers names, wherever they lie; none for every other file."""
    file_format = paired_format(path)
    return () if file_format is None else tuple(dict.fromkeys(_companions(path, file_format)))


def read_pair(path: Path, file_format: FileFormat) -> tuple[list[Any], tuple[str, ...]]:
    """Read the seismograms whose headers a file has.

    Parameters
    ----------
    path : Path
        The headers.
    file_format : FileFormat
        From `paired_format`.

    Returns
    -------
    traces : list of obspy.Trace
        Its seismograms; at least one.
    problems : tuple of str
        A sentence for each line of a table whose seismogram was left out.

    Raises
    ------
    RecordError
        When a file that the headers name is missing, lies elsewhere, or cannot be read; of a table, when this is so for
        all of its lines.
    """
    refuse_large(path.stat().st_size)
    if file_format.name != "Q":
        problems: list[str] = []
        lines = wfdisc_lines(path.read_bytes(), file_format.name, problems)
        found = list(wfdisc_traces(path.parent, lines, problems))
        if not found:
            raise RecordError((*problems, "The file holds headers of no seismogram; export it again.")[0])
        return found, tuple(problems)
    companions = tuple(dict.fromkeys(_companions(path, file_format)))
    for companion in companions:
        if not companion.is_file():
            raise RecordError(
                f"The headers name the file {companion.name}, which is not beside them; put both into one folder."
            )
        if not companion.resolve().is_relative_to(path.parent.resolve()):
            raise RecordError(
                f"The headers name the file {companion}, which lies outside of their folder; put both into one folder."
            )
        refuse_large(companion.stat().st_size)
    try:
        with remarks():
            traces = list(plugin("waveform", file_format.name, "readFormat")(str(path)))
    except Exception as error:
        raise RecordError(unreadable(file_format.title, error, "pair of files")) from error
    size = sum(companion.stat().st_size for companion in companions)
    refuse_empty_promises([int(trace.stats.npts) for trace in traces], size)
    if not traces:
        raise RecordError("The file holds headers of no seismogram; export it again with its samples.")
    return traces, ()


def _companions(path: Path, file_format: FileFormat) -> Iterator[Path]:
    if file_format.name == "Q":
        yield path.with_suffix(".QBN")
        return
    for line in wfdisc_lines(content_of_headers(path), file_format.name):
        # what is not there may be there compressed, and a small archive may unpack to a disk full
        yield path.parent / line.folder / line.file
