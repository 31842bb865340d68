"""What comes out of reading: a record, a part left out, a file that was there before, or one that is no record."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of_bytes
from trova_widgets.records.catalogues.stations import StationPlaces
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.remarks import Remark
from trova_widgets.records.waveform import Waveform


class Content(NamedTuple):
    """What a file holds, with its identity, which is made once.

    Attributes
    ----------
    data : bytes
        The whole file.
    file_hash : str
        Its identity.
    """

    data: bytes
    file_hash: str

    @classmethod
    def of(cls, data: bytes) -> "Content":
        """Return a content with its identity."""
        return cls(data, identity_of_bytes(data))


@dataclass(frozen=True, kw_only=True)
class Aside:
    """A file that is no record of its own.

    Attributes
    ----------
    path : Path
        The file.
    what : str
        What it is: ``"the catalogue"``, ``"hidden"``.
    """

    path: Path
    what: str


@dataclass(frozen=True, kw_only=True, eq=False)
class NewRecord:
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
        From `quality.quality_parameters`; ``station_latitude`` and ``station_longitude`` where the file tells them;
        ``no_reference_time`` (1) and ``clock_jitter_s`` where there is such a doubt.
    is_catalogued : bool
        Whether the event is one of the catalogue, and not what the file alone says.
    remarks : tuple of Remark
        What is to be known of it.
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
    is_catalogued: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """Seismograms of one event that a data centre sent, or that were computed.

    Attributes
    ----------
    path : Path
        What stands for it in a report; there need be no such file.
    content : bytes
        As they came.
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
class Computed:
    """Seismograms of one event that are computed where they are read, which may be another process.

    Attributes
    ----------
    path : Path
        What stands for it in a report; there is no such file.
    compute : callable
        Returns them; it can be pickled.
    """

    path: Path
    compute: Callable[[], Fetched]


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
    event : SeismicEvent or None
        The event that a table ties the file to, or that it was cut for.
    """

    path: Path
    file_hash: str
    event: SeismicEvent | None = None


Item = NewRecord | Rejection | AlreadyThere | Aside
"""What becomes of a file, or of a part of it."""


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
