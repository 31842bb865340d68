"""What is looked at before ObsPy's readers see a file: damage that would hang, crash or fill the memory.

ObsPy believes the headers. A damaged GSE file overruns a buffer in its C code, an absurd longitude in a SAC file
keeps it in a loop, and a header that promises a thousand million samples is given the memory for them.
"""

import struct
from collections.abc import Iterable

from trova_widgets.errors import RecordError

LARGEST_FILE = 256 * 2**20
"""Bytes of the largest file that is read; a day of one channel at 500 Hz fits."""

# the densest coding of the list, WIN's half a byte a sample, twice over
_SAMPLES_A_BYTE = 4

# positions, in 4-byte words, of SAC's stlo, evlo and header version, and the value that stands for "unknown"
_SAC_LONGITUDES = (32, 36)
_SAC_VERSION = 76
_SAC_HEADER = 632
_SAC_UNKNOWN = -12345.0

# what ObsPy's line buffer holds, the closing zero not counted
_GSE_LINE = 82
_GSE_STARTS = (b"WID1 ", b"WID2 ")
_GSE_ENDS = (b"CHK1 ", b"CHK2 ")


def refuse_large(size: int) -> None:
    """Refuse a file that is larger than `LARGEST_FILE`.

    Parameters
    ----------
    size : int
        The file's size in bytes.

    Raises
    ------
    RecordError
        When it is.
    """
    if size > LARGEST_FILE:
        raise RecordError(
            f"The file has {size / 2**20:.0f} MiB, expected at most {LARGEST_FILE / 2**20:.0f}; "
            f"cut it into shorter pieces, for instance one file a day and channel."
        )


def refuse_empty_promises(sample_counts: Iterable[int], size: int) -> None:
    """Refuse headers that declare more samples than the file has room for.

    Parameters
    ----------
    sample_counts : iterable of int
        The declared number of samples of each trace.
    size : int
        The file's size in bytes.

    Raises
    ------
    RecordError
        When they do.
    """
    declared = sum(max(count, 0) for count in sample_counts)
    if declared > _SAMPLES_A_BYTE * size:
        raise RecordError(
            f"The headers declare {declared} samples, more than {size} bytes can hold; the file is damaged or cut "
            f"short, fetch it again from its source."
        )


def refuse_endless_longitudes(content: bytes) -> None:
    """Refuse a SAC file whose longitudes are not degrees: ObsPy turns them by 360 until they fit, 1e30 for ever.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    RecordError
        When the station's or the event's longitude is beyond 360 degrees.
    """
    if len(content) < _SAC_HEADER:
        return
    # read in the wrong byte order, the version number is impossible
    order = "<" if 1 <= struct.unpack_from("<i", content, 4 * _SAC_VERSION)[0] <= 20 else ">"
    for word in _SAC_LONGITUDES:
        (longitude,) = struct.unpack_from(f"{order}f", content, 4 * word)
        if longitude != _SAC_UNKNOWN and not -360 <= longitude <= 360:
            raise RecordError(
                f"The SAC header gives the longitude {longitude:g}, expected -180 to 360 degrees; "
                f"correct stlo and evlo in the header."
            )


def gse_messages(content: bytes) -> list[bytes]:
    """Cut a GSE file into its messages, each from its WID line to its CHK line and safe to decode.

    ObsPy's decoder copies every line after the header into a buffer of 83 bytes, however long it is, and when data end
    early it reads on into the next message. So each message is handed over alone, and long lines are refused.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    list of bytes
        One message a trace.

    Raises
    ------
    RecordError
        When a message has no end, a data line is too long, or there is no message.
    """
    messages: list[list[bytes]] = []
    is_open = False
    for line in content.splitlines(keepends=True):
        if line.startswith(_GSE_STARTS):
            if is_open:
                break
            messages.append([])
            is_open = True
        if is_open:
            messages[-1].append(line)
            is_open = not line.startswith(_GSE_ENDS)
    if is_open or not messages:
        raise RecordError(
            f"Message {max(len(messages), 1)} of the GSE file has no CHK line; the file is cut short, fetch it again."
        )
    for number, lines in enumerate(messages, start=1):
        for line in lines[2:] if lines[0].startswith(b"WID1") or lines[1].startswith(b"STA2") else lines[1:]:
            if len(line.rstrip(b"\r\n")) + 2 > _GSE_LINE:
                raise RecordError(
                    f"Message {number} of the GSE file has a line of {len(line)} characters, expected at most 80; "
                    f"the file is damaged, fetch it again."
                )
    return [b"".join(lines) for lines in messages]
