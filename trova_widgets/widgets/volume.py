"""The cube as ipyvolume draws it: the only place that knows ipyvolume."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ipyvolume
import numpy as np
import pythreejs
from bqplot import LinearScale
from ipywidgets import Layout

from trova_widgets.figures.cube import Cube
from trova_widgets.figures.cube_wires import Bars, edges, nowhere, planes
from trova_widgets.models.results import ResultsModel

#: Spheres of more nodes than this would be slow; diamonds are drawn with a tenth of the triangles. A browser that draws
#: without a graphics card takes a fifth of a second for 400 spheres, and a third of that for diamonds.
_SPHERES_AT_MOST, _WITHOUT_CARD = 4_000, 150
_WIDTH, _HEIGHT = 380, 340


class Volume:
    """A cube's nodes, the bars around them and the planes through them.

    Parameters
    ----------
    model : ResultsModel
        What is shown; a click on a node picks it there, and the planes follow its sliders.
    is_slow : bool
        Whether the browser draws without a graphics card.

    Attributes
    ----------
    figure : ipyvolume.Figure
        What a browser draws.
    """

    def __init__(self, model: ResultsModel, *, is_slow: bool = False) -> None:
        self._model = model
        self._spheres_at_most = _WITHOUT_CARD if is_slow else _SPHERES_AT_MOST
        self._held, self._is_late = 0, False
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
        # their triangles are those of what is drawn later
        self._edges, self._planes = _bars(nowhere(12), "#8a97a5"), tuple(_bars(nowhere(4), "#b7c0c9") for _ in "xyz")
        self.figure = ipyvolume.Figure(
            scatters=[self._nodes],
            meshes=[self._edges, *self._planes],
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
        self.figure.add_class("trova-cube")
        self._nodes.observe(self._clicked, "clicked_index")
        self._nodes.observe(self._hovered, "hovered_index")
        model.shown_by(self._hold, last=True)
        model.observe(self._draw, "cube")
        model.application.observe(self._paint, "dark")
        self._paint()
        self._draw()

    def _draw(self, _: Any = None) -> None:
        if self._held:
            self._is_late = True
            return
        cube: Cube | None = self._model.cube
        if cube is None:
            return
        for name, edge in zip("xyz", cube.axes, strict=True):
            _set(self.figure.scales[name], min=edge.low, max=edge.high)
        with self._nodes.hold_sync():
            _set(self._nodes, geo="sphere" if len(cube.x) <= self._spheres_at_most else "diamond")
            _set(self._nodes, x=cube.x, y=cube.y, z=cube.z, color=cube.colours, size=100 * cube.sizes)
        for mesh, bars in zip((self._edges, *self._planes), (edges(cube), *planes(cube)), strict=True):
            x, y, z = bars.corners.T.copy()
            with mesh.hold_sync():
                _set(mesh, x=x, y=y, z=z)
        # ipyvolume compiles the shaders of a mesh anew when its points change, which takes longer than all else; an
        # offset that came together with points it would take for one of them
        for mesh, name, edge in zip(self._planes, "xyz", cube.axes, strict=True):
            _set(mesh, **{f"{name}_offset": edge.slider - edge.low})

    @contextmanager
    def _hold(self) -> Iterator[None]:
        """Draw at the end, where anything has changed."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if not self._held and self._is_late:
                self._is_late = False
                self._draw()

    def _clicked(self, change: Any) -> None:
        if change["new"] is not None:
            self._model.select_node(int(change["new"]))

    def _hovered(self, change: Any) -> None:
        self._model.look_at_node(change["new"])

    def _paint(self, _: Any = None) -> None:
        self.figure.style = _style(dark=self._model.application.dark)


def _bars(bars: Bars, colour: str) -> Any:
    x, y, z = bars.corners.T.copy()
    return ipyvolume.Mesh(
        x=x,
        y=y,
        z=z,
        triangles=bars.triangles,
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
