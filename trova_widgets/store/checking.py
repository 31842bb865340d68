"""What no constraint of a table holds: that rows refer to rows that are there, and that what is derived is right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.measured import parameter_codes, values_that_count
from trova_widgets.store.tables import TableGroup

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A column whose values are identities of another table's rows.

    Attributes
    ----------
    table, column : str
        Where it stands.
    parent : str
        The table that it refers to, whose key is ``<parent>_id``.
    remedy : {"set aside", "clear", "none"}
        What can be done with a row that refers to nothing: take it out, empty the column, or nothing, because the row
        is a part of what was frozen.
    """

    table: str
    column: str
    parent: str
    remedy: str = "set aside"


#: Every reference between tables, in an order in which repairing one leaves work to the later ones alone.
REFERENCES = (
    Reference(table="record", column="event_id", parent="event", remedy="clear"),
    Reference(table="label", column="event_id", parent="event"),
    Reference(table="event_revision", column="event_id", parent="event"),
    Reference(table="match_revision", column="record_id", parent="record"),
    Reference(table="parameter", column="record_id", parent="record"),
    Reference(table="measured", column="record_id", parent="record"),
    Reference(table="fingerprint", column="record_id", parent="record"),
    Reference(table="fingerprint", column="recipe_id", parent="recipe"),
    Reference(table="default_recipe", column="recipe_id", parent="recipe"),
    Reference(table="planned_trial", column="experiment_id", parent="experiment"),
    Reference(table="dataset", column="recipe_id", parent="recipe", remedy="none"),
    Reference(table="dataset_member", column="dataset_id", parent="dataset", remedy="none"),
    Reference(table="dataset_member", column="record_id", parent="record", remedy="none"),
    Reference(table="dataset_member", column="event_id", parent="event", remedy="none"),
    Reference(table="dataset_member", column="fingerprint_id", parent="fingerprint", remedy="none"),
    Reference(table="experiment", column="network_id", parent="network", remedy="none"),
    Reference(table="experiment", column="dataset_id", parent="dataset", remedy="none"),
    Reference(table="search", column="network_id", parent="network", remedy="none"),
    Reference(table="search", column="dataset_id", parent="dataset", remedy="none"),
)


class CheckTables(TableGroup):
    """Queries that a check of the whole database makes, and the repairs of what they find."""

    def unreadable_tables(self) -> dict[str, str]:
        """Read every value of every table, and return the tables of which some cannot be read, each with the reason.

        The database keeps a checksum of each of its blocks, and looks at it when the block is read.
        """
        found = {}
        for (table,) in self._database.rows("SELECT table_name FROM duckdb_tables() ORDER BY table_name"):
            try:
                self._database.rows(f'SELECT bit_xor(hash(COLUMNS(*))) FROM "{table}"')
            except StoreError as error:
                found[table] = str(error)
        return found

    def dangling(self, reference: Reference) -> "pd.DataFrame":
        """Return the rows of a table that refer to nothing."""
        return self._database.query(f"SELECT * FROM {reference.table} {_to_nothing(reference)}")

    def set_aside(self, reference: Reference) -> int:
        """Take the rows that refer to nothing out of their table, or empty the column, and return how many they were.

        Raises
        ------
        StoreError
            When the reference has no remedy.
        """
        if reference.remedy == "none":
            raise StoreError(f"Rows of {reference.table} are frozen; restore what they refer to from a backup.")
        change = (
            f"UPDATE {reference.table} SET {reference.column} = NULL"
            if reference.remedy == "clear"
            else f"DELETE FROM {reference.table}"
        )
        return self._database.write(
            "repair", lambda connection: connection.execute(f"{change} {_to_nothing(reference)}")
        )

    def stale_values(self) -> list[str]:
        """Return the records whose values are not those that the history of their parameters says."""
        return self._database.run(_stale)

    def renew_values(self) -> int:
        """Make all records' values anew from the history of their parameters, and return how many were wrong."""

        def renew(connection: Connection) -> int:
            wrong = len(_stale(connection))
            if wrong:
                connection.execute("DELETE FROM measured")
                connection.execute(f"INSERT INTO measured {values_that_count(connection)}")
            return wrong

        return self._database.write("repair", renew)

    def set_aside_fingerprints(self, fingerprint_ids: list[str]) -> int:
        """Take fingerprints out of their table, and return how many they were."""
        return self._database.write(
            "repair",
            lambda connection: sum(
                connection.execute("DELETE FROM fingerprint WHERE fingerprint_id = ?", [identity])
                for identity in fingerprint_ids
            ),
        )


def _to_nothing(reference: Reference) -> str:
    return (
        f"WHERE {reference.column} IS NOT NULL AND {reference.column} NOT IN "
        f"(SELECT {reference.parent}_id FROM {reference.parent})"
    )


def _stale(connection: Connection) -> list[str]:
    if not parameter_codes(connection):
        return []
    # a list that was made before a name was new is shorter than one made now, and means the same
    return [
        record_id
        for (record_id,) in connection.rows(
            f"""SELECT coalesce(kept.record_id, made.record_id)
            FROM measured AS kept FULL JOIN ({values_that_count(connection)}) AS made USING (record_id)
            WHERE kept.record_id IS NULL OR made.record_id IS NULL
                OR list_resize(kept."values", len(made."values")) IS DISTINCT FROM made."values"
            ORDER BY 1"""
        )
    ]
