"""An experiment is evaluated beside baselines, on events that its networks never saw."""

from hashlib import sha256
from html import escape

import numpy as np
import pandas as pd
import pytest

from tests.workspace.conftest import TEACHING, silently
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments.baselines import BASELINES
from trova_widgets.experiments.evaluation import tempered
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.networks.weights import member_count
from trova_widgets.space import unpack_probabilities
from trova_widgets.workspace.evaluating import PARTS
from trova_widgets.workspace.leaving import leaving


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
        rates = {"earthquake": 0.8, "mine_blast": 0.1, "quarry_blast": 0.1}
        before = state_of(workspace)
        found = workspace.evaluate(
            "first", placement=True, leave=["station", "region", "period"], rates=rates, workers=1, progress=silently
        )
        # it is for whoever may only look, too
        assert state_of(workspace) == before
        yield workspace, found


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


def test_each_record_is_told_by_networks_that_saw_nothing_of_its_part(evaluated, monkeypatch):
    workspace, found = evaluated
    asked = {}
    monkeypatch.setattr(
        "trova_widgets.workspace.tasks.leaving.train_anew",
        lambda trial, arrays, deals, workers: asked.update(deals=deals) or iter([]),
    )
    with pytest.raises(KeyError):
        workspace.evaluate("first", baselines=[], leave=["station", "region", "period"], progress=silently)
    members = workspace._store.dataset_members(workspace._store.dataset("dealt").dataset_id).set_index("position")
    members = members.join(workspace.records().set_index("record_id")[["station", "network"]], on="record_id")
    told = []
    for learnt, tells in asked["deals"]:
        assert not set(members.loc[learnt, "event_id"]) & set(members.loc[tells, "event_id"])
        assert (members.loc[learnt, "split"] == "development").all()
        told += list(tells)
    assert sorted(set(told)) == sorted(found.records["position"]) and len(told) == 3 * len(set(told))
    by_station = asked["deals"][: 2 * len(found.left_out.query("by == 'station' and part != 'all'"))]
    for learnt, tells in by_station:
        assert not set(members.loc[learnt, "station"]) & set(members.loc[tells, "station"])


def test_what_was_left_out_is_beside_the_usual_answers_to_the_same_records(evaluated):
    _, found = evaluated
    whole = found.left_out[found.left_out["part"] == "all"].set_index("by")
    assert (whole["records"] == len(found.records)).all() and set(whole.index) == {"station", "region", "period"}
    assert whole["usual"].to_numpy() == pytest.approx(found.choice.by_record.accuracy.value)
    assert (found.left_out["lost"] - (found.left_out["usual"] - found.left_out["accuracy"])).abs().max() < 1e-9
    parts = found.left_out[found.left_out["part"] != "all"]
    assert (parts.groupby("by")["records"].sum() == len(found.records)).all()
    assert sum("left out" in each for each in found.sentences) == 3 and "Left out" in str(found)


def state_of(workspace):
    return workspace._store.revision(), sorted(path.name for path in (workspace.path / "weights").iterdir())


def test_a_part_without_which_a_class_is_missing_is_a_sentence(evaluated):
    _, found = evaluated
    members = found.records.assign(fold=0, event_class="earthquake")
    members.loc[members["origin_time"] < members["origin_time"].median(), "event_class"] = "quarry_blast"
    members["fold"] = np.arange(len(members)) % 2
    members.loc[members.index[:2], "origin_time"] = pd.NaT
    left = leaving("period", members, members["record_id"], ["earthquake", "quarry_blast"])
    assert left.deals == () and len(left.notes) == 3
    assert "2 records are not told: events without a time" in left.notes[0]
    assert "without it no quarry_blast is left to learn from" in left.notes[1]
    nowhere = leaving("region", members.assign(latitude=np.nan), members["record_id"], ["earthquake"])
    assert "of no record it is known" in nowhere.notes[-1]


def test_rates_of_classes_and_what_is_left_out_must_be_known(evaluated):
    workspace, found = evaluated
    assert found.rated.rates.tolist() == pytest.approx([0.8, 0.1, 0.1]) and "earthquake 80 %" in str(found)
    for asked, said in (
        ({"rates": {"earthquake": 1}}, "No rate of mine_blast"),
        ({"leave": ["stations"]}, "no leaving out by 'stations'"),
        ({"workers": 0}, "0 workers"),
    ):
        with pytest.raises(PlanError, match=said):
            workspace.evaluate("first", baselines=[], **asked)


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
    assert text.count("<svg") == 4
    assert "At your rates of classes" in text and all(escape(each) in text for each in found.left_out["part"][1:])


def test_the_commands_print_a_table_and_write_files(evaluated, tmp_path, capsys):
    workspace, _ = evaluated
    table, page = tmp_path / "table.csv", tmp_path / "page.html"
    base = ["evaluate", "first", "-w", str(workspace.path), "--baselines", "majority", "clock"]
    assert main([*base, "--table", "left-out"]) == 1 and "Nothing is left out" in capsys.readouterr().err
    rates = ["earthquake=80%", "mine_blast=0.1", "quarry_blast=0.1"]
    assert main([*base, "--rates", *rates, "--table", "parts", "--export", str(table)]) == 0
    assert "earthquake 80 %" in capsys.readouterr().out and list(pd.read_csv(table)["by"].unique()) == list(PARTS)
    assert main([*base, "--holdout", "--export", str(table), "--report", str(page)]) == 0
    assert "Hold-out" in capsys.readouterr().out
    assert list(pd.read_csv(table)["name"]) == ["trova", "majority", "clock"] and page.exists()
    assert main(["doubts", "first", "-w", str(workspace.path)]) == 0
    assert "labels are in doubt" in capsys.readouterr().out


def test_a_model_card_holds_facts_that_can_be_checked(evaluated, tmp_path, capsys):
    workspace, found = evaluated
    card = workspace.model_card("first", tmp_path / "card.md", evaluation=found)
    text = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert text == f"{card}\n" and text.startswith("# Model card: first")
    best = workspace.best("first").trial_id
    weights = workspace._runs.weights_of(best).read_bytes()
    members = workspace._store.dataset_members(workspace._store.dataset("dealt").dataset_id)
    for fact in (
        f"SHA-256 {sha256(weights).hexdigest()}",
        f"Trial {best}",
        f"{workspace.trial(best).result.parameter_count:,} numbers are learnt",
        f"{len(members):,} records of {members['event_id'].nunique():,} events",
        f"{100 * found.choice.by_event.accuracy.value:.1f} %",
        "trova classify FILE.mseed --network first",
        "| training.epochs | 2 |",
        found.rated.words,
        *found.how_sure,
        *found.left_out["part"],
    ):
        assert fact in text.replace("all parts", "all"), fact
    widths = {len(block.split(" | ")) for block in text.split("\n") if block.startswith("| training.")}
    assert widths == {3}
    assert main(["card", "first", "-w", str(workspace.path)]) == 0
    assert f"Trial {best}" in capsys.readouterr().out


def test_without_folds_there_is_nothing_to_evaluate(study):
    with pytest.raises(PlanError, match="no folds"):
        study.evaluate("first", baselines=[])
    with pytest.raises(PlanError, match="no folds"):
        study.model_card("first")
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
    # a record that it was measured on is answered as it was told, tempered, and so it is explained
    place = int(np.flatnonzero(found.records["fold"] == 0)[0])
    expected = _tempered_as(workspace, best, found.choice.probabilities[0, place], found.classes)
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
    packed = workspace._store.trial(wide["trial_id"]).probabilities
    (said,) = unpack_probabilities(packed, len(found.classes))[told.predictions.index == measured.name]
    expected = _tempered_as(workspace, wide["trial_id"], said, found.classes)
    assert expected[measured["predicted"]] == max(expected.values())
    assert explained.to_dict() == pytest.approx(expected, abs=2e-3)


def _tempered_as(workspace, trial_id, told, classes):
    """What a trial told of a record, as sure as it answers about new ones."""
    temperature = workspace.who_answers(trial_id).temperature
    assert temperature != 1
    return dict(zip(classes, tempered(np.asarray(told, dtype=float), temperature).tolist(), strict=True))
