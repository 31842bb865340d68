"""Columns of one table that stand for the same: which of them counts, and where they contradict each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trova_widgets.records.catalogues.layout import TableLayout, printable
from trova_widgets.records.catalogues.sheets import without_mark
from trova_widgets.records.events import class_of, event_type_key


@dataclass
class _Difference:
    count: int
    line: int
    first: str
    second: str


class RivalColumns:
    """Reads the columns of a table that stand for what another column says already.

    Parameters
    ----------
    layout : TableLayout
        The table's columns.
    """

    def __init__(self, layout: TableLayout) -> None:
        self._layout = layout
        self._places = {
            ours: [(name, layout.names.index(name)) for name in names] for ours, names in layout.others.items()
        }
        self._differences: dict[tuple[str, str], _Difference] = {}

    def fill(self, line: int, row: dict[str, str], cells: Sequence[str]) -> None:
        """Complete a row where its first column is empty, and note where the others say something else.

        Parameters
        ----------
        line : int
            The row's line in the file.
        row : dict of str to str
            What the first columns say, by Trova's names.
        cells : sequence of str
            All cells of the row.
        """
        for ours, places in self._places.items():
            for name, place in places:
                said = without_mark(cells[place].strip())
                if not said:
                    continue
                if not row.get(ours):
                    row[ours] = said
                elif not _alike(ours, row[ours], said):
                    noted = self._differences.setdefault((ours, name), _Difference(0, line, row[ours], said))
                    noted.count += 1

    def remarks(self) -> Iterator[str]:
        """Say which columns differ, and which of them counts."""
        for (ours, name), found in self._differences.items():
            first = self._layout.meaning[ours][0]
            yield (
                f"The columns {printable(first)[:40]} and {printable(name)[:40]} both stand for the {ours}, and differ "
                f"in {found.count} rows (line {found.line}: {found.first[:40]!r} and {found.second[:40]!r}); "
                f"{printable(first)[:40]} counts, unless told otherwise: --columns {ours}={printable(name)[:40]}"
            )


def _alike(ours: str, one: str, other: str) -> bool:
    if one.casefold() == other.casefold():
        return True
    if ours == "event_type":
        classes = class_of(one), class_of(other)
        return event_type_key(one) == event_type_key(other) or (classes[0] is not None and classes[0] == classes[1])
    try:
        first, second = (float(text.replace(",", ".")) for text in (one, other))
    except ValueError:
        return False
    return abs(first - second) <= 1e-6 * max(1.0, abs(first))
