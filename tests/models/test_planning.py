import asyncio
import threading
from typing import Any

import pytest

from tests.models.standin import StandIn
from tests.models.test_background import answered
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.planning import PlanModel

SIZE, COUNT = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"


@pytest.fixture
def workspace() -> StandIn:
    return StandIn()


@pytest.fixture
def form(workspace: StandIn) -> PlanModel:
    model = PlanModel(ApplicationModel(workspace))
    model.axes = [{"parameter": SIZE, "text": "1, 2"}, {"parameter": COUNT, "text": "[8:8:24]"}]
    return model


def test_it_proposes_a_whole_plan(workspace: StandIn) -> None:
    form = PlanModel(ApplicationModel(workspace))
    assert (form.network, form.dataset, form.name) == ("base", "teaching", "experiment-1")
    # a few cells around the usual values, and how long they take
    assert [row["text"] for row in form.axes] == ["[2, 3]", "[8, 16]", "[0.1, 0.3]"]
    assert form.forecast["sentence"] == "8 cells, all can be built, about 16 min"
    assert form.forecast["runnable"]


def test_it_says_what_a_plan_comes_to(form: PlanModel) -> None:
    assert form.forecast["sentence"] == "6 cells, all can be built, about 12 min"
    assert [note["words"] for note in form.notes] == ["2 values", "3 values"]
    form.seeds = 2
    assert form.forecast["sentence"] == "6 cells, all can be built, 12 trials, about 24 min"


def test_one_value_fixes_a_parameter(form: PlanModel, workspace: StandIn) -> None:
    form.axes = [{"parameter": SIZE, "text": "1, 2"}, {"parameter": COUNT, "text": "16"}]
    assert form.notes[1]["words"] == "fixed"
    _, draft = workspace.calls[-1]
    assert (draft["axes"], draft["fixed"]) == ({SIZE: (1, 2)}, {COUNT: 16})


@pytest.mark.parametrize("text", ["[1 : 1 : 2]", "1:2", "1, 2", "convolution2dLayer_2_filterSize=[1 : 1 : 2];"])
def test_the_article_s_notation_is_understood(form: PlanModel, workspace: StandIn, text: str) -> None:
    form.axes = [{"parameter": SIZE, "text": text}]
    assert workspace.calls[-1][1]["axes"] == {SIZE: (1, 2)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [("[1 : 8", "[minimum : step : maximum]"), ("", "at least one value"), ("0", "filterSize"), ("a=1", "choose that")],
)
def test_a_value_that_is_not_understood_is_explained_beside_it(form: PlanModel, text: str, problem: str) -> None:
    form.axes = [{"parameter": SIZE, "text": text}, {"parameter": COUNT, "text": "8, 16"}]
    assert problem in form.notes[0]["problem"]
    assert not form.forecast["runnable"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("name", " ", "a name"), ("epochs", 0, "Epochs"), ("seeds", 0, "Seeds"), ("budget", "soon", "500 trials")],
)
def test_what_is_missing_is_said(form: PlanModel, name: str, value: Any, words: str) -> None:
    form.set_trait(name, value)
    assert words in form.forecast["details"][0]
    assert not form.forecast["runnable"]


def test_nothing_varied_is_no_experiment(form: PlanModel) -> None:
    form.axes = [{"parameter": SIZE, "text": "3"}]
    assert form.forecast == {
        "sentence": "",
        "details": ["Give at least one setting several values."],
        "runnable": False,
    }


def test_a_setting_has_one_row(form: PlanModel) -> None:
    form.axes = [{"parameter": SIZE, "text": "1, 2"}, {"parameter": SIZE, "text": "3, 4"}]
    assert "a row already" in form.notes[1]["problem"]


def test_a_network_that_the_address_names_is_the_one_that_is_planned_over(form: PlanModel, workspace: StandIn) -> None:
    before = form.network
    workspace.create_network("wide", "CNN", "two-cycle")
    form.application.open("experiments", "wide")
    form.refresh()
    assert form.network == "wide"
    form.network = before
    form.refresh()
    assert form.network == before


def test_start_plans_runs_and_makes_room_for_the_next(form: PlanModel, workspace: StandIn) -> None:
    form.start()
    assert ("start", "experiment-1", {"halve": False}) in workspace.calls
    assert form.application.running[0].experiment == "experiment-1"
    assert form.name == "experiment-2"
    assert form.application.message == "experiment-1 is running: 6 trials."


def test_a_run_has_a_budget_and_trains_everything_when_asked(form: PlanModel, workspace: StandIn) -> None:
    form.budget, form.way = " 2h ", "all"
    form.start()
    assert ("start", "experiment-1", {"race": False, "budget": "2h"}) in workspace.calls


def test_what_halving_the_epochs_saves_and_risks_is_said_before_it_is_started(
    form: PlanModel, workspace: StandIn
) -> None:
    form.way = "halve"
    assert form.forecast["sentence"] == "6 cells, all can be built, about 8 min", "12 min without it"
    assert form.forecast["details"][0].startswith("6 cells for 5 epochs, 2 for 15: 33 % of the epochs of all are saved")
    assert "learns slowly is lost" in form.forecast["details"][0]
    form.start()
    assert ("start", "experiment-1", {"halve": True}) in workspace.calls
    form.epochs = 8
    assert not form.forecast["runnable"] and "saves nothing here" in form.forecast["details"][0]
    form.epochs, form.axes = 15, [*form.axes, {"parameter": "training.epochs", "text": "9, 15"}]
    assert not form.forecast["runnable"]


def test_what_is_typed_while_a_plan_is_started_stays(workspace: StandIn) -> None:
    async def start() -> PlanModel:
        form = PlanModel(ApplicationModel(workspace))
        await answered()
        form.start()
        form.name = "the next one"
        await answered()
        return form

    form = asyncio.run(start())
    assert ("start", "experiment-1", {"halve": False}) in workspace.calls
    assert form.name == "the next one"


def test_a_refused_plan_is_explained_and_nothing_runs(form: PlanModel, workspace: StandIn) -> None:
    form.name = "taken"
    form.start()
    assert "another name" in form.problem
    assert not form.busy
    assert not workspace.runs


def test_a_plan_is_copied_under_a_new_name(form: PlanModel) -> None:
    form.epochs = 3
    form.start()
    form.axes = [{"parameter": SIZE, "text": "1, 2, 3"}]
    form.copy("experiment-1")
    assert [row["text"] for row in form.axes] == ["[1, 2]", "[8 : 8 : 24]"]
    assert (form.epochs, form.name) == (3, "experiment-2")


def test_the_time_is_told_from_trials_that_were_run(form: PlanModel, workspace: StandIn) -> None:
    form.start()
    workspace.runs["experiment-1"] = workspace.runs["experiment-1"].__class__(experiment="experiment-1", done=6)
    form.refresh()
    assert "about" in form.forecast["sentence"]


def test_an_answer_to_an_older_question_is_dropped(workspace: StandIn) -> None:
    application = ApplicationModel(workspace)
    first_may_answer = threading.Event()
    preview = workspace.preview

    def slow(**draft: Any) -> Any:
        if draft["axes"] == {SIZE: (1, 2)}:
            first_may_answer.wait()
        return preview(**draft)

    workspace.preview = slow

    async def type_quickly() -> str:
        form = PlanModel(application)
        while not form.read:
            await asyncio.sleep(0)
        form.axes = [{"parameter": SIZE, "text": "1, 2"}]
        form.axes = [{"parameter": SIZE, "text": "1, 2, 3"}]
        while not form.forecast.get("sentence", "").startswith("3 cells"):
            await asyncio.sleep(0)
        first_may_answer.set()
        while sum(call[0] == "preview" and call[1]["axes"] == {SIZE: (1, 2)} for call in workspace.calls) < 1:
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        return str(form.forecast["sentence"])

    assert asyncio.run(type_quickly()).startswith("3 cells")
