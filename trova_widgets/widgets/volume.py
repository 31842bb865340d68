"""The cube on the screen: the only place that knows ipyvolume."""

from typing import Any

import ipyvolume
import ipywidgets
import numpy as np
import pythreejs
from bqplot import LinearScale
from ipywidgets import Layout
from traitlets import Instance

from trova_widgets.figures.cube import Cube
from trova_widgets.figures.cube_wires import edges, planes
from trova_widgets.models.results import ResultsModel
from trova_widgets.widgets.view import Part, View

#: Spheres of more nodes than this would be slow; diamonds are drawn with a tenth of the triangles.
_SPHERES_AT_MOST = 4_000
_WIDTH, _HEIGHT = 380, 340


class CubeView(View[ResultsModel]):
    """The cube, bound to the model, with the values along its edges, its key and its handles.

    A node is picked by a click and says what it is under the pointer; the planes follow the sliders. The browser turns
    and projects, so the template draws the words at the edges; a browser without WebGL says so instead.

    Parameters
    ----------
    model : ResultsModel
        What is shown.

    Attributes
    ----------
    figure : ipyvolume.Figure
        The nodes and the bars around them.
    """

    template_file = (__file__, "volume.vue")

    figure = Instance(ipywidgets.DOMWidget).tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(self, model: ResultsModel) -> None:
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
        self._edges, self._planes = _bars("#8a97a5"), _bars("#b7c0c9")
        figure = ipyvolume.Figure(
            scatters=[self._nodes],
            meshes=[self._edges, self._planes],
            scales={axis: LinearScale(min=0.0, max=1.0) for axis in "xyz"},
            camera=pythreejs.PerspectiveCamera(fov=40, position=(-1.2, 0.85, 2.3), aspect=_WIDTH / _HEIGHT),
            camera_fov=40,
            width=_WIDTH,
            height=_HEIGHT,
            animation=0,
            # colours carry the numbers: light and shade only tell that a node is round
            ambient_coefficient=0.85,
            diffuse_coefficient=0.3,
            specular_coefficient=0.05,
            style=_style(dark=False),
            layout=Layout(width="100%", height="auto"),
        )
        figure.add_class("trova-cube")
        super().__init__(
            Part(model, ("cube_words", "threshold", "legends", "told")),
            figure=figure,
        )
        self._nodes.observe(self._clicked, "clicked_index")
        self._nodes.observe(self._hovered, "hovered_index")
        model.observe(self._draw, "cube")
        model.application.observe(self._paint, "dark")
        self._paint()
        self._draw()

    def vue_step(self, along: list[int]) -> None:
        """Walk to the next combination: along which parameter, and how far."""
        self.model.step(*along)

    def vue_leave(self, _: Any = None) -> None:
        """Say nothing more: the pointer has left the cube."""
        self.model.look(())

    def _draw(self, _: Any = None) -> None:
        cube: Cube | None = self.model.cube
        if cube is None:
            return
        for name, edge in zip("xyz", cube.axes, strict=True):
            _set(self.figure.scales[name], min=edge.low, max=edge.high)
        with self._nodes.hold_sync():
            _set(self._nodes, geo="sphere" if len(cube.x) <= _SPHERES_AT_MOST else "diamond")
            _set(self._nodes, x=cube.x, y=cube.y, z=cube.z, color=cube.colours, size=100 * cube.sizes)
        for mesh, bars in ((self._edges, edges(cube)), (self._planes, planes(cube))):
            x, y, z = bars.corners.T.copy()
            with mesh.hold_sync():
                _set(mesh, x=x, y=y, z=z, triangles=bars.triangles)

    def _clicked(self, change: Any) -> None:
        if change["new"] is not None:
            self.model.select_node(int(change["new"]))

    def _hovered(self, change: Any) -> None:
        self.model.look_at_node(change["new"])

    def _paint(self, _: Any = None) -> None:
        self.figure.style = _style(dark=self.model.application.dark)


def _bars(colour: str) -> Any:
    corner = np.zeros(3)
    return ipyvolume.Mesh(
        x=corner,
        y=corner,
        z=corner,
        triangles=np.array([[0, 1, 2]], dtype=np.uint32),
        color=colour,
        # no lamp is lit: a bar shines by itself, alike from every side
        material=pythreejs.MeshLambertMaterial(emissive=colour, color="#000000", side="DoubleSide"),
    )


def _set(widget: Any, **traits: Any) -> None:
    """Set what has changed; an array that is the same is not sent again."""
    for name, value in traits.items():
        if not np.array_equal(getattr(widget, name), value):
            setattr(widget, name, value)


def _style(*, dark: bool) -> dict[str, Any]:
    # ipyvolume's own axes have letters too small to read: the template writes the values
    ink = "#d5dce3" if dark else "#33414e"
    return {
        "background-color": "#1e252c" if dark else "#ffffff",
        "box": {"visible": False, "color": ink},
        "axes": {"visible": False, "color": ink, "label": {"color": ink}, "ticklabel": {"color": ink}},
    }
