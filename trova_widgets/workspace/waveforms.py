"""The waveform files of a workspace: the bytes as they came, named by their content."""

import os
from functools import lru_cache
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records import Waveform, read_waveforms


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

    def name_for(self, file_hash: str, source: Path) -> str:
        """Return the name, relative to the folder, of a file with this content."""
        return f"{file_hash[:2]}/{file_hash}{source.suffix.lower()}"

    def keep(self, name: str, content: bytes) -> None:
        """Write a file so that it is either whole or not there."""
        target = self.path / name
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)

    def waveform(self, name: str, trace_index: int) -> Waveform:
        """Read one channel of a kept file.

        Raises
        ------
        RecordError
            When the file is gone or no longer holds that channel.
        """
        try:
            return self._read(name)[trace_index]
        except FileNotFoundError:
            raise RecordError(
                f"The waveform file {name} is missing from {self.path}; import its archive again to restore it."
            ) from None
        except IndexError:
            raise RecordError(
                f"The waveform file {name} has no channel number {trace_index}; import its archive again."
            ) from None

    def _read_file(self, name: str) -> list[Waveform]:
        return read_waveforms((self.path / name).read_bytes())
