"""Records and events as a whole: how many are like this, where their stations stand, the latest events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trova_widgets.store.choosing import Bound, RecordFilter, joins, quantity, quote
from trova_widgets.store.connection import Connection
from trova_widgets.store.events import LATEST_CLASS
from trova_widgets.store.measured import parameter_codes
from trova_widgets.store.tables import CHOSEN, TableGroup, chosen, tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class PlacedEvents:
    """Events for a map.

    Attributes
    ----------
    rows : DataFrame
        The latest events whose place is known, the earliest of them first: ``event_id``, ``origin_time`` (UTC, ns),
        ``latitude``, ``longitude`` [degrees], ``event_class``.
    total, unplaced : int
        How many events there are, and how many of them have no place.
    """

    rows: "pd.DataFrame"
    total: int
    unplaced: int


class RecordOverview(TableGroup):
    """What can be said of all records and events without reading them."""

    def record_choices(self) -> dict[str, list[str]]:
        """Return what records can be filtered by.

        Returns
        -------
        dict of str to list of str
            ``stations``, ``channels``, ``event_classes`` and ``parameters`` (that were ever measured): those that are
            there.
        """
        queries = {
            "stations": "SELECT DISTINCT station FROM record ORDER BY station",
            "channels": "SELECT DISTINCT channel FROM record ORDER BY channel",
            "event_classes": f"SELECT DISTINCT event_class FROM ({LATEST_CLASS}) ORDER BY event_class",
            "parameters": "SELECT name FROM parameter_name ORDER BY name",
        }
        return {name: [value for (value,) in self._database.rows(query)] for name, query in queries.items()}

    def count_records(self, bounds: Mapping[str, Bound]) -> dict[str, int]:
        """Return how many records meet each of some bounds, read in one go.

        Parameters
        ----------
        bounds : dict of str to Bound
            By names of one's own.
        """
        if not bounds:
            return {}

        def read(connection: Connection) -> dict[str, int]:
            names = sorted({bound.quantity for bound in bounds.values()})
            counted = [f"count(*) FILTER ({bound.condition(quote(bound.quantity))})" for bound in bounds.values()]
            (counts,) = connection.rows(f"SELECT {', '.join(counted)} FROM ({_quantities(connection, names)})")
            return dict(zip(bounds, map(int, counts), strict=True))

        return self._database.run(read)

    def stations(self) -> "pd.DataFrame":
        """Return the stations of all records.

        Returns
        -------
        DataFrame
            Columns ``network``, ``station``, ``record_count``, ``latitude``, ``longitude`` [degrees; as the latest
            record that tells them says, NaN where none does].
        """

        def read(connection: Connection) -> "pd.DataFrame":
            axes = ("latitude", "longitude")
            names = [f"station_{axis}" for axis in axes]
            known = " AND ".join(f"NOT coalesce(isnan({name}), true)" for name in names)
            places = ", ".join(f"arg_max(station_{axis}, start_time) FILTER ({known}) AS {axis}" for axis in axes)
            return connection.query(
                f"""SELECT network, station, count(*) AS record_count, {places}
                FROM ({_quantities(connection, names, "record.network, record.station, record.start_time, ")})
                GROUP BY network, station ORDER BY network, station"""
            )

        return self._database.run(read)

    def placed_events(self, count: int) -> PlacedEvents:
        """Return the latest events that have a place, at most so many, and how many there are of all."""
        rows = self._database.query(
            f"""WITH latest AS MATERIALIZED (
                SELECT event_id, origin_time, latitude, longitude FROM event
                WHERE latitude IS NOT NULL AND longitude IS NOT NULL
                ORDER BY origin_time DESC NULLS LAST, event_id DESC LIMIT ?)
            SELECT latest.*, said.event_class FROM latest LEFT JOIN ({LATEST_CLASS}) AS said USING (event_id)
            ORDER BY origin_time NULLS FIRST, event_id""",
            count,
        )
        ((total, placed),) = self._database.rows("SELECT count(*), count(latitude + longitude) FROM event")
        return PlacedEvents(rows=tidy(rows), total=int(total), unplaced=int(total - placed))

    def events_with(self, where: RecordFilter) -> "pd.DataFrame":
        """Return the events of which a record passes a filter, by origin time.

        Parameters
        ----------
        where : RecordFilter
            Which records.

        Returns
        -------
        DataFrame
            Columns ``event_id``, ``origin_time`` (UTC, ns), ``latitude``, ``longitude`` [degrees], ``event_class`` (the
            latest label's).
        """

        def read(connection: Connection) -> "pd.DataFrame":
            codes = parameter_codes(connection)
            condition, parameters = where.condition(codes)
            return connection.query(
                f"""WITH wanted AS (
                    SELECT DISTINCT record.event_id FROM record {joins(condition, codes)} WHERE {condition})
                SELECT event.event_id, origin_time, latitude, longitude, said.event_class
                FROM wanted JOIN event USING (event_id) LEFT JOIN ({LATEST_CLASS}) AS said USING (event_id)
                ORDER BY origin_time NULLS FIRST, event_id""",
                parameters,
            )

        return tidy(self._database.run(read))

    def class_counts(self) -> "pd.DataFrame":
        """Return how many events and records there are of each class.

        Returns
        -------
        DataFrame
            Columns ``event_class`` (the latest label's; empty for those without one, which come last), ``event_count``,
            ``record_count``.
        """
        counted = [
            f"""SELECT coalesce(event_class, '') AS event_class, count(*) AS {table}_count
            FROM {table} LEFT JOIN ({LATEST_CLASS}) USING (event_id) GROUP BY ALL"""
            for table in ("event", "record")
        ]
        return self._database.query(
            f"""SELECT event_class, coalesce(event_count, 0) AS event_count, coalesce(record_count, 0) AS record_count
            FROM ({counted[0]}) FULL JOIN ({counted[1]}) USING (event_class)
            ORDER BY event_class = '', event_class"""
        )

    def doubt_counts(self, parameters: Sequence[str]) -> dict[str, int]:
        """Return how many records there are of each doubt.

        Parameters
        ----------
        parameters : sequence of str
            Parameters that a record has only where there is a doubt.

        Returns
        -------
        dict of str to int
            By the parameters' names, and ``"suspected"`` for events whose type is only suspected; what is nowhere is
            left out.
        """
        rows = self._database.rows(
            "SELECT name, count(DISTINCT record_id) FROM parameter WHERE value > 0 "
            f"AND name IN {CHOSEN} GROUP BY name UNION ALL "
            "SELECT 'suspected', count(*) FROM record JOIN event USING (event_id) WHERE type_certainty = 'suspected'",
            chosen(parameters),
        )
        return {name: int(count) for name, count in rows if count}

    def event_types(self) -> dict[str, int]:
        """Return how many events there are of each type that catalogues named."""
        rows = self._database.rows("SELECT event_type, count(*) FROM event GROUP BY event_type ORDER BY event_type")
        return {name: int(count) for name, count in rows if name is not None}


def _quantities(connection: Connection, names: Sequence[str], columns: str = "") -> str:
    """Return the query for some quantities of all records, each worked out once and not once a use."""
    codes = parameter_codes(connection)
    taken = ", ".join(f"{quantity(codes, name)} AS {quote(name)}" for name in names)
    return f"SELECT {columns}{taken} FROM record {joins(taken, codes)}"
