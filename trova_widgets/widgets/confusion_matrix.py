"""The confusion matrix of the picked combination or trial, or of an evaluation, with its margins and intervals."""

from trova_widgets.models.evaluation import EvaluationModel
from trova_widgets.models.results import ResultsModel
from trova_widgets.widgets.view import Part, View


class ConfusionMatrix(View[ResultsModel | EvaluationModel]):
    """Counts and shares, rows true and columns predicted; nothing is drawn as long as no trial is picked.

    A cell leads to the list of its records.

    Parameters
    ----------
    model : ResultsModel or EvaluationModel
        It knows the matrix.
    """

    template_file = (__file__, "confusion_matrix.vue")

    def __init__(self, model: ResultsModel | EvaluationModel) -> None:
        super().__init__(Part(model, ("matrix", "confused")))

    def vue_confuse(self, cell: list[str]) -> None:
        """List the records in a cell: the true class, and the predicted one."""
        self.model.confuse(*cell)
