"""The networks page: choose a model of the catalogue, set what is not typical, see it as a diagram, save it."""

from typing import TYPE_CHECKING, Any

from traitlets import Bool, Dict, List, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.networks import NetworksModel
from trova_widgets.pages.page import Page

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class NetworksPage(Page[NetworksModel]):
    """The networks page, bound to its model."""

    template_file = (__file__, "networks.vue")

    types = List(Dict()).tag(sync=True)
    architectures = List(Dict()).tag(sync=True)
    network_type = Unicode().tag(sync=True)
    chosen = Unicode().tag(sync=True)
    name = Unicode().tag(sync=True)
    description = Unicode().tag(sync=True)
    parameters = List(Dict()).tag(sync=True)
    values = Dict().tag(sync=True)
    problems = Dict().tag(sync=True)
    layers = List(Dict()).tag(sync=True)
    verdict = Dict().tag(sync=True)
    networks = List(Dict()).tag(sync=True)
    can_create = Bool().tag(sync=True)
    busy = Unicode().tag(sync=True)
    problem = Unicode().tag(sync=True)
    read = Bool().tag(sync=True)

    def vue_create(self, form: dict[str, Any] | None = None) -> None:
        """Save the network."""
        self.take(form)
        self.model.create()


def networks_page(workspace: "Workspace", application: ApplicationModel) -> NetworksPage:
    """Return the networks page of a workspace."""
    return NetworksPage(NetworksModel(application))
