from tests.models.standin import Run, StandIn
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.experiments import ExperimentsModel

SIZE, COUNT = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"


def table(workspace: StandIn, page: str = "experiments") -> ExperimentsModel:
    application = ApplicationModel(workspace)
    application.page = page
    return ExperimentsModel(application)


def planned(*names: str) -> StandIn:
    workspace = StandIn()
    for name in names:
        workspace.plan(name, axes={SIZE: (1, 2), COUNT: (8, 16, 24)}, fixed={}, seeds=1, epochs=1)
    return workspace


def test_the_latest_experiment_is_the_first() -> None:
    rows = table(planned("first", "second")).experiments
    assert [row["name"] for row in rows] == ["second", "first"]
    assert rows[0]["axes"] == [f"{SIZE} [1, 2]", f"{COUNT} [8 : 8 : 24]"]
    assert (rows[0]["network"], rows[0]["dataset"], rows[0]["state"]) == ("base", "teaching", "planned")


def test_states_follow_from_the_trials_and_the_run() -> None:
    workspace = planned("running", "broken", "dead", "done")
    workspace.runs["dead"] = Run(experiment="dead", done=2, state="failed", message="The data set is gone.")
    workspace.runs["running"] = Run(experiment="running", done=2)
    workspace.runs["broken"] = Run(experiment="broken", done=2, state="stopped")
    workspace.runs["done"] = Run(experiment="done", done=6, state="finished")
    rows = {row["name"]: row for row in table(workspace).experiments}
    assert {name: row["state"] for name, row in rows.items()} == {
        "running": "running",
        "broken": "stopped",
        "dead": "failed",
        "done": "finished",
    }
    assert {name for name, row in rows.items() if row["resumable"]} == {"broken", "dead"}
    assert rows["dead"]["note"] == "The data set is gone."
    assert rows["done"]["best"] == "100.0 %"


def test_it_follows_a_run() -> None:
    workspace = planned("first")
    model = table(workspace)
    model.resume("first")
    assert model.experiments[0]["state"] == "running"
    model.stop("first")
    assert model.experiments[0]["state"] == "stopped"


def test_a_page_that_nobody_looks_at_reads_when_it_is_opened() -> None:
    workspace = planned("first")
    model = table(workspace, page="overview")
    workspace.plan("second", axes={SIZE: (1, 2)}, fixed={}, seeds=1, epochs=1)
    model.application.refresh()
    assert len(model.experiments) == 1
    model.application.open("experiments")
    assert len(model.experiments) == 2
