"""Distances on the Earth, taken as a sphere."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: The mean radius of the Earth, km.
EARTH_KM = 6371.0


def distance_km(
    longitude: ArrayLike, latitude: ArrayLike, to_longitude: ArrayLike, to_latitude: ArrayLike
) -> NDArray[np.float64]:
    """Return the great-circle distances between places, by the haversine formula.

    Parameters
    ----------
    longitude, latitude : array_like of float
        Places, degrees.
    to_longitude, to_latitude : array_like of float
        Other places, degrees; the four are broadcast against each other.

    Returns
    -------
    ndarray of float64
        Kilometres; NaN where a place is not known.

    References
    ----------
    Sinnott (1984), Virtues of the haversine, Sky and Telescope 68(2), 158.

    Examples
    --------
    >>> float(distance_km(0.0, 0.0, 0.0, 1.0).round(1))
    111.2
    """
    first, second = np.radians(np.asarray(latitude, dtype=float)), np.radians(np.asarray(to_latitude, dtype=float))
    apart = np.radians(np.asarray(to_longitude, dtype=float) - np.asarray(longitude, dtype=float))
    half = np.sin((second - first) / 2) ** 2 + np.cos(first) * np.cos(second) * np.sin(apart / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
