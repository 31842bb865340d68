"""The overview page: three steps with what to do next, and what the study holds."""

from typing import TYPE_CHECKING, Any

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.overview import OverviewModel
from trova_widgets.pages.page import HandledPage

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class OverviewPage(HandledPage[OverviewModel]):
    """The overview, bound to its model."""

    template_file = (__file__, "overview.vue")

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
    return OverviewPage(OverviewModel(application), kind="dataset")
