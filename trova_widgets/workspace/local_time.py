"""When events happened where they happened: hour and weekday in local time."""

import numpy as np
import pandas as pd

from trova_widgets.errors import RecordError

# of the zones that there are, from Baker Island to the Line Islands
_LEAST_OFFSET_H, _MOST_OFFSET_H = -12.0, 14.0
_DEGREES_AN_HOUR = 15.0
_NS_AN_HOUR = 3_600_000_000_000


def local_times(events: pd.DataFrame, utc_offset_h: float | None = None) -> pd.DataFrame:
    """Return when events happened by the clock of their place.

    Parameters
    ----------
    events : DataFrame
        With ``origin_time`` (UTC) and ``longitude`` [degrees].
    utc_offset_h : float, optional
        How far the local clocks are ahead of UTC [h], for all of them; if left out, each event's is that of the sun at
        its longitude, rounded to whole hours: what zones were made from, and an hour off where they were moved or
        where summer time holds. Those without a place take the middle one of the others.

    Returns
    -------
    DataFrame
        In the order of the events, with their index: ``hour`` (0 to 24, with its part of an hour) and ``weekday`` (0
        for Monday), NaN without an origin time; ``utc_offset_h``.

    Raises
    ------
    RecordError
        When there is no such zone.

    Examples
    --------
    >>> event = pd.DataFrame({"origin_time": pd.to_datetime(["2024-03-03T22:30Z"]), "longitude": [33.0]})
    >>> local_times(event).values.tolist()
    [[0.5, 0.0, 2.0]]
    """
    if utc_offset_h is not None and not _LEAST_OFFSET_H <= utc_offset_h <= _MOST_OFFSET_H:
        raise RecordError(f"No clock is {utc_offset_h:g} h ahead of UTC; give a number of hours from -12 to 14.")
    if utc_offset_h is None:
        longitudes = (events["longitude"].to_numpy(dtype=float) + 180) % 360 - 180
        solar = np.rint(longitudes / _DEGREES_AN_HOUR)
        placed = np.isfinite(solar)
        offsets = np.where(placed, solar, np.rint(np.median(solar[placed])) if placed.any() else 0.0)
    else:
        offsets = np.full(len(events), float(utc_offset_h))
    times = pd.to_datetime(events["origin_time"], utc=True)
    known = times.notna().to_numpy()
    hours = np.full(len(events), np.nan)
    stamps = times[known].dt.tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)
    hours[known] = stamps / _NS_AN_HOUR + offsets[known]
    # the first of January 1970 was a Thursday
    weekday = (np.floor(hours / 24) + 3) % 7
    return pd.DataFrame({"hour": hours % 24, "weekday": weekday, "utc_offset_h": offsets}, index=events.index)


def clock_words(utc_offset_h: float) -> str:
    """Return how far a clock is ahead of UTC in words.

    Examples
    --------
    >>> clock_words(0.0), clock_words(2.0), clock_words(-3.5)
    ('UTC', 'UTC + 2 h', 'UTC − 3.5 h')
    """
    return "UTC" if not utc_offset_h else f"UTC {'+' if utc_offset_h > 0 else '−'} {abs(utc_offset_h):g} h"
