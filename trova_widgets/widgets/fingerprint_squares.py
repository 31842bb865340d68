"""Scalogram, Haar plane and fingerprint side by side; and the seismogram with the window they are taken from."""

from typing import Any

import bqplot
from ipyvuetify.VuetifyTemplate import VuetifyTemplate
from traitlets import Dict, Float, List, Unicode, link

from trova_widgets.models.fingerprint import FingerprintModel
from trova_widgets.widgets.seismogram import Seismogram


class FingerprintSquares(VuetifyTemplate):
    """The three squares, bound to the model: cut-offs are dragged, a white point under the mouse lights its patch.

    Parameters
    ----------
    model : FingerprintModel
        What is shown.
    """

    template_file = (__file__, "fingerprint_squares.vue")

    picture = Dict().tag(sync=True)
    cutoff_hz = Float().tag(sync=True)
    lit_s = List(Float()).tag(sync=True)
    refusal = Unicode().tag(sync=True)

    def __init__(self, model: FingerprintModel) -> None:
        super().__init__()
        for name in ("picture", "cutoff_hz", "lit_s", "refusal"):
            link((model, name), (self, name))


class FingerprintSeismogram(Seismogram):
    """A seismogram with the recipe's window, and the time of the patch that is lit.

    Parameters
    ----------
    model : FingerprintModel
        What is shown.
    height : str
        Height on the screen.
    """

    def __init__(self, model: FingerprintModel, height: str = "190px") -> None:
        super().__init__(model.seismogram, height)
        self._fingerprint = model
        self._window = self._band("#4a7298", 0.10)
        self._lit = self._band("#e69f00", 0.45)
        self.figure.axes[1].num_ticks = 5
        self.figure.marks = [self._window, self._lit, *self.figure.marks]
        model.observe(self._draw_bands, ["window_s", "lit_s"])
        self._value.observe(self._draw_bands, "max")
        self._draw_bands()

    def _band(self, colour: str, opacity: float) -> bqplot.Lines:
        return bqplot.Lines(
            scales={"x": self._time, "y": self._value},
            colors=[colour],
            stroke_width=0,
            fill="bottom",
            fill_colors=[colour],
            fill_opacities=[opacity],
            x=[],
            y=[],
        )

    def _draw_bands(self, _: Any = None) -> None:
        for mark, span_s in ((self._window, self._fingerprint.window_s), (self._lit, self._fingerprint.lit_s)):
            with mark.hold_sync():
                mark.x, mark.y = span_s, [self._value.max or 0.0] * len(span_s)
