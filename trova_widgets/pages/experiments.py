"""The experiments page: plan one, start it, and see how far all of them are."""

from typing import TYPE_CHECKING, Any

from traitlets import Bool, Dict, Int, List, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.experiments import ExperimentsModel
from trova_widgets.models.planning import PlanModel
from trova_widgets.pages.page import Page

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class ExperimentsPage(Page[ExperimentsModel]):
    """The form of a new experiment above the table of all, bound to their models.

    Parameters
    ----------
    plan : PlanModel
        The form.
    table : ExperimentsModel
        The table.
    """

    template_file = (__file__, "experiments.vue")

    experiments = List(Dict()).tag(sync=True)
    networks = List(Unicode()).tag(sync=True)
    datasets = List(Unicode()).tag(sync=True)
    network = Unicode().tag(sync=True)
    dataset = Unicode().tag(sync=True)
    name = Unicode().tag(sync=True)
    parameters = List(Dict()).tag(sync=True)
    axes = List(Dict()).tag(sync=True)
    notes = List(Dict()).tag(sync=True)
    epochs = Int().tag(sync=True)
    seeds = Int().tag(sync=True)
    forecast = Dict().tag(sync=True)
    busy = Unicode().tag(sync=True)
    problem = Unicode().tag(sync=True)
    read = Bool().tag(sync=True)

    def __init__(self, plan: PlanModel, table: ExperimentsModel) -> None:
        super().__init__(table, plan)
        self.plan, self.table = plan, table

    def vue_copy(self, experiment: str) -> None:
        """Fill the form with a plan that was made before."""
        self.plan.copy(experiment)

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
    return ExperimentsPage(PlanModel(application), ExperimentsModel(application))
