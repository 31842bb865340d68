import pytest

from tests.models.standin import StandIn
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.networks import NetworksModel

FILTERS = "convolution2dLayer_2_numFilters"


@pytest.fixture
def workspace() -> StandIn:
    return StandIn()


@pytest.fixture
def page(workspace: StandIn) -> NetworksModel:
    return NetworksModel(ApplicationModel(workspace))


def test_it_shows_the_usual_network_as_a_diagram(page: NetworksModel) -> None:
    assert page.network_type == "CNN"
    assert len(page.layers) == 14
    assert page.verdict["buildable"]
    assert not page.can_create, "it has no name yet"


def test_values_change_the_diagram(page: NetworksModel) -> None:
    before = page.verdict["learned"]
    page.values = {FILTERS: "64"}
    assert page.verdict["learned"] != before
    assert page.layers[1]["text"].startswith("64 filters")


@pytest.mark.parametrize("text", ["no", "-3", "[1:1:8]", "1.5"])
def test_a_value_that_is_not_allowed_is_explained(page: NetworksModel, text: str) -> None:
    page.name = "mine"
    page.values = {FILTERS: text}
    assert page.problems[FILTERS]
    assert not page.can_create


def test_a_network_that_cannot_be_built_is_not_drawn(page: NetworksModel) -> None:
    page.name = "mine"
    page.values = {"convolution2dLayer_2_filterSize": "80"}
    assert page.layers == []
    assert page.verdict["reason"]
    assert not page.can_create


def test_a_network_is_saved(page: NetworksModel, workspace: StandIn) -> None:
    page.network_type = "MLP"
    assert page.values == {}
    page.network_type = "CNN"
    page.name, page.values = " mine ", {FILTERS: "16"}
    assert page.can_create
    page.create()
    assert workspace.calls[-1] == ("network", "mine", "CNN", page.chosen, {FILTERS: 16})
    assert (page.name, page.values) == ("", {})


def test_saved_networks_are_listed_with_what_is_not_typical(page: NetworksModel) -> None:
    assert page.networks[0]["name"] == "base"
    assert page.networks[0]["values"] == [f"{FILTERS} = 16"]
