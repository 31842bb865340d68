"""Epochs halved in place of a race: fewer for all, more for the better part, and the same decisions whoever asks."""

import shutil
import time

import numpy as np
import pytest

from tests.workspace.conftest import EVENTS, TEACHING
from tests.workspace.racing import EXPERIMENT, Run, planned, run_to_the_end
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments import EPOCHS
from trova_widgets.experiments.choice import HalvingRules, RaceRules
from trova_widgets.workspace.kept_race import KeptRace

POOL, RATE = "averagePooling2dLayer_6_poolSize", "training.learning_rate"
#: One epoch for all cells, three for a third of them.
QUICK = HalvingRules(factor=3, least_epochs=1)
OVER = {"network": "base", "dataset": "folded"}


@pytest.fixture(scope="module")
def folded(tmp_path_factory):
    """A part of the teaching set in two folds, with an experiment of six cells whose epochs are halved."""
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:EVENTS]
    with Workspace.create(tmp_path_factory.mktemp("halved"), recipe="article") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        workspace.compute_fingerprints()
        workspace.build_dataset("folded", folds=2)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        workspace.plan("halved", axes={RATE: "0.0000001, 0.01, 0.02", POOL: "4, 8"}, epochs=3, **OVER)
        workspace.run_here("halved", halve=QUICK)
        yield workspace


def test_all_cells_get_the_first_epochs_and_the_better_part_the_others(folded):
    found = folded.race("halved")
    assert found.halving.done and len(found.cells) == 6
    assert found.cells["epochs"].value_counts().to_dict() == {1: 4, 3: 2}
    gone = found.cells.dropna(subset="dropped_after")
    assert sorted(gone["place"]) == [3, 4, 5, 6] and (gone["quality"] <= gone["needed"]).all()
    trained = folded.trials("halved").query("state == 'finished'")
    kept = found.cells[found.cells["dropped_after"].isna()]
    assert set(trained["cell"]) == set(kept["cell"]) and len(trained) == 4


def test_a_trial_of_fewer_epochs_is_another_trial_and_counts_nowhere_else(folded):
    row = folded._store.experiment("halved")
    halver = folded._decider(row, folded._trials_of(row), QUICK)
    short = [trial for trial in halver.trials if trial.settings[EPOCHS] == 1]
    whole = {trial.trial_id for trial in folded._trials_of(row)}
    assert len(short) == 12 and len({trial.trial_id for trial in halver.trials}) == 24
    assert not whole & {trial.trial_id for trial in short}
    assert folded._store.finished([trial.trial_id for trial in short]) == {trial.trial_id for trial in short}
    results = folded.results("halved")
    assert set(results.table["trial_id"]) == whole
    assert {
        folded._store.trial(name).settings[EPOCHS] for name in results.table.query("state == 'finished'")["trial_id"]
    } == {3}
    assert int(np.isfinite(results.grid.mean).sum()) == 2, "the others have no figure of a full training"
    # it is the very trial of an experiment with so few epochs
    folded.plan("short", axes={RATE: "0.0000001, 0.01, 0.02", POOL: "4, 8"}, epochs=1, **OVER)
    assert folded.status("short").done == 12


def test_what_it_costs_and_risks_is_told(folded, capsys):
    status = folded.status("halved")
    assert status.state == "finished" and "The halving has ended: 2 of 6 cells" in status.message
    here = ["-w", str(folded.path)]
    assert main(["race", "halved", *here]) == 0
    said = capsys.readouterr().out
    assert "6 cells for 1 epochs, 2 for 3: 33 % of the epochs of all are saved" in said
    assert "No risk can be stated" in said and "learns slowly is lost" in said
    assert main(["run", "halved", "--halve", "--risk", "0.1", *here]) == 1
    assert "no risk can be stated" in capsys.readouterr().err


def test_what_decided_it_is_carried_elsewhere_with_it(folded, tmp_path):
    assert folded.export_results("halved", tmp_path / "trials") == 12 + 4


def test_stopped_it_goes_on_as_it_was_begun(folded):
    folded.plan("again", axes={RATE: "0.0000001, 0.01, 0.02", POOL: "4, 8"}, seeds=[1], epochs=3, **OVER)
    status = folded.run_here("again", halve=QUICK, budget="5 trials")
    assert status.state == "stopped" and not folded.race("again").halving.done
    runs = 1
    while status.state == "stopped":
        status, runs = folded.run_here("again", budget="5 trials"), runs + 1
    assert runs == 4, "12 trials of one epoch, 4 of three"
    assert folded.race("again").halving.done and status.done == 4


def test_all_can_be_trained_and_raced_all_the_same(folded):
    folded.plan("later", axes={POOL: "2, 4, 8"}, epochs=3, **OVER)
    folded.run_here("later", halve=QUICK)
    assert folded.run_here("later").state == "finished" and folded.status("later").done == 2
    assert folded.run_here("later", race=False).done == 6
    folded.run_here("later", race=True)
    assert isinstance(KeptRace.of(folded._store.experiment("later").race).rules, RaceRules)


def test_what_was_halved_races_where_that_is_said(folded):
    folded.plan("chosen", axes={POOL: "2, 4, 8"}, epochs=3, **OVER)
    folded.run_here("chosen", halve=QUICK, budget="1 trials")
    folded.run_here("chosen", halve=False)
    assert isinstance(KeptRace.of(folded._store.experiment("chosen").race).rules, RaceRules)


def test_what_was_halved_and_can_be_no_more_is_run_told_and_taken_along(folded, tmp_path):
    folded.plan("edited", axes={POOL: "2, 4, 8"}, epochs=3, **OVER)
    folded.run_here("edited", halve=QUICK, budget="1 trials")
    folded.edit("edited", epochs=1)
    assert folded.race("edited").halving.rungs[0].cells == 3
    assert folded.run_here("edited").done > 0
    assert folded.export_results("edited", tmp_path / "trials") > 0


def test_a_trial_that_failed_is_not_waited_for_by_the_report_either(folded):
    # the records have 50 samples a second: nothing is above 25 Hz
    folded.plan("broken", axes={"fingerprint.frequency_to_hz": "14, 16, 400"}, epochs=3, **OVER)
    status = folded.run_here("broken", halve=QUICK)
    report = folded.race("broken")
    assert np.isneginf(report.cells["quality"]).any(), "its trials have failed"
    assert str(report).startswith("The halving has ended") and "The halving has ended" in str(status)


def test_what_cannot_be_halved_says_why_and_keeps_nothing(folded):
    folded.plan("varied", axes={EPOCHS: "1, 2"}, **OVER)
    with pytest.raises(PlanError, match="vary themselves"):
        folded.run_here("varied", halve=True)
    folded.plan("quick", axes={POOL: "2, 8"}, epochs=2, **OVER)
    with pytest.raises(PlanError, match="takes several cells, and 9 epochs or more where these have 2"):
        folded.start("quick", halve=True)
    with pytest.raises(PlanError, match="leave out all but one"):
        folded.run_here("quick", race=True, halve=True)
    assert folded._store.experiment("quick").race is None


def test_killed_it_ends_as_one_that_nobody_has_harmed(tmp_path):
    planned(tmp_path / "planned", QUICK)
    whole, killed = (shutil.copytree(tmp_path / "planned", tmp_path / name) for name in ("whole", "killed"))
    run_to_the_end(whole)
    there: list[int] = []

    def kill(run: Run) -> None:
        """Kill the first runner as soon as it has stored a trial of one epoch."""
        while not there and not run.is_over:
            trials = len(list((killed / "weights").glob("*.safetensors")))
            if trials:
                there.append(trials)
                [runner] = run.in_role("runner")
                runner.kill()
            time.sleep(0.02)

    assert run_to_the_end(killed, kill) == 2
    assert there[0] < 36, "of 36 trials of one epoch"
    told = []
    for study in (whole, killed):
        with Workspace.open(study) as workspace:
            race, trials = workspace.race(EXPERIMENT), workspace.trials(EXPERIMENT)
            told.append((str(race), race.cells.to_csv(index=False), trials[["trial_id", "state", "quality"]].to_csv()))
    assert told[0] == told[1] and "has ended" in told[0][0]
