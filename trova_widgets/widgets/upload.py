"""Files from the browser: sent in pieces, so that a day of an array comes over as safely as one record."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ipyvuetify.VuetifyTemplate import VuetifyTemplate
from traitlets import Bool, Instance, List, Unicode

# with room for what other programs hang on to it; file systems take 255 bytes
_LONGEST_NAME = 60


class Upload(VuetifyTemplate):
    """A field to choose files with; they are sent at once and lie in a temporary folder.

    Attributes
    ----------
    label, accept : str
        What is written on it, and which files the browser offers (``".xml,.csv"``).
    multiple : bool
        Whether several files may be chosen.
    paths : list of Path
        The files that have arrived, all of the last choice or none.
    arriving : bool
        Whether files were chosen that are still under way.
    lost : str
        The name of a chosen file that the browser could not read; nothing of that choice has arrived.
    """

    template_file = (__file__, "upload.vue")

    label = Unicode("Files").tag(sync=True)
    accept = Unicode("").tag(sync=True)
    multiple = Bool(True).tag(sync=True)
    arrived = List(Unicode()).tag(sync=True)
    paths = List(Instance(Path))
    lost = Unicode("").tag(sync=True)
    arriving = Bool(False)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._folder = TemporaryDirectory(prefix="trova-upload-", ignore_cleanup_errors=True)

    def clear(self) -> None:
        """Forget the files; the field is empty again."""
        self.paths, self.arrived, self.lost, self.arriving = [], [], "", False
        self.send({"method": "clear", "args": []})

    def vue_begin(self, _: Any = None) -> None:
        """Files were chosen; what was chosen before is not meant any more."""
        self.paths, self.arrived, self.lost, self.arriving = [], [], "", True

    def vue_lose(self, name: str) -> None:
        """Give a choice up: one of its files was moved or changed before it was read."""
        self.lost, self.arriving = name, False

    def vue_piece(self, piece: dict[str, Any], buffers: list[memoryview]) -> None:
        """Keep a piece of a file: ``name``, ``number`` (of the choice), ``offset``."""
        path = self._place(piece)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb" if piece["offset"] == 0 else "ab") as stream:
            stream.write(buffers[0])

    def vue_chosen_all(self, files: list[dict[str, Any]]) -> None:
        """All files of a choice have arrived."""
        places = [self._place(file) for file in files]
        if len({place.name for place in places}) == len(places) > 1:
            # side by side, as the files of one data set look for each other
            places = [place.replace(self._shelf(places[0]) / place.name) for place in places]
        self.paths = places
        self.arrived = [path.name for path in self.paths]
        self.arriving = False

    def _place(self, file: dict[str, Any]) -> Path:
        # the browser's name is kept for its suffix and for reports, never as a path
        name = "".join(filter(str.isprintable, str(file["name"]))).replace("\\", "/")
        name = Path(name).name.strip(".")[-_LONGEST_NAME:] or "file"
        return Path(self._folder.name) / str(int(file["number"])) / name

    def _shelf(self, first: Path) -> Path:
        shelf = first.parent.with_name(f"{first.parent.name}-together")
        shelf.mkdir(exist_ok=True)
        return shelf
