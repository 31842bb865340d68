"""Land and borders of the Earth, from Natural Earth, as a map shows them in a frame."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.projection import Floats, Frame, Projection
from trova_widgets.resources import share_folder

# what is drawn past the frame's edges, in frames: enough to be moved about until the next view comes
_AROUND = 0.5


def land(projection: Projection, frame: Frame, pixel_km: float) -> NDArray[np.float32]:
    """Return the rings of land in and around a frame.

    Parameters
    ----------
    projection : Projection
        Where the map's centre is.
    frame : Frame
        The part that is seen.
    pixel_km : float
        The smallest distance that can be seen, km.

    Returns
    -------
    ndarray of float32, shape (n, 2)
        Kilometres; a row of NaN parts one ring from the next. To be filled by the even-odd rule.
    """
    world = _world()
    return _rings(_projected(projection)[world.ring_points], world.ring_of, frame, pixel_km)


def borders(projection: Projection, frame: Frame, pixel_km: float) -> NDArray[np.float32]:
    """Return the borders of countries in and around a frame, as lines; parameters and result as in `land`."""
    world = _world()
    return _lines(_projected(projection)[world.border_points], world.border_of, frame, pixel_km)


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
    with np.load(share_folder("data") / "outlines.npz") as content:
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
