"""Events, and the classes that people gave them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trova_widgets.store.rows import EventRow, LabelRow
from trova_widgets.store.tables import Table, TableGroup, tidy

if TYPE_CHECKING:
    import pandas as pd

EVENT = Table(
    name="event",
    columns={
        "event_id": "VARCHAR",
        "origin_time": "TIMESTAMP_NS",
        "latitude": "DOUBLE",
        "longitude": "DOUBLE",
        "depth_km": "DOUBLE",
        "magnitude": "DOUBLE",
        "magnitude_type": "VARCHAR",
        "event_type": "VARCHAR",
        "source": "VARCHAR",
        "type_certainty": "VARCHAR",
        "energy_class": "DOUBLE",
        "location_error_km": "DOUBLE",
    },
)
LABEL = Table(
    name="label",
    columns={
        "event_id": "VARCHAR",
        "event_class": "VARCHAR",
        "author": "VARCHAR",
        "made_at": "TIMESTAMP_NS",
        "comment": "VARCHAR",
    },
    refers={"event_id": "event"},
)

#: The class that counts for each event: the latest label's.
LATEST_CLASS = "SELECT event_id, arg_max(event_class, made_at) AS event_class FROM label GROUP BY event_id"


class EventTables(TableGroup):
    """Events and their labels."""

    def add_events(self, rows: Sequence[EventRow]) -> int:
        """Add events and return how many were new.

        Parameters
        ----------
        rows : sequence of EventRow
            Events; one that is there already stays as it is.

        Raises
        ------
        StoreError
            When a value breaks a rule, such as a latitude beyond 90 degrees; then none of them is added.
        """
        return self._add(EVENT, "events", EVENT.rows_of(rows))

    def add_labels(self, rows: Sequence[LabelRow]) -> int:
        """Append labels to their events' histories and return how many were new.

        Parameters
        ----------
        rows : sequence of LabelRow
            Labels of events that are there; the same author's at the same moment is the same label.

        Raises
        ------
        StoreError
            When an event is not there; then none of the labels is added.
        """
        return self._add(LABEL, "labels", LABEL.rows_of(rows))

    def events(self) -> "pd.DataFrame":
        """Return all events by origin time.

        Returns
        -------
        DataFrame
            Columns ``event_id``, ``origin_time`` (UTC, ns), ``latitude``, ``longitude`` [degrees], ``depth_km``,
            ``magnitude``, ``magnitude_type``, ``event_type``, ``source``, ``event_class`` (the latest label's),
            ``record_count``.
        """
        return tidy(
            self._database.query(
                f"""SELECT event.*, latest.event_class, coalesce(counted.record_count, 0) AS record_count
                FROM event
                LEFT JOIN ({LATEST_CLASS}) AS latest USING (event_id)
                LEFT JOIN (SELECT event_id, count(*) AS record_count FROM record GROUP BY event_id) AS counted
                USING (event_id)
                ORDER BY origin_time, event_id"""
            )
        )

    def labels(self, event_id: str | None = None) -> "pd.DataFrame":
        """Return the history of labels, the oldest first.

        Parameters
        ----------
        event_id : str, optional
            One event; all by default.

        Returns
        -------
        DataFrame
            Columns ``event_id``, ``event_class``, ``author``, ``made_at`` (UTC, ns), ``comment``.
        """
        return tidy(
            self._database.query(
                "SELECT * FROM label WHERE coalesce(event_id = ?, true) ORDER BY made_at, event_id", event_id
            )
        )
