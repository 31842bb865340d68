"""Seismograms that come as two files: headers in one, samples in another that the headers name.

Such a pair is kept as miniSEED, since no single file of it can be read alone. The headers may name any path of this
machine: only files beside them are opened.
"""

from collections.abc import Iterator
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.files.formats import PAIRED_FORMATS, FileFormat
from trova_widgets.records.files.guards import refuse_empty_promises, refuse_large
from trova_widgets.records.files.miniseed import Written, write_miniseed
from trova_widgets.records.files.obspy_plugins import plugin, remarks

# where a line of CSS and of NNSA KB Core names the folder and the file
_DIRECTORY = {"CSS": slice(148, 212), "NNSA_KB_CORE": slice(149, 213)}
_FILE = {"CSS": slice(213, 245), "NNSA_KB_CORE": slice(214, 246)}
_SUFFIXES = {".wfdisc", ".qhd"}


def paired_format(path: Path) -> FileFormat | None:
    """Return the format of a file of headers, None for every other file.

    Parameters
    ----------
    path : Path
        The file; its suffix says whether it is looked into at all, as ObsPy's checks are slow.
    """
    if path.suffix.lower() not in _SUFFIXES:
        return None
    for candidate in PAIRED_FORMATS:
        if plugin("waveform", candidate.name, "isFormat")(str(path)):
            return candidate
    return None


def companions_of(path: Path) -> tuple[Path, ...]:
    """Return the files of samples that a file of headers names, wherever they lie; none for every other file."""
    file_format = paired_format(path)
    return () if file_format is None else tuple(dict.fromkeys(_companions(path, file_format)))


def read_pair(path: Path, file_format: FileFormat) -> Written:
    """Read the seismograms whose headers a file has.

    Parameters
    ----------
    path : Path
        The headers.
    file_format : FileFormat
        From `paired_format`.

    Returns
    -------
    Written
        Its seismograms as miniSEED.

    Raises
    ------
    RecordError
        When a file that the headers name is missing, lies elsewhere, or cannot be read.
    """
    refuse_large(path.stat().st_size)
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
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise RecordError(
            f"ObsPy cannot read this {file_format.title} file: {reason.rstrip('.')}; "
            f"it or its companion is damaged or cut short, fetch both again from their source."
        ) from error
    size = sum(companion.stat().st_size for companion in companions)
    refuse_empty_promises([int(trace.stats.npts) for trace in traces], size)
    if not traces:
        raise RecordError("The file holds headers of no seismogram; export it again with its samples.")
    return write_miniseed(traces)


def _companions(path: Path, file_format: FileFormat) -> Iterator[Path]:
    if file_format.name == "Q":
        yield path.with_suffix(".QBN")
        return
    for line in path.read_bytes().splitlines():
        words = (line[where[file_format.name]].strip().decode(errors="replace") for where in (_DIRECTORY, _FILE))
        named = path.parent.joinpath(*words)
        # what is not there may be there compressed, and a small archive may unpack to a disk full
        yield named
