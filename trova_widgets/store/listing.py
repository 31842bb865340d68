"""Records listed: all of them, those that a filter lets through, or one page of them, as the database finds them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.events import LATEST_CLASS
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
_OF_EVENT = ("origin_time", "latitude", "longitude", "depth_km", "magnitude", "magnitude_type")
_SEARCHED = "concat_ws(' ', record.network, record.station, record.channel, record.event_id)"


@dataclass(frozen=True, kw_only=True)
class RecordFilter:
    """Which records are wanted; each field that is given narrows the choice.

    Attributes
    ----------
    record_ids : collection of str, optional
        Some records.
    event_id, network, station, channel : str, optional
        Those of one event, seismic network, station or channel.
    event_class : str, optional
        Those whose event has this class; an empty text stands for those without a class.
    words : str
        A text that stands in the codes of seismic network, station and channel or in the event's identity, whatever
        the case of its letters.
    since_ns, until_ns : int, optional
        Those that begin within these times, nanoseconds since 1970 UTC.
    least, most : mapping of str to float
        Bounds of measured parameters, for instance ``{"snr_db": 3.0}``; a record on which one was not measured is left
        out.

    Examples
    --------
    >>> RecordFilter(event_class="earthquake", least={"snr_db": 3.0}).least
    {'snr_db': 3.0}
    """

    record_ids: Collection[str] | None = None
    event_id: str | None = None
    network: str | None = None
    station: str | None = None
    channel: str | None = None
    event_class: str | None = None
    words: str = ""
    since_ns: int | None = None
    until_ns: int | None = None
    least: Mapping[str, float] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)

    def condition(self, codes: Mapping[str, int]) -> tuple[str, list[object]]:
        """Return the condition on a joined record, and its parameters.

        Parameters
        ----------
        codes : dict of str to int
            The place of each parameter in a record's values.

        Raises
        ------
        StoreError
            When a bound is put on a parameter that was never measured.
        """
        conditions: list[str] = ["true"]
        parameters: list[object] = []

        def add(condition: str, *values: object) -> None:
            conditions.append(condition)
            parameters.extend(values)

        if self.record_ids is not None:
            add(f"record.record_id IN {CHOSEN}", chosen(self.record_ids))
        for column in ("event_id", "network", "station", "channel"):
            wanted = getattr(self, column)
            if wanted is not None:
                add(f"record.{column} = ?", wanted)
        if self.event_class is not None:
            add("coalesce(latest.event_class, '') = ?", self.event_class)
        if self.words.strip():
            add(f"contains(lower({_SEARCHED}), lower(?))", self.words.strip())
        if self.since_ns is not None:
            add("record.start_time >= make_timestamp_ns(?)", self.since_ns)
        if self.until_ns is not None:
            add("record.start_time <= make_timestamp_ns(?)", self.until_ns)
        for sign, bounds in ((">=", self.least), ("<=", self.most)):
            for name, bound in bounds.items():
                value = _value(codes, name)
                # the database takes NaN for the greatest of numbers
                add(f"({value} {sign} ? AND NOT isnan({value}))", float(bound))
        return " AND ".join(conditions), parameters


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
            return connection.query(
                f"SELECT {_columns(codes)} FROM record {_LATEST} {_MEASURED} WHERE {condition} "
                "ORDER BY start_time, record_id",
                parameters,
            )

        return tidy(self._database.run(read))

    def record_page(
        self,
        where: RecordFilter | None = None,
        *,
        sort_by: str = "origin_time",
        descending: bool = True,
        first: int = 0,
        count: int = 10,
    ) -> RecordPage:
        """Return a page of the list of records, and how long the list is.

        Parameters
        ----------
        where : RecordFilter, optional
            Which records the list holds; all by default.
        sort_by : str
            A column of `RecordPage.rows`; for ``origin_time``, a record without an event counts by its start.
        descending : bool
            The greatest first; what is not known comes last either way.
        first, count : int
            The place of the page's first row, from 0, and how many rows it has.

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
            order = f"{key} {'DESC' if descending else 'ASC'} NULLS LAST, record.record_id"
            found = connection.rows(
                f"SELECT record.record_id FROM record {_joins(condition + key)} WHERE {condition} "
                f"ORDER BY {order} LIMIT ? OFFSET ?",
                [*parameters, count, first],
            )
            total = connection.rows(f"SELECT count(*) FROM record {_joins(condition)} WHERE {condition}", parameters)
            ids = [record_id for (record_id,) in found]
            rows = connection.query(_rows_of_page(codes, ids))
            return RecordPage(rows=rows.set_index("record_id", drop=False).loc[ids], total=int(total[0][0]))

        page = self._database.run(read)
        return RecordPage(rows=tidy(page.rows.reset_index(drop=True)), total=page.total)

    def record_choices(self) -> dict[str, list[str]]:
        """Return what records can be filtered by: ``stations``, ``channels`` and ``event_classes`` that are there."""
        questions = {
            "stations": "SELECT DISTINCT station FROM record ORDER BY station",
            "channels": "SELECT DISTINCT channel FROM record ORDER BY channel",
            "event_classes": f"SELECT DISTINCT event_class FROM ({LATEST_CLASS}) ORDER BY event_class",
        }
        return {name: [value for (value,) in self._database.rows(question)] for name, question in questions.items()}

    def file_hashes(self) -> frozenset[str]:
        """Return the identities of the files that records were read from."""
        return frozenset(value for (value,) in self._database.rows("SELECT DISTINCT file_hash FROM record"))

    def known_files(self, file_hashes: Collection[str]) -> set[str]:
        """Return those of some files that records were read from."""
        question = f"SELECT DISTINCT file_hash FROM record WHERE file_hash IN {CHOSEN}"
        return {value for (value,) in self._database.rows(question, chosen(file_hashes))} if file_hashes else set()


_LATEST = f"LEFT JOIN ({LATEST_CLASS}) AS latest ON latest.event_id = record.event_id"
_MEASURED = "LEFT JOIN measured ON measured.record_id = record.record_id"
_EVENT = "LEFT JOIN event ON event.event_id = record.event_id"


def _joins(expressions: str) -> str:
    """Return the joins that some expressions need, and no others: each costs as much as the question itself."""
    joins = {"latest.": _LATEST, "measured.": _MEASURED, "event.": _EVENT}
    return " ".join(join for table, join in joins.items() if table in expressions)


def _rows_of_page(codes: Mapping[str, int], ids: Sequence[str]) -> str:
    """Return the question for all columns of a few records; named one by one, they are found by the index."""
    named = ", ".join(map(literal, ids)) or "NULL"
    return f"""WITH page AS MATERIALIZED (SELECT * FROM record WHERE record_id IN ({named})),
        latest AS (
            SELECT event_id, arg_max(event_class, made_at) AS event_class
            FROM label WHERE event_id IN (SELECT event_id FROM page) GROUP BY event_id)
        SELECT {_columns(codes)}, {", ".join(f"event.{name}" for name in _OF_EVENT)}
        FROM page AS record LEFT JOIN latest ON latest.event_id = record.event_id {_EVENT} {_MEASURED}"""


def _columns(codes: Mapping[str, int]) -> str:
    own = ", ".join(f"record.{name}" for name in _OF_RECORD)
    measured = "".join(f', {_value(codes, name)} AS "{name}"' for name in codes)
    return f"record.record_id, record.event_id, latest.event_class, {own} {measured}"


def _value(codes: Mapping[str, int], name: str) -> str:
    if name not in codes:
        raise StoreError(f"No record has a parameter {name!r}; there are {', '.join(codes) or 'none yet'}.")
    return f'measured."values"[{codes[name]}]'


def _sort_key(codes: Mapping[str, int], column: str) -> str:
    if column == "origin_time":
        return "coalesce(event.origin_time, record.start_time)"
    if column == "event_class":
        return "latest.event_class"
    if column in ("record_id", "event_id", *_OF_RECORD):
        return f"record.{column}"
    if column in _OF_EVENT:
        return f"event.{column}"
    return f"nullif({_value(codes, column)}, 'nan'::DOUBLE)"
