"""A workspace that version 0.1.0 made opens after a backup, with all that it holds, and goes on."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests.workspace.conftest import TEACHING
from tests.workspace.golden.make import AXES, figures, opened
from trova_widgets import Workspace
from trova_widgets.errors import PlanError, StoreError
from trova_widgets.store import schema

KEPT = ["trial_id", "cell", "seed", "quality", "gradient", "state", "loss", "seconds", "parameter_count", "error"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return opened(tmp_path)


@pytest.fixture
def old(folder: Path) -> Iterator[Workspace]:
    with Workspace.open(folder) as workspace:
        yield workspace


def told(trials: pd.DataFrame) -> pd.DataFrame:
    numbers = [name for name in KEPT if name not in ("trial_id", "state", "error")]
    return trials[KEPT].astype(dict.fromkeys(numbers, float))


def test_every_trial_is_there_with_equal_figures(old: Workspace, folder: Path) -> None:
    for experiment, trials in figures().items():
        pd.testing.assert_frame_equal(told(old.trials(experiment)), told(pd.DataFrame(trials)))
    assert len(list((folder / ".trova" / "backups").glob("version-4-*.duckdb"))) == 1
    assert old.check(progress=lambda items, label, total=None: items).is_sound
    trial = old.trials("first")["trial_id"][0]
    assert old.annotations(trial)["text"].tolist() == ["Look at the filters."]
    said = old.trial(trial)
    assert said.confusion.to_numpy().sum() == len(said.predictions.query("split == 'validation'")) == 12
    assert said.result.settings["training.epochs"] == 2 and said.result.settings["fingerprint.keep"] == 400
    assert [layer.kind for layer in said.diagram][:2] == ["imageInputLayer", "convolution2dLayer"]


def test_the_best_trial_answers_with_its_old_weights(old: Workspace) -> None:
    best = old.best("first")
    assert best.repeats == 2 and best.holdout > 0
    answers = old.classify(sorted((TEACHING / "waveforms").glob("*.mseed"))[:1], "first")
    assert set(answers["event_class"]) <= {"earthquake", "mine_blast", "quarry_blast"}


def test_a_plan_of_then_is_known_again_and_grows(old: Workspace) -> None:
    asked = {"network": "base", "dataset": "small", "seeds": 2, "epochs": 2}
    report = old.plan("first", axes=AXES, **asked)
    assert (report.trials, report.missing, report.new_cells) == (8, 0, 0)
    grown = old.plan("first", axes={**AXES, "averagePooling2dLayer_6_poolSize": "4, 6, 8"}, **asked)
    assert (grown.trials, grown.missing, grown.new_cells) == (12, 4, 2)
    assert "2 new cells, settings unchanged" in str(grown)
    old.run_here("first")
    trials = old.trials("first")
    assert set(trials["state"]) == {"finished"} and len(trials) == 12
    assert {row["trial_id"] for row in figures()["first"]} < set(trials["trial_id"])
    arithmetics = {old.trial(trial).result.versions["precision"] for trial in trials["trial_id"]}
    assert len(arithmetics) == 1, "what the older plan left open is as the first trials were"
    with pytest.raises(PlanError, match=r"other settings: there training.epochs is 2, not 3"):
        old.plan("first", axes=AXES, **{**asked, "epochs": 3})


def test_the_trial_that_was_left_is_run_on_the_fingerprints_of_then(old: Workspace) -> None:
    planned = old.trials("second").set_index("trial_id")["state"]
    assert planned.value_counts().to_dict() == {"finished": 1, "planned": 1}
    assert old.run_here("second").state == "finished"
    assert old.trials("second").set_index("trial_id")["state"].index.tolist() == planned.index.tolist()
    assert set(old.trials("second")["state"]) == {"finished"}


def test_another_recipe_varies_over_its_records(old: Workspace) -> None:
    axes = {"fingerprint.keep": "200, 400"}
    old.plan("recipes", network="base", dataset="small", axes=axes, epochs=1)
    old.run_here("recipes")
    assert old.trials("recipes")["state"].tolist() == ["finished"] * 2


def test_interrupted_in_the_middle_of_the_migration_it_opens_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *before, last = schema.MIGRATIONS
    for place in (1, len(last) // 2, len(last) - 1):
        with monkeypatch.context() as broken:
            broken.setattr(schema, "MIGRATIONS", (*before, (*last[:place], "SELECT * FROM nowhere")))
            with pytest.raises(StoreError, match="nowhere"):
                Workspace.open(folder)
    with Workspace.open(folder) as workspace:
        assert len(workspace.trials("first")) == 8
