"""Events and stations on a map that is true to scale, with coasts and borders, without any network."""

from typing import Any

from ipyvuetify.VuetifyTemplate import VuetifyTemplate
from traitlets import Dict, Int, List, Unicode, link

from trova_widgets.models.event_map import EventMapModel
from trova_widgets.widgets.event_classes import MARKS


class EventMap(VuetifyTemplate):
    """A map bound to its model; a click picks an event, the mouse moves and zooms the map.

    Parameters
    ----------
    model : EventMapModel
        What is shown.
    """

    template_file = (__file__, "event_map.vue")

    points = List(Dict()).tag(sync=True)
    stations = List(Dict()).tag(sync=True)
    selected = Unicode().tag(sync=True)
    view = Dict().tag(sync=True)
    note = Unicode().tag(sync=True)
    marks = Dict().tag(sync=True)
    answers = Int(0).tag(sync=True)

    def __init__(self, model: EventMapModel) -> None:
        super().__init__(marks=MARKS)
        self.model = model
        for name in ("points", "stations", "selected", "view", "note"):
            link((model, name), (self, name))

    def vue_look(self, part: dict[str, Any]) -> None:
        """Look at another part of the map: ``middle`` (km) and ``height`` (km)."""
        self.model.look(tuple(part["middle"]), part["height"])
        self.answers += 1

    def vue_whole(self, _: Any = None) -> None:
        """Look at all that there is."""
        self.model.whole()
        self.answers += 1
