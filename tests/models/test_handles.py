"""Dialogs about networks, data sets and experiments, and the forms that one is copied into or changed in."""

import pytest

from trova_widgets import Workspace
from trova_widgets.experiments import plan
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.experiments import ExperimentsModel
from trova_widgets.models.handles import HandlesModel
from trova_widgets.models.networks import NetworksModel
from trova_widgets.models.overview import OverviewModel
from trova_widgets.models.plan_reading import plan_of
from trova_widgets.models.planning import PlanModel

FILTERS, SIZE = "convolution2dLayer_2_numFilters", "convolution2dLayer_2_filterSize"


@pytest.fixture
def study(filled_study: Workspace) -> Workspace:
    """A workspace with two networks, a data set, and an experiment that was never run."""
    filled_study.compute_fingerprints()
    filled_study.build_dataset("all", shares={"training": 0.5, "validation": 0.5})
    filled_study.create_network("base")
    filled_study.create_network("wide", **{FILTERS: 16})
    filled_study.plan("first", network="base", dataset="all", axes={SIZE: "2, 3"}, epochs=1, seeds=[5])
    return filled_study


def opened(study: Workspace, page: str, subject: str = "") -> ApplicationModel:
    application = ApplicationModel(study)
    application.open(page, subject)
    return application


def test_what_goes_is_said_before_it_goes(study: Workspace) -> None:
    study.annotate("first", "steep")
    model = HandlesModel(opened(study, "networks", "base"), "network")
    model.delete()
    assert len(study.networks()) == 2, "nobody was asked"
    model.ask("delete", "base")
    assert (
        model.words == "The network base goes, and with it 1 experiment (first) and 1 remark. It cannot be taken back."
    )
    model.close()
    model.delete()
    assert len(study.networks()) == 2, "nobody agreed"
    model.ask("delete", "base")
    model.delete()
    assert study.networks()["name"].tolist() == ["wide"] and study.experiments().empty
    assert (model.asking, model.application.subject, model.application.message) == ("", "", "base is deleted.")


def test_what_was_said_of_one_thing_deletes_no_other(study: Workspace) -> None:
    model = HandlesModel(opened(study, "networks"), "network")
    model.ask("delete", "base")
    model.thing = "wide"
    model.delete()
    assert len(study.networks()) == 2


def test_more_than_was_said_does_not_go(study: Workspace) -> None:
    model = HandlesModel(opened(study, "networks"), "network")
    model.ask("delete", "base")
    study.plan("second", network="base", dataset="all", axes={SIZE: "2, 4"})
    model.delete()
    assert "Meanwhile something else would go" in model.problem
    assert model.asking == "delete" and len(study.networks()) == 2


def test_the_address_goes_along_with_a_name(study: Workspace) -> None:
    model = HandlesModel(opened(study, "results", "first"), "experiment")
    model.ask("rename", "first")
    model.new_name = " the first one "
    model.rename()
    assert model.application.subject == "the first one"
    assert study.experiments()["name"].tolist() == ["the first one"]
    model.ask("rename", "the first one")
    model.new_name = "a/b"
    model.rename()
    assert "cannot name an experiment" in model.problem and model.asking == "rename"


def test_a_data_set_is_drawn_anew_under_the_next_free_name(study: Workspace) -> None:
    overview = OverviewModel(opened(study, "overview"))
    model = HandlesModel(overview.application, "dataset")
    model.ask("copy", "all")
    assert model.new_name == "all-2"
    model.seed = 7
    model.copy()
    assert study.datasets().set_index("name").loc["all-2", "settings"]["seed"] == 7
    rows = {row["name"]: row for row in overview.datasets}
    assert list(rows) == ["all-2", "all"]
    assert (rows["all"]["records"], rows["all"]["used"], rows["all-2"]["used"]) == (30, "1 experiment", "")


def test_things_are_compared_and_remarked(study: Workspace) -> None:
    table = ExperimentsModel(opened(study, "experiments"))
    model = HandlesModel(table.application, "experiment")
    model.ask("annotate", "first")
    model.remark = "a look around"
    model.annotate()
    assert table.experiments[0]["remarks"] == ["a look around"]
    networks = HandlesModel(table.application, "network")
    networks.compare(["base", "wide"])
    assert networks.compared["names"] == ["base", "wide"]
    differing = {row["property"]: row["values"] for row in networks.compared["rows"] if row["differs"]}
    assert differing[FILTERS] == ["8", "16"]
    networks.compare(["base", "gone"])
    assert "no network named 'gone'" in networks.problem


def test_a_saved_network_is_opened_from_its_address_and_copied(study: Workspace) -> None:
    model = NetworksModel(opened(study, "networks", "wide"))
    assert (model.opened, model.values, model.name) == ("wide", {FILTERS: "16"}, "")
    assert not model.can_create
    model.copy("wide")
    assert model.name == "wide-2" and model.can_create
    model.name = "base"
    assert not model.can_create, "the name is taken"
    model.name, model.values = "wider", {FILTERS: "24"}
    model.create()
    assert study.networks().set_index("name").loc["wider", "values"][FILTERS] == 24
    assert (model.opened, model.application.subject, model.values) == ("", "", {})
    assert {row["name"]: row["used"] for row in model.networks} == {"wider": "", "wide": "", "base": "1 experiment"}


def test_a_plan_is_changed_where_it_stands(study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(study, "start", lambda name, **how: started.append(name))
    form = PlanModel(opened(study, "experiments"))
    form.edit("first")
    assert (form.editing, form.name, form.epochs, form.seeds) == ("first", "first", 1, 1)
    form.axes = [{"parameter": SIZE, "text": "2, 3, 4"}]
    assert form.forecast["sentence"].startswith("3 cells")
    form.start()
    plan = study.experiment_plan("first")
    assert (plan.axes[SIZE], plan.seeds) == ((2, 3, 4), (5,)), "its seed is the one that it had"
    assert started == ["first"] and study.experiments()["name"].tolist() == ["first"]
    assert (form.editing, form.name) == ("", "experiment-2")


def test_a_plan_that_is_changed_can_be_left_as_it_was(study: Workspace) -> None:
    form = PlanModel(opened(study, "experiments"))
    proposed = form.axes
    form.edit("first")
    form.begin()
    assert (form.editing, form.name, form.axes) == ("", "experiment-2", proposed)
    form.edit("first")
    study.rename("experiment", "first", "old")
    form.application.refresh()
    assert (form.editing, form.name) == ("", "experiment-2"), "there is no experiment of that name any more"


@pytest.mark.parametrize("here", ["float32", "bfloat16"])
def test_a_plan_is_taken_with_its_arithmetic_whatever_the_processor_would_choose(
    study: Workspace, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    fixed = {"training.precision": "bfloat16"}
    study.plan("short", network="base", dataset="all", axes={SIZE: "2, 3"}, fixed=fixed, epochs=1)
    monkeypatch.setattr(plan, "has_bfloat16", lambda: here == "bfloat16")
    rows = {row["parameter"]: row["text"] for row in plan_of(study, "short")["axes"]}
    assert rows == {SIZE: "[2, 3]"} | ({} if here == "bfloat16" else fixed)
