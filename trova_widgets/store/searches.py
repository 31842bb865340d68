"""Searches: the strategy over a network and a data set, experiment by experiment, each with what was decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from trova_widgets.store.connection import Connection
from trova_widgets.store.rows import SearchRow
from trova_widgets.store.tables import Table, TableGroup, missing, refuse_taken_name, to_json

_SEARCH = Table(
    name="search",
    columns={
        "search_id": "VARCHAR",
        "name": "VARCHAR",
        "network_id": "VARCHAR",
        "dataset_id": "VARCHAR",
        "agenda": "JSON",
        "steps": "JSON",
        "created_at": "TIMESTAMP_NS",
    },
    refers={"network_id": "network", "dataset_id": "dataset"},
)


class SearchTables(TableGroup):
    """Searches and how far they are."""

    def add_search(self, row: SearchRow) -> int:
        """Keep a search and return whether it is new (1) or was there (0).

        Raises
        ------
        StoreError
            When another search has the name, or its network or its data set is not there.
        """
        rows = _SEARCH.rows_of([row])

        def add(connection: Connection) -> int:
            refuse_taken_name(connection, _SEARCH, "search_id", row.search_id, row.name, "search")
            return _SEARCH.insert(connection, rows)

        return self._database.write("experiments", add)

    def keep_steps(self, name: str, steps: Sequence[Mapping[str, Any]]) -> None:
        """Keep the experiments of a search, with their decisions, in place of those that were kept.

        Raises
        ------
        StoreError
            When there is no such search.
        """
        text = to_json(steps)

        def update(connection: Connection) -> int:
            return connection.execute("UPDATE search SET steps = ? WHERE name = ?", [text, name])

        if not self._database.write("experiments", update):
            raise missing(self._database, _SEARCH, name, "search")

    def searches(self) -> tuple[SearchRow, ...]:
        """Return all searches, the oldest first."""
        found = self._database.run(lambda c: _SEARCH.read(c, "ORDER BY created_at, search_id"))
        return tuple(SearchRow(**row) for row in found)

    def search(self, name: str) -> SearchRow:
        """Return the search of a name.

        Raises
        ------
        StoreError
            When there is none.
        """
        found = self._database.run(lambda c: _SEARCH.read(c, "WHERE name = ?", name))
        if not found:
            raise missing(self._database, _SEARCH, name, "search")
        return SearchRow(**found[0])
