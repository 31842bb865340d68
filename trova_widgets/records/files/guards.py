"""What is looked at before ObsPy's readers see a file: damage that would hang, crash or fill the memory.

ObsPy believes the headers. A damaged GSE file overruns a buffer in its C code, an absurd longitude in a SAC file
keeps it in a loop, and a header that promises a thousand million samples is given the memory for them.
"""

import re
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

# seventy numbers, five a line
_SAC_TEXT_LINES = 14

# sync character, machine, identity, length of the structure and of its data
_DMX_TAG = struct.Struct("<cchii")
# the header of a trace without samples
_RG16_SLICE = 20

# what ObsPy's line buffer holds, the closing zero not counted
_GSE_LINE = 82
_GSE_STARTS = (b"WID1 ", b"WID2 ")
_GSE_ENDS = (b"CHK1 ", b"CHK2 ")
_GSE_INTEGERS = re.compile(rb"^WID2 .{39}INT |^WID1 .{69}INTV")


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


def refuse_endless_longitudes(content: bytes, *, is_text: bool = False) -> None:
    """Refuse a SAC file whose longitudes are not degrees: ObsPy turns them by 360 until they fit, 1e30 for ever.

    Parameters
    ----------
    content : bytes
        The whole file.
    is_text : bool
        Whether it is alphanumeric SAC.

    Raises
    ------
    RecordError
        When the station's or the event's longitude is beyond 360 degrees.
    """
    for longitude in _sac_longitudes_of_text(content) if is_text else _sac_longitudes(content):
        if longitude != _SAC_UNKNOWN and not -360 <= longitude <= 360:
            raise RecordError(
                f"The SAC header gives the longitude {longitude:g}, expected -180 to 360 degrees; "
                f"correct stlo and evlo in the header."
            )


def _sac_longitudes(content: bytes) -> list[float]:
    if len(content) < _SAC_HEADER:
        return []
    # read in the wrong byte order, the version number is impossible
    order = "<" if 1 <= struct.unpack_from("<i", content, 4 * _SAC_VERSION)[0] <= 20 else ">"
    return [struct.unpack_from(f"{order}f", content, 4 * word)[0] for word in _SAC_LONGITUDES]


def _sac_longitudes_of_text(content: bytes) -> list[float]:
    try:
        numbers = [float(word) for line in content.splitlines()[:_SAC_TEXT_LINES] for word in line.split()]
        return [numbers[word] for word in _SAC_LONGITUDES]
    except (ValueError, IndexError):
        raise RecordError("The header of the alphanumeric SAC file is not 70 numbers; export the file again.") from None


def refuse_backward_steps(content: bytes) -> None:
    """Refuse a DMX file whose structures have a negative length: ObsPy would follow them backwards, round and round.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    RecordError
        When a length is negative.
    """
    position = 0
    while position + _DMX_TAG.size <= len(content):
        _, _, _, structure_size, data_size = _DMX_TAG.unpack_from(content, position)
        if structure_size < 0 or data_size < 0 or structure_size + data_size == 0:
            raise RecordError(
                f"The structure at byte {position} of the DMX file has the length {structure_size + data_size}, "
                f"expected more than 0; the file is damaged, fetch it again from its source."
            )
        position += _DMX_TAG.size + structure_size + data_size


def refuse_countless_slices(content: bytes) -> None:
    """Refuse a Receiver Gather file that declares more time slices than it has room for: ObsPy visits each of them.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    RecordError
        When it does.
    """
    # two digits in one byte; three headers of 32 bytes stand between the channel sets and the number
    channel_sets = 10 * (content[28] >> 4) + (content[28] & 15)
    position = 32 * (3 + channel_sets) + 16
    slices = int.from_bytes(content[position : position + 4], "big")
    if slices * _RG16_SLICE > len(content):
        raise RecordError(
            f"The header declares {slices} time slices, more than {len(content)} bytes can hold; the file is damaged "
            f"or cut short, fetch it again from its source."
        )


def gse_messages(content: bytes, problems: list[str]) -> list[bytes]:
    """Cut a GSE file into its messages, each from its WID line to its CHK line and safe to decode.

    ObsPy's decoder copies every line after the header into a buffer of 83 bytes, however long it is, and when data end
    early it reads on into the next message. So each message is handed over alone, and long lines are refused.

    Parameters
    ----------
    content : bytes
        The whole file.
    problems : list of str
        Gets a sentence for each message that is left out, where others are whole.

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
    wrong: dict[int, str] = {}
    is_open = False
    for line in content.splitlines(keepends=True):
        if line.startswith(_GSE_STARTS):
            if is_open:
                wrong[len(messages)] = _without_end(len(messages))
            messages.append([])
            is_open = True
        if is_open:
            messages[-1].append(line)
            is_open = not line.startswith(_GSE_ENDS)
    if is_open or not messages:
        wrong[len(messages)] = _without_end(max(len(messages), 1))
    for number, lines in enumerate(messages, start=1):
        if number in wrong or _GSE_INTEGERS.search(lines[0]):
            # plain integers go through no buffer
            continue
        has_station = lines[0].startswith(b"WID1") or (len(lines) > 1 and lines[1].startswith(b"STA2"))
        for line in lines[2:] if has_station else lines[1:]:
            if len(line.rstrip(b"\r\n")) + 2 > _GSE_LINE:
                wrong[number] = (
                    f"Message {number} of the GSE file has a line of {len(line)} characters, expected at most 80; "
                    f"the file is damaged, fetch it again."
                )
                break
    whole = [b"".join(lines) for number, lines in enumerate(messages, start=1) if number not in wrong]
    if not whole:
        raise RecordError(next(iter(wrong.values())))
    problems += wrong.values()
    return whole


def _without_end(number: int) -> str:
    return f"Message {number} of the GSE file has no CHK line; the file is cut short, fetch it again."
