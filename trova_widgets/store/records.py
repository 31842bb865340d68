"""Records, and the parameters measured on them."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.events import LATEST_CLASS
from trova_widgets.store.rows import ParameterRow, RecordRow
from trova_widgets.store.tables import Table, TableGroup, tidy

if TYPE_CHECKING:
    import pandas as pd

_RECORD = Table(
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
_PARAMETER = Table(
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
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN_NAMES = {*_RECORD.columns, "event_class"}


class RecordTables(TableGroup):
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
        return self._add(_RECORD, "records", _RECORD.rows_of(rows))

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
        for name in {row.name for row in rows}:
            if not _NAME.fullmatch(name) or name in _TAKEN_NAMES:
                raise StoreError(
                    f"{name!r} cannot name a parameter of a record; expected lower-case letters, digits and "
                    "underscores, and none of a record's own columns."
                )
        return self._add(_PARAMETER, "parameters", _PARAMETER.rows_of(rows))

    def records(self) -> "pd.DataFrame":
        """Return all records by start time, with what was measured on them.

        Returns
        -------
        DataFrame
            Columns ``record_id``, ``event_id``, ``event_class`` (the event's latest label), ``network``,
            ``station``, ``location``, ``channel``, ``start_time`` (UTC, ns), ``sampling_rate_hz``,
            ``sample_count``, ``file_hash``, ``file_name``, ``trace_index``, then a column a parameter in the order
            of their names: the analyst's latest value, or else the latest found one, NaN where there is none.
        """
        return tidy(self._database.run(_records))

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


def _records(connection: Connection) -> "pd.DataFrame":
    names = [name for (name,) in connection.rows("SELECT DISTINCT name FROM parameter ORDER BY name")]
    pivoted = "".join(
        f""", coalesce(arg_max(value, made_at) FILTER (name = '{name}' AND source = 'analyst'),
        arg_max(value, made_at) FILTER (name = '{name}' AND source = 'found')) AS "{name}" """
        for name in names
    )
    selected = "".join(f', measured."{name}"' for name in names)
    return connection.query(
        f"""SELECT record.record_id, record.event_id, latest.event_class,
            record.* EXCLUDE (record_id, event_id) {selected}
        FROM record
        LEFT JOIN ({LATEST_CLASS}) AS latest USING (event_id)
        LEFT JOIN (SELECT record_id {pivoted} FROM parameter GROUP BY record_id) AS measured USING (record_id)
        ORDER BY start_time, record_id"""
    )
