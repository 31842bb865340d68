"""Events as points of a map."""

import numpy as np
import pandas as pd
from traitlets import Dict, HasTraits, List, Unicode

#: More points than this hide each other; the latest are shown.
MOST_POINTS = 4000

_MARGIN = 1.1
_LEAST_DEGREES = 0.05

Ends = tuple[float, float]


class EventMapModel(HasTraits):
    """The points of a map and which of them is picked.

    Attributes
    ----------
    points : list of dict
        ``event_id``, ``longitude``, ``latitude`` (degrees), ``event_class``.
    selected : str
        The event that is picked, or nothing.
    """

    points = List(Dict())
    selected = Unicode("")

    def show(self, events: pd.DataFrame) -> None:
        """Show the events that have a place.

        Parameters
        ----------
        events : DataFrame
            As of `Workspace.events`.
        """
        placed = events.dropna(subset=["longitude", "latitude"]).sort_values("origin_time").tail(MOST_POINTS)
        self.points = [
            {
                "event_id": row.event_id,
                "longitude": float(row.longitude),
                "latitude": float(row.latitude),
                "event_class": row.event_class if isinstance(row.event_class, str) else "",
            }
            for row in placed.itertuples(index=False)
        ]

    def place(self, event_id: str) -> tuple[float, float] | None:
        """Return the longitude and latitude of an event, degrees, or None where it is not on the map."""
        return next(
            ((point["longitude"], point["latitude"]) for point in self.points if point["event_id"] == event_id), None
        )

    def frame(self, aspect: float) -> tuple[Ends, Ends]:
        """Return the ends of the map in longitude and latitude, degrees, that show all points undistorted.

        Parameters
        ----------
        aspect : float
            Width over height of the map on the screen.
        """
        longitudes = np.array([point["longitude"] for point in self.points])
        latitudes = np.array([point["latitude"] for point in self.points])
        x, y = (longitudes.min() + longitudes.max()) / 2, (latitudes.min() + latitudes.max()) / 2
        # a degree of longitude shrinks with the cosine of the latitude
        narrowing = max(float(np.cos(np.radians(y))), 0.05)
        height = max(float(np.ptp(latitudes)), float(np.ptp(longitudes)) * narrowing / aspect, _LEAST_DEGREES)
        half_y = _MARGIN * height / 2
        half_x = half_y * aspect / narrowing
        return (float(x - half_x), float(x + half_x)), (float(y - half_y), float(y + half_y))
