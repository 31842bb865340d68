"""Files from the browser: sent in pieces, so that a day of an array comes over as safely as one record."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from traitlets import Bool, Float, Instance, Int, List, Unicode

from trova_widgets.widgets.template import Template

#: The environment variable that says how many megabytes may be chosen at once.
LIMIT_VARIABLE = "TROVA_UPLOAD_MB"
#: Where it says nothing.
LIMIT_MB = 2048.0
#: No more files may be chosen at once.
MOST_FILES = 5000

# with room for what other programs hang on to it; file systems take 255 bytes
_LONGEST_NAME = 60


class Upload(Template):
    """A field to choose files with; they are sent at once and lie in a temporary folder.

    What is chosen next takes the place of what was chosen before the last time, so no more than two choices lie there:
    the last one may still be read.

    Attributes
    ----------
    label, accept : str
        What is written on it, and which files the browser offers (``".xml,.csv"``).
    multiple : bool
        Whether several files may be chosen.
    most_mb, most_files : float, int
        How much may be chosen at once, in megabytes, and how many files.
    paths : list of Path
        The files that have arrived, all of the last choice or none.
    arriving : bool
        Whether files were chosen that are still under way.
    lost : str
        Why a choice was given up, as a sentence; nothing of it has arrived.
    """

    template_file = (__file__, "upload.vue")

    label = Unicode("Files").tag(sync=True)
    accept = Unicode("").tag(sync=True)
    multiple = Bool(True).tag(sync=True)
    most_mb = Float().tag(sync=True)
    most_files = Int(MOST_FILES).tag(sync=True)
    arrived = List(Unicode()).tag(sync=True)
    paths = List(Instance(Path))
    lost = Unicode("").tag(sync=True)
    arriving = Bool(False)

    def __init__(self, **traits: Any) -> None:
        # what decides is kept here, where no message reaches it
        self._most_mb = float(os.environ.get(LIMIT_VARIABLE, LIMIT_MB))
        super().__init__(most_mb=self._most_mb, **traits)
        self._folder = TemporaryDirectory(prefix="trova-upload-", ignore_cleanup_errors=True)
        self._choice, self._bytes, self._names = 0, 0, set[str]()

    def clear(self) -> None:
        """Forget the files; the field is empty again."""
        self.paths, self.arrived, self.lost, self.arriving = [], [], "", False
        self.send({"method": "clear", "args": []})

    def vue_begin(self, _: Any = None) -> None:
        """Files were chosen; what was chosen before is not meant any more."""
        shutil.rmtree(self._place_of(self._choice - 1), ignore_errors=True)
        self._choice, self._bytes, self._names = self._choice + 1, 0, set()
        self.paths, self.arrived, self.lost, self.arriving = [], [], "", True

    def vue_lose(self, name: str) -> None:
        """Give a choice up: one of its files was moved or changed before it was read."""
        self._give_up(f"{name} cannot be read any more; choose it again.")

    def vue_refuse(self, _: Any = None) -> None:
        """Give a choice up that is too much."""
        self._give_up(
            f"That is more than {self._most_mb:,.0f} MB or {MOST_FILES:,} files at once; choose fewer, or import them "
            "on the machine where Trova runs, with: trova import"
        )

    def vue_piece(self, piece: dict[str, Any], buffers: list[memoryview]) -> None:
        """Keep a piece of a file: ``name``, ``number`` (of the choice), ``offset``."""
        if not self.arriving:
            return
        path = self._place(piece)
        self._bytes += buffers[0].nbytes
        self._names.add(str(path))
        if self._bytes > 1e6 * self._most_mb or len(self._names) > MOST_FILES:
            self.vue_refuse()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb" if piece["offset"] == 0 else "ab") as stream:
            stream.write(buffers[0])

    def vue_chosen_all(self, files: list[dict[str, Any]]) -> None:
        """All files of a choice have arrived."""
        if not self.arriving:
            return
        places = [self._place(file) for file in files]
        if len({place.name for place in places}) == len(places) > 1:
            # side by side, as the files of one data set look for each other
            places = [place.replace(self._together() / place.name) for place in places]
        self.paths = places
        self.arrived = [path.name for path in self.paths]
        self.arriving = False

    def _give_up(self, sentence: str) -> None:
        self.lost, self.arriving = sentence, False
        shutil.rmtree(self._place_of(self._choice), ignore_errors=True)

    def _place(self, file: dict[str, Any]) -> Path:
        # the browser's name is kept for its suffix and for reports, never as a path
        name = "".join(filter(str.isprintable, str(file["name"]))).replace("\\", "/")
        name = Path(name).name.strip(".")[-_LONGEST_NAME:] or "file"
        return self._place_of(self._choice) / str(int(file["number"])) / name

    def _place_of(self, choice: int) -> Path:
        return Path(self._folder.name) / str(choice)

    def _together(self) -> Path:
        shelf = self._place_of(self._choice) / "together"
        shelf.mkdir(exist_ok=True)
        return shelf
