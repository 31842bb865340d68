"""Series of surfaces: an objective as height over two parameters, one for each value of a third (Fig. 10)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.panels import window
from trova_widgets.figures.spread import axis_title, spans
from trova_widgets.space import Floats, Grid, Index, format_value, short_name

#: A point of the page, and the value that stands there.
Tick = tuple[float, float, str]

#: More surfaces at once than this are looked at through a window around the slider.
SURFACES_AT_MOST = 12
_HEIGHT = 0.75
_TICKS_AT_MOST = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """One surface, projected onto the page (parallel projection; y grows downwards as on a page).

    Attributes
    ----------
    title : str
        The third parameter's value.
    at_slider : bool
        Whether its slider stands here.
    index : ndarray of int, shape (nodes, k)
        The combination of each node.
    nodes : ndarray of float, shape (nodes, 2)
        Where the nodes are on the page; NaN at a hole.
    patches : ndarray of float, shape (patches, 4, 2)
        The corners of the pieces, those at the back first.
    colours : list of str
        The colour of each piece.
    hole_patches : ndarray of float, shape (pieces, 4, 2)
        The pieces on the ground below which a corner has no result.
    frame : tuple of ndarray, shape (points, 2) each
        The polylines of the ground and of the walls' edges.
    chosen : int or None
        The node at the sliders, on the surface where they stand.
    stem : ndarray of float, shape (2, 2)
        From the ground to the chosen node.
    """

    title: str
    at_slider: bool
    index: NDArray[np.int64]
    nodes: Floats
    patches: Floats
    colours: list[str]
    hole_patches: Floats
    frame: tuple[Floats, ...]
    chosen: int | None
    stem: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class SurfaceSheet:
    """A series of surfaces of the same projection.

    Attributes
    ----------
    surfaces : tuple of Surface
        One for each value of the third parameter.
    across, up : str
        The names of the two parameters on the ground; ``up`` is empty when there is one.
    across_end, up_end : ndarray of float, shape (2,)
        Where on the page their names stand.
    height_scale, colour_scale : ColourScale
        What height and colour mean.
    bounds : tuple of float
        Left, top, width and height of the page that holds any of the surfaces.
    across_ticks, up_ticks, height_ticks : tuple of (float, float, str)
        Where on the page values stand: along the two near edges of the ground, and along a post.
    """

    surfaces: tuple[Surface, ...]
    across: str
    up: str
    across_end: Floats
    up_end: Floats
    height_scale: ColourScale
    colour_scale: ColourScale
    bounds: tuple[float, float, float, float]
    across_ticks: tuple[Tick, ...] = ()
    up_ticks: tuple[Tick, ...] = ()
    height_ticks: tuple[Tick, ...] = ()


def surface_series(
    height: tuple[Grid, ColourScale],
    axes: Sequence[int],
    position: Index,
    *,
    colour: tuple[Grid, ColourScale] | None = None,
    logarithmic: Collection[str] = (),
    azimuth_deg: float = 35.0,
    elevation_deg: float = 28.0,
) -> SurfaceSheet:
    """Project a surface for each value of the last of three parameters.

    Parameters
    ----------
    height : (Grid, ColourScale)
        The objective that is the height.
    axes : sequence of int, length 1 to 3
        The two axes of the ground, and the one with a surface a value. With one axis the surface is a ribbon.
    position : tuple of int, length k
        Where the sliders stand.
    colour : (Grid, ColourScale), optional
        The objective that is the colour, when it is another one.
    logarithmic : collection of str
        The settings of which equal ratios are equal steps.
    azimuth_deg, elevation_deg : float
        From where one looks, in degrees.

    Returns
    -------
    SurfaceSheet
    """
    grid = height[0]
    painted = height if colour is None else colour
    view = _View(azimuth_deg, elevation_deg)
    series = axes[2] if len(axes) > 2 else None
    places = window(grid.shape[series], SURFACES_AT_MOST, position[series]) if series is not None else range(1)
    ground = tuple(spans(grid.values[axis], logarithmic=grid.names[axis] in logarithmic) for axis in axes[:2])
    surfaces = []
    for place in places:
        held = list(position)
        title = ""
        if series is not None:
            held[series] = place
            title = f"{short_name(grid.names[series])} = {format_value(grid.values[series][place])}"
        at_slider = series is None or place == position[series]
        surfaces.append(_surface(height, painted, axes[:2], ground, held, position, view, title, at_slider))
    corners = view.project(*np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, _HEIGHT)]).T)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    near = 0.0 if np.cos(np.radians(azimuth_deg)) > 0 else 1.0
    side = _near_side(azimuth_deg)
    scale = height[1]
    titles = [
        axis_title(grid.names[axis], grid.values[axis], logarithmic=grid.names[axis] in logarithmic)
        for axis in axes[:2]
    ]
    heights = [(float(scale.share(tick)), scale.written(tick)) for tick in scale.ticks(3)]
    return SurfaceSheet(
        surfaces=tuple(surfaces),
        across=titles[0],
        up=titles[1] if len(axes) > 1 else "",
        across_end=view.project(np.array([0.5]), np.array([near]), np.zeros(1))[0],
        up_end=view.project(np.array([_near_side(azimuth_deg)]), np.array([0.5]), np.zeros(1))[0],
        height_scale=height[1],
        colour_scale=painted[1],
        bounds=(float(left), float(top), float(right - left), float(bottom - top)),
        across_ticks=_ticks(view, [((share, near, 0.0), text) for share, text in _values(grid, axes[0], ground[0])]),
        up_ticks=_ticks(view, [((side, share, 0.0), text) for share, text in _values(grid, axes[1], ground[1])])
        if len(axes) > 1
        else (),
        height_ticks=_ticks(view, [((1 - side, near, _HEIGHT * share), text) for share, text in heights]),
    )


def _values(grid: Grid, axis: int, places: Floats) -> list[tuple[float, str]]:
    """Return the values of an axis of the ground with their places, 0 to 1, thinned to those that have room."""
    kept: list[tuple[float, str]] = []
    for at, value in sorted(zip(places.tolist(), grid.values[axis], strict=True), key=lambda each: each[0]):
        if not kept or at - kept[-1][0] >= 1 / _TICKS_AT_MOST - 1e-9:
            kept.append((at, format_value(value)))
    return kept


def _ticks(view: "_View", places: list[tuple[tuple[float, float, float], str]]) -> tuple[Tick, ...]:
    found = [view.project(*np.array([place], dtype=float).T)[0] for place, _ in places]
    return tuple((float(x), float(y), text) for (x, y), (_, text) in zip(found, places, strict=True))


class _View:
    """A parallel projection; the ground is the unit square, heights are 0 to `_HEIGHT`."""

    def __init__(self, azimuth_deg: float, elevation_deg: float) -> None:
        self._azimuth, self._elevation = np.radians(azimuth_deg), np.radians(elevation_deg)

    def project(self, x: Floats, y: Floats, z: Floats) -> Floats:
        sine, cosine = np.sin(self._azimuth), np.cos(self._azimuth)
        right = (x - 0.5) * cosine - (y - 0.5) * sine
        away = (x - 0.5) * sine + (y - 0.5) * cosine
        down = -z * np.cos(self._elevation) - away * np.sin(self._elevation)
        return np.stack([right, down], axis=-1)

    def distance(self, x: Floats, y: Floats) -> Floats:
        return np.asarray((x - 0.5) * np.sin(self._azimuth) + (y - 0.5) * np.cos(self._azimuth))


def _near_side(azimuth_deg: float) -> float:
    return 0.0 if np.sin(np.radians(azimuth_deg)) > 0 else 1.0


def _surface(
    height: tuple[Grid, ColourScale],
    painted: tuple[Grid, ColourScale],
    span: Sequence[int],
    ground_at: Sequence[Floats],
    held: list[int],
    position: Index,
    view: _View,
    title: str,
    at_slider: bool,
) -> Surface:
    grid, scale = height
    # a single row of values becomes a ribbon: the same values on both of its edges
    spans = [grid.shape[axis] for axis in span]
    columns, rows = spans[0], spans[1] if len(spans) > 1 else 1
    drawn_rows, drawn_columns = max(rows, 2), max(columns, 2)
    row, column = (side.ravel() for side in np.mgrid[0:drawn_rows, 0:drawn_columns])
    index = np.tile(np.asarray(held, dtype=np.int64), (row.size, 1))
    index[:, span[0]] = np.minimum(column, columns - 1)
    if len(span) > 1:
        index[:, span[1]] = np.minimum(row, rows - 1)
    at = tuple(index.T)
    z = _HEIGHT * scale.share(grid.mean[at])
    # a ribbon lies from edge to edge
    across_at, up_at = (
        each if each is not None and len(each) > 1 else np.array([0.0, 1.0])
        for each in (ground_at[0], ground_at[1] if len(ground_at) > 1 else None)
    )
    x, y = across_at[column], up_at[row]
    nodes, ground = view.project(x, y, z), view.project(x, y, np.zeros_like(x))
    first = (np.arange(drawn_rows - 1)[:, np.newaxis] * drawn_columns + np.arange(drawn_columns - 1)).ravel()
    corners = first[:, np.newaxis] + np.array([0, 1, drawn_columns + 1, drawn_columns])
    order = np.argsort(-view.distance(x[corners].mean(axis=1), y[corners].mean(axis=1)), kind="stable")
    corners = corners[order]
    whole = np.isfinite(z[corners]).all(axis=1)
    means = painted[0].mean[at][corners[whole]]
    chosen = np.flatnonzero(np.all(index == np.asarray(position), axis=1)) if at_slider else np.empty(0, dtype=int)
    place = int(chosen[0]) if chosen.size and np.isfinite(z[chosen[0]]) else None
    return Surface(
        title=title,
        at_slider=at_slider,
        index=index,
        nodes=nodes,
        patches=nodes[corners[whole]],
        colours=painted[1].hexadecimal(means.mean(axis=1) if len(means) else []),
        hole_patches=ground[corners[~whole]],
        frame=_frame(view),
        chosen=place,
        stem=np.stack([ground[place], nodes[place]]) if place is not None else np.empty((0, 2)),
    )


def _frame(view: _View) -> tuple[Floats, ...]:
    base = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 0)]
    posts = [[(x, y, 0), (x, y, _HEIGHT)] for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    # the post that is nearest would stand in front of the surface
    nearest = min(range(4), key=lambda post: float(view.distance(*np.array(posts[post][0][:2], dtype=float))))
    lines = [base, *(post for place, post in enumerate(posts) if place != nearest)]
    return tuple(view.project(*np.array(line, dtype=float).T) for line in lines)
