"""The experiments page: plan one, start it, and see how far all of them are."""

from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.experiments import ExperimentsModel
from trova_widgets.models.planning import PlanModel
from trova_widgets.models.search import SearchModel
from trova_widgets.pages.page import HandledPage
from trova_widgets.pages.search import SearchCard

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class ExperimentsPage(HandledPage[ExperimentsModel]):
    """The form of a new experiment above the table of all, bound to their models.

    Parameters
    ----------
    plan : PlanModel
        The form.
    table : ExperimentsModel
        The table.
    search : SearchModel
        The assistant of the strategy.
    """

    template_file = (__file__, "experiments.vue")

    assistant = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, plan: PlanModel, table: ExperimentsModel, search: SearchModel) -> None:
        super().__init__(table, plan, kind="experiment", assistant=SearchCard(search))
        self.plan, self.table = plan, table

    def vue_stand_alone(self, _: Any = None) -> None:
        """Let the plan of the form be no experiment of a search."""
        self.plan.stand_alone()

    def vue_copy(self, experiment: str) -> None:
        """Fill the form with a plan that was made before."""
        self.plan.copy(experiment)

    def vue_edit(self, experiment: str) -> None:
        """Fill the form with the plan of an experiment that is to be changed."""
        self.plan.edit(experiment)

    def vue_begin(self, _: object = None) -> None:
        """Begin a new plan."""
        self.plan.begin()

    def vue_propose(self, experiment: str) -> None:
        """Fill the form with what follows an experiment."""
        self.plan.propose(experiment)

    def vue_start(self, form: dict[str, Any] | None = None) -> None:
        """Keep the plan and run it."""
        self.take(form)
        self.plan.start()

    def vue_resume(self, experiment: str) -> None:
        """Run what is missing."""
        self.table.resume(experiment)

    def vue_stop(self, experiment: str) -> None:
        """Stop a run."""
        self.table.stop(experiment)


def experiments_page(workspace: "Workspace", application: ApplicationModel) -> ExperimentsPage:
    """Return the experiments page of a workspace."""
    plan = PlanModel(application)
    return ExperimentsPage(plan, ExperimentsModel(application), SearchModel(application, plan))
