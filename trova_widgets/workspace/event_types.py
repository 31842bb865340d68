"""The table that maps a catalogue's event types to a workspace's classes: a CSV in its folder, to edit as one likes."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from trova_widgets.atomic import write_atomically
from trova_widgets.errors import StoreError
from trova_widgets.records import EVENT_CLASSES, event_type_key
from trova_widgets.records.catalogues.sheets import with_mark, without_mark
from trova_widgets.workspace.naming import checked_class

FILE_NAME = "event_types.csv"
"""Two columns, ``event_type`` and ``event_class``; a type without a class, or without a row, gives none."""

_COLUMNS = ["event_type", "event_class"]


class EventTypeTable:
    """The mapping of one workspace; as long as nobody has changed it, that of `records.EVENT_CLASSES`.

    Parameters
    ----------
    folder : Path
        The workspace's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def mapping(self) -> dict[str, str]:
        """Return the class of each event type that has one.

        Raises
        ------
        StoreError
            When the file was edited into something else than the table.
        """
        if not self.path.exists():
            return dict(EVENT_CLASSES)
        try:
            rows = list(csv.reader(io.StringIO(self.path.read_text(encoding="utf-8-sig"))))
        except (OSError, ValueError, csv.Error) as error:
            raise StoreError(
                f"{self.path} cannot be read: {error}; mend it, or delete it to have the usual classes."
            ) from error
        if not rows or [cell.strip() for cell in rows[0]] != _COLUMNS:
            raise StoreError(
                f"The first line of {self.path} is {','.join(rows[0])[:80] if rows else 'missing'!r}, expected "
                f"{','.join(_COLUMNS)!r}; mend it, or delete the file to have the usual classes."
            )
        found = {}
        for line, row in enumerate(rows[1:], start=2):
            event_type, event_class = (cell.strip() for cell in (*row, "", "")[:2])
            if event_type and event_class:
                found[event_type_key(without_mark(event_type))] = checked_class(
                    event_class, f"Line {line} of {self.path}"
                )
        return found

    def change(self, classes: Mapping[str, str | None]) -> None:
        """Give event types another class, None for no class at all; the file is replaced whole.

        Raises
        ------
        StoreError
            When a class is not named as classes are, or the file cannot be read or written.
        """
        mapping = self.mapping()
        for event_type, event_class in classes.items():
            if not event_type_key(event_type):
                raise StoreError(
                    "An event type is an empty text; name it as the catalogue does, 'quarry blast' for instance."
                )
            mapping.pop(event_type_key(event_type), None)
            if event_class:
                mapping[event_type_key(event_type)] = checked_class(event_class, f"The type {event_type!r}")
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for event_type, event_class in sorted(mapping.items(), key=lambda pair: pair[::-1]):
            writer.writerow([with_mark(event_type), event_class])
        try:
            write_atomically(self.path, text.getvalue().encode())
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be written: {error.strerror}; make room or mend the folder."
            ) from error

    def frame(self, seen: Mapping[str, int] | None = None) -> pd.DataFrame:
        """Return the table, what was changed first.

        Parameters
        ----------
        seen : dict of str to int, optional
            How many events there are of each type, as catalogues write it; a type that has no class is listed as well.

        Returns
        -------
        DataFrame
            Columns ``event_type``, ``event_class``, ``is_usual``, ``event_count``.
        """
        mapping = self.mapping()
        counts: Counter[str] = Counter()
        for event_type, count in (seen or {}).items():
            counts[event_type_key(event_type)] += count
        rows = [
            (
                event_type,
                mapping.get(event_type, ""),
                mapping.get(event_type) == EVENT_CLASSES.get(event_type),
                counts[event_type],
            )
            for event_type in {*EVENT_CLASSES, *mapping, *filter(None, counts)}
        ]
        frame = pd.DataFrame(rows, columns=[*_COLUMNS, "is_usual", "event_count"])
        return frame.sort_values(["is_usual", "event_class", "event_type"], ignore_index=True)
