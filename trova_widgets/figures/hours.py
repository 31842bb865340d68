"""The hour of day of events: quarries work by day, earthquakes come at any hour."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trova_widgets.space import Floats

_HOURS = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class Hours:
    """At which hours the events of some classes were, and one event among them.

    Attributes
    ----------
    shares : mapping of str to ndarray of float, shape (24,)
        Of each class, the share of its events in each hour (UTC).
    counts : mapping of str to int
        How many events of each class there are.
    hour : float
        When the event was, hours after midnight UTC; NaN where that is not known.
    """

    shares: Mapping[str, Floats]
    counts: Mapping[str, int]
    hour: float

    @property
    def highest(self) -> float:
        """The highest share of all."""
        return max((float(each.max()) for each in self.shares.values()), default=0.0) or 1.0


def hours_of(
    times: "pd.Series[pd.Timestamp]", classes: "pd.Series[str]", shown: list[str], event: pd.Timestamp
) -> Hours:
    """Count events by their hour of day.

    Parameters
    ----------
    times : Series of Timestamp, shape (n,)
        Origin times (UTC).
    classes : Series of str, shape (n,)
        The class of each event.
    shown : list of str
        Which classes are counted.
    event : Timestamp
        The origin time of the one event; NaT where it is not known.

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2024-01-01T11:10Z", "2024-01-02T11:50Z", "2024-01-03T02:00Z"]))
    >>> found = hours_of(times, pd.Series(["quarry_blast"] * 3), ["quarry_blast"], times[0])
    >>> round(found.shares["quarry_blast"][11], 2), round(found.hour, 2)
    (0.67, 11.17)
    """
    shares, counts = {}, {}
    for name in shown:
        hours = times[classes == name].dropna().dt.hour.to_numpy(dtype=np.int64)
        counts[name] = len(hours)
        shares[name] = np.bincount(hours, minlength=_HOURS) / max(len(hours), 1)
    known = not pd.isna(event)
    return Hours(
        shares=shares, counts=counts, hour=event.hour + event.minute / 60 + event.second / 3600 if known else np.nan
    )
