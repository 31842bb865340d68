"""The confusion matrix of the picked combination or trial, with its margins and intervals."""

from trova_widgets.models.results import ResultsModel
from trova_widgets.widgets.view import Part, View


class ConfusionMatrix(View[ResultsModel]):
    """Counts and shares, rows true and columns predicted; nothing is drawn as long as no trial is picked.

    A cell leads to the list of its records.

    Parameters
    ----------
    model : ResultsModel
        It knows the trial.
    """

    template_file = (__file__, "confusion_matrix.vue")

    def __init__(self, model: ResultsModel) -> None:
        super().__init__(Part(model, ("matrix", "confused")))

    def vue_confuse(self, cell: list[str]) -> None:
        """List the records in a cell: the true class, and the predicted one."""
        self.model.confuse(*cell)
