"""The cube on the screen: the only place that knows ipyvolume."""

from typing import Any

import ipyvolume
import numpy as np
import pythreejs
from bqplot import LinearScale
from ipywidgets import Layout

from trova_widgets.figures.cube import Cube
from trova_widgets.figures.cube_wires import Wires, edges, marker, planes
from trova_widgets.models.results import ResultsModel

#: Spheres of more nodes than this would be slow; diamonds are drawn with a tenth of the triangles.
_SPHERES_AT_MOST = 4_000
_ACCENT = "#c2410c"
_PLANE = "#7b8794"
_BOX = "#b4bcc4"
#: The colours of the edges x, y and z, the same as in the key below the cube.
_EDGES = ("#b5485d", "#2a7a4b", "#3b5fc0")


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
        self._edges = [_wires(colour) for colour in (*_EDGES, _BOX)]
        self._planes, self._marker = _wires(_PLANE), _wires(_ACCENT)
        self.figure = ipyvolume.Figure(
            scatters=[self._nodes],
            meshes=[*self._edges, self._planes, self._marker],
            scales={axis: LinearScale(min=0.0, max=1.0) for axis in "xyz"},
            camera=pythreejs.PerspectiveCamera(fov=40, position=(-1.08, 0.72, 2.1), aspect=width / height),
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
        for name, edge in zip("xyz", cube.axes, strict=True):
            _set(self.figure.scales[name], min=edge.low, max=edge.high)
        with self._nodes.hold_sync():
            _set(self._nodes, geo="sphere" if len(cube.x) <= _SPHERES_AT_MOST else "diamond")
            _set(self._nodes, x=cube.x, y=cube.y, z=cube.z, color=cube.colours, size=100 * cube.sizes)
        for mesh, wires in zip(self._edges, edges(cube), strict=True):
            _draw_wires(mesh, wires)
        _draw_wires(self._planes, planes(cube))
        _draw_wires(self._marker, marker(cube))

    def _clicked(self, change: Any) -> None:
        if change["new"] is not None:
            self._model.select_node(int(change["new"]))

    def _paint(self, _: Any = None) -> None:
        self.figure.style = _style(dark=self._model.application.dark)


def _wires(colour: str) -> Any:
    corner = np.zeros(2)
    return ipyvolume.Mesh(x=corner, y=corner, z=corner, lines=np.array([[0, 1]], dtype=np.uint32), color=colour)


def _draw_wires(mesh: Any, wires: Wires) -> None:
    x, y, z = wires.corners.T.copy()
    with mesh.hold_sync():
        _set(mesh, x=x, y=y, z=z, lines=wires.lines)


def _set(widget: Any, **traits: Any) -> None:
    """Set what has changed; an array that is the same is not sent again."""
    for name, value in traits.items():
        if not np.array_equal(getattr(widget, name), value):
            setattr(widget, name, value)


def _style(*, dark: bool) -> dict[str, Any]:
    # ipyvolume's own axes have letters too small to read; ours are the coloured edges and the key below the cube
    ink = "#d5dce3" if dark else "#33414e"
    return {
        "background-color": "#1e252c" if dark else "#ffffff",
        "box": {"visible": False, "color": ink},
        "axes": {"visible": False, "color": ink, "label": {"color": ink}, "ticklabel": {"color": ink}},
    }
