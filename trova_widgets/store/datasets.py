"""Data sets: which records are trained on and which measure it, frozen with their classes."""

from typing import TYPE_CHECKING

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.rows import DatasetRow
from trova_widgets.store.tables import Table, TableGroup, missing, refuse_taken_name, tidy

if TYPE_CHECKING:
    import pandas as pd

_DATASET = Table(
    name="dataset",
    columns={
        "dataset_id": "VARCHAR",
        "name": "VARCHAR",
        "recipe_id": "VARCHAR",
        "classes": "JSON",
        "settings": "JSON",
        "created_at": "TIMESTAMP_NS",
    },
    refers={"recipe_id": "recipe"},
)
_MEMBER = Table(
    name="dataset_member",
    columns={
        "dataset_id": "VARCHAR",
        "position": "INTEGER",
        "record_id": "VARCHAR",
        "event_id": "VARCHAR",
        "event_class": "VARCHAR",
        "split": "VARCHAR",
        "fold": "SMALLINT",
        "cutoff_hz": "DOUBLE",
        "variant": "TINYINT",
        "fingerprint_id": "VARCHAR",
    },
    refers={"record_id": "record", "event_id": "event", "fingerprint_id": "fingerprint"},
)


class DatasetTables(TableGroup):
    """Data sets and their members."""

    def add_dataset(self, row: DatasetRow, members: "pd.DataFrame") -> int:
        """Keep a data set with its members and return whether it is new (1) or was there (0).

        Parameters
        ----------
        row : DatasetRow
            The data set.
        members : DataFrame
            Columns ``position``, ``record_id``, ``event_id``, ``event_class``, ``split``, ``fold`` (<NA> where there is
            none), ``cutoff_hz``.

        Raises
        ------
        StoreError
            When another data set has the name, another name stands for the same data set, or a member is not there;
            then nothing is kept.
        """
        rows = _DATASET.rows_of([row])
        member_rows = _MEMBER.rows_of_frame(members, dataset_id=row.dataset_id, variant=None, fingerprint_id=None)

        def add(connection: Connection) -> int:
            refuse_taken_name(connection, _DATASET, "dataset_id", row.dataset_id, row.name, "data set")
            if not _DATASET.insert(connection, rows):
                _refuse_another_name(connection, row)
                return 0
            if _MEMBER.insert(connection, member_rows) != len(member_rows):
                raise StoreError(f"The members of the data set {row.name!r} share positions; number each once.")
            return 1

        return self._database.write("datasets", add)

    def datasets(self) -> "pd.DataFrame":
        """Return all data sets, the oldest first.

        Returns
        -------
        DataFrame
            Columns ``dataset_id``, ``name``, ``recipe_id``, ``classes`` (list), ``settings`` (dict), ``created_at``
            (UTC, ns), ``member_count`` (of an older version each variant of a record is one), ``record_count``,
            ``event_count``.
        """
        return tidy(
            self._database.query(
                """SELECT dataset.*, coalesce(counted.member_count, 0) AS member_count,
                    coalesce(counted.record_count, 0) AS record_count, coalesce(counted.event_count, 0) AS event_count
                FROM dataset LEFT JOIN (
                    SELECT dataset_id, count(*) AS member_count, count(DISTINCT record_id) AS record_count,
                        count(DISTINCT event_id) AS event_count
                    FROM dataset_member GROUP BY dataset_id) AS counted USING (dataset_id)
                ORDER BY created_at, dataset_id"""
            ),
            "classes",
            "settings",
        )

    def dataset(self, name: str) -> DatasetRow:
        """Return the data set of a name or an identity.

        Raises
        ------
        StoreError
            When there is none.
        """
        found = self._database.run(lambda c: _DATASET.read(c, "WHERE name = ? OR dataset_id = ?", name, name))
        if not found:
            raise missing(self._database, _DATASET, name, "data set")
        return DatasetRow(**found[0])

    def dataset_members(self, dataset_id: str) -> "pd.DataFrame":
        """Return the members of a data set in their order.

        Returns
        -------
        DataFrame
            Columns ``position``, ``record_id``, ``event_id``, ``event_class``, ``split``, ``fold`` (<NA> where there is
            none), ``cutoff_hz`` (of the record itself), and for data sets of older versions ``variant`` and
            ``fingerprint_id``, a row a fingerprint; NA and None since then.
        """
        members = self._database.query(
            "SELECT * EXCLUDE (dataset_id) FROM dataset_member WHERE dataset_id = ? ORDER BY position", dataset_id
        )
        return members.astype({"fold": "Int64"})

    def folds(self, dataset_id: str) -> tuple[int, ...]:
        """Return the folds of a data set; none where it has one split for all trials."""
        found = self._database.rows(
            "SELECT DISTINCT fold FROM dataset_member WHERE dataset_id = ? AND fold IS NOT NULL ORDER BY fold",
            dataset_id,
        )
        return tuple(fold for (fold,) in found)

    def part_sizes(self, dataset_id: str) -> dict[str, int]:
        """Return how many records stand in each part of a data set."""
        return dict(
            self._database.rows(
                "SELECT split, count(DISTINCT record_id) FROM dataset_member WHERE dataset_id = ? GROUP BY split",
                dataset_id,
            )
        )

    def class_sizes(self, dataset_id: str) -> list[tuple[str, str, int, int]]:
        """Return a row a part and class of a data set: both names, its records, and its members.

        The members of older data sets are fingerprints; otherwise there are as many as records.
        """
        return self._database.rows(
            """SELECT split, event_class, count(DISTINCT record_id), count(*) FROM dataset_member
            WHERE dataset_id = ? GROUP BY split, event_class ORDER BY split, event_class""",
            dataset_id,
        )

    def fold_sizes(self, dataset_id: str) -> dict[int, int]:
        """Return how many records stand in each fold of a data set; none where it has one split for all trials."""
        return dict(
            self._database.rows(
                "SELECT fold, count(*) FROM dataset_member WHERE dataset_id = ? AND fold IS NOT NULL GROUP BY fold",
                dataset_id,
            )
        )


def _refuse_another_name(connection: Connection, row: DatasetRow) -> None:
    (there,) = connection.rows("SELECT name FROM dataset WHERE dataset_id = ?", [row.dataset_id])
    if there[0] != row.name:
        raise StoreError(
            f"{row.name} would be the data set {there[0]} again: the same records, classes and parts. Use {there[0]}, "
            "or draw another split with another seed."
        )
