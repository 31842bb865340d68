"""The cube on the screen: the only place that knows ipyvolume."""

from typing import Any

import ipyvolume
import numpy as np
import pythreejs
from bqplot import LinearScale
from ipywidgets import Layout

from trova_widgets.figures.cube import Cube
from trova_widgets.models.results import ResultsModel

#: Spheres of more nodes than this would be slow; diamonds are drawn with a tenth of the triangles.
_SPHERES_AT_MOST = 4_000
_ACCENT = "#c2410c"
_PLANE = "#7b8794"
#: The colours of the edges x, y and z.
EDGES = ("#b5485d", "#2a7a4b", "#3b5fc0")
_EDGE_COLOURS = np.array([[int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)] for colour in EDGES])
_ENDS = np.eye(3)
_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
_EDGES_OF_A_BOX = [(0, 1), (1, 3), (3, 2), (2, 0), (4, 5), (5, 7), (7, 6), (6, 4), (0, 4), (1, 5), (2, 6), (3, 7)]


class CubeView:
    """The cube, bound to the model: its nodes are picked by a click, its planes follow the sliders.

    Parameters
    ----------
    model : ResultsModel
        What is shown.
    width, height : int
        Size on the screen, in pixels.

    Attributes
    ----------
    figure : ipyvolume.Figure
        What stands on the page.
    """

    def __init__(self, model: ResultsModel, width: int = 380, height: int = 340) -> None:
        self._model = model
        # a default that nobody has set is not serialised: ipyvolume wants all of these named
        self._nodes = ipyvolume.Scatter(
            x=np.zeros(1),
            y=np.zeros(1),
            z=np.zeros(1),
            color=np.zeros((1, 3)),
            color_selected="white",
            size=np.ones(1),
            size_selected=7.0,
            geo="sphere",
        )
        # the ends of the edges that the three parameters grow along, in the colours of the key beside the cube
        self._tips = ipyvolume.Scatter(
            **dict(zip("xyz", _ENDS.T, strict=True)),
            **dict(zip(("vx", "vy", "vz"), np.eye(3), strict=True)),
            color=_EDGE_COLOURS,
            color_selected="white",
            size=6.0,
            size_selected=6.0,
            geo="arrow",
        )
        self._edges = [_wires(colour) for colour in EDGES]
        self._planes = _wires(_PLANE)
        self._chosen = _wires(_ACCENT)
        self.figure = ipyvolume.Figure(
            scatters=[self._nodes, self._tips],
            meshes=[*self._edges, self._planes, self._chosen],
            scales={axis: LinearScale(min=0.0, max=1.0) for axis in "xyz"},
            camera=pythreejs.PerspectiveCamera(fov=40, position=(-1.0, 0.8, 2.0), aspect=width / height),
            camera_fov=40,
            width=width,
            height=height,
            animation=0,
            style=_style(dark=False),
            layout=Layout(width=f"{width}px", height=f"{height}px"),
        )
        self.figure.add_class("trova-cube")
        self._nodes.observe(self._clicked, "clicked_index")
        model.observe(self._draw, "cube")
        model.application.observe(self._paint, "dark")
        self._paint()
        self._draw()

    def _draw(self, _: Any = None) -> None:
        cube: Cube | None = self._model.cube
        if cube is None:
            return
        for scale, edge in zip(self.figure.scales.values(), cube.axes, strict=True):
            _set(scale, min=edge.low, max=edge.high)
        low, high = (np.array([getattr(edge, end) for edge in cube.axes]) for end in ("low", "high"))
        ends = low + _ENDS * (high - low)
        with self._tips.hold_sync():
            _set(self._tips, **dict(zip("xyz", ends.T.copy(), strict=True)))
        for mesh, end in zip(self._edges, ends, strict=True):
            _draw_wires(mesh, np.stack([low, end]), np.array([[0, 1]], dtype=np.uint32))
        with self._nodes.hold_sync():
            _set(self._nodes, geo="sphere" if len(cube.x) <= _SPHERES_AT_MOST else "diamond")
            _set(self._nodes, x=cube.x, y=cube.y, z=cube.z, color=cube.colours, size=100 * cube.sizes)
        _draw_wires(self._planes, *_planes(cube))
        _draw_wires(self._chosen, *_box_around_chosen(cube))

    def _clicked(self, change: Any) -> None:
        if change["new"] is not None:
            self._model.select_node(int(change["new"]))

    def _paint(self, _: Any = None) -> None:
        self.figure.style = _style(dark=self._model.application.dark)


def _wires(colour: str) -> Any:
    corner = np.zeros(2)
    return ipyvolume.Mesh(x=corner, y=corner, z=corner, lines=np.array([[0, 1]], dtype=np.uint32), color=colour)


def _draw_wires(mesh: Any, corners: np.ndarray, lines: np.ndarray) -> None:
    with mesh.hold_sync():
        _set(mesh, x=corners[:, 0].copy(), y=corners[:, 1].copy(), z=corners[:, 2].copy(), lines=lines)


def _planes(cube: Cube) -> tuple[np.ndarray, np.ndarray]:
    """Return the outlines of the planes at the sliders."""
    corners: list[np.ndarray] = []
    lines: list[tuple[int, int]] = []
    for held, edge in enumerate(cube.axes):
        if not edge.title:
            continue
        across, up = (axis for axis in range(3) if axis != held)
        plane = np.empty((4, 3))
        plane[:, held] = edge.slider
        for column, axis in enumerate((across, up)):
            low, high = cube.axes[axis].low, cube.axes[axis].high
            plane[:, axis] = low + _CORNERS[:, column] * (high - low)
        first = 4 * len(corners)
        corners.append(plane)
        lines += [(first + corner, first + (corner + 1) % 4) for corner in range(4)]
    return np.concatenate(corners), np.array(lines, dtype=np.uint32)


def _box_around_chosen(cube: Cube) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of a box around the chosen node."""
    centre = np.array([edge.slider for edge in cube.axes])
    reach = np.array([(edge.high - edge.low) / max(len(edge.positions), 4) / 2.4 for edge in cube.axes])
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    return centre + signs * reach, np.array(_EDGES_OF_A_BOX, dtype=np.uint32)


def _set(widget: Any, **traits: Any) -> None:
    """Set what has changed; an array that is the same is not sent again."""
    for name, value in traits.items():
        if not np.array_equal(getattr(widget, name), value):
            setattr(widget, name, value)


def _style(*, dark: bool) -> dict[str, Any]:
    ink = "#d5dce3" if dark else "#33414e"
    return {
        "background-color": "#1e252c" if dark else "#ffffff",
        "box": {"visible": True, "color": "#5b6772" if dark else "#c3cad1"},
        "axes": {"visible": False, "color": ink, "label": {"color": ink}, "ticklabel": {"color": ink}},
    }
