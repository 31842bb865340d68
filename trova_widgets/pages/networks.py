"""The networks page: choose a model of the catalogue, set what is not typical, see it as a diagram, save it."""

from typing import TYPE_CHECKING, Any

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.networks import NetworksModel
from trova_widgets.pages.page import HandledPage

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class NetworksPage(HandledPage[NetworksModel]):
    """The networks page, bound to its model."""

    template_file = (__file__, "networks.vue")

    def vue_copy(self, name: str) -> None:
        """Fill the form with a saved network, under a new name."""
        self.model.copy(name)

    def vue_begin(self, _: object = None) -> None:
        """Begin a new network."""
        self.model.begin()

    def vue_create(self, form: dict[str, Any] | None = None) -> None:
        """Save the network."""
        self.take(form)
        self.model.create()


def networks_page(workspace: "Workspace", application: ApplicationModel) -> NetworksPage:
    """Return the networks page of a workspace."""
    return NetworksPage(NetworksModel(application), kind="network")
