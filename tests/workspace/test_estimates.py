"""How long an experiment will take: what its trials cost, and what tells how fast the machine is."""

import json
import shutil

import numpy as np
import pytest

from tests.workspace.conftest import silently
from trova_widgets import Workspace
from trova_widgets.experiments import trial_cost
from trova_widgets.processes import usable_cores
from trova_widgets.workspace import estimates

POOL = "averagePooling2dLayer_6_poolSize"


@pytest.fixture(scope="module")
def dealt(study, tmp_path_factory):
    """A copy of the study that has a data set with folds too."""
    folder = tmp_path_factory.mktemp("dealt") / "study"
    shutil.copytree(study.path, folder, ignore=shutil.ignore_patterns("clients", "owner.json"))
    with Workspace.open(folder) as workspace:
        workspace.build_dataset("dealt", folds=3, progress=silently)
        yield workspace


@pytest.mark.parametrize("dataset", ["small", "dealt"])
@pytest.mark.parametrize("augmentation", ["levelled", "all", "none"])
def test_what_trials_cost_is_that_of_the_fingerprints_they_are_trained_on(dealt, dataset, augmentation):
    fixed = {"training.augmentation": augmentation}
    asked = dealt._draft("base", dataset, {POOL: "4, 8"}, fixed, seeds=1, folds=None, epochs=2)
    arrays, _ = dealt._arrays(asked.dataset, asked.trials, silently)
    (whole,) = arrays.values()
    counted = [
        len(whole.of_fold(trial.fold).training(augmentation, trial.seed)) * trial_cost(trial, len(whole.classes))
        for trial in asked.trials
    ]
    assert estimates.operations(dealt._store, asked.dataset, asked.trials) == pytest.approx(np.sum(counted), rel=0.1)


def test_what_was_run_here_tells_how_long_a_plan_takes(study):
    pace = study.seconds_an_operation()
    assert 1e-12 < pace < 1e-5
    report = study.preview(network="base", dataset="small", axes={POOL: "2, 6"}, epochs=3)
    assert report.seconds == pytest.approx(report.operations * pace / usable_cores())
    assert "on this machine" in str(report)


def test_trials_of_an_older_version_know_nothing_of_newer_settings(dealt):
    def forget(connection):
        connection.execute("""
            UPDATE trial SET settings = json_merge_patch(settings, '{"training.members": null}')
        """)

    pace = estimates.pace_of_runs(dealt._store, dealt._runs)
    dealt._store._database.write("trial", forget)
    some = dealt._store.trials(dealt._store.experiment("first").experiment_id)["trial_id"][0]
    assert "training.members" not in dealt._store.trial(some).settings
    assert estimates.pace_of_runs(dealt._store, dealt._runs) == pytest.approx(pace)


def test_a_machine_on_which_nothing_ran_is_tried_once_and_that_is_kept(tmp_path, monkeypatch):
    tries = iter([2e-9])
    monkeypatch.setattr(estimates, "seconds_an_operation", lambda: next(tries))
    file = tmp_path / ".trova" / "pace.json"
    assert estimates.calibrated(file, anew=False) is None
    assert estimates.calibrated(file, anew=True) == estimates.calibrated(file, anew=True) == 2e-9
    kept = json.loads(file.read_text())
    # a workspace is carried to another machine, gets other cores, or its file is no good
    for other in ({**kept, "machine": "elsewhere"}, {**kept, "cores": kept["cores"] + 1}, [], {}):
        file.write_text(json.dumps(other))
        assert estimates.calibrated(file, anew=False) is None, other
    file.write_text("{")
    assert estimates.calibrated(file, anew=False) is None
