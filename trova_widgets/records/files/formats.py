"""Which file formats are read, and how a file's format is told from its content.

This list is the only door: a format that is not on it is not tried. Left out on purpose are PICKLE (reading one
executes code) and compressed archives (a small one may unpack to a disk full). CSS, NNSA KB Core and Seismic
Handler's Q come in two files, of which one points to the other: see `paired`.
"""

import io
import re
import tempfile
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from trova_widgets.errors import RecordError
from trova_widgets.records.files.baykal import is_baykal
from trova_widgets.records.files.obspy_plugins import PluginKind, plugin
from trova_widgets.records.files.signatures import describe_content


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

OWN_FORMATS = (FileFormat("BAYKAL", "Baykal (.xx, .00)"),)
"""Formats of seismograms with a reader of Trova's own; their checks are strict, so that they are tried first."""

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

# the way out where a file of each kind cannot be read
_AGAIN: Mapping[PluginKind, str] = {
    "waveform": "convert it to miniSEED",
    "event": "export it as QuakeML or as a table (CSV)",
    "inventory": "export it as StationXML",
}

_PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"PK\x03\x04": "zip",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstandard",
}


# what readers say of encodings, versions and layouts that they were not written for
_FLAVOUR = re.compile(
    r"not (yet )?(been )?(supported|implemented)|unsupported|"
    r"unknown (data )?(encoding|format|type|compression|version)|"
    r"(encoding|format|compression|version|sample type)\b.{0,40}\b(is )?(not (known|supported|implemented)|unknown)|"
    r"cannot (be )?(handled?|decoded?) .*(encoding|format)|only .{0,40} (is|are) supported|has not yet been tested",
    re.IGNORECASE,
)


# how files of events begin, by the names of their formats
_CATALOGUE_ROOTS = {"quakeml": "QUAKEML", "seiscomp": "SCML"}


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
        "seismograms": WAVEFORM_FORMATS + PAIRED_FORMATS + OWN_FORMATS,
        "catalogues": CATALOG_FORMATS,
        "inventories": INVENTORY_FORMATS,
    }
    titles = {what: tuple(item.title for item in listed) for what, listed in formats.items()}
    own = ("tables (CSV)", "CSS 3.0 event tables (.origin)", "bulletin of the Geophysical Survey of RAS (Obninsk)")
    return {**titles, "catalogues": (*titles["catalogues"], *own)}


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
    if not content:
        raise UnknownFormatError("The file is empty; fetch it again from its source, or leave it out.")
    refuse_packed(content)
    if kind != "waveform" and _is_xml(content):
        _refuse_document_type(content)
    what, formats, way_out = _LISTS[kind]
    if kind == "waveform" and is_baykal(content):
        return OWN_FORMATS[0]
    for candidate in formats:
        if _is_of(kind, candidate, content):
            return candidate
    if kind != "waveform" and _is_xml(content):
        try:
            _refuse_malformed(expat.ParserCreate(), content)
        except UnknownFormatError:
            # of a catalogue that is cut short, the events before that are sound
            if kind == "event" and (named := _CATALOGUE_ROOTS.get(root_of(content))) is not None:
                return next(candidate for candidate in formats if candidate.name == named)
            raise
    raise UnknownFormatError(
        f"The content is {describe_content(content)}, in none of the {what} formats that Trova reads "
        f"(trova import --formats lists them); {way_out}."
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
        raise RecordError(unreadable(file_format.title, error, way_out=_AGAIN[kind])) from error


def root_of(content: bytes) -> str:
    r"""Return the name of an XML file's root element without its namespace, in small letters; of what is none, nothing.

    Parameters
    ----------
    content : bytes
        The file, or the beginning of it.

    Examples
    --------
    >>> root_of(b"<?xml version='1.0'?>\n<q:quakeml xmlns:q='http://quakeml.org/xmlns/quakeml/1.2'>")
    'quakeml'
    """
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: names.append(name)
    with suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(content, True)
    return names[0].rpartition(":")[2].lower() if names else ""


def unreadable(title: str, error: BaseException, what: str = "file", way_out: str = "") -> str:
    """Say what a reader of ObsPy's stumbled over, without calling damaged what it only does not know."""
    again = way_out or _AGAIN["waveform"]
    reason = (" ".join(str(error).split())[:300] or type(error).__name__).rstrip(".")
    if isinstance(error, NotImplementedError) or _FLAVOUR.search(reason):
        return (
            f"ObsPy does not know this flavour of {title}: {reason}. The {what} may well be sound; with the program "
            f"that wrote it, {again}."
        )
    return (
        f"ObsPy cannot read this {title} {what}: {reason}. The {what} is damaged, cut short or of a flavour that no "
        f"reader knows; fetch it again from its source, or, where it comes from, {again}."
    )


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


def refuse_packed(content: bytes) -> None:
    """Refuse a content that is an archive, a container or a pickle, by its signature.

    Raises
    ------
    RecordError
        When it is.
    """
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
