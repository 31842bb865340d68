"""Places of the Earth on a plane: an azimuthal projection, and frames in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.geometry import EARTH_KM

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Projection:
    """The azimuthal equidistant projection: distances and directions from its centre are true.

    Attributes
    ----------
    longitude, latitude : float
        The centre, degrees.

    References
    ----------
    Snyder (1987), Map projections: a working manual, doi 10.3133/pp1395, section 25.
    """

    longitude: float
    latitude: float

    def km(self, longitude: ArrayLike, latitude: ArrayLike) -> Floats:
        """Return the places on the map, km to the east and to the north of the centre, shape (..., 2).

        Examples
        --------
        >>> Projection(longitude=30.0, latitude=60.0).km(30.0, 61.0).round(1).tolist()
        [0.0, 111.2]
        """
        east = np.radians(np.asarray(longitude, dtype=np.float64) - self.longitude)
        north, centre = np.radians(np.asarray(latitude, dtype=np.float64)), np.radians(self.latitude)
        x = np.cos(north) * np.sin(east)
        y = np.cos(centre) * np.sin(north) - np.sin(centre) * np.cos(north) * np.cos(east)
        z = np.sin(centre) * np.sin(north) + np.cos(centre) * np.cos(north) * np.cos(east)
        away = np.hypot(x, y)
        # the angle from the centre over its sine; one in the centre itself
        stretch = np.where(away > 1e-12, np.arctan2(away, z) / np.maximum(away, 1e-12), 1.0)
        return EARTH_KM * np.stack([stretch * x, stretch * y], axis=-1)

    def degrees(self, places_km: ArrayLike) -> Floats:
        """Return the longitude and the latitude of places on the map, degrees: the inverse of `km`.

        Examples
        --------
        >>> Projection(longitude=30.0, latitude=60.0).degrees([0.0, 111.195]).round(3).tolist()
        [30.0, 61.0]
        """
        x, y = np.moveaxis(np.asarray(places_km, dtype=np.float64), -1, 0)
        away, centre = np.hypot(x, y), np.radians(self.latitude)
        angle, share = away / EARTH_KM, 1 / np.maximum(away, 1e-12)
        north = np.arcsin(
            np.clip(np.cos(angle) * np.sin(centre) + y * share * np.sin(angle) * np.cos(centre), -1.0, 1.0)
        )
        east = np.arctan2(x * np.sin(angle), away * np.cos(centre) * np.cos(angle) - y * np.sin(centre) * np.sin(angle))
        longitude = (self.longitude + np.degrees(east) + 180) % 360 - 180
        return np.stack([longitude, np.degrees(north)], axis=-1)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The part of a map that is seen, km from the projection's centre."""

    west: float
    east: float
    south: float
    north: float

    @property
    def width(self) -> float:
        """Kilometres from the west to the east."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """Kilometres from the south to the north."""
        return self.north - self.south

    @classmethod
    def around(cls, places_km: ArrayLike, aspect: float, least_km: float = 10.0, margin: float = 0.08) -> "Frame":
        """Return the frame that shows some places undistorted.

        Parameters
        ----------
        places_km : array_like, shape (n, 2)
            At least one.
        aspect : float
            Width over height on the screen.
        least_km : float
            What a frame shows at least from south to north.
        margin : float
            Room at each edge, as a share of the height.
        """
        places = np.asarray(places_km, dtype=np.float64).reshape(-1, 2)
        low, high = places.min(axis=0), places.max(axis=0)
        middle, size = (low + high) / 2, high - low
        half = max(size[1], size[0] / aspect, least_km) * (0.5 + margin)
        return cls(
            west=float(middle[0] - half * aspect),
            east=float(middle[0] + half * aspect),
            south=float(middle[1] - half),
            north=float(middle[1] + half),
        )
