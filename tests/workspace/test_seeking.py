"""A search from the first training to its report: resumed after any end, within its budget, told in one file."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workspace.conftest import TEACHING
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments.seeking import PRESETS, Search

FILTER_2, POOL_6 = "convolution2dLayer_2_filterSize", "averagePooling2dLayer_6_poolSize"
DROPOUT_5, DROPOUT_10 = "dropoutLayer_5_probability", "dropoutLayer_10_probability"
SETTINGS = [f"{POOL_6}=4, 8", f"{FILTER_2}=1, 2", f"{DROPOUT_5}=0.1, 0.3", f"{DROPOUT_10}=0.1, 0.5"]
EVENTS = 60
TRAINING = {"epochs": 3, "fixed": {"training.learning_rate": 0.02}}
#: Trials: within the first experiment, the second and the third.
KILLED_AT = (1, 9, 28)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace with a small network and a data set of folds, and no experiment yet."""
    folder = tmp_path_factory.mktemp("prepared") / "study"
    with Workspace.create(folder, recipe="article") as workspace:
        files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:EVENTS]
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        workspace.compute_fingerprints()
        workspace.build_dataset("small", folds=3, holdout=0.2)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
    return folder


@pytest.fixture
def workspace(prepared: Path, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(shutil.copytree(prepared, tmp_path / "study")) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace in which a search has gone to its end without any interruption."""
    folder = shutil.copytree(prepared, tmp_path_factory.mktemp("whole") / "study")
    with Workspace.open(folder) as opened:
        report = opened.seek("base", "small", name="seek", settings=SETTINGS, **TRAINING)
        assert report.state == "finished"
        yield opened


def without_times(search: Search) -> list[dict]:
    """Return the experiments and decisions of a search, but for how long trainings took."""
    steps = [step.to_dict() for step in search.steps]
    for step in steps:
        if step["decision"] is not None:
            step["decision"]["seconds"] = None
    return steps


def test_every_setting_has_its_turn_and_each_decision_its_evidence(whole: Workspace) -> None:
    search = whole.search("seek")
    assert [step.kind for step in search.steps][:3] == ["as saved", "wide", "wide"]
    assert search.done == tuple(name.partition("=")[0] for name in SETTINGS) and not search.waiting
    assert whole.next_experiment("seek") is None
    for step in search.steps:
        decision = step.decision
        assert decision is not None and decision.reason and 0 < decision.indistinct <= decision.cells
        table = whole.trials(step.experiment)
        # a later experiment may have trained what a race had left out
        finished = (table["state"] == "finished").sum()
        assert 0 < decision.trainings <= finished <= decision.planned == len(table)
        if step.axes:
            assert {each.name for each in decision.influences} == set(step.axes)
            assert decision.low < decision.quality < decision.high
    best = search.best_step
    assert best is not None and best.decision is not None
    if best.axes:
        found = whole.results(best.experiment)
        assert found.grid.mean[found.grid.place(best.decision.cell)] == best.decision.quality
    # the same again has nothing to do
    assert whole.seek("base", "small", name="seek").search == search


def test_the_report_is_one_page_that_needs_nothing_else(whole: Workspace, tmp_path: Path) -> None:
    file = whole.seek_report("seek", tmp_path / "report.html")
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"<script|https?:|<link|<img|@import|url\(", text)
    search = whole.search("seek")
    for step in search.steps:
        assert step.experiment in text
        assert all(name in text for name in step.axes)
    # an image for each value of a third setting, a chart for each setting
    first = search.steps[1]
    images = text.split(f"2. {first.experiment}</h2>")[1].split("</section>")[0]
    assert images.count("<rect") - 44 == 8 and images.count("<polyline") == 3
    assert whole.seek_report("seek") == whole.path / "reports" / "seek.html"


def test_killed_again_and_again_it_ends_the_same(whole: Workspace, workspace: Workspace) -> None:
    for enough in KILLED_AT:
        workspace.begin_search("base", "small", name="seek", settings=SETTINGS, **TRAINING)
        workspace.start_seek("seek")
        wait_until(lambda enough=enough: trained(workspace) >= enough or not workspace._seeks.is_alive("seek"))
        kill_the_seeker(workspace)
    report = workspace.seek("base", "small", name="seek")
    assert report.state == "finished"
    assert without_times(workspace.search("seek")) == without_times(whole.search("seek"))
    for step in report.search.steps:
        here, there = (each.trials(step.experiment).set_index("trial_id")["quality"] for each in (workspace, whole))
        assert here.sort_index().equals(there.sort_index())


def test_a_budget_is_kept_and_more_of_it_goes_on(whole: Workspace, workspace: Workspace) -> None:
    first = workspace.seek("base", "small", name="seek", settings=SETTINGS, **TRAINING, budget="10 trials")
    assert first.state == "stopped" and "budget of 10 trials" in first.message
    assert 3 <= trained(workspace) <= 10
    counts = [trained(workspace)]
    while workspace.search_report("seek").state != "finished":
        workspace.seek("base", "small", name="seek", budget="12 trials")
        counts.append(trained(workspace))
        assert counts[-2] < counts[-1] <= counts[-2] + 12
    search = workspace.search("seek")
    assert not search.waiting and search.under_way is None
    coarser = [step for step in search.steps if "Made coarser" in step.reason]
    assert all("its share of what is left was" in step.reason for step in coarser)


def test_too_small_a_budget_says_what_it_takes(workspace: Workspace) -> None:
    workspace.seek("base", "small", name="seek", settings=SETTINGS, **TRAINING, steps=1)
    asked = workspace.seek("base", "small", name="seek", budget="4 trials")
    assert re.search(r"4 trials are left, and the next experiment takes \d+ trials at least", asked.message)
    assert len(asked.search.steps) == 1


def test_what_somebody_planned_instead_counts_as_the_next(workspace: Workspace) -> None:
    workspace.seek("base", "small", name="seek", settings=SETTINGS[:2], epochs=1, steps=1)
    proposed = workspace.next_experiment("seek")
    assert proposed is not None and set(proposed.axes) == {POOL_6, FILTER_2}
    workspace.plan("mine", network="base", dataset="small", axes={POOL_6: "4, 8"}, fixed=dict(proposed.fixed))
    assert workspace.join_search("seek", "mine").under_way is not None
    with pytest.raises(PlanError, match="mine is under way in the search seek"):
        workspace.join_search("seek", "mine")
    report = workspace.seek("base", "small", name="seek", steps=1)
    assert report.search.done == (POOL_6,) and report.search.waiting == (FILTER_2,)


def test_a_search_is_not_made_another_one(workspace: Workspace) -> None:
    search = workspace.begin_search("base", "small", preset="article", epochs=1)
    assert search.name == "base-article" and workspace.searches() == ("base-article",)
    assert workspace.begin_search("base", "small", name="base-article") == search
    with pytest.raises(PlanError, match="a search base-article that is to do something else"):
        workspace.begin_search("base", "small", preset="article", epochs=2)
    with pytest.raises(PlanError, match="names the settings itself"):
        workspace.begin_search("base", "small", name="other", preset="article", settings=SETTINGS)


def test_at_the_articles_order_its_experiments_are_made(workspace: Workspace) -> None:
    """At one epoch and a few trials: what is planned is the article's, however little of it is trained."""
    workspace.begin_search("base", "small", name="seek", preset="article", epochs=1)
    workspace.seek("base", "small", name="seek", steps=1)
    workspace.start_seek("seek")
    wait_until(lambda: len(workspace.search("seek").steps) == 2 and "seek-2" in set(workspace.experiments()["name"]))
    kill_the_seeker(workspace)
    plan = workspace.experiment_plan("seek-2")
    assert dict(plan.axes) == plan.space.axes(PRESETS["article-1"].axes)
    assert plan.value_of("training.epochs") == 1


def trained(workspace: Workspace) -> int:
    return int(workspace.experiment_totals()["finished_count"].sum())


def kill_the_seeker(workspace: Workspace) -> None:
    status = workspace._seeks.status("seek")
    if status is not None and status.is_alive:
        import psutil

        process = psutil.Process(status.pid)
        for child in [*process.children(recursive=True), process]:
            child.kill()
        wait_until(lambda: not workspace._seeks.is_alive("seek"))


def wait_until(is_so) -> None:
    for _ in range(1200):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it took longer than two minutes")


def test_the_command_line_seeks_tells_and_reports(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["-w", str(workspace.path)]
    asked = ["seek", "base", "--dataset", "small", "--epochs", "1", "--settings", *SETTINGS[:2], *here]
    assert main([*asked, "--budget", "3 trials"]) == 0
    said = capsys.readouterr().out
    assert "Search base-search over base on small: stopped." in said
    assert f"Report: {workspace.path / 'reports' / 'base-search.html'}" in said
    assert main(["seek", "--status", "--report", str(tmp_path / "told.html"), *here]) == 0
    assert "base-search-1: the network as saved" in capsys.readouterr().out
    assert "base-search-1" in (tmp_path / "told.html").read_text(encoding="utf-8")
    assert main(["seek", "--stop", *here]) == 1
    assert "The search base-search is not running." in capsys.readouterr().err
    assert main(["seek", "base", *here]) == 1
    assert "Name a network and a data set" in capsys.readouterr().err
    assert main([*asked[:4], "--epochs", "2", *here]) == 1
    assert "is to do something else" in capsys.readouterr().err


def test_what_is_renamed_goes_on_and_what_is_deleted_is_passed_over(whole: Workspace, tmp_path: Path) -> None:
    with Workspace.open(shutil.copytree(whole.path, tmp_path / "study")) as workspace:
        decided = workspace.search("seek")
        first, second, third = (step.experiment for step in decided.steps[:3])
        workspace.rename("experiment", first, "as it was")
        assert workspace.search("seek").steps[0].experiment == "as it was"
        workspace.delete(workspace.deletion("experiment", third))
        assert workspace.search("seek").optimum == decided.optimum
        text = workspace.search_html("seek")
        assert "as it was" in text and second in text and "are not there any more" in text
        going = workspace.deletion("network", "base")
        assert "1 search (seek)" in str(going)
        workspace.delete(going)
        assert workspace.searches() == () and workspace.check(progress=lambda items, label, total=None: items).is_sound
