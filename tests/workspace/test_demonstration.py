from pathlib import Path

import pytest

from tests.workspace.conftest import TEACHING, silently
from trova_widgets import Workspace
from trova_widgets.experiments import SHARES
from trova_widgets.workspace import demonstration
from trova_widgets.workspace.demonstration import AXES, EPOCHS, EXPERIMENT, FIRST_PART, FIXED, NETWORK, SEED, WHOLE


def test_the_finished_trials_that_ship_are_those_of_the_set_that_ships(tmp_path: Path):
    with Workspace.demo(tmp_path / "demo") as workspace:
        trials = workspace.trials(EXPERIMENT)
        assert len(trials) == workspace.experiment_plan(EXPERIMENT).trial_count == 72 * 15
        # every cell has its first folds, and the race has ended
        first = trials[(trials["fold"] == 0) & (trials["seed"] == 0)]
        assert len(first) == 72 and set(first["state"]) == {"finished"}
        status = workspace.status(EXPERIMENT)
        assert status.state == "finished" and "The race has ended" in status.message
        assert str(workspace.race(EXPERIMENT)).startswith(status.message)
        results = workspace.results(EXPERIMENT)
        (low, high), place = results.intervals, results.grid.place
        plateau, *drops = [place(dict(zip(AXES, cell, strict=True))) for cell in ((2, 8, 2), (2, 2, 4), (1, 4, 3))]
        assert all(high[drop] < low[plateau] for drop in drops), "the plateau and the drops are parted"
        assert results.indistinct[plateau] and not any(results.indistinct[drop] for drop in drops)
        assert "cells cannot be told from the best (90 %)" in results.sentence and "expect" in results.sentence
        assert workspace.trial(workspace.best(EXPERIMENT).trial_id).confusion.to_numpy().sum() > 0
        named = workspace.classify(sorted((workspace.path / "waveforms").rglob("*.mseed"))[:1])
        assert set(named["event_class"]) <= {"earthquake", "quarry_blast", "mine_blast"}
        sizes = workspace.datasets().set_index("name")
        assert sizes["member_count"].to_dict() == {FIRST_PART: 716, WHOLE: workspace.counts()["records"]}
        assert sizes["event_count"].to_dict() == {FIRST_PART: 190, WHOLE: 600}


def test_the_demonstration_of_an_earlier_version_gets_what_came_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the first part was all there was, and its data set was called so."""
    monkeypatch.setattr(demonstration, "TEACHING_EVENTS", 205)
    folder = tmp_path / "demo"
    with Workspace.create(folder, recipe="article") as earlier:
        earlier.import_records(
            [TEACHING], catalog=TEACHING / "catalog.xml", stations=TEACHING / "stations.xml", progress=silently
        )
        earlier.compute_fingerprints(progress=silently)
        earlier.build_dataset("teaching", shares=SHARES, seed=SEED)
        earlier.create_network(NETWORK, network_type="CNN", architecture="two-cycle")
        earlier.plan(EXPERIMENT, network=NETWORK, dataset="teaching", axes=AXES, epochs=EPOCHS)
        trials, members = earlier.trials(EXPERIMENT), earlier.records()
    for _ in range(2):
        with Workspace.demo(folder) as workspace:
            assert workspace.trials(EXPERIMENT).equals(trials)
            assert set(workspace.experiments()["name"]) == {EXPERIMENT, f"{EXPERIMENT}-raced"}
            assert set(members["record_id"]) < set(workspace.records()["record_id"])
            assert workspace.datasets().set_index("name")["event_count"].to_dict() == {"teaching": 190, WHOLE: 205}


def test_one_that_was_planned_for_another_processor_gets_what_ships_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trials that ship would never be found in it."""
    monkeypatch.setattr(demonstration, "TEACHING_EVENTS", 205)
    with monkeypatch.context() as earlier:
        earlier.setattr(demonstration, "FIXED", {**FIXED, "training.precision": "float32"})
        earlier.setattr(demonstration, "PRECISION", "float32")
        with Workspace.demo(tmp_path / "demo") as workspace:
            before = workspace.experiment_plan(EXPERIMENT)
    with Workspace.demo(tmp_path / "demo") as workspace:
        assert workspace.experiment_plan(EXPERIMENT) == before, "it is its owner's"
        shipped = workspace.experiment_plan(f"{EXPERIMENT}-raced")
    assert (before.settings["training.precision"], shipped.settings["training.precision"]) == ("float32", "bfloat16")
    assert before.axes == shipped.axes
