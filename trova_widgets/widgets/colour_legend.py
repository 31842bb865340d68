"""The colour scales of the results, with what marks a combination that has none."""

from trova_widgets.models.results import ResultsModel
from trova_widgets.widgets.view import Part, View


class ColourLegend(View[ResultsModel]):
    """A scale for each objective that is drawn.

    Parameters
    ----------
    model : ResultsModel
        It knows the scales.
    """

    template_file = (__file__, "colour_legend.vue")

    def __init__(self, model: ResultsModel) -> None:
        super().__init__(Part(model, ("legends",)))
