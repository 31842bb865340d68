import pytest

from tests.models.standin import StandIn
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.overview import OverviewModel


def overview(workspace: StandIn) -> OverviewModel:
    return OverviewModel(ApplicationModel(workspace))


@pytest.mark.parametrize(
    ("missing", "step"),
    [
        ("records", "import"),
        ("fingerprints", "fingerprint"),
        ("datasets", "dataset"),
        ("experiments", "plan"),
        ("", "results"),
    ],
)
def test_it_names_the_next_step(missing: str, step: str) -> None:
    workspace = StandIn()
    have = dict.fromkeys(workspace.counts(), 3)
    workspace.counts = lambda: {**have, missing: 0}
    assert overview(workspace).next_step == step


def test_it_counts_the_classes() -> None:
    model = overview(StandIn(30))
    assert [row["title"] for row in model.classes] == ["Earthquake", "Mine blast", "Quarry blast"]
    assert sum(row["records"] for row in model.classes) == 30
    assert sum(row["events"] for row in model.classes) == 10


def test_an_empty_study_is_no_error() -> None:
    model = overview(StandIn(0))
    assert model.classes == []
    assert model.next_step == "import"


def test_actions_report_what_they_did() -> None:
    workspace = StandIn()
    model = overview(workspace)
    model.compute_fingerprints()
    assert model.report == "3 records fingerprinted."
    model.build_dataset("second")
    assert ("dataset", "second", "vertical", ()) in workspace.calls
    assert (model.busy, model.progress) == ("", {})


def test_experiments_are_listed_with_their_best() -> None:
    workspace = StandIn()
    workspace.plan("first", axes={"convolution2dLayer_2_filterSize": (1, 2)}, fixed={}, seeds=1, epochs=1)
    assert overview(workspace).experiments == [{"name": "first", "trials": "0 of 2 trials", "best": ""}]


def test_after_two_seconds_a_long_task_says_how_long_it_still_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr("trova_widgets.models.task.time.monotonic", lambda: float(next(clock)))
    model = overview(StandIn())
    reports = []
    model.observe(lambda change: reports.append((change["new"]["done"], change["new"]["left"])), "progress")
    assert list(model.watched("abcd", "counting")) == ["a", "b", "c", "d"]
    assert reports == [(0, ""), (1, "6 s left"), (2, "3 s left"), (3, "1 s left")]
