"""The overview page: three steps with what to do next, and what the study holds."""

from typing import TYPE_CHECKING, Any

from traitlets import Bool, Dict, List, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.overview import OverviewModel
from trova_widgets.pages.page import Page

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class OverviewPage(Page[OverviewModel]):
    """The overview, bound to its model."""

    template_file = (__file__, "overview.vue")

    counts = Dict().tag(sync=True)
    classes = List(Dict()).tag(sync=True)
    experiments = List(Dict()).tag(sync=True)
    report = Unicode().tag(sync=True)
    progress = Dict().tag(sync=True)
    next_step = Unicode().tag(sync=True)
    busy = Unicode().tag(sync=True)
    problem = Unicode().tag(sync=True)
    read = Bool().tag(sync=True)

    def vue_take_teaching_set(self, _: Any = None) -> None:
        """Import the teaching set."""
        self.model.take_teaching_set()

    def vue_compute_fingerprints(self, _: Any = None) -> None:
        """Compute what is missing."""
        self.model.compute_fingerprints()

    def vue_build_dataset(self, name: str) -> None:
        """Freeze a data set."""
        self.model.build_dataset(name)


def overview_page(workspace: "Workspace", application: ApplicationModel) -> OverviewPage:
    """Return the overview of a workspace."""
    return OverviewPage(OverviewModel(application))
