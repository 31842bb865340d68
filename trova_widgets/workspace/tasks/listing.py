"""Records and events: listed, counted, looked at as a whole."""

from collections.abc import Mapping

import pandas as pd

from trova_widgets.store import Bound, PlacedEvents, RecordFilter, RecordPage
from trova_widgets.workspace.tasks.ground import Ground


class ListingTasks(Ground):
    """What can be asked of records and events."""

    def records(self, where: RecordFilter | None = None) -> pd.DataFrame:
        """Return a row a record, with its event, its class and the parameters that were found or set.

        Parameters
        ----------
        where : RecordFilter, optional
            Which ones, for instance ``RecordFilter(event_class="earthquake", least={"snr_db": 3.0})``; all by default.
        """
        return self._store.records(where)

    def record_page(
        self,
        where: RecordFilter | None = None,
        *,
        sort_by: str = "origin_time",
        descending: bool = True,
        first: int = 0,
        count: int | None = 10,
    ) -> RecordPage:
        """Return a page of the list of records with their events, and how long the list is; see `Store.record_page`.

        The database filters, sorts and cuts: of a hundred thousand records only the page is read.
        """
        return self._store.record_page(where, sort_by=sort_by, descending=descending, first=first, count=count)

    def record_choices(self) -> dict[str, list[str]]:
        """Return which ``stations``, ``channels``, ``event_classes`` and ``parameters`` there are."""
        return self._store.record_choices()

    def events(self) -> pd.DataFrame:
        """Return a row an event, with its origin, its magnitude and its class."""
        return self._store.events()

    def count_records(self, bounds: Mapping[str, Bound]) -> dict[str, int]:
        """Return how many records meet each of some bounds, which have names of one's own."""
        return self._store.count_records(bounds)

    def class_counts(self) -> pd.DataFrame:
        """Return a row an event class: ``event_class`` (empty for none), ``event_count``, ``record_count``."""
        return self._store.class_counts()

    def stations(self) -> pd.DataFrame:
        """Return a row a station: ``network``, ``station``, ``record_count``, ``latitude``, ``longitude`` [degrees]."""
        return self._store.stations()

    def placed_events(self, count: int) -> PlacedEvents:
        """Return the latest events that have a place, at most so many, and how many there are of all."""
        return self._store.placed_events(count)
