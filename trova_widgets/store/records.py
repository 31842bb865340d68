"""Records, and the parameters measured on them."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.listing import RecordListing
from trova_widgets.store.measured import note_first_values, note_names, note_values
from trova_widgets.store.rows import ParameterRow, RecordRow
from trova_widgets.store.tables import Table, tidy

if TYPE_CHECKING:
    import pandas as pd

RECORD = Table(
    name="record",
    columns={
        "record_id": "VARCHAR",
        "event_id": "VARCHAR",
        "network": "VARCHAR",
        "station": "VARCHAR",
        "location": "VARCHAR",
        "channel": "VARCHAR",
        "start_time": "TIMESTAMP_NS",
        "sampling_rate_hz": "DOUBLE",
        "sample_count": "BIGINT",
        "file_hash": "VARCHAR",
        "file_name": "VARCHAR",
        "trace_index": "INTEGER",
    },
    refers={"event_id": "event"},
)
PARAMETER = Table(
    name="parameter",
    columns={
        "record_id": "VARCHAR",
        "name": "VARCHAR",
        "value": "DOUBLE",
        "source": "VARCHAR",
        "author": "VARCHAR",
        "made_at": "TIMESTAMP_NS",
    },
    refers={"record_id": "record"},
    # two transactions that add to one record's history also renew its values, and the later one is done again
    key=("record_id", "name", "source", "made_at"),
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# the columns that a table of records has beside its parameters
_TAKEN_NAMES = {*RECORD.columns, "event_class", "origin_time", "latitude", "longitude", "depth_km", "magnitude"}
_TAKEN_NAMES |= {"magnitude_type"}


class RecordTables(RecordListing):
    """Records and their parameters."""

    def add_records(self, rows: Sequence[RecordRow]) -> int:
        """Add records and return how many were new.

        Parameters
        ----------
        rows : sequence of RecordRow
            Records, of events that are there or of none; one that is there already stays as it is.

        Raises
        ------
        StoreError
            When an event is not there or a value breaks a rule; then none of the records is added.
        """
        return self._add(RECORD, "records", RECORD.rows_of(rows))

    def add_parameters(self, rows: Sequence[ParameterRow]) -> int:
        """Append measured parameters to their records' histories and return how many were new.

        Parameters
        ----------
        rows : sequence of ParameterRow
            Parameters of records that are there.

        Raises
        ------
        StoreError
            When a record is not there, or a name could not be a column of `records`; then none is added.
        """
        if not rows:
            return 0
        return self._database.write("parameters", lambda connection: insert_parameters(connection, rows))

    def parameters(self, record_id: str) -> "pd.DataFrame":
        """Return the history of a record's parameters, the oldest first.

        Returns
        -------
        DataFrame
            Columns ``record_id``, ``name``, ``value``, ``source``, ``author``, ``made_at`` (UTC, ns).
        """
        return tidy(
            self._database.query("SELECT * FROM parameter WHERE record_id = ? ORDER BY made_at, name", record_id)
        )

    def all_parameters(self) -> "pd.DataFrame":
        """Return the history of all records' parameters, with the columns of `parameters`, by record and time."""
        return tidy(self._database.query("SELECT * FROM parameter ORDER BY record_id, made_at, name, source"))


def insert_parameters(connection: Connection, rows: Sequence[ParameterRow]) -> int:
    """Append measured parameters within a transaction, and return how many were new.

    Raises
    ------
    StoreError
        When a record is not there, or a name could not be a column of `records`.
    """
    _note_names(connection, rows)
    new = PARAMETER.insert(connection, PARAMETER.rows_of(rows))
    note_values(connection, {row.record_id for row in rows})
    return new


def insert_first_parameters(connection: Connection, rows: Sequence[ParameterRow]) -> None:
    """Append what was found on records that this transaction has made, one value a name.

    Raises
    ------
    StoreError
        When a record is not there, or a name could not be a column of `records`.
    """
    _note_names(connection, rows)
    PARAMETER.insert(connection, PARAMETER.rows_of(rows), compared=False)
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        found.setdefault(row.record_id, {})[row.name] = row.value
    note_first_values(connection, found)


def _note_names(connection: Connection, rows: Sequence[ParameterRow]) -> None:
    names = {row.name for row in rows}
    for name in names:
        if not _NAME.fullmatch(name) or name in _TAKEN_NAMES:
            raise StoreError(
                f"{name!r} cannot name a parameter of a record; expected lower-case letters, digits and "
                "underscores, and none of a record's own columns."
            )
    note_names(connection, names)
