"""The clock of blasting as a report: of which events, when most blasts are fired, whether earthquakes are even."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets.errors import RecordError
from trova_widgets.figures.clock import DAYS, HOURS, WEEKDAYS, Clock, clock, hours_words, shortest_span
from trova_widgets.figures.screen.clock import clock_picture
from trova_widgets.geometry import distance_km
from trova_widgets.names import nearest
from trova_widgets.records.catalogues.quarries import Quarry
from trova_widgets.reports import Report
from trova_widgets.wording import counted, titled
from trova_widgets.workspace.local_time import clock_words, local_times
from trova_widgets.workspace.paths import write_named

EARTHQUAKE = "earthquake"
# below it hours are said to matter
_SIGNIFICANT = 0.01
# a day of the week with less than half of its share is no day of blasting
_OF_ITS_SHARE = 0.5
_SHARE = "  share, %"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ClockReport(Report):
    """When events happen, by class.

    Attributes
    ----------
    clock : Clock
        How many there are at each hour of each weekday, and whether hours matter.
    where : str
        Which events these are, in words: ``"within 10 km of the quarry Koashva"``; nothing for all.
    zone : str
        Whose time it is, in words.
    left_out : int
        Events without an origin time or a class, which no clock has.
    """

    clock: Clock
    where: str
    zone: str
    left_out: int

    @property
    def table(self) -> pd.DataFrame:
        """A row an hour of a weekday of a class: ``event_class``, ``weekday``, ``hour``, ``events``, ``share``.

        The share is that of the class's events.
        """
        made = self.clock
        index = pd.MultiIndex.from_product(
            [made.classes, WEEKDAYS, range(HOURS)], names=["event_class", "weekday", "hour"]
        )
        table = pd.DataFrame({"events": made.counts.ravel()}, index=index).reset_index()
        return table.assign(share=made.counts.ravel() / np.repeat(made.totals, DAYS * HOURS))

    @cached_property
    def svg(self) -> str:
        """The clock as a picture, an ``svg`` element; empty where there is no event."""
        return clock_picture(self.clock, title=" ".join(self.sentences))

    def save(self, path: str | Path) -> Path:
        """Write the picture into a file, and return where it is.

        Raises
        ------
        StoreError
            When it cannot be written.
        RecordError
            When there is no event to draw.
        """
        if not self.svg:
            raise RecordError(f"The clock has no event, so there is nothing to draw in {path}; choose others.")
        return write_named(path, self.svg.encode())

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What the clock says, in words."""
        made, said = self.clock, []
        blasts = [name for name in made.classes if is_blast(name)]
        hours = made.hours_of(blasts)
        if hours.sum():
            span = shortest_span(hours)
            said.append(
                f"{_percent(span.share)} of {counted(hours.sum(), 'blast')} were fired "
                f"{hours_words(span.first, span.length)}, {_days_words(made.days_of(blasts))}."
            )
        if EARTHQUAKE in made.classes:
            at = made.classes.index(EARTHQUAKE)
            said.append(self._of_earthquakes(at, hours))
        if not said and made.classes:
            said.append(f"Neither blasts nor earthquakes are among these {made.totals.sum():,} events.")
        return tuple(said)

    def _of_earthquakes(self, at: int, blasts: np.ndarray) -> str:
        total, chance = int(self.clock.totals[at]), float(self.clock.evenness[at])
        if np.isnan(chance):
            return f"{counted(total, 'earthquake')} cannot say whether they look at the hour; ten are needed."
        test = f"Rayleigh's test, p = {chance:.2g}, {counted(total, 'earthquake')}"
        if chance >= _SIGNIFICANT:
            return f"The earthquakes are as even around the clock as chance makes them ({test})."
        said = f"The earthquakes are not even around the clock ({test})"
        if not blasts.sum():
            return f"{said}: swarms and aftershocks make that, and blasts among them."
        span = shortest_span(blasts)
        held = self.clock.counts[at].sum(axis=0)[span.holds(HOURS)].sum() / total
        return (
            f"{said}: {_percent(held)} of them fall into the blasts' hours, where {_percent(span.length / HOURS)} "
            "would by chance. Some may be blasts, or a swarm, or the night may hear more of them."
        )

    @property
    def about(self) -> str:
        """Which events these are, and whose time it is, in words."""
        left = f" {self.left_out:,} without an origin time or a class are left out." if self.left_out else ""
        if not self.clock.classes:
            return f"No event with an origin time and a class is {self.where or 'here'}.{left}"
        events = " ".join(filter(None, (counted(self.clock.totals.sum(), "event"), self.where)))
        return f"{events}, {self.zone}.{left}"

    def __str__(self) -> str:
        made = self.clock
        if not made.classes:
            return self.about
        wide = max(len(titled(name)) for name in made.classes)
        wide = max(wide, len(_SHARE))
        lines = [f"Clock of {self.about}", "", f"{'Hour':{wide}}" + "".join(f"{hour:5d}" for hour in range(HOURS))]
        for at, name in enumerate(made.classes):
            lines.append(f"{titled(name):{wide}}" + "".join(f"{count:5d}" for count in made.counts[at].sum(axis=0)))
            lines.append(f"{_SHARE:{wide}}" + "".join(f"{100 * share:5.1f}" for share in made.shares[at]))
        lines += ["", f"{'Weekday':{wide}}" + "".join(f"{day[:3]:>5}" for day in WEEKDAYS)]
        for at, name in enumerate(made.classes):
            lines.append(f"{titled(name):{wide}}" + "".join(f"{count:5d}" for count in made.counts[at].sum(axis=1)))
        return "\n".join([*lines, "", *self.sentences])

    def _repr_svg_(self) -> str | None:
        """Return what a notebook shows."""
        return self.svg or None


def is_blast(event_class: str) -> bool:
    """Tell whether people fire the events of a class.

    Examples
    --------
    >>> is_blast("quarry_blast"), is_blast("explosion"), is_blast("rock_burst")
    (True, True, False)
    """
    return event_class.endswith(("blast", "explosion"))


def clock_report(events: pd.DataFrame, where: str, utc_offset_h: float | None) -> ClockReport:
    """Return the clock of events.

    Parameters
    ----------
    events : DataFrame
        With ``origin_time`` (UTC), ``longitude`` [degrees] and ``event_class``.
    where : str
        Which events these are, in words.
    utc_offset_h : float or None
        As of `local_times`.
    """
    times = local_times(events, utc_offset_h)
    counted = times["hour"].notna() & events["event_class"].notna()
    made = clock(
        times.loc[counted, "hour"].to_numpy(),
        times.loc[counted, "weekday"].to_numpy(),
        events.loc[counted, "event_class"].to_numpy(),
    )
    if utc_offset_h is not None:
        zone = f"local time ({clock_words(utc_offset_h)})"
    else:
        offsets = sorted(set(times.loc[counted, "utc_offset_h"]))
        ends = [clock_words(each) for each in offsets[:: max(1, len(offsets) - 1)]]
        zone = f"time of the sun at their longitudes, rounded to whole hours ({' to '.join(ends)})" if ends else ""
    return ClockReport(clock=made, where=where, zone=zone, left_out=int((~counted).sum()))


def chosen_events(
    events: pd.DataFrame,
    quarries: Sequence[Quarry],
    *,
    classes: Collection[str] | None,
    quarry: str | None,
    region: Sequence[float] | None,
    around: Sequence[float] | None,
    radius_km: float | None,
) -> tuple[pd.DataFrame, str]:
    """Return the events that are asked for, and which these are in words; as of `Workspace.clock`."""
    here, said = np.ones(len(events), dtype=bool), []
    longitudes, latitudes = (events[name].to_numpy(dtype=float) for name in ("longitude", "latitude"))
    if radius_km is not None and quarry is None and around is None:
        raise RecordError(f"A radius of {radius_km:g} km needs a place; name a quarry or a point.")
    if classes is not None:
        known = set(events["event_class"].dropna())
        for name in classes:
            if name not in known:
                raise RecordError(f"No event has the class {name!r}; {nearest(name, known)}.")
        here &= events["event_class"].isin(list(classes)).to_numpy()
    centres = [_known(quarry, quarries)] if quarry is not None else []
    if around is not None:
        latitude, longitude = around
        centres.append(Quarry(name="", latitude=latitude, longitude=longitude))
    for each in centres:
        radius = radius_km if radius_km is not None else each.radius_km
        here &= distance_km(longitudes, latitudes, each.longitude, each.latitude) <= radius
        place = f"the quarry {each.name}" if each.name else f"{each.latitude:g}° N, {each.longitude:g}° E"
        said.append(f"within {radius:g} km of {place}")
    if region is not None:
        south, north, west, east = region
        if not (-90 <= south < north <= 90 and west != east):
            raise RecordError(
                f"A region from {south:g} to {north:g}° N and from {west:g} to {east:g}° E holds nothing; give south, "
                "north, west and east in degrees."
            )
        # a whole turn is no region of nothing
        width = 360.0 if east - west >= 360 else (east - west) % 360
        here &= (latitudes >= south) & (latitudes <= north) & ((longitudes - west) % 360 <= width)
        said.append(f"between {south:g} and {north:g}° N and {west:g} and {east:g}° E")
    return events[here], " and ".join(said)


def _known(name: str, quarries: Sequence[Quarry]) -> Quarry:
    named = {each.name.casefold(): each for each in quarries}
    if not named:
        raise RecordError(f"No quarry is known here, so none is {name!r}; name a table of some: trova quarries FILE")
    if name.casefold() not in named:
        raise RecordError(f"No quarry is called {name!r}; {nearest(name, [each.name for each in quarries])}.")
    return named[name.casefold()]


def _days_words(counts: np.ndarray) -> str:
    span = shortest_span(counts)
    if counts.min() >= _OF_ITS_SHARE * counts.sum() / DAYS or span.length == DAYS:
        return "on all days of the week"
    last = WEEKDAYS[(span.first + span.length - 1) % DAYS]
    days = f"on a {last}" if span.length == 1 else f"from {WEEKDAYS[span.first]} to {last}"
    return f"{_percent(span.share)} {days}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
