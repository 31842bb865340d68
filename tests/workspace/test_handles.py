"""Networks, data sets and experiments: opened, copied, renamed, compared, edited, deleted."""

import io
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import NetworkError, PlanError, StoreError, TrovaError
from trova_widgets.experiments import Journal, RunStatus
from trova_widgets.processes import this_process
from trova_widgets.workspace.running import RunFolder

FILTERS, SIZE = "convolution2dLayer_2_numFilters", "convolution2dLayer_2_filterSize"


@pytest.fixture(scope="module")
def trained(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an experiment of two trials that were run, and one of four that shares them."""
    folder = shutil.copytree(filled_folder, tmp_path_factory.mktemp("trained") / "kola")
    with Workspace.open(folder) as workspace:
        workspace.compute_fingerprints()
        workspace.build_dataset("all", shares={"training": 0.5, "validation": 0.5})
        workspace.create_network("base", **{FILTERS: 2, "convolution2dLayer_7_numFilters": 2})
        workspace.plan("first", network="base", dataset="all", axes={SIZE: "2, 3"}, epochs=1)
        workspace.run_here("first", workers=1)
        workspace.plan("second", network="base", dataset="all", axes={SIZE: "3, 4"}, epochs=1)
        workspace.run_here("second", workers=1)
        workspace.annotate("first", "steep")
    return folder


@pytest.fixture
def study(trained: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The same, one's own."""
    with Workspace.open(shutil.copytree(trained, tmp_path / "kola")) as workspace:
        yield workspace


def weights(study: Workspace) -> set[str]:
    return {path.stem for path in (study.path / "weights").iterdir()}


def is_sound(study: Workspace) -> bool:
    """Whether a check finds nothing, besides a file whose name was made up."""
    return {finding.subject for finding in study.check().findings} <= {"waveforms/aa/aa00.mseed"}


def let_run(study: Workspace, experiment: str) -> None:
    """Let it seem that this process runs an experiment."""
    starting = RunStatus.starting(experiment, this_process())
    RunFolder(study.path).write_status(experiment, replace(starting, state="running", total=2))


def test_a_renamed_experiment_is_the_same_one(study: Workspace) -> None:
    before, log = study.trials("first"), study.path / ".trova" / "runs" / "first.log"
    log.write_text("its last words")
    study.rename("experiment", "first", "the first one")
    assert study.trials("the first one").equals(before)
    assert study.status("the first one").state == "finished"
    assert study.annotations("the first one")["text"].tolist() == ["steep"]
    assert not log.exists() and log.with_name("the first one.log").read_text() == "its last words"
    # the name is free, also for the identity that is made of it
    report = study.plan("first", network="base", dataset="all", axes={SIZE: "2, 3, 5"}, epochs=1)
    assert (report.new_cells, report.missing) == (None, 1)
    assert study.annotations("first").empty
    assert study.status("first").state == "planned" and study.status("the first one").done == 2
    assert is_sound(study)


def test_renamed_networks_and_data_sets_stay_what_experiments_are_made_of(study: Workspace) -> None:
    study.rename("network", "base", "two filters")
    study.rename("dataset", "all", "everything")
    compared = study.compare("experiment", "first").table["first"]
    assert (compared["network"], compared["data set"]) == ("two filters", "everything")
    fresh = study.create_network("base")
    assert fresh.values != study.networks().set_index("name").loc["two filters", "values"]
    assert study.create_network("base") == fresh, "made twice it is the same one"
    study.plan("third", network="base", dataset="everything", axes={SIZE: "2, 3"})
    assert study.status("third").done == 0, "the trials of another network are not its own"
    assert is_sound(study)


@pytest.mark.parametrize(
    ("kind", "name", "new", "said"),
    [
        ("network", "bose", "x", "no network named 'bose'"),
        ("dataset", "none", "x", "no data set named 'none'"),
        ("experiment", "third", "x", "no experiment named 'third'"),
        ("experiment", "first", "second", "another experiment with the name 'second'"),
        ("experiment", "first", "../second", "cannot name an experiment"),
        ("dataset", "all", "", "cannot name a data set"),
        ("thing", "all", "x", "no kind 'thing'; there are network, dataset, experiment"),
    ],
)
def test_a_name_that_cannot_be_is_refused(study: Workspace, kind: str, name: str, new: str, said: str) -> None:
    with pytest.raises(TrovaError, match=said):
        study.rename(kind, name, new)


def test_a_copy_of_an_experiment_has_its_trials_at_once(study: Workspace) -> None:
    compared = study.copy("experiment", "first", "again")
    assert study.status("again").state == "finished"
    assert compared.differing.index.tolist() == ["remarks"]
    compared = study.copy("experiment", "first", "wider", axes={SIZE: "2, 3, 4"}, fixed={"training.weight_decay": 0.1})
    assert compared.table.loc["training.weight_decay"].tolist() == ["0.01", "0.1"]
    assert compared.table.loc["trials in common with first"].tolist() == ["2", "0"]
    assert study.status("wider").total == 3
    with pytest.raises(PlanError, match="an experiment with the name 'wider' already"):
        study.copy("experiment", "first", "wider")


def test_a_copy_of_a_network_differs_where_it_is_told_to(study: Workspace) -> None:
    compared = study.copy("network", "base", "larger", **{FILTERS: 4})
    assert compared.table.loc[FILTERS].tolist() == ["2", "4"]
    assert set(compared.differing.index) == {FILTERS, "numbers to learn"}
    with pytest.raises(NetworkError, match="cannot be built"):
        study.copy("network", "base", "broken", convolution2dLayer_7_filterSize=60)
    with pytest.raises(PlanError, match="a network with the name 'larger' already"):
        study.copy("network", "base", "larger")


def test_a_copy_of_a_data_set_is_drawn_anew(study: Workspace) -> None:
    compared = study.copy("dataset", "all", "other halves", seed=5)
    assert compared.table.loc["seed"].tolist() == ["0", "5"]
    assert compared.table.loc["share of training"].tolist() == ["0.5", "0.5"]
    assert compared.table.loc["records in common with all", "other halves"].startswith("30, ")
    with pytest.raises(StoreError, match="would be the data set all again"):
        study.copy("dataset", "all", "the same")


def test_an_edited_plan_runs_nothing_twice(study: Workspace) -> None:
    report = study.edit("first", axes={SIZE: "3, 5"})
    assert (report.trials, report.missing) == (2, 1)
    assert study.trials("first")["state"].tolist() == ["finished", "planned"]
    # what left the plan was kept
    report = study.edit("first", axes={SIZE: "2, 3"})
    assert report.missing == 0 and study.status("first").state == "finished"
    assert study.annotations("first")["text"].tolist() == ["steep"]


def test_an_edit_says_only_what_is_other(study: Workspace) -> None:
    study.edit("first", epochs=2, seeds=2)
    plan = study.experiment_plan("first")
    assert (plan.axes[SIZE], plan.value_of("training.epochs"), plan.seeds) == ((2, 3), 2, (0, 1))
    study.edit("first", axes={"training.epochs": "1, 2"})
    assert study.experiment_plan("first").fixed == {}, "what varies is fixed no longer"
    study.edit("first", axes={SIZE: "2, 3"}, fixed={"training.epochs": 1, FILTERS: 3}, seeds=1)
    assert study.status("first").done == 0
    study.edit("first", fixed={FILTERS: None})
    assert study.status("first").done == 2, "the very plan that it was"
    study.copy("network", "base", "larger", **{FILTERS: 4})
    study.edit("first", network="larger")
    assert study.experiment_plan("first").value_of(FILTERS) == 4
    assert study.compare("experiment", "first").table.loc["network", "first"] == "larger"


def test_a_plan_under_which_nothing_can_be_built_leaves_nothing(study: Workspace) -> None:
    before = study.experiment_plan("first")
    with pytest.raises(PlanError, match="Not one of the 2 cells of first can be built"):
        study.edit("first", axes={"convolution2dLayer_7_filterSize": "60, 61"})
    with pytest.raises(PlanError, match="numFilter"):
        study.edit("first", fixed={"convolution2dLayer_2_numFilter": 3})
    assert study.experiment_plan("first") == before and study.status("first").done == 2
    with pytest.raises(PlanError):
        study.copy("experiment", "first", "nothing", axes={"convolution2dLayer_7_filterSize": "60, 61"})
    assert set(study.experiments()["name"]) == {"first", "second"}


def test_what_goes_is_said_and_trials_that_another_shares_stay(study: Workspace) -> None:
    own = set(study.trials("first")["trial_id"]) - set(study.trials("second")["trial_id"])
    assert len(own) == 1 and own < weights(study)
    deletion = study.deletion("experiment", "first")
    assert str(deletion) == (
        "The experiment first goes, and with it the results of 1 trial and 1 remark. 1 trial stays: another experiment "
        "shares what was planned there. It cannot be taken back."
    )
    study.delete(deletion)
    assert study.experiments()["name"].tolist() == ["second"]
    assert study.status("second").done == 2
    assert not own & weights(study) and len(weights(study)) == 2
    assert not list((study.path / ".trova" / "runs").glob("first.*"))
    # the same name may be another experiment's
    assert study.plan("first", network="base", dataset="all", axes={SIZE: "2, 3"}, epochs=1).missing == 1
    assert study.annotations("first").empty
    for path in (study.path / "weights").iterdir():
        os.utime(path, (time.time() - 3600,) * 2)
    assert is_sound(study)


def test_with_a_network_its_experiments_go_and_one_of_none_goes_alone(study: Workspace) -> None:
    study.copy("network", "base", "unused")
    assert "and nothing else with it" in str(study.deletion("network", "unused"))
    study.delete(study.deletion("network", "unused"))
    deletion = study.deletion("network", "base")
    assert "2 experiments (first, second), the results of 3 trials and 1 remark" in str(deletion)
    study.delete(deletion)
    assert study.counts()["networks"] == study.counts()["experiments"] == 0
    assert weights(study) == set()
    study.delete(study.deletion("dataset", "all"))
    assert study.counts()["datasets"] == 0 and study.counts()["records"] == 30
    assert is_sound(study)


def test_what_has_not_reached_the_database_yet_is_not_lost_to_others(study: Workspace) -> None:
    """The journal of a run that was killed holds a trial which another experiment plans as well."""
    shared = (set(study.trials("first")["trial_id"]) & set(study.trials("second")["trial_id"])).pop()
    result = study._store.trial(shared)
    study._store._database.run(lambda c: c.execute("DELETE FROM trial WHERE trial_id = ?", [shared]))
    Journal(RunFolder(study.path).journal("first")).write(result)
    assert study.status("second").done == 1
    study.delete(study.deletion("experiment", "first"))
    assert study.status("second").done == 2


def test_a_running_experiment_is_left_alone(study: Workspace) -> None:
    let_run(study, "second")
    for refused in (
        lambda: study.rename("experiment", "second", "x"),
        lambda: study.deletion("experiment", "second"),
        lambda: study.deletion("network", "base"),
        lambda: study.edit("second", epochs=2),
    ):
        with pytest.raises(PlanError, match="second is running; stop it first"):
            refused()
    study.rename("network", "base", "may be renamed")
    study.rename("experiment", "first", "so may another")


def test_an_experiment_that_was_started_while_one_was_asked_is_not_deleted(study: Workspace) -> None:
    deletion = study.deletion("dataset", "all")
    let_run(study, "first")
    with pytest.raises(PlanError, match="first is running"):
        study.delete(deletion)
    assert study.counts()["datasets"] == 1 and len(weights(study)) == 3


def test_figures_follow_a_name_that_another_experiment_has(study: Workspace) -> None:
    """What is known of an experiment's best is not kept for another one of its name."""
    before = study.experiment_totals().set_index("name")["best_quality"]
    study.rename("experiment", "first", "old")
    study.rename("experiment", "second", "first")
    after = study.experiment_totals().set_index("name")["best_quality"]
    assert (after["old"], after["first"]) == (before["first"], before["second"])


def test_one_thing_is_described_and_several_are_compared(study: Workspace) -> None:
    shown = str(study.compare("dataset", "all"))
    assert "classes" in shown and "records of" in shown
    both = study.compare("experiment", "first", "second")
    assert both.differing.loc[SIZE].tolist() == ["[2, 3]", "[3, 4]"]
    assert both.table.loc["trials in common with first"].tolist() == ["2", "1"]
    assert "properties are alike" in str(both)
    with pytest.raises(StoreError, match="No network is named"):
        study.compare("network")


def test_the_command_line_has_all_of_it(study: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    def trova(words: str) -> str:
        status = main([*words.split(), "-w", str(study.path)])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        return captured.out

    assert trova("show experiment") == "first\nsecond\n"
    assert "2 of 2 trials" in trova("show experiment first") and "steep" in trova("show experiment first")
    trova("rename experiment first old")
    trova("annotate old flat")
    assert study.annotations("old")["text"].tolist() == ["steep", "flat"]
    assert f"{FILTERS}" in trova(f"copy network base larger {FILTERS}=4")
    trova("copy dataset all halves seed=5 training=0.6 validation=0.4")
    assert study.datasets().set_index("name").loc["halves", "settings"]["shares"]["training"] == 0.6
    assert "[4, 5]" in trova(f"copy experiment old wide {SIZE}=4,5 --fix training.weight_decay=0.1")
    assert study.experiment_plan("wide").fixed["training.weight_decay"] == 0.1
    trova("edit wide --fix training.weight_decay= --network larger --dataset halves")
    assert "training.weight_decay" not in study.experiment_plan("wide").fixed
    told = trova("compare experiment old wide")
    assert "halves" in told and "larger" in told and "alike" in told
    assert "Deleted." in trova("delete dataset halves --yes")
    assert study.experiments()["name"].tolist() == ["old", "second"]


@pytest.mark.parametrize(("answer", "goes"), [("yes", True), ("Y", True), ("no", False), ("", False), (None, False)])
def test_the_command_line_asks_before_it_deletes(
    study: Workspace,
    answer: str | None,
    goes: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("" if answer is None else f"{answer}\n"))
    assert main(["delete", "network", "base", "-w", str(study.path)]) == (0 if goes else 1)
    said = capsys.readouterr().out
    assert "2 experiments (first, second)" in said
    assert ("Nothing was deleted." in said) == (not goes)
    assert len(study.networks()) == (0 if goes else 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("copy dataset all x sed=5", "has no 'sed'; there are training"),
        ("copy dataset all x training=half", "'half'; give a number"),
        ("copy network base x --epochs 3", "--epochs belongs to an experiment"),
        ("rename network base ../x", "cannot name a network"),
        ("show network none", "no network named 'none'; there are base"),
        ("edit none --epochs 3", "no experiment named 'none'"),
        ("compare experiment first none", "no experiment named 'none'"),
    ],
)
def test_a_mistake_is_answered_by_a_sentence(
    study: Workspace, words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words.split(), "-w", str(study.path)]) == 1
    assert said in capsys.readouterr().err
