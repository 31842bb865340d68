"""The assistant of the strategy: what it proposes can be taken, changed, or left to go on by itself."""

import pytest

from tests.experiments.seeking.making import gone_on, search_over, taken_up
from tests.models.standin import StandIn
from trova_widgets.experiments import Plan
from trova_widgets.experiments.seeking import Search, agenda_of
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.planning import PlanModel
from trova_widgets.models.search import SearchModel

SIZE, COUNT = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"
POOL = "averagePooling2dLayer_6_poolSize"


def new_search() -> Search:
    plan = Plan.make(network_type="CNN", dataset_id="d1", axes={}, fixed={"training.epochs": 7})
    return search_over(agenda_of(plan, [SIZE, COUNT, POOL, "dropoutLayer_5_probability"]))


def after_the_first() -> Search:
    return gone_on(gone_on(new_search(), {}), {SIZE: 2, COUNT: 8, POOL: 2}, {SIZE: 0.03, POOL: 0.01})


@pytest.fixture
def workspace() -> StandIn:
    return StandIn()


@pytest.fixture
def assistant(workspace: StandIn) -> SearchModel:
    application = ApplicationModel(workspace)
    application.page = "experiments"
    return SearchModel(application, PlanModel(application))


def look_again(workspace: StandIn, assistant: SearchModel, search: Search) -> None:
    workspace.keep_search(search)
    assistant.application.refresh()


def test_without_a_search_there_is_nothing_but_the_way_to_begin_one(workspace: StandIn, assistant: SearchModel) -> None:
    assert assistant.read and not assistant.searches and not assistant.standing["name"]
    assistant._plan.epochs = 9
    assistant.begin()
    assert ("begin search", "base", "teaching", "base-search", None, 9) in workspace.calls
    assert assistant.search == "base-search" and assistant.standing["state"] == "planned"
    assert "as it was saved" in assistant.proposal["reason"] and not assistant.proposal["changeable"]
    assistant.begin("article")
    assert assistant.search == "base-article" and assistant.searches == ["base-article", "base-search"]
    assistant.begin()
    assert assistant.search == "base-search-3"


def test_the_proposal_its_reason_and_what_was_found_stand_there(workspace: StandIn, assistant: SearchModel) -> None:
    look_again(workspace, assistant, after_the_first())
    assert [row["name"] for row in assistant.proposal["rows"]] == ["dropoutLayer_5_probability"]
    assert assistant.proposal["rows"][0]["values"] == "[0.1 : 0.2 : 0.9]"
    assert "wide range" in assistant.proposal["reason"]
    assert [(row["name"], row["value"], row["before"], row["changed"]) for row in assistant.optimum] == [
        (SIZE, "2", "3", True),
        (COUNT, "8", "8", False),
        (POOL, "2", "2", False),
    ]
    assert [(row["title"], row["told"]) for row in assistant.influences] == [(SIZE, True), (POOL, True), (COUNT, False)]
    assert assistant.influences[0]["words"] == "3.0 (1.5 to 4.0)"
    assert all(row["low"] <= row["size"] <= row["high"] <= 1 for row in assistant.influences)
    assert [row["experiment"] for row in assistant.decisions] == ["seek-2", "seek-1"]
    assert assistant.standing["waiting"] == "probability (5)"


def asked(workspace: StandIn) -> tuple:
    """Return what was asked of the search last."""
    return [call for call in workspace.calls if "seek" in call[0]][-1]


def test_taking_it_runs_one_experiment_and_the_autopilot_all_within_its_budget(
    workspace: StandIn, assistant: SearchModel
) -> None:
    look_again(workspace, assistant, after_the_first())
    assistant.take()
    assert asked(workspace) == ("seek", "seek", {"steps": 1})
    assert assistant.standing["running"]
    assistant.stop()
    assert asked(workspace) == ("stop seek", "seek") and not assistant.standing["running"]
    assistant.budget = " 2h "
    assistant.go_on()
    assert asked(workspace) == ("seek", "seek", {"budget": "2h"})
    assistant.budget = ""
    assistant.go_on()
    assert asked(workspace) == ("seek", "seek", {"budget": None})


def test_a_changed_proposal_is_started_from_the_form_and_counts_as_the_next(
    workspace: StandIn, assistant: SearchModel
) -> None:
    look_again(workspace, assistant, after_the_first())
    assistant.change()
    form = assistant._plan
    rows = {row["parameter"]: row["text"] for row in form.axes}
    assert rows == {"dropoutLayer_5_probability": "[0.1 : 0.2 : 0.9]", SIZE: "2", COUNT: "8", POOL: "2"}
    assert (form.joins, form.epochs) == ("seek", 7)
    form.axes = [{**row, "text": "0.1, 0.5"} if "dropout" in row["parameter"] else row for row in form.axes]
    name = form.name
    form.start()
    assert ("join", "seek", name) in workspace.calls and ("start", name, {"halve": False}) in workspace.calls
    assert form.joins == ""


def test_a_plan_that_is_let_stand_alone_joins_nothing(workspace: StandIn, assistant: SearchModel) -> None:
    look_again(workspace, assistant, after_the_first())
    assistant.change()
    assistant._plan.stand_alone()
    assistant._plan.start()
    assert not any(call[0] == "join" for call in workspace.calls)


def test_what_was_begun_is_to_be_finished_first(workspace: StandIn, assistant: SearchModel) -> None:
    look_again(workspace, assistant, taken_up(after_the_first()))
    assert assistant.standing["under_way"] == "seek-3" and assistant.proposal == {}
    assert assistant.decisions[0]["words"] == "under way"


def test_at_the_end_nothing_is_proposed(workspace: StandIn, assistant: SearchModel) -> None:
    search = gone_on(after_the_first(), {"dropoutLayer_5_probability": 0.3})
    search = gone_on(search, {SIZE: 2, POOL: 2})
    look_again(workspace, assistant, search)
    assert assistant.proposal == {} and not assistant.standing["under_way"]


def test_the_report_is_handed_to_the_browser(workspace: StandIn, assistant: SearchModel) -> None:
    look_again(workspace, assistant, after_the_first())
    assistant.report()
    assert assistant.report_file == "<!doctype html><title>seek</title>"


def test_who_only_looks_starts_nothing(workspace: StandIn, assistant: SearchModel) -> None:
    look_again(workspace, assistant, after_the_first())
    workspace.read_only = True
    workspace.for_a_visitor = True
    before = len(workspace.calls)
    for action in (assistant.take, assistant.go_on, assistant.stop, assistant.begin):
        action()
    assert len(workspace.calls) == before
