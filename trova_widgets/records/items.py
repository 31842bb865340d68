"""What comes out of taking in: a record, a file left out, or one that was there before."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.stations import StationPlaces
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.waveform import Waveform


@dataclass(frozen=True, kw_only=True, eq=False)
class TakenIn:
    """One channel of one file, ready to be kept.

    Attributes
    ----------
    file_hash : str
        Identity of `content`, 20 hexadecimal digits.
    source_path : Path
        The file it came from.
    content : bytes
        The file as it came, or the miniSEED excerpt of a long one.
    suffix : str
        What the name of a file with this content ends in; letters and digits after a dot, or nothing.
    trace_index : int
        The channel's place in ``read_waveforms(content)``.
    waveform : Waveform
        The seismogram.
    event : SeismicEvent or None
        The event it shows, where one was found.
    event_class : str or None
        The class, where the event's type has one or the caller gave one.
    parameters : dict of str to float
        From `quality.quality_parameters`, and ``station_latitude`` and ``station_longitude`` where the file tells them.
    """

    file_hash: str
    source_path: Path
    content: bytes = field(repr=False)
    suffix: str
    trace_index: int
    waveform: Waveform
    event: SeismicEvent | None
    event_class: str | None
    parameters: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """Seismograms of one event that a data centre sent.

    Attributes
    ----------
    path : Path
        What stands for it in a report; there is no such file.
    content : bytes
        As they were sent.
    event : SeismicEvent
        The event.
    places : StationPlaces
        Where the stations stand.
    """

    path: Path
    content: bytes = field(repr=False)
    event: SeismicEvent
    places: StationPlaces


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A file, or a channel of it, that was left out.

    Attributes
    ----------
    path : Path
        The file.
    reason : str
        A sentence that says why.
    way_out : str
        A sentence that says what can be done about it.
    """

    path: Path
    reason: str
    way_out: str


@dataclass(frozen=True, kw_only=True)
class AlreadyThere:
    """A file whose content is known.

    Attributes
    ----------
    path : Path
        The file.
    file_hash : str
        Identity of its content.
    """

    path: Path
    file_hash: str


def printed(text: object) -> str:
    r"""Return a text, the name of a file for instance, as every screen and every file takes it.

    A name on the disk may be any bytes: control characters would steer a terminal, and what is no UTF-8 fits no table.

    Examples
    --------
    >>> print(printed("APA\x1b[2J.mseed"))
    APA\x1b[2J.mseed
    """
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in str(text))


def plain_suffix(path: Path) -> str:
    """Return a file's suffix where it is one that any system takes, else nothing.

    Examples
    --------
    >>> plain_suffix(Path("APA.MSEED")), plain_suffix(Path("APA.<b>"))
    ('.mseed', '')
    """
    suffix = path.suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,10}", suffix) else ""


def rejection(path: Path, error: RecordError | OSError) -> Rejection:
    """Return the rejection that an error of a file's reader means."""
    if isinstance(error, OSError):
        return Rejection(
            path=path,
            reason=f"The file cannot be opened: {error.strerror or error}.",
            way_out="Give yourself the right to read it, or leave it out.",
        )
    return Rejection(path=path, **sentences(str(error)))


def sentences(message: str) -> dict[str, str]:
    """Cut an error's message into its reason and its way out, each a sentence.

    Examples
    --------
    >>> sentences("The file is empty; fetch it again.")
    {'reason': 'The file is empty.', 'way_out': 'Fetch it again.'}
    """
    reason, _, way_out = message.rpartition("; ")
    if not reason:
        return {"reason": message.rstrip(".") + ".", "way_out": "Correct the file, or leave it out."}
    return {"reason": reason.rstrip(".") + ".", "way_out": way_out[:1].upper() + way_out[1:]}
