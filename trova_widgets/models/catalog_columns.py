"""Which columns of a table of events are taken for what: a guess to look at, and to correct where it is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from traitlets import Dict, HasTraits, List

from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.records import TableLayout

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

TITLES = {
    "origin_time": "Origin time",
    "event_type": "Event type",
    "event_id": "Event",
    "latitude": "Latitude, °",
    "longitude": "Longitude, °",
    "depth_km": "Depth, km",
    "magnitude": "Magnitude",
    "file": "File of the record",
}


class CatalogColumnsModel(HasTraits):
    """The columns of a catalogue that is a table.

    Attributes
    ----------
    choices : list of dict
        The table's columns: ``value``, and a ``title`` with what stands in its first row.
    fields : list of dict
        What a catalogue can tell: ``name``, ``title``, and ``column``, the table's column that is taken for it or none.
    """

    choices = List(Dict())
    fields = List(Dict())

    def __init__(self) -> None:
        super().__init__()
        self._guess: dict[str, str] = {}
        self._looking = LatestOnlyQueue()

    def show(self, layout: TableLayout | None) -> None:
        """Show a table's columns and the guess; nothing, where the catalogue is no table."""
        if layout is None:
            self._guess, self.choices, self.fields = {}, [], []
            return
        self._guess = {name: "+".join(theirs) for name, theirs in layout.meaning.items()}
        self.choices = [
            {"value": name, "title": f"{name} ({example})" if example else name}
            for name, example in zip(layout.names, layout.examples, strict=True)
        ]
        self.fields = [
            {"name": name, "title": title, "column": self._guess.get(name, "")} for name, title in TITLES.items()
        ]

    def look_at(self, workspace: "Workspace", catalog: Path | None) -> None:
        """Show the columns of a catalogue, where it is a table."""
        # what was corrected in another table says nothing about this one
        self.show(None)

        def work() -> TableLayout | None:
            return None if catalog is None else workspace.catalog_columns(catalog)

        # any other catalogue needs no columns, and one that cannot be read says so when it is taken in
        self._looking.submit(work, self.show, lambda _: self.show(None))

    def choose(self, name: str, column: str) -> None:
        """Take another column for something, or none."""
        self.fields = [field | {"column": column} if field["name"] == name else field for field in self.fields]

    @property
    def columns(self) -> Mapping[str, str] | None:
        """What was corrected, as `Workspace.import_records` takes it."""
        changed = {
            field["name"]: field["column"]
            for field in self.fields
            if field["column"] != self._guess.get(field["name"], "")
        }
        return changed or None
