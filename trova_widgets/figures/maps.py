"""A map that is true to scale around its centre: projection, graticule, coasts and borders, a scale bar."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.resources import share_folder

EARTH_KM = 6371.0
_KM_A_DEGREE = np.pi * EARTH_KM / 180
_STEPS_DEGREES = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 45)
_LINES_ACROSS = 4
_POINTS_A_LINE = 61
# what is drawn past the frame's edges, in frames: enough to be moved about until the next view comes
_AROUND = 0.5

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


@dataclass(frozen=True, kw_only=True, eq=False)
class MapView:
    """What is drawn of a map before anything stands on it.

    Attributes
    ----------
    frame : Frame
        The part that is seen.
    land, borders, graticule : ndarray of float32, shape (n, 2)
        Rings of land (by the even-odd rule) and lines, km; a row of NaN parts one from the next.
    meridians, parallels : tuple of (str, float)
        What is written at the lower and the left edge, and where, km.
    bar_km : float
        A round length, for the scale bar.
    """

    frame: Frame
    land: NDArray[np.float32]
    borders: NDArray[np.float32]
    graticule: NDArray[np.float32]
    meridians: tuple[tuple[str, float], ...]
    parallels: tuple[tuple[str, float], ...]
    bar_km: float


def map_view(projection: Projection, frame: Frame, pixels: int = 400) -> MapView:
    """Return the map in a frame.

    Parameters
    ----------
    projection : Projection
        Where the map's centre is.
    frame : Frame
        The part that is seen.
    pixels : int
        How many of them the frame is wide: lines have no more detail than can be seen.

    Examples
    --------
    >>> seen = map_view(Projection(longitude=34.0, latitude=68.0), Frame(west=-300, east=300, south=-250, north=250))
    >>> seen.bar_km, [text for text, _ in seen.parallels]
    (100.0, ['66° N', '68° N', '70° N'])
    """
    world, places = _world(), _projected(projection)
    pixel_km = frame.width / pixels
    graticule, meridians, parallels = _graticule(projection, frame)
    raw = 0.3 * frame.width
    unit = 10.0 ** np.floor(np.log10(raw))
    return MapView(
        frame=frame,
        land=_rings(places[world.ring_points], world.ring_of, frame, pixel_km),
        borders=_lines(places[world.border_points], world.border_of, frame, pixel_km),
        graticule=graticule,
        meridians=meridians,
        parallels=parallels,
        bar_km=float(max(factor * unit for factor in (1, 2, 5) if factor * unit <= raw)),
    )


def distance_km(longitude: ArrayLike, latitude: ArrayLike, to_longitude: ArrayLike, to_latitude: ArrayLike) -> Floats:
    """Return the great-circle distances between places given in degrees (haversine formula), km.

    Examples
    --------
    >>> float(distance_km(0.0, 0.0, 0.0, 1.0).round(1))
    111.2
    """
    first, second = np.radians(np.asarray(latitude, dtype=float)), np.radians(np.asarray(to_latitude, dtype=float))
    apart = np.radians(np.asarray(to_longitude, dtype=float) - np.asarray(longitude, dtype=float))
    half = np.sin((second - first) / 2) ** 2 + np.cos(first) * np.cos(second) * np.sin(apart / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


@dataclass(frozen=True, eq=False)
class _World:
    """Points of all lines in degrees, and which of them make the rings of land and the borders, in order."""

    degrees: Floats
    ring_points: NDArray[np.int64]
    ring_of: NDArray[np.int64]
    border_points: NDArray[np.int64]
    border_of: NDArray[np.int64]


@lru_cache(maxsize=1)
def _world() -> _World:
    with np.load(Path(share_folder("data")) / "outlines.npz") as content:
        data = dict(content)
    counts = data["counts"].astype(np.int64)
    firsts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    # every line begins anew: its first step is none
    moves = np.zeros((int(counts.sum()), 2), dtype=np.int64)
    is_first = np.zeros(len(moves), dtype=np.bool_)
    is_first[firsts] = True
    moves[~is_first] = data["steps"]
    walked = np.cumsum(moves, axis=0)
    walked += np.repeat(data["starts"] - walked[firsts], counts, axis=0)

    def points(arcs: NDArray[np.int32], owners: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of the points of some arcs, and the owner of each."""
        places = []
        for arc in arcs.tolist():
            number = arc if arc >= 0 else ~arc
            along = np.arange(firsts[number], firsts[number] + counts[number])
            places.append(along if arc >= 0 else along[::-1])
        return np.concatenate(places), np.repeat(owners, [len(place) for place in places])

    ring_points, ring_of = points(
        data["ring_arcs"], np.repeat(np.arange(len(data["ring_counts"])), data["ring_counts"])
    )
    border_points, border_of = points(data["borders"], np.arange(len(data["borders"])))
    degrees = walked * data["scale"] + data["origin"]
    return _World(degrees, ring_points, ring_of, border_points, border_of)


@lru_cache(maxsize=4)
def _projected(projection: Projection) -> Floats:
    degrees = _world().degrees
    return projection.km(degrees[:, 0], degrees[:, 1])


def _room(frame: Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of what is drawn: the frame and some room around it."""
    room = _AROUND * max(frame.width, frame.height)
    return (
        np.array([frame.west - room, frame.south - room]),
        np.array([frame.east + room, frame.north + room]),
    )


def _rings(points: Floats, ring_of: NDArray[np.int64], frame: Frame, pixel_km: float) -> NDArray[np.float32]:
    """Return the rings that lie in and around a frame, a point a pixel at most.

    What lies farther out is drawn together to the edge: what is filled within stays the same.
    """
    low, high = _room(frame)
    held = np.clip(points, low, high)
    moved = _first_in_pixel(held, ring_of, pixel_km)
    held, ring_of = held[moved], ring_of[moved]
    begins = np.flatnonzero(np.concatenate([[True], np.diff(ring_of) != 0]))
    extent = np.maximum.reduceat(held, begins) - np.minimum.reduceat(held, begins)
    is_seen = np.all(extent > pixel_km, axis=1)
    of_ring = np.cumsum(np.concatenate([[True], np.diff(ring_of) != 0])) - 1
    kept = is_seen[of_ring]
    return _parted(held[kept], of_ring[kept])


def _lines(points: Floats, line_of: NDArray[np.int64], frame: Frame, pixel_km: float) -> NDArray[np.float32]:
    """Return the pieces of lines that lie in and around a frame, a point a pixel at most."""
    low, high = _room(frame)
    inside = np.flatnonzero(((points > low) & (points < high)).all(axis=1))
    # a line that leaves and comes back is two pieces
    piece_of = np.cumsum(np.concatenate([[0], (np.diff(inside) > 1) | (np.diff(line_of[inside]) != 0)])[: len(inside)])
    pieces = points[inside]
    kept = _first_in_pixel(pieces, piece_of, pixel_km)
    return _parted(pieces[kept], piece_of[kept])


def _first_in_pixel(points: Floats, part_of: NDArray[np.int64], pixel_km: float) -> NDArray[np.bool_]:
    """Tell which points do not stand in the pixel of the one before; the ends of each part always count."""
    if not len(points):
        return np.zeros(0, dtype=np.bool_)
    pixels = np.floor(points / pixel_km)
    begins = np.concatenate([[True], np.diff(part_of) != 0])
    ends = np.concatenate([begins[1:], [True]])
    moved = np.concatenate([[True], np.any(np.diff(pixels, axis=0) != 0, axis=1)])
    return np.asarray(begins | ends | moved)


def _parted(points: Floats, part_of: NDArray[np.int64]) -> NDArray[np.float32]:
    """Put a row of NaN between the parts."""
    gaps = np.flatnonzero(np.diff(part_of) != 0) + 1
    return np.insert(points.astype(np.float32), gaps, np.nan, axis=0)


def _graticule(
    projection: Projection, frame: Frame
) -> tuple[NDArray[np.float32], tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
    wanted = frame.height / _KM_A_DEGREE / _LINES_ACROSS
    step_north = next((step for step in _STEPS_DEGREES if step >= wanted), _STEPS_DEGREES[-1])
    narrow = max(float(np.cos(np.radians(projection.latitude))), 0.1)
    wanted = frame.width / (_KM_A_DEGREE * narrow) / _LINES_ACROSS
    step_east = next((step for step in _STEPS_DEGREES if step >= wanted), _STEPS_DEGREES[-1])
    across = np.stack(
        np.meshgrid(np.linspace(frame.west, frame.east, 21), np.linspace(frame.south, frame.north, 21)), axis=-1
    ).reshape(-1, 2)
    seen = projection.degrees(across)
    east = (seen[:, 0] - projection.longitude + 180) % 360 - 180 + projection.longitude
    norths, easts = _multiples(seen[:, 1], step_north, 89.0), _multiples(east, step_east, np.inf)
    if float(np.ptp(east)) > 300:
        # a pole is in sight
        easts = np.arange(-180.0, 180.0, step_east)
    lines, meridians, parallels = [], [], []
    span_north = np.linspace(max(seen[:, 1].min() - 2, -89.9), min(seen[:, 1].max() + 2, 89.9), _POINTS_A_LINE)
    span_east = np.linspace(east.min() - 2, east.max() + 2, _POINTS_A_LINE)
    for value in easts:
        line = projection.km(np.full(_POINTS_A_LINE, value), span_north)
        lines.append(line)
        if (x := _crossing(line[:, 1], line[:, 0], frame.south)) is not None and frame.west <= x <= frame.east:
            meridians.append((_degrees_text((value + 180) % 360 - 180, "E", "W"), x))
    for value in norths:
        line = projection.km(span_east, np.full(_POINTS_A_LINE, value))
        lines.append(line)
        if (y := _crossing(line[:, 0], line[:, 1], frame.west)) is not None and frame.south <= y <= frame.north:
            parallels.append((_degrees_text(value, "N", "S"), y))
    gap = np.full((1, 2), np.nan)
    joined = np.concatenate([piece for line in lines for piece in (line, gap)]) if lines else np.empty((0, 2))
    return joined.astype(np.float32), tuple(meridians), tuple(parallels)


def _multiples(values: Floats, step: float, limit: float) -> Floats:
    first, last = np.ceil(values.min() / step - 1e-9), np.floor(values.max() / step + 1e-9)
    numbers = np.arange(first, last + 1) * step
    return np.asarray(numbers[np.abs(numbers) <= limit])


def _crossing(along: Floats, across: Floats, edge: float) -> float | None:
    """Return where a line crosses an edge of the frame, or None."""
    above = along >= edge
    places = np.flatnonzero(above[1:] != above[:-1])
    if not len(places):
        return None
    place = int(places[0])
    share = (edge - along[place]) / (along[place + 1] - along[place])
    return float(across[place] + share * (across[place + 1] - across[place]))


def _degrees_text(value: float, positive: str, negative: str) -> str:
    number = f"{abs(round(value, 2)):g}°"
    return number if round(value, 2) == 0 else f"{number} {positive if value > 0 else negative}"
