"""Scalogram, Haar plane and fingerprint side by side; and the seismogram with the window they are taken from."""

from traitlets import Bytes, Dict, List, Unicode

from trova_widgets.figures.colour import VIRIDIS
from trova_widgets.figures.fingerprint_views import DIVERGING, palette
from trova_widgets.models.answer import AnswerModel
from trova_widgets.models.fingerprint import FingerprintModel
from trova_widgets.widgets.seismogram import Seismogram
from trova_widgets.widgets.view import Part, View


class FingerprintSquares(View[FingerprintModel | AnswerModel]):
    """The three squares, bound to the model: cut-offs are dragged, a white point under the mouse lights its patch.

    Numbers come over as bytes and are painted on canvases, so that a slider can be followed while it moves.

    Parameters
    ----------
    model : FingerprintModel
        What is shown.
    """

    template_file = (__file__, "fingerprint_squares.vue")

    energy_colours = Bytes(palette(VIRIDIS)).tag(sync=True)
    plane_colours = Bytes(palette(DIVERGING)).tag(sync=True)
    shown = List(Unicode(), ["scalogram", "haar", "fingerprint"]).tag(sync=True)
    zero = Unicode("the start of the record").tag(sync=True)
    over = Dict().tag(sync=True)
    refusal = Unicode("").tag(sync=True)

    def __init__(self, model: FingerprintModel | AnswerModel, *names: str) -> None:
        super().__init__(Part(model, ("picture", "cutoff_hz", "lit_s", "refusal", *names)))


class ExplainedSquares(FingerprintSquares):
    """Scalogram and fingerprint of an answer: what speaks for a class lies over the scalogram in the class's colour.

    Parameters
    ----------
    model : AnswerModel
        What is shown.
    """

    def __init__(self, model: AnswerModel) -> None:
        super().__init__(model, "over", "zero")
        self.shown = ["scalogram", "fingerprint"]


class FingerprintSeismogram(Seismogram):
    """A seismogram with the recipe's window, and the time of the patch that is lit.

    Parameters
    ----------
    model : FingerprintModel
        What is shown.
    height : int
        Height on the screen, pixels.
    """

    def __init__(self, model: FingerprintModel, height: int = 170) -> None:
        super().__init__(model.seismogram, height, Part(model, ("window_s", "lit_s")))
        # the page has the choice of filters beside its record
        self.tools = False
