"""The evaluation page: how good the best cell is beside plain baselines, and the labels that contradict it."""

from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.evaluation import EvaluationModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.confusion_matrix import ConfusionMatrix
from trova_widgets.widgets.doubted_labels import DoubtedLabels
from trova_widgets.widgets.handles import Handles
from trova_widgets.widgets.results_pictures import ShownPictures
from trova_widgets.widgets.task_status import TaskStatus

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class EvaluationPage(Page[EvaluationModel]):
    """The evaluation page, bound to its model.

    Parameters
    ----------
    model : EvaluationModel
        Its state.
    """

    template_file = (__file__, "evaluation.vue")
    hidden = frozenset({"curves", "matrix", "confused", "progress"})

    status = traitlets.Any().tag(sync=True, **widget_serialization)
    curves = traitlets.Any().tag(sync=True, **widget_serialization)
    confusion = traitlets.Any().tag(sync=True, **widget_serialization)
    doubted = traitlets.Any().tag(sync=True, **widget_serialization)
    handles = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: EvaluationModel) -> None:
        handles = Handles(model.application, "dataset")
        super().__init__(
            model,
            status=TaskStatus(model),
            curves=ShownPictures(model, "curves"),
            confusion=ConfusionMatrix(model),
            doubted=DoubtedLabels(model.doubts, handles.model),
            handles=handles,
        )

    def vue_choose(self, experiment: str) -> None:
        """Look at another experiment."""
        self.model.choose(experiment)

    def vue_evaluate(self, form: dict[str, Any] | None = None) -> None:
        """Evaluate the experiment beside the baselines, and as else is chosen."""
        self.take(form)
        self.model.evaluate()

    def vue_report(self, _: Any = None) -> None:
        """Hand the report over to the browser."""
        self.model.report()

    def vue_card(self, _: Any = None) -> None:
        """Hand the model card over to the browser."""
        self.model.card()

    def vue_holdout(self, _: Any = None) -> None:
        """Look at the hold-out; each look is counted."""
        self.model.look_at_holdout()


def evaluation_page(workspace: "Workspace", application: ApplicationModel) -> EvaluationPage:
    """Return the evaluation page of a workspace."""
    return EvaluationPage(EvaluationModel(application))
