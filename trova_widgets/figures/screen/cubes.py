"""A small cube on a page: every node of three parameters, seen as the cube that turns is seen at first.

A fourth parameter has such a cube for each of its values, side by side and from one side, so that they can be compared.
"""

from collections.abc import Callable

import numpy as np

from trova_widgets.figures.colour import hexadecimal
from trova_widgets.figures.cube import Cube, CubeAxis
from trova_widgets.figures.screen.svg import (
    ACCENT,
    CARD,
    HATCHED,
    INK,
    LETTER,
    LINE,
    dot,
    path,
    picture,
    tag,
    thinned,
    words,
)
from trova_widgets.space import Floats

#: Where on the screen a step along x, y and z goes, to the right and upwards, and towards the eye.
_SEEN = np.array([[0.887, 0.0, 0.463], [0.144, 0.951, -0.276], [-0.440, 0.311, 0.843]])
_SMALLEST, _LARGEST, _LEFT, _RIGHT, _TOP, _BELOW = 70.0, 124.0, 26.0, 24.0, 26.0, 58.0
#: The edges at which values stand: a corner, and along which axis it goes; they are outermost and in front.
_TICKED = (((0, 0, 1), 0), ((1, 0, 1), 1), ((0, 0, 0), 2))
#: Where the words of a value stand beside its point.
_BESIDE = ((2.0, 16.0, "start"), (6.0, 4.0, "start"), (-4.0, 12.0, "end"))


def small_cube(nodes: Cube, *, is_picked: bool, title: str = "", room_px: float = 200.0) -> str:
    """Draw the nodes of a cube, the nearest last.

    Parameters
    ----------
    nodes : Cube
        What is drawn.
    is_picked : bool
        Whether the chosen combination is in this cube, and has a ring.
    title : str
        What it shows, for who cannot see it.
    room_px : float
        How wide it may be.

    Returns
    -------
    str
        An ``svg`` element.
    """
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float) @ _SEEN.T
    low, high = corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)
    side = float(np.clip((room_px - _LEFT - _RIGHT) / (high[0] - low[0]), _SMALLEST, _LARGEST))

    def at(points: Floats) -> Floats:
        seen = points @ _SEEN.T
        x = _LEFT + (seen[..., 0] - low[0]) * side
        y = _TOP + (high[1] - seen[..., 1]) * side
        return np.stack([x, y, seen[..., 2]], axis=-1)

    parts = [path(at(edge)[:, :2].tolist(), stroke=LINE, stroke_width=1.1) for edge in _edges()]
    parts += _nodes(nodes, at(_shares(nodes)), side, is_picked)
    for (corner, axis), edge in zip(_TICKED, nodes.axes, strict=True):
        parts += _ticks(at, np.array(corner, dtype=float), axis, edge)
    bottom = _TOP + (high[1] - low[1]) * side
    across, up, near = (edge.title for edge in nodes.axes)
    parts += [
        words(2, 13, f"↑ {up}", "start", fill=INK),
        words(_LEFT, bottom + 32, f"{across} →", "start", fill=INK),
        words(2, bottom + 50, f"↙ {near}", "start", fill=INK),
    ]
    width = max(_LEFT + (high[0] - low[0]) * side + _RIGHT, _LEFT + LETTER * (len(across) + 3))
    return picture(width, bottom + _BELOW, parts, title or "cube", class_="ts-cube")


def _shares(nodes: Cube) -> Floats:
    """Return where the nodes are, 0 to 1 along each edge."""
    places = zip(nodes.axes, (nodes.x, nodes.y, nodes.z), strict=True)
    return np.stack([edge.shares(at) for edge, at in places], axis=-1)


def _edges() -> list[Floats]:
    """Return the twelve edges of a cube, shape (2, 3) each."""
    found = []
    for axis in range(3):
        others = [other for other in range(3) if other != axis]
        for first, second in ((0, 0), (0, 1), (1, 0), (1, 1)):
            ends = np.zeros((2, 3))
            ends[1, axis] = 1
            ends[:, others[0]], ends[:, others[1]] = first, second
            found.append(ends)
    return found


def _nodes(nodes: Cube, seen: Floats, side: float, is_picked: bool) -> list[str]:
    parts = []
    # what lies behind is told from what lies before it
    edges = {True: f'stroke="{INK}" stroke-width="1.4"', False: f'stroke="{CARD}" stroke-width="0.7"'}
    colours, indices, places = hexadecimal(nodes.colours), nodes.index.tolist(), seen.tolist()
    radii, rings = np.maximum(nodes.sizes * side / 2, 1.2).tolist(), (nodes.rings > 0).tolist()
    holes, hidden = nodes.holes.tolist(), nodes.hidden.tolist()
    for each in np.argsort(seen[:, 2], kind="stable").tolist():
        if hidden[each]:
            continue
        (x, y, _), radius, ring = places[each], radii[each], rings[each]
        fill, kind = (HATCHED, "ts-node ts-hole") if holes[each] else (colours[each], "ts-node")
        if ring:
            kind += " ts-ringed"
        parts.append(dot(x, y, radius, fill, kind, indices[each], edges[ring]))
        if is_picked and each == nodes.chosen:
            parts.append(
                tag(
                    "circle", cx=x, cy=y, r=radius + 3.5, fill="none", stroke=ACCENT, stroke_width=2.2,
                    class_="ts-chosen", pointer_events="none",
                )
            )  # fmt: skip
    return parts


def _ticks(at: Callable[[Floats], Floats], corner: Floats, axis: int, edge: CubeAxis) -> list[str]:
    """Return the values along an edge, outside of the cube, as many as have room."""
    ends = np.stack([corner, corner])
    ends[1, axis] = 1.0
    (x0, y0), (x1, y1) = at(ends)[:, :2].tolist()
    # values under each other need as much room as a line is high, values beside each other as they are wide
    step = abs(y1 - y0) / max(len(edge.labels), 1) if axis == 1 else (x1 - x0) / max(len(edge.labels), 1)
    room = [(n, text) for n, text in enumerate(edge.labels)][:: max(1, round(14 / max(step, 1)))] if axis == 1 else []
    parts = []
    for number, text in room or thinned(edge.labels, step):
        point = corner.copy()
        point[axis] = edge.share(edge.positions[number])
        x, y = at(point)[:2].tolist()
        across, down, anchor = _BESIDE[axis]
        parts.append(words(x + across, y + down, text, anchor))
    return parts
