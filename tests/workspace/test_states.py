"""One answer to the question in what state an experiment is: of the page, the command line and the workspace alike."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments import RunStatus
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.experiments import ExperimentsModel
from trova_widgets.processes import identity_of_process, this_process
from trova_widgets.workspace import watching
from trova_widgets.workspace.running import RunFolder
from trova_widgets.workspace.states import experiment_status

AXES = {"averagePooling2dLayer_6_poolSize": "4, 8"}
RUNNING = replace(RunStatus.starting("first", this_process()), state="running", done=2, total=8, seconds_left=90.0)


def said(state: str, **values: object) -> RunStatus:
    return replace(RUNNING, state=state, **values)


@pytest.mark.parametrize(
    ("run", "counts", "state"),
    [
        (None, (8, 0, 0), "planned"),
        (None, (8, 3, 0), "planned"),  # some of its trials were run for another experiment
        (None, (8, 8, 0), "finished"),  # all of them were
        (RUNNING, (8, 2, 0), "running"),
        (RunStatus.starting("first", this_process()), (8, 2, 0), "running"),
        (said("stopped"), (8, 2, 0), "stopped"),
        (said("failed", message="No room."), (8, 2, 0), "failed"),
        (said("died"), (8, 2, 0), "died"),
        (said("died"), (8, 8, 0), "finished"),  # only its last word is missing
        (said("finished"), (8, 8, 0), "finished"),
        (said("finished"), (8, 6, 2), "finished"),  # two have failed, and can be run again
        (said("finished"), (8, 0, 8), "failed"),  # none could be trained at all
        (said("finished"), (16, 8, 0), "planned"),  # the plan has grown since
    ],
)
def test_the_state_follows_from_the_store_and_the_runner(
    run: RunStatus | None, counts: tuple[int, int, int], state: str
) -> None:
    total, finished, failed = counts
    status = experiment_status("first", total, finished, failed, run)
    assert (status.state, status.done, status.total) == (state, finished, total)
    assert status.missing == total - finished
    assert ("No room." in str(status) or "says why" in str(status)) == (state == "failed")
    assert ("run it again" in str(status)) == (state == "died")


@given(
    st.sampled_from(["starting", "running", "stopped", "failed", "died", "finished"]),
    st.tuples(*[st.integers(0, 9)] * 3),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
def test_a_state_never_contradicts_its_numbers(word: str, counts: tuple[int, int, int], told: tuple[int, int]) -> None:
    finished, failed, waiting = counts
    run = said(word, done=told[0], total=sum(told))
    status = experiment_status("first", finished + failed + waiting, finished, failed, run)
    assert 0 <= status.done <= status.total
    assert (status.state == "running") == (word in ("starting", "running"))
    if status.state == "finished":
        assert waiting == 0
    elif status.state != "running":
        assert status.missing > 0 or status.total == 0


def test_a_plan_whose_trials_all_exist_is_finished_wherever_one_asks(
    study: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    report = study.plan("the same again", network="base", dataset="small", axes=AXES, epochs=1)
    assert report.missing == 0
    assert study.status("the same again").state == "finished"
    assert main(["status", "the same again", "-w", str(study.path)]) == 0
    assert capsys.readouterr().out == "the same again: finished, 2 of 2 trials.\n"
    rows = {row["name"]: row for row in ExperimentsModel(opened(study)).experiments}
    assert rows["the same again"]["state"] == rows["first"]["state"] == "finished"
    assert not rows["the same again"]["resumable"]


def test_an_experiment_that_was_planned_only_says_so(study: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    study.plan("never run", network="base", dataset="small", axes=AXES, seeds=[5], epochs=1)
    assert main(["status", "never run", "-w", str(study.path)]) == 0
    assert capsys.readouterr().out == "never run: planned, 0 of 2 trials.\n"
    with pytest.raises(PlanError, match="never run is not running"):
        study.stop("never run")


def test_a_run_that_died_is_told_by_all_and_can_be_run_again(
    study: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    study.plan("dead", network="base", dataset="small", axes=AXES, seeds=[6], epochs=1)
    runs = RunFolder(study.path)
    runner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    its = identity_of_process(runner.pid)
    runs.write_status(
        "dead", replace(said("running"), experiment="dead", pid=its.pid, began=its.began, total=2, done=0)
    )
    model = ApplicationModel(study)
    assert study.status("dead").is_running and [run.experiment for run in model.running] == ["dead"]
    with pytest.raises(PlanError, match=f"running already, in process {its.pid}"):
        study.start("dead")
    runner.kill()
    runner.communicate()
    assert study.status("dead").state == "died"
    assert main(["status", "dead", "-w", str(study.path)]) == 0
    assert capsys.readouterr().out.startswith("dead: died, 0 of 2 trials. Its process has ended without a word; run it")
    row = {row["name"]: row for row in ExperimentsModel(opened(study)).experiments}["dead"]
    assert (row["state"], row["resumable"]) == ("died", True)
    # in this process, which has the file
    assert study.run_here("dead").state == "finished"


def test_a_bar_ends_at_the_total(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last trial ends between two looks."""
    runs = RunFolder(tmp_path)
    runs.write_status("first", said("running", done=7))
    bars = []

    def bar(*arguments: object, **options: object) -> object:
        bars.append(drawn(*arguments, **options))
        return bars[-1]

    drawn: Callable[..., object] = watching.tqdm
    monkeypatch.setattr(watching, "tqdm", bar)
    looked = threading.Event()
    monkeypatch.setattr(watching.time, "sleep", lambda _: looked.set())
    over = threading.Thread(target=lambda: looked.wait() and runs.write_status("first", said("finished", done=8)))
    over.start()
    watching.watch(runs, "first")
    over.join()
    assert (bars[0].n, bars[0].total) == (8, 8)


def test_files_of_runs_are_told_apart_where_cases_are_not(tmp_path: Path) -> None:
    """On such a system a look for the status of "First" finds the file of "first"."""
    runs = RunFolder(tmp_path)
    runs.write_status("First", said("finished"))
    assert runs.status("First") is None
    with pytest.raises(PlanError, match="first and First differ by case alone"):
        runs.start("First", None, "cpu")


def opened(study: Workspace) -> ApplicationModel:
    model = ApplicationModel(study)
    model.page = "experiments"
    return model
