"""Distances on the Earth."""

import math

EARTH_RADIUS_KM = 6371.0


def surface_distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance between two places, from degrees, by the haversine formula.

    Examples
    --------
    >>> round(surface_distance_km(67.0, 33.0, 68.0, 33.0))
    111
    """
    north, other = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    haversine = math.sin((other - north) / 2) ** 2 + math.cos(north) * math.cos(other) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(haversine)))
