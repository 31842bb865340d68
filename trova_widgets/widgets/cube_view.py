"""The cube on the screen, with the values along its edges, its key and its handles."""

from typing import Any

import ipywidgets
from traitlets import Instance

from trova_widgets.models.results import ResultsModel
from trova_widgets.widgets.view import Part, View


class CubeView(View[ResultsModel]):
    """The cube, bound to the model.

    A node is picked by a click and says what it is under the pointer; the planes follow the sliders. The browser turns
    and projects, so the template draws the words at the edges; a browser without WebGL says so instead.

    Parameters
    ----------
    model : ResultsModel
        What is shown.

    Attributes
    ----------
    figure : ipyvolume.Figure or None
        The nodes and the bars around them. None until a browser asks for it, which it does when all else is drawn: to
        set up a picture in three dimensions takes it longer than the rest of the page.
    """

    template_file = (__file__, "cube_view.vue")

    figure = Instance(ipywidgets.DOMWidget, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(self, model: ResultsModel) -> None:
        super().__init__(Part(model, ("cube_words", "picked_node", "threshold", "legends", "told")))

    def vue_draw(self, is_slow: bool = False) -> None:
        """Make the figure; it has fewer triangles where the browser draws without a graphics card."""
        if self.figure is None:
            from trova_widgets.widgets.volume import Volume

            self.figure = Volume(self.model, is_slow=bool(is_slow)).figure

    def vue_step(self, along: list[int]) -> None:
        """Walk to the next combination: along which parameter, and how far."""
        self.model.step(*along)

    def vue_leave(self, _: Any = None) -> None:
        """Say nothing more: the pointer has left the cube."""
        self.model.look(())
