"""An experiment is evaluated beside baselines, on events that its networks never saw."""

from html import escape

import numpy as np
import pandas as pd
import pytest

from tests.workspace.conftest import TEACHING, silently
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments.baselines import BASELINES
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.networks.weights import member_count


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """A workspace with folds, a finished experiment, and its evaluation."""
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:36]
    with Workspace.create(tmp_path_factory.mktemp("evaluated") / "study") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml", progress=silently)
        workspace.compute_fingerprints(progress=silently)
        workspace.build_dataset("dealt", folds=2, holdout=0.2)
        workspace.create_network("mlp", network_type="MLP", fullyConnectedLayer_2_outputSize=8)
        workspace.plan("first", network="mlp", dataset="dealt", axes={"training.weight_decay": "0, 0.01"}, epochs=2)
        workspace.run_here("first", workers=1, race=False)
        yield workspace, workspace.evaluate("first", placement=True, progress=silently)


def test_every_teller_tells_the_same_records(evaluated):
    _, found = evaluated
    assert [each.name for each in found.tellers] == ["trova", *BASELINES]
    assert {each.probabilities.shape[1] for each in found.tellers} == {len(found.records)}
    assert found.records["fold"].notna().all()
    table = found.table.set_index("name")
    assert table.loc["majority", "record"] == pytest.approx(1 / 3, abs=0.15)
    assert (table["record_low"] <= table["record"]).all() and (table["record"] <= table["record_high"]).all()


def test_the_choice_is_what_the_results_say(evaluated):
    workspace, found = evaluated
    results = workspace.results("first")
    assert found.choice.by_record.accuracy.value == pytest.approx(results.best.quality, abs=1e-9)
    apart = found.tellers[1].apart["record"]
    difference = found.choice.by_record.accuracy.value - found.tellers[1].by_record.accuracy.value
    assert apart.value == pytest.approx(difference, abs=1e-9)


def test_the_placement_curve_is_the_same_networks_on_the_same_records(evaluated):
    _, found = evaluated
    curve = found.placement.set_index("shift_s")["accuracy"]
    told = found.choice.probabilities[0].argmax(axis=1)
    truth = np.array([found.classes.index(name) for name in found.records["event_class"]])
    assert curve[0.0] == pytest.approx((told == truth).mean())


def test_parts_hold_all_records(evaluated):
    _, found = evaluated
    assert (found.parts.groupby("by")["records"].sum() == len(found.records)).all()


def test_each_look_at_the_holdout_is_counted(evaluated):
    workspace, _ = evaluated
    first, looks = workspace.look_at_holdout("first")
    _, again = workspace.look_at_holdout("first")
    assert (looks, again) == (1, 2)
    held = workspace.results("first").holdout
    assert (first.count, first.events) == (held.records, held.events)
    assert first.accuracy.value == pytest.approx(held.value)


def test_doubts_are_in_the_order_of_their_doubt(evaluated):
    workspace, found = evaluated
    queue = workspace.doubts("first")
    assert sorted(queue["event_id"]) == sorted(found.records["event_id"].unique())
    assert queue["records"].sum() == len(found.records)
    assert queue.query("doubt >= 1")["doubt"].is_monotonic_decreasing and (queue["told"] != queue["event_class"]).all()
    said = queue["why"].str.startswith("the networks say")
    assert said.equals(queue["doubt"] >= 1) and not said[int(said.sum()) :].any()


def test_the_report_is_one_page_that_needs_nothing_else(evaluated, tmp_path):
    workspace, found = evaluated
    text = workspace.evaluation_report(found, tmp_path / "evaluation.html").read_text(encoding="utf-8")
    assert "://" not in text.replace("http://www.w3.org", "")
    assert all(escape(each.title) in text for each in found.tellers)
    assert text.count("<svg") == 3


def test_the_commands_print_a_table_and_write_files(evaluated, tmp_path, capsys):
    workspace, _ = evaluated
    table, page = tmp_path / "table.csv", tmp_path / "page.html"
    base = ["evaluate", "first", "-w", str(workspace.path), "--baselines", "majority", "clock"]
    assert main([*base, "--holdout", "--export", str(table), "--report", str(page)]) == 0
    assert "Hold-out" in capsys.readouterr().out
    assert list(pd.read_csv(table)["name"]) == ["trova", "majority", "clock"] and page.exists()
    assert main(["doubts", "first", "-w", str(workspace.path)]) == 0
    assert "labels are in doubt" in capsys.readouterr().out


def test_without_folds_there_is_nothing_to_evaluate(study):
    with pytest.raises(PlanError, match="no folds"):
        study.evaluate("first", baselines=[])
    with pytest.raises(PlanError, match="no baseline"):
        study.evaluate("first", baselines=["majorty"])


def test_a_record_is_explained_class_by_class(evaluated, capsys):
    workspace, found = evaluated
    record = found.records["record_id"].iloc[0]
    told = workspace.explain(record, "first")
    assert set(told["event_class"]) == set(found.classes)
    assert told["probability"].is_monotonic_decreasing and told["probability"].sum() == pytest.approx(1)
    assert {picture.shape for picture in told["picture"]} == {(32, 32)}
    assert main(["explain", record, "-w", str(workspace.path), "--network", "first"]) == 0
    assert capsys.readouterr().out.count("speaks") == 3


def test_an_ensemble_tells_by_all_its_members_wherever_it_tells(evaluated, tmp_path):
    workspace, _ = evaluated
    fixed = {"training.members": 2, "training.test_augmentation": "neighbours"}
    workspace.plan("both", network="mlp", dataset="dealt", axes={}, fixed=fixed, epochs=2)
    workspace.run_here("both", workers=1, race=False)
    found = workspace.evaluate("both", baselines=[], placement=True, progress=silently)
    assert found.choice.title == "Trova's choice, an ensemble of 2"
    truth = np.array([found.classes.index(name) for name in found.records["event_class"]])
    right = (found.choice.probabilities[0].argmax(axis=1) == truth).mean()
    assert found.placement.set_index("shift_s")["accuracy"][0.0] == pytest.approx(right)
    [best] = workspace.trials("both").query("fold == 0")["trial_id"]
    assert member_count(workspace._runs.weights_of(best).read_bytes()) == 2
    # a record that it was measured on is answered as it was told, and so it is explained
    place = int(np.flatnonzero(found.records["fold"] == 0)[0])
    expected = dict(zip(found.classes, found.choice.probabilities[0, place], strict=True))
    explained = workspace.explain(found.records["record_id"][place], best).set_index("event_class")["probability"]
    assert explained.to_dict() == pytest.approx(expected, abs=2e-3)


def test_a_record_with_more_variants_is_told_by_all_of_them_wherever_it_is_told(evaluated):
    workspace, _ = evaluated
    fixed = {"training.augmentation": "all", "training.test_augmentation": "all"}
    plan = {"network": "mlp", "dataset": "dealt", "fixed": fixed, "epochs": 2}
    workspace.plan("more", axes={"fingerprint.variant_steps": "1, 3"}, **plan)
    workspace.run_here("more", workers=1, race=False)
    trials = workspace.trials("more")
    assert trials["error"].fillna("").tolist() == [""] * 4
    assert (trials["state"] == "finished").all() and set(trials["fingerprint.variant_steps"]) == {1, 3}
    found = workspace.evaluate("more", baselines=[], placement=True, progress=silently)
    truth = np.array([found.classes.index(name) for name in found.records["event_class"]])
    right = (found.choice.probabilities[0].argmax(axis=1) == truth).mean()
    assert found.placement.set_index("shift_s")["accuracy"][0.0] == pytest.approx(right)
    wide = trials[(trials["fingerprint.variant_steps"] == 3) & (trials["fold"] == 0)].iloc[0]
    told = workspace.trial(wide["trial_id"])
    recipe = FingerprintRecipe.from_dict({**workspace.recipe().to_dict(), "variant_steps": 3})
    kept = workspace._store.fingerprint_ids(recipe.identity)
    assert len(kept) == 7 * len(workspace.records())
    measured = told.predictions.query("split == 'development'").iloc[0]
    explained = workspace.explain(measured["record_id"], wide["trial_id"]).set_index("event_class")["probability"]
    assert explained[measured["predicted"]] == explained.max() == pytest.approx(measured["probability"], abs=2e-3)
