"""Files among seismograms that are none, and are known all the same: catalogues and inventories."""

from trova_widgets.records.catalogues.layout import is_table
from trova_widgets.records.catalogues.obninsk import is_obninsk
from trova_widgets.records.encodings import in_utf8
from trova_widgets.records.files.formats import root_of

_LOOKED_AT = 2**16
_CATALOGUES = {"quakeml": "QuakeML", "seiscomp": "SeisComP ML"}
_INVENTORIES = {"fdsnstationxml": "StationXML"}
_AS_CATALOGUE = "Give it as the catalogue of an import, or attach it: trova events --catalog FILE."


def recognised(content: bytes) -> tuple[str, str] | None:
    r"""Return what a file that holds no seismogram is, and the way out; None where that is not known.

    Parameters
    ----------
    content : bytes
        The whole file.

    Examples
    --------
    >>> recognised(b"event_id,time,lat,lon\nE1,2021-05-04,67,33\n")[0]
    'It is a table of events, no seismogram.'
    >>> recognised(b"Notes\n") is None
    True
    """
    beginning = content[:_LOOKED_AT]
    if beginning[:256].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        root = root_of(beginning)
        if root in _CATALOGUES:
            return f"It is a catalogue of events ({_CATALOGUES[root]}), no seismogram.", _AS_CATALOGUE
        if root in _INVENTORIES:
            title = _INVENTORIES[root]
            return (
                f"It is an inventory of stations ({title}), no seismogram.",
                "Give it as the inventory of an import: --stations FILE.",
            )
        return None
    if b"\0" in beginning[2:64] and not beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    text, _ = in_utf8(beginning)
    if is_table(text):
        return "It is a table of events, no seismogram.", _AS_CATALOGUE
    if is_obninsk(text.decode("utf-8", errors="replace")):
        return "It is a bulletin of events, no seismogram.", _AS_CATALOGUE
    return None
