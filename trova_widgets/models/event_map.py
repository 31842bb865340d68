"""Events and stations as points of a map that is true to scale."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from traitlets import Bool, Dict, HasTraits, List, Unicode, observe

from trova_widgets.figures.maps import map_view
from trova_widgets.figures.projection import Frame, Projection
from trova_widgets.models.record_table import station_codes
from trova_widgets.store import PlacedEvents

#: More points than this hide each other; the latest are shown.
MOST_POINTS = 4000
#: Width over height of the map on the screen.
ASPECT = 346 / 306

#: A part of a map: where its centre is, and which part.
Part = tuple[Projection, Frame]

_LEAST_KM, _MOST_KM = 2.0, 20_000.0


class EventMapModel(HasTraits):
    """The points of a map, which of them is picked, and the part of the map that is looked at.

    Attributes
    ----------
    points : list of dict
        Events: ``event_id``, ``longitude``, ``latitude`` (degrees), ``x_km``, ``y_km``, ``event_class``.
    stations : list of dict
        Stations whose place is known: ``code``, ``x_km``, ``y_km``, ``heard`` (a record of the picked event).
    quarries : list of dict
        Known quarries: ``name``, ``radius_km``, ``x_km``, ``y_km``.
    zoomed : bool
        Whether a part of the map is looked at that somebody has chosen.
    selected : str
        The event that is picked, or nothing.
    view : dict
        The map under the points: ``frame`` (west, east, south, north, km), ``land``, ``borders`` and ``graticule``
        (bytes: float32 pairs in km, NaN between lines), ``meridians`` and ``parallels`` (text and km), ``bar_km``;
        empty where there is nothing to show.
    note : str
        What is missing on the map.
    """

    points = List(Dict())
    stations = List(Dict())
    quarries = List(Dict())
    zoomed = Bool(False)
    selected = Unicode("")
    view = Dict()
    note = Unicode("")

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._projection: Projection | None = None
        self._frame: Frame | None = None
        self._stations = pd.DataFrame(columns=["code", "longitude", "latitude"])
        self._heard: tuple[str, frozenset[str]] = ("", frozenset())

    @property
    def part(self) -> Part | None:
        """The part of the map that somebody has chosen to look at, see `inside`; None where it is all of it."""
        if not self.zoomed or self._projection is None or self._frame is None:
            return None
        return self._projection, self._frame

    def show(self, events: PlacedEvents, stations: pd.DataFrame, quarries: pd.DataFrame | None = None) -> None:
        """Show the events and the stations that have a place, and all of them at first.

        Parameters
        ----------
        events : PlacedEvents
            As of `Workspace.placed_events`.
        stations : DataFrame
            As of `Workspace.stations`.
        quarries : DataFrame, optional
            As of `Workspace.quarries`.
        """
        placed = events.rows
        known = stations.assign(code=station_codes(stations)).dropna(subset=["longitude", "latitude"])
        self._stations = known
        self.note = _note(events.unplaced, len(stations) - len(known), len(known))
        longitudes = np.concatenate([placed["longitude"], known["longitude"]]).astype(float)
        latitudes = np.concatenate([placed["latitude"], known["latitude"]]).astype(float)
        if not len(longitudes):
            self.points, self.stations, self.quarries, self.view, self.zoomed = [], [], [], {}, False
            return
        before = self._projection
        self._projection = Projection(
            longitude=_middle(longitudes), latitude=float(np.ptp(latitudes) / 2 + latitudes.min())
        )
        places_km = self._projection.km(placed["longitude"], placed["latitude"])
        self.points = [
            {
                "event_id": row.event_id,
                "longitude": float(row.longitude),
                "latitude": float(row.latitude),
                "x_km": float(x),
                "y_km": float(y),
                "event_class": row.event_class if isinstance(row.event_class, str) else "",
            }
            for row, (x, y) in zip(placed.itertuples(index=False), places_km, strict=True)
        ]
        self.quarries = [] if quarries is None else self._placed(quarries)
        self._show_stations()
        if self._projection != before or not self.view:
            self.whole()

    def pick(self, event_id: str, heard: Iterable[str]) -> None:
        """Pick an event, and say which stations have a record of it."""
        self._heard = event_id, frozenset(heard)
        if event_id == self.selected:
            self._show_stations()
        else:
            self.selected = event_id

    def whole(self) -> None:
        """Look at all that there is."""
        if self._projection is not None and (self.points or self.stations):
            everything = [(point["x_km"], point["y_km"]) for point in (*self.points, *self.stations)]
            self._look(Frame.around(everything, ASPECT), zoomed=False)

    def look(self, middle_km: tuple[float, float], height_km: float) -> None:
        """Look at another part of the map.

        Parameters
        ----------
        middle_km : tuple of float
            Its middle, km to the east and to the north of the map's centre.
        height_km : float
            From its lower to its upper edge.
        """
        height = min(max(height_km, _LEAST_KM), _MOST_KM)
        self._look(Frame.around([middle_km], ASPECT, least_km=height, margin=0.0), zoomed=True)

    @observe("selected")
    def _show_stations(self, _: Any = None) -> None:
        if self._projection is None:
            return
        # of an event that was only just clicked the stations are not known yet
        heard = self._heard[1] if self._heard[0] == self.selected else frozenset()
        places_km = self._projection.km(self._stations["longitude"], self._stations["latitude"])
        self.stations = [
            {"code": code, "x_km": float(x), "y_km": float(y), "heard": code in heard}
            for code, (x, y) in zip(self._stations["code"], places_km, strict=True)
        ]

    def _placed(self, quarries: pd.DataFrame) -> list[dict[str, Any]]:
        if self._projection is None:
            return []
        places_km = self._projection.km(quarries["longitude"], quarries["latitude"])
        return [
            {"name": name, "radius_km": radius_km, "x_km": float(x), "y_km": float(y)}
            for name, radius_km, (x, y) in zip(quarries["name"], quarries["radius_km"], places_km, strict=True)
        ]

    def _look(self, frame: Frame, *, zoomed: bool) -> None:
        if self._projection is None:
            return
        # before the view: who follows it asks which part is chosen
        self._frame, self.zoomed = frame, zoomed
        seen = map_view(self._projection, frame)
        self.view = {
            "frame": [frame.west, frame.east, frame.south, frame.north],
            "land": seen.land.astype("<f4").tobytes(),
            "borders": seen.borders.astype("<f4").tobytes(),
            "graticule": seen.graticule.astype("<f4").tobytes(),
            "meridians": [list(item) for item in seen.meridians],
            "parallels": [list(item) for item in seen.parallels],
            "bar_km": seen.bar_km,
        }


def inside(events: pd.DataFrame, part: Part) -> pd.DataFrame:
    """Return the events that lie in a part of a map; those without a place lie nowhere."""
    projection, frame = part
    placed = events.dropna(subset=["longitude", "latitude"])
    x_km, y_km = projection.km(placed["longitude"], placed["latitude"]).T
    return placed[(x_km >= frame.west) & (x_km <= frame.east) & (y_km >= frame.south) & (y_km <= frame.north)]


def _middle(longitudes: np.ndarray) -> float:
    """Return the middle of the longitudes; those of a region across the date line have it there."""
    turned = longitudes % 360
    plain = longitudes if np.ptp(longitudes) <= np.ptp(turned) else turned
    return float((plain.min() + np.ptp(plain) / 2 + 180) % 360 - 180)


def _note(events_without: int, stations_without: int, stations_with: int) -> str:
    parts = []
    if stations_without and not stations_with:
        parts.append("The files do not say where the stations stand, so that only events are shown.")
    elif stations_without:
        parts.append(f"{stations_without} stations whose place is not known are not shown.")
    if events_without:
        parts.append(f"{events_without} events without a place are not shown.")
    return " ".join(parts)
