"""The clock of blasting: when events happen, by place; and labels that it contradicts."""

from collections.abc import Collection, Sequence

import pandas as pd

from trova_widgets.experiments.evaluation import CONTRADICTED
from trova_widgets.workspace.clock import ClockReport, chosen_events, clock_report
from trova_widgets.workspace.clock_doubts import against_clock
from trova_widgets.workspace.quarries import QuarryFile
from trova_widgets.workspace.tasks.base import WorkspaceBase


class ClockTasks(WorkspaceBase):
    """What is done with the hours and weekdays of events; no network is ever told them."""

    def clock(
        self,
        events: pd.DataFrame | None = None,
        *,
        classes: Collection[str] | None = None,
        quarry: str | None = None,
        region: Sequence[float] | None = None,
        around: Sequence[float] | None = None,
        radius_km: float | None = None,
        utc_offset_h: float | None = None,
    ) -> ClockReport:
        """Tell when events happen: how many at each hour of each weekday, by class and place.

        Parameters
        ----------
        events : DataFrame, optional
            Some of `events` or `events_with`; all, if left out. What else is given narrows them.
        classes : collection of str, optional
            Events of these classes alone.
        quarry : str, optional
            Events near this quarry, one of `quarries`, by its name.
        region : sequence of float, length 4, optional
            South, north, west and east [degrees]; it may lie across the date line.
        around : sequence of float, length 2, optional
            Latitude and longitude [degrees] of a point.
        radius_km : float, optional
            How near to the quarry or the point; the quarry's own radius, or 10 km, if left out.
        utc_offset_h : float, optional
            How far the local clocks are ahead of UTC [h]; if left out, each event's is that of the sun at its
            longitude, rounded to whole hours, which summer time and borders of zones put wrong by an hour or so.

        Returns
        -------
        ClockReport
            Printed, a table and sentences: the fewest hours in a row, and days of the week, that hold 90 % of the
            blasts, and whether earthquakes are even around the clock (Rayleigh's test; Mardia and Jupp, 2000, doi
            10.1002/9780470316979). Its ``table`` has the numbers, its ``svg`` is the picture.

        Raises
        ------
        RecordError
            When no quarry or class has such a name, a place is out of range, or no clock is so far ahead of UTC.
        """
        chosen, where = chosen_events(
            self._store.events() if events is None else events,
            QuarryFile(self.path).quarries() if quarry is not None else (),
            classes=classes,
            quarry=quarry,
            region=region,
            around=around,
            radius_km=radius_km,
        )
        return clock_report(chosen, where, utc_offset_h)

    def clock_doubts(self, *, utc_offset_h: float | None = None) -> pd.DataFrame:
        """Return the events whose labels the clock and the known quarries contradict; no experiment is needed.

        Blasts are fired at working hours in known places, and earthquakes do not look at the clock. Each label is held
        against the hours, weekdays and places of all *other* labelled events (`experiments.evaluation.clock_evidence`).

        Parameters
        ----------
        utc_offset_h : float, optional
            How far the local clocks are ahead of UTC [h]; as of `clock`, if left out.

        Returns
        -------
        DataFrame
            A row an event whose time, weekday and place are twenty times likelier or more among events of other
            classes: of rightly labelled events at most one in twenty comes there by chance (Royall, 2000, doi
            10.1080/01621459.2000.10474264). Columns ``event_id``, ``event_class`` (the label), ``told`` (the likeliest
            other class), ``local_hour`` (0 to 23), ``weekday``, ``quarry`` and ``quarry_km`` (the nearest, where one is
            near), ``clock`` (logarithm to base 10 of how many times likelier), ``why`` (a sentence), ``records`` (how
            many), ``origin_time`` (UTC); the strongest contradiction first.

        Raises
        ------
        RecordError
            When no clock is so far ahead of UTC.
        """
        events = self._store.events()
        found = against_clock(events, QuarryFile(self.path).quarries(), utc_offset_h)
        found = found.assign(records=events["record_count"], origin_time=events["origin_time"])
        return found[found["clock"] >= CONTRADICTED].sort_values(
            "clock", ascending=False, kind="stable", ignore_index=True
        )
