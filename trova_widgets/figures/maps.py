"""A map that is true to scale around its centre: projection, graticule, coasts and borders, a scale bar."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.outlines import borders, land
from trova_widgets.figures.projection import Floats, Frame, Projection
from trova_widgets.geometry import EARTH_KM

_KM_A_DEGREE = np.pi * EARTH_KM / 180
_STEPS_DEGREES = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 45)
_LINES_ACROSS = 4
_POINTS_A_LINE = 61


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
    pixel_km = frame.width / pixels
    graticule, meridians, parallels = _graticule(projection, frame)
    raw = 0.3 * frame.width
    unit = 10.0 ** np.floor(np.log10(raw))
    return MapView(
        frame=frame,
        land=land(projection, frame, pixel_km),
        borders=borders(projection, frame, pixel_km),
        graticule=graticule,
        meridians=meridians,
        parallels=parallels,
        bar_km=float(max(factor * unit for factor in (1, 2, 5) if factor * unit <= raw)),
    )


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
