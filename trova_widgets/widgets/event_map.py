"""Events and stations on a map that is true to scale, with coasts and borders, without any network."""

from typing import Any

from traitlets import Dict, Int

from trova_widgets.models.event_map import EventMapModel
from trova_widgets.widgets.event_classes import MARKS
from trova_widgets.widgets.view import View


class EventMap(View[EventMapModel]):
    """A map bound to its model; a click picks an event, the mouse moves and zooms the map.

    Parameters
    ----------
    model : EventMapModel
        What is shown.
    """

    template_file = (__file__, "event_map.vue")

    marks = Dict().tag(sync=True)
    answers = Int(0).tag(sync=True)

    def __init__(self, model: EventMapModel) -> None:
        super().__init__(model, marks=MARKS)

    def vue_look(self, part: dict[str, Any]) -> None:
        """Look at another part of the map: ``middle`` (km) and ``height`` (km)."""
        self.model.look(tuple(part["middle"]), part["height"])
        self.answers += 1

    def vue_whole(self, _: Any = None) -> None:
        """Look at all that there is."""
        self.model.whole()
        self.answers += 1
