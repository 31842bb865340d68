"""Seismograms as lines under each other, with their onsets; the mouse looks closer."""

from typing import Any

from traitlets import Bool, Bytes, Dict, Float, Int, List, Unicode

from trova_widgets.figures.colour import VIRIDIS
from trova_widgets.figures.fingerprint_views import palette
from trova_widgets.models.seismogram import PASSBANDS, SeismogramModel
from trova_widgets.widgets.view import Part, View


class Seismogram(View[SeismogramModel]):
    """The lines of some seismograms, bound to their model.

    Parameters
    ----------
    model : SeismogramModel
        What is shown.
    height : int
        Height of a single record on the screen, pixels; several share more.
    *more : Part
        What else is drawn: a window, a time that is lit, a scalogram, which record is selected.
    """

    template_file = (__file__, "seismogram.vue")

    passbands = List(Dict()).tag(sync=True)
    height = Int().tag(sync=True)
    tools = Bool(True).tag(sync=True)
    answers = Int(0).tag(sync=True)
    selected = Unicode().tag(sync=True)
    window_s = List(Float()).tag(sync=True)
    lit_s = List(Float()).tag(sync=True)
    scalogram = Dict().tag(sync=True)
    colours = Bytes(palette(VIRIDIS)).tag(sync=True)

    def __init__(self, model: SeismogramModel, height: int = 190, *more: Part) -> None:
        super().__init__(
            model,
            *more,
            height=height,
            passbands=[{"value": value, "title": title} for value, title in PASSBANDS.items()],
        )

    def vue_look(self, part: list[Any]) -> None:
        """Look at a part of the records: from and to in s, and of which records, as others may be shown by now."""
        from_s, to_s, records = part
        if records == [line["record_id"] for line in self.model.lines]:
            self.model.look(from_s, to_s)
        self.answers += 1

    def vue_whole(self, _: Any = None) -> None:
        """Look at all there is."""
        self.model.look(self.model.first_s, self.model.last_s)

    def vue_pick(self, record_id: str) -> None:
        """Pick one of the records."""
        self.selected = record_id
