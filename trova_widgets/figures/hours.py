"""The hour of day of events: quarries work by day, earthquakes come at any hour."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trova_widgets.figures.clock import HOURS
from trova_widgets.space import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Hours:
    """At which hours the events of some classes were, and one event among them.

    Attributes
    ----------
    shares : mapping of str to ndarray of float, shape (24,)
        Of each class, the share of its events in each hour.
    counts : mapping of str to int
        How many events of each class there are.
    hour : float
        When the event was, hours after midnight; NaN where that is not known.
    """

    shares: Mapping[str, Floats]
    counts: Mapping[str, int]
    hour: float

    @property
    def highest(self) -> float:
        """The highest share of all."""
        return max((float(each.max()) for each in self.shares.values()), default=0.0) or 1.0


def hours_of(hours: "pd.Series[float]", classes: "pd.Series[str]", shown: list[str], hour: float) -> Hours:
    """Count events by their hour of day.

    Parameters
    ----------
    hours : Series of float, shape (n,)
        The hour of each event, 0 to 24 by the clock that people there live by; NaN where it is not known.
    classes : Series of str, shape (n,)
        The class of each event.
    shown : list of str
        Which classes are counted.
    hour : float
        When the one event was, by the same clock; NaN where it is not known.

    Examples
    --------
    >>> found = hours_of(pd.Series([11.2, 11.8, 2.0]), pd.Series(["quarry_blast"] * 3), ["quarry_blast"], 11.2)
    >>> round(float(found.shares["quarry_blast"][11]), 2), found.hour
    (0.67, 11.2)
    """
    shares, counts = {}, {}
    for name in shown:
        of_class = hours[classes == name].dropna().to_numpy(dtype=np.int64)
        counts[name] = len(of_class)
        shares[name] = np.bincount(of_class, minlength=HOURS) / max(len(of_class), 1)
    return Hours(shares=shares, counts=counts, hour=hour)
