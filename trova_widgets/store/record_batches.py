"""A batch of an import, kept in one transaction: a record never stands there without its event or its parameters."""

from collections.abc import Sequence

from trova_widgets.store.connection import Connection
from trova_widgets.store.events import EVENT, LABEL
from trova_widgets.store.records import RECORD, insert_first_parameters
from trova_widgets.store.rows import EventRow, LabelRow, ParameterRow, RecordRow
from trova_widgets.store.tables import CHOSEN, TableGroup, chosen


class RecordBatchTables(TableGroup):
    """Events, labels, records and parameters that come together."""

    def add_record_batch(
        self,
        events: Sequence[EventRow],
        labels: Sequence[LabelRow],
        records: Sequence[RecordRow],
        parameters: Sequence[ParameterRow],
    ) -> tuple[int, int]:
        """Add records with all that belongs to them, and return how many events and how many records were new.

        Killed at any moment, all of it is there or nothing; done again, it adds nothing twice: a record that is there
        keeps its parameters, and an event that somebody has given a class before keeps that one.

        Parameters
        ----------
        events, labels, records, parameters : sequences of rows
            What belongs together.

        Raises
        ------
        StoreError
            When a row breaks a rule or refers to what is not there; then none of them is added.
        """
        if not (events or labels or records or parameters):
            return 0, 0

        def add(connection: Connection) -> tuple[int, int]:
            new_events = EVENT.insert(connection, EVENT.rows_of(events))
            said = _labelled(connection, {row.event_id for row in labels})
            LABEL.insert(connection, LABEL.rows_of([row for row in labels if row.event_id not in said]))
            there = _there(connection, {row.record_id for row in records})
            new_records = RECORD.insert(connection, RECORD.rows_of([r for r in records if r.record_id not in there]))
            insert_first_parameters(connection, [row for row in parameters if row.record_id not in there])
            return new_events, new_records

        return self._database.write("records", add)


def _labelled(connection: Connection, event_ids: set[str]) -> set[str]:
    query = f"SELECT DISTINCT event_id FROM label WHERE event_id IN {CHOSEN}"
    return {event_id for (event_id,) in connection.rows(query, [chosen(event_ids)])}


def _there(connection: Connection, record_ids: set[str]) -> set[str]:
    query = f"SELECT record_id FROM record WHERE record_id IN {CHOSEN}"
    return {record_id for (record_id,) in connection.rows(query, [chosen(record_ids)])}
