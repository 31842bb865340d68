"""Which file formats are read, and how a file's format is told from its content.

This list is the only door: a format that is not on it is not tried. Left out on purpose are PICKLE (reading one
executes code) and compressed archives (a small one may unpack to a disk full). CSS, NNSA KB Core and Seismic
Handler's Q come in two files, of which one points to the other: see `paired`.
"""

import io
import tempfile
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from trova_widgets.errors import RecordError
from trova_widgets.records.files.looks import look_of
from trova_widgets.records.files.obspy_plugins import PluginKind, plugin


@dataclass(frozen=True)
class FileFormat:
    """One format that ObsPy reads.

    Attributes
    ----------
    name : str
        ObsPy's name of it.
    title : str
        What people call it.
    by_name : bool
        Whether ObsPy's reader wants the name of a file and does not take the bytes.
    """

    name: str
    title: str
    by_name: bool = False


WAVEFORM_FORMATS = (
    FileFormat("MSEED", "miniSEED"),
    FileFormat("SAC", "SAC"),
    FileFormat("GSE2", "GSE2"),
    FileFormat("GSE1", "GSE1"),
    FileFormat("SEGY", "SEG-Y"),
    FileFormat("SEG2", "SEG-2"),
    FileFormat("WAV", "WAV"),
    FileFormat("SH_ASC", "Seismic Handler ASCII"),
    FileFormat("SLIST", "sample list"),
    FileFormat("TSPAIR", "time-sample pairs"),
    FileFormat("SACXY", "alphanumeric SAC"),
    FileFormat("AH", "AH"),
    FileFormat("KNET", "K-NET ASCII"),
    FileFormat("KINEMETRICS_EVT", "Kinemetrics EVT"),
    FileFormat("REFTEK130", "RefTek 130"),
    FileFormat("SU", "Seismic Unix"),
    FileFormat("GCF", "Guralp GCF"),
    FileFormat("CYBERSHAKE", "CyberShake"),
    FileFormat("RG16", "Receiver Gather 1.6"),
    FileFormat("SEISAN", "SEISAN", by_name=True),
    FileFormat("PDAS", "PDAS", by_name=True),
    FileFormat("Y", "Nanometrics Y", by_name=True),
    FileFormat("DMX", "INGV DMX", by_name=True),
    FileFormat("WIN", "WIN", by_name=True),
    FileFormat("ALSEP_PSE", "Apollo passive seismic tape", by_name=True),
    FileFormat("ALSEP_WTN", "Apollo work tape", by_name=True),
    FileFormat("ALSEP_WTH", "Apollo work tape, high rate", by_name=True),
)
"""Formats of seismograms, in the order in which they are tried: sure signatures first, guesses last."""

PAIRED_FORMATS = (
    FileFormat("CSS", "CSS 3.0", by_name=True),
    FileFormat("NNSA_KB_CORE", "NNSA KB Core", by_name=True),
    FileFormat("Q", "Seismic Handler Q", by_name=True),
)
"""Formats of seismograms whose headers and samples are files of their own, read by `paired`."""

CATALOG_FORMATS = (
    FileFormat("QUAKEML", "QuakeML"),
    FileFormat("SCML", "SeisComP ML"),
    FileFormat("IMS10BULLETIN", "ISF/IMS 1.0 bulletin"),
    FileFormat("NDK", "NDK"),
    FileFormat("CMTSOLUTION", "CMTSOLUTION"),
    FileFormat("SCARDEC", "SCARDEC"),
    FileFormat("FNETMT", "F-net moment tensors"),
    FileFormat("NORDIC", "Nordic"),
    FileFormat("GSE2", "GSE2.0 bulletin", by_name=True),
    FileFormat("NLLOC_HYP", "NonLinLoc hypocentre", by_name=True),
    FileFormat("HYPODDPHA", "HypoDD phases", by_name=True),
    FileFormat("MCHEDR", "PDE bulletin", by_name=True),
    FileFormat("FOCMEC", "FOCMEC", by_name=True),
    FileFormat("EVT", "Seismic Handler EVT", by_name=True),
    FileFormat("ZMAP", "ZMAP"),
)
"""Formats of catalogues that ObsPy reads; tables (CSV) have a reader of their own."""

INVENTORY_FORMATS = (
    FileFormat("STATIONXML", "StationXML"),
    FileFormat("SCML", "SeisComP ML"),
    FileFormat("INVENTORYXML", "ArcLink inventory XML"),
    FileFormat("STATIONTXT", "FDSN station text"),
    FileFormat("XSEED", "XML-SEED"),
    FileFormat("SEED", "dataless SEED"),
)
"""Formats of inventories, which tell where stations stand."""

_LISTS = {
    "waveform": (
        "waveform",
        WAVEFORM_FORMATS,
        "give a catalogue or an inventory as such, and convert other seismograms to miniSEED with ObsPy",
    ),
    "event": (
        "catalogue",
        CATALOG_FORMATS,
        "export it as QuakeML, or as a table (CSV) whose first line names its columns, among them event_id or time",
    ),
    "inventory": ("inventory", INVENTORY_FORMATS, "export it as StationXML"),
}

_PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"PK\x03\x04": "zip",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstandard",
}


class UnknownFormatError(RecordError):
    """The content is in none of the formats of the list."""


def readable_formats() -> dict[str, tuple[str, ...]]:
    """Return what people call the formats that are read, by what they hold.

    Examples
    --------
    >>> readable_formats()["inventories"][:2]
    ('StationXML', 'SeisComP ML')
    """
    formats = {
        "seismograms": WAVEFORM_FORMATS + PAIRED_FORMATS,
        "catalogues": CATALOG_FORMATS,
        "inventories": INVENTORY_FORMATS,
    }
    titles = {what: tuple(item.title for item in listed) for what, listed in formats.items()}
    return {**titles, "catalogues": (*titles["catalogues"], "tables (CSV)")}


def detect(kind: PluginKind, content: bytes) -> FileFormat:
    r"""Tell the format of a file from its content; its name plays no part.

    Parameters
    ----------
    kind : {"waveform", "event", "inventory"}
        Whether seismograms, a catalogue or an inventory are expected.
    content : bytes
        The whole file.

    Returns
    -------
    FileFormat
        The first of the list whose check says yes.

    Raises
    ------
    UnknownFormatError
        When none does.
    RecordError
        When the content is a compressed archive, a pickle, or XML that declares a document type.

    Examples
    --------
    >>> detect("event", b"BEGIN IMS2.0\nMSG_TYPE DATA\nDATA_TYPE BULLETIN IMS1.0:short\n").title
    'ISF/IMS 1.0 bulletin'
    """
    _refuse_packed(content)
    if kind != "waveform" and _is_xml(content):
        _refuse_document_type(content)
    what, formats, way_out = _LISTS[kind]
    for candidate in formats:
        if _is_of(kind, candidate, content):
            return candidate
    if kind != "waveform" and _is_xml(content):
        _refuse_malformed(expat.ParserCreate(), content)
    raise UnknownFormatError(
        f"The content is {look_of(content)}, in none of the {what} formats that Trova reads (trova import --formats "
        f"lists them); {way_out}."
    )


def read_with_plugin(kind: PluginKind, file_format: FileFormat, content: bytes, **options: Any) -> Any:
    """Read content whose format is known with ObsPy's reader of that format.

    Parameters
    ----------
    kind : {"waveform", "event", "inventory"}
        What is read.
    file_format : FileFormat
        The format, from `detect`.
    content : bytes
        The whole file.
    **options
        Handed to ObsPy's reader, ``headonly=True`` for instance.

    Returns
    -------
    obspy.Stream, obspy.Catalog or obspy.Inventory
        What ObsPy makes of it.

    Raises
    ------
    RecordError
        When the reader fails.
    """
    reader = plugin(kind, file_format.name, "readFormat")
    try:
        return _call(reader, file_format, content, **options)
    except Exception as error:
        # readers of twenty authors, met with damaged bytes, raise whatever comes
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise RecordError(
            f"ObsPy cannot read this {file_format.title} file: {reason.rstrip('.')}. "
            f"The file is damaged or cut short; fetch it again from its source."
        ) from error


def _is_of(kind: PluginKind, candidate: FileFormat, content: bytes) -> bool:
    check = plugin(kind, candidate.name, "isFormat")
    try:
        return bool(_call(check, candidate, content))
    except Exception:
        # a check that stumbles over the content has not recognised it
        return False


def _call(function: Callable[..., Any], file_format: FileFormat, content: bytes, **options: Any) -> Any:
    if not file_format.by_name:
        return function(io.BytesIO(content), **options)
    with tempfile.TemporaryDirectory(prefix="trova-") as folder:
        path = Path(folder) / "content"
        path.write_bytes(content)
        try:
            return function(str(path), **options)
        except Exception as error:
            # some readers leave the file open when they fail, until somebody forgets their frames
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)
                traceback.clear_frames(error.__traceback__)
            raise


def _refuse_packed(content: bytes) -> None:
    for signature, title in _PACKED.items():
        if content.startswith(signature):
            raise RecordError(f"The content is a {title} archive; unpack it and take in the files inside.")
    if content.startswith(b"\x89HDF\r\n\x1a\n"):
        raise RecordError(
            "The content is an HDF5 file, which says nothing of its traces; put the metadata.csv of the SeisBench data "
            "set beside its waveforms.hdf5."
        )
    if content[257:262] == b"ustar":
        raise RecordError("The content is a tar archive; unpack it and take in the files inside.")
    # protocols 2 to 5 begin with the opcode PROTO and end with STOP
    if len(content) > 2 and content[0] == 0x80 and content[1] <= 5 and content.rstrip(b"\0").endswith(b"."):
        raise RecordError(
            "The content is a Python pickle, and reading a pickle can execute code; write the records as "
            "miniSEED with ObsPy where they come from."
        )


def _is_xml(content: bytes) -> bool:
    # byte order marks, the zero bytes of UTF-16 and blanks may stand before the first bracket
    return content[:256].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def _refuse_document_type(content: bytes) -> None:
    """Look at an XML file up to its root element: entities can only be declared before it."""

    class RootReachedError(Exception):
        pass

    def stop_at_root(name: str, attributes: dict[str, str]) -> None:
        raise RootReachedError

    def refuse(*declaration: object) -> None:
        raise RecordError(
            "The XML declares a document type, through which entities can fill the memory or read other files; "
            "QuakeML needs none, so delete the DOCTYPE declaration."
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = stop_at_root
    parser.StartDoctypeDeclHandler = refuse
    with suppress(RootReachedError):
        _refuse_malformed(parser, content)


def _refuse_malformed(parser: expat.XMLParserType, content: bytes) -> None:
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnknownFormatError(
            f"The content begins like XML but is not well formed ({error}): it is damaged or cut short; export it "
            "again, or fetch it again from its source."
        ) from error
