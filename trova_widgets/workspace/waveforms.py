"""The waveform files of a workspace: the bytes as they came, named by their content."""

import ctypes
import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from trova_widgets.atomic import replacing
from trova_widgets.errors import RecordError, StoreError
from trova_widgets.processes import ProcessIdentity, identity_of_process
from trova_widgets.records import Waveform, indexed_waveforms

# files that are being written, so that those of a killed process are easily told
_PARTIAL = ".partial"
_WRITES_OUT_AT_ONCE = hasattr(os, "sync")
# while a format is read, its reader's warnings are caught, and the filters of warnings belong to all threads
_parsing = threading.Lock()


class WaveformFolder:
    """A folder of waveform files, each under the first two digits of its hash.

    The files keep their bytes and their suffix, so that ObsPy and other tools read them where they lie.

    Parameters
    ----------
    path : Path
        The folder, made when the first file comes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # stations of one event often share a file; a page asks for the same one again and again
        self._read = lru_cache(maxsize=32)(self._read_file)

    def __reduce__(self) -> tuple[type["WaveformFolder"], tuple[Path]]:
        """Travel to another process as the folder, without what was read of it here."""
        return WaveformFolder, (self.path,)

    def name_for(self, file_hash: str, suffix: str) -> str:
        """Return the name, relative to the folder, of a file with this content."""
        return f"{file_hash[:2]}/{file_hash}{suffix}"

    def keep(self, name: str, content: bytes) -> None:
        """Write a file so that it is either whole or not there; `settle` makes many of them outlast a power cut.

        Raises
        ------
        StoreError
            When the disk is full or cannot be written to.
        """
        target = self.path / name
        # after a power cut, a file that had not been settled may be there and be short
        with suppress(OSError):
            if target.stat().st_size == len(content):
                return
        writer = _this_process(os.getpid())
        partial = self.path / _PARTIAL / f"{writer.pid}-{writer.began}-{target.name}"
        try:
            try:
                _write(partial, target, content)
            except FileNotFoundError:
                partial.parent.mkdir(parents=True, exist_ok=True)
                target.parent.mkdir(exist_ok=True)
                _write(partial, target, content)
        except OSError as error:
            raise StoreError(
                f"The waveform file {name} cannot be kept in {self.path}: {error.strerror}; make room or mend the "
                "folder, then import again: what was taken in stays, and what is missing is added."
            ) from None

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield every file of the folder, by the name that rows have for it."""
        for path in self.path.rglob("*"):
            if path.is_file():
                yield path.relative_to(self.path).as_posix(), path

    def hashes(self) -> set[str]:
        """Return the identities of the contents that are there, told from the files' names."""
        if not self.path.exists():
            return set()
        # not through Path, which makes an object of each of a hundred thousand names
        folders = [folder for folder in os.scandir(self.path) if folder.is_dir()]
        return {file.name.partition(".")[0] for folder in folders for file in os.scandir(folder)}

    def settle(self) -> None:
        """Wait until all files are on the disk: one wait for hundreds of files, where one each takes ten times longer.

        Where a system has no such wait, as Windows, each file was waited for when it was written.

        Raises
        ------
        StoreError
            When the disk fails.
        """
        if not (_WRITES_OUT_AT_ONCE and self.path.exists()):
            return
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            write_out(descriptor)
        except OSError as error:
            raise StoreError(
                f"The waveform files in {self.path} cannot be written out: {error.strerror}; make room or mend the "
                "disk, then import again."
            ) from None
        finally:
            os.close(descriptor)

    def forget_partials(self) -> None:
        """Remove what processes that have died were writing."""
        for partial in (self.path / _PARTIAL).glob("*"):
            # an older program noted the number of the process alone
            noted = re.match(r"(\d+)-(?:(\d+\.\d+)-)?", partial.name)
            if noted is not None:
                writer = ProcessIdentity(pid=int(noted[1]), began=None if noted[2] is None else float(noted[2]))
            if noted is None or not writer.is_alive:
                partial.unlink(missing_ok=True)

    def waveform(self, name: str, trace_index: int) -> Waveform:
        """Read one channel of a kept file, or return it as it was read a moment ago.

        Raises
        ------
        RecordError
            When the file is gone or no longer holds that channel.
        """
        return self._channel(self._read(name), name, trace_index)

    def waveforms(self, name: str, trace_indices: Iterable[int]) -> Iterator[Waveform | RecordError]:
        """Read some channels of a kept file, and yield each, or why it is not there; none of them is remembered."""
        try:
            channels = self._read_file(name)
        except RecordError as error:
            yield from (error for _ in trace_indices)
            return
        for trace_index in trace_indices:
            try:
                yield self._channel(channels, name, trace_index)
            except RecordError as error:
                yield error

    def _read_file(self, name: str) -> list[Waveform]:
        try:
            content = (self.path / name).read_bytes()
        except FileNotFoundError:
            raise RecordError(
                f"The waveform file {name} is missing from {self.path}; import its archive again to restore it."
            ) from None
        with _parsing:
            return indexed_waveforms(content)

    def _channel(self, channels: Sequence[Waveform], name: str, trace_index: int) -> Waveform:
        try:
            return channels[trace_index]
        except IndexError:
            raise RecordError(
                f"The waveform file {name} has no channel number {trace_index}; import its archive again."
            ) from None


def _write(partial: Path, target: Path, content: bytes) -> None:
    with replacing(target, partial), partial.open("wb") as stream:
        stream.write(content)
        if not _WRITES_OUT_AT_ONCE:
            stream.flush()
            os.fsync(stream.fileno())


@lru_cache(maxsize=1)
def _this_process(pid: int) -> ProcessIdentity:
    # by its number, because a process that is forked off has another one
    return identity_of_process(pid)


def write_out(descriptor: int) -> None:
    """Write out all that waits for the disk of an open file: that file system alone where the system offers it.

    Raises
    ------
    OSError
        When the disk fails.
    """
    synchronise = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if synchronise is None:
        os.sync()
    elif synchronise(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
