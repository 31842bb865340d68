"""Records listed: all of them, those that a filter lets through, or one page of them, as the database finds them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trova_widgets.store.choosing import (
    OF_EVENT,
    RecordFilter,
    joins,
    measured,
    quantity,
    quote,
)
from trova_widgets.store.connection import Connection
from trova_widgets.store.literals import literal
from trova_widgets.store.measured import parameter_codes
from trova_widgets.store.tables import CHOSEN, TableGroup, chosen, tidy

if TYPE_CHECKING:
    import pandas as pd

_OF_RECORD = (
    "network",
    "station",
    "location",
    "channel",
    "start_time",
    "sampling_rate_hz",
    "sample_count",
    "file_hash",
    "file_name",
    "trace_index",
)

# Columns of many texts and few different ones, and where all of them stand.
_REPEATED = {
    "network": "record",
    "station": "record",
    "location": "record",
    "channel": "record",
    "event_class": "label",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordPage:
    """Some rows of a longer list.

    Attributes
    ----------
    rows : DataFrame
        The columns of `RecordListing.records`, and those of the event: ``origin_time`` (UTC, ns), ``latitude``,
        ``longitude`` [degrees], ``depth_km``, ``magnitude``, ``magnitude_type``.
    total : int
        How many records the filter lets through.
    """

    rows: "pd.DataFrame"
    total: int


def measured_value(row: "Mapping[str, Any] | pd.Series", name: str) -> float | None:
    """Return a parameter of a record, None where it was never measured or is not known.

    Parameters
    ----------
    row : Series or mapping
        A row of `RecordPage.rows` or of `RecordListing.records`, or values by their names.
    name : str
        The parameter, for instance ``"onset_s"``.
    """
    # imported here, because a process that reads files needs none of it
    import pandas as pd

    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)


class RecordListing(TableGroup):
    """Records as tables."""

    def records(self, where: RecordFilter | None = None) -> "pd.DataFrame":
        """Return records by start time, with what was measured on them.

        Parameters
        ----------
        where : RecordFilter, optional
            Which ones; all by default.

        Returns
        -------
        DataFrame
            Columns ``record_id``, ``event_id``, ``event_class`` (the event's latest label), ``network``,
            ``station``, ``location``, ``channel``, ``start_time`` (UTC, ns), ``sampling_rate_hz``,
            ``sample_count``, ``file_hash``, ``file_name``, ``trace_index``, then a column a parameter in the order
            of their names: the analyst's latest value, or else the latest found one, NaN where there is none.
        """
        wanted = where or RecordFilter()

        def read(connection: Connection) -> "pd.DataFrame":
            codes = parameter_codes(connection)
            condition, parameters = wanted.condition(codes)
            columns = _columns(codes)
            # what is there and what it is called must be of the same moment
            with connection.transaction():
                enums = _enums(connection)
                frame = connection.query(
                    f"""SELECT * {_replace(enums)} FROM (
                        SELECT {columns} FROM record {joins(columns + condition, codes)} WHERE {condition})
                    ORDER BY start_time, record_id""",
                    parameters,
                )
            return frame.astype(dict.fromkeys(enums, frame["record_id"].dtype))

        return tidy(self._database.run(read))

    def record_page(
        self,
        where: RecordFilter | None = None,
        *,
        sort_by: str = "origin_time",
        descending: bool = True,
        first: int = 0,
        count: int | None = 10,
    ) -> RecordPage:
        """Return a page of the list of records, and how long the list is.

        Parameters
        ----------
        where : RecordFilter, optional
            Which records the list holds; all by default.
        sort_by : str
            A column of `RecordPage.rows`, or ``distance_km`` from the event to the station; for ``origin_time``, a
            record without an event counts by its start.
        descending : bool
            The greatest first; what is not known comes last either way.
        first : int
            The place of the page's first row, from 0.
        count : int or None
            How many rows it has at most; None for all that follow.

        Raises
        ------
        StoreError
            When there is no such column.
        """
        wanted = where or RecordFilter()

        def read(connection: Connection) -> RecordPage:
            codes = parameter_codes(connection)
            condition, parameters = wanted.condition(codes)
            key = _sort_key(codes, sort_by)
            # sorting and counting share what is found, which a far page and a costly condition are grateful for
            found = connection.rows(
                f"""WITH found AS MATERIALIZED ({_found(codes, condition, key)})
                SELECT record_id, (SELECT count(*) FROM found) FROM found
                ORDER BY {_order(descending)} LIMIT ? OFFSET ?""",
                [*parameters, count, first],
            )
            if found or not first:
                total = found[0][1] if found else 0
            else:
                joined = f"record {joins(condition, codes)}"
                ((total,),) = connection.rows(f"SELECT count(*) FROM {joined} WHERE {condition}", parameters)
            ids = [record_id for record_id, _ in found]
            rows = connection.query(_rows_of_page(codes, ids))
            return RecordPage(rows=rows.set_index("record_id", drop=False).loc[ids], total=int(total))

        page = self._database.run(read)
        return RecordPage(rows=tidy(page.rows.reset_index(drop=True)), total=page.total)

    def record(self, record_id: str) -> "pd.DataFrame":
        """Return the row of a record, with the columns of `RecordPage.rows`; none where there is no such record."""

        def read(connection: Connection) -> "pd.DataFrame":
            return connection.query(_rows_of_page(parameter_codes(connection), [record_id]))

        return tidy(self._database.run(read))

    def record_place(
        self,
        record_id: str,
        where: RecordFilter | None = None,
        *,
        sort_by: str = "origin_time",
        descending: bool = True,
    ) -> int | None:
        """Return where a record stands in the list, from 0; None where the filter holds it back, or there is none.

        Parameters
        ----------
        record_id : str
            The record.
        where, sort_by, descending
            As of `record_page`.

        Raises
        ------
        StoreError
            When there is no such column.
        """
        wanted = where or RecordFilter()

        def read(connection: Connection) -> int | None:
            codes = parameter_codes(connection)
            condition, parameters = wanted.condition(codes)
            found = _found(codes, condition, _sort_key(codes, sort_by))
            places = connection.rows(
                f"""SELECT place FROM (
                    SELECT record_id, row_number() OVER (ORDER BY {_order(descending)}) - 1 AS place FROM ({found}))
                WHERE record_id = ?""",
                [*parameters, record_id],
            )
            return int(places[0][0]) if places else None

        return self._database.run(read)

    def file_hashes(self) -> frozenset[str]:
        """Return the identities of the files that records were read from."""
        return frozenset(value for (value,) in self._database.rows("SELECT DISTINCT file_hash FROM record"))

    def known_files(self, file_hashes: Collection[str]) -> set[str]:
        """Return those of some files that records were read from."""
        query = f"SELECT DISTINCT file_hash FROM record WHERE file_hash IN {CHOSEN}"
        return {value for (value,) in self._database.rows(query, chosen(file_hashes))} if file_hashes else set()


def _found(codes: Mapping[str, int], condition: str, key: str) -> str:
    """Return the query for the records that meet a condition, with what they are sorted by."""
    joined = f"record {joins(condition + key, codes)}"
    return f"SELECT record.record_id, {key} AS key FROM {joined} WHERE {condition}"


def _order(descending: bool) -> str:
    return f"key {'DESC' if descending else 'ASC'} NULLS LAST, record_id"


def _rows_of_page(codes: Mapping[str, int], ids: Sequence[str]) -> str:
    """Return the query for all columns of a few records; named one by one, they are found by the index."""
    named = ", ".join(map(literal, ids)) or "NULL"
    values = "".join(f', "values"[{code}] AS {quote(name)}' for name, code in codes.items())
    return f"""WITH page AS MATERIALIZED (SELECT * FROM record WHERE record_id IN ({named})),
        measured AS MATERIALIZED (SELECT record_id{values} FROM measured WHERE record_id IN ({named})),
        latest AS (
            SELECT event_id, arg_max(event_class, made_at) AS event_class
            FROM label WHERE event_id IN (SELECT event_id FROM page) GROUP BY event_id)
        SELECT {_columns(codes)}, {", ".join(f"event.{name}" for name in OF_EVENT)}
        FROM page AS record LEFT JOIN latest ON latest.event_id = record.event_id
        LEFT JOIN event ON event.event_id = record.event_id
        LEFT JOIN measured ON measured.record_id = record.record_id"""


def _columns(codes: Mapping[str, int]) -> str:
    own = ", ".join(f"record.{name}" for name in _OF_RECORD)
    values = "".join(f", {measured(codes, name)} AS {quote(name)}" for name in codes)
    return f"record.record_id, record.event_id, latest.event_class, {own} {values}"


def _enums(connection: Connection) -> dict[str, str]:
    """Return a type for each repeated column that has texts: as an enum, each of them becomes a Python object once.

    For 100,000 records that is a fifth of the time, and more the first time, when the memory is new.
    """
    asked = ", ".join(
        f"(SELECT list(DISTINCT {name} ORDER BY {name}) FROM {table})" for name, table in _REPEATED.items()
    )
    ((*found,),) = connection.rows(f"SELECT {asked}")
    return {
        name: f"ENUM({', '.join(map(literal, texts))})" for name, texts in zip(_REPEATED, found, strict=True) if texts
    }


def _replace(types: Mapping[str, str]) -> str:
    """Return what turns columns of a query into other types."""
    return f"REPLACE ({', '.join(f'{name}::{kind} AS {name}' for name, kind in types.items())})" if types else ""


def _sort_key(codes: Mapping[str, int], column: str) -> str:
    if column == "origin_time":
        return "coalesce(event.origin_time, record.start_time)"
    if column == "event_class":
        return "latest.event_class"
    if column in ("record_id", "event_id", *_OF_RECORD):
        return f"record.{column}"
    if column in OF_EVENT:
        return f"event.{column}"
    value = quantity(codes, column) if column == "distance_km" else measured(codes, column)
    return f"nullif({value}, 'nan'::DOUBLE)"
