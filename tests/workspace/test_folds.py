"""An experiment over folds, from the data set to the sentence: pooled figures, the race, how sure the answer is."""

import asyncio
import shutil

import numpy as np
import pandas as pd
import pytest

from tests.workspace.conftest import EVENTS, TEACHING
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import OBJECTIVES, RaceRules, class_auc
from trova_widgets.models import results_reading
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results import ResultsModel
from trova_widgets.space import unpack_probabilities
from trova_widgets.store import stop_owner
from trova_widgets.workspace import results as results_of_experiments

FILTERS, POOL = "convolution2dLayer_2_numFilters", "averagePooling2dLayer_6_poolSize"
OVER = {"network": "base", "dataset": "folded"}
FOLDS = 3


@pytest.fixture(scope="module")
def folded(tmp_path_factory):
    """A part of the teaching set in three folds, and an experiment of four cells and two seeds, all trained."""
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:EVENTS]
    with Workspace.create(tmp_path_factory.mktemp("folded"), recipe="article") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        workspace.compute_fingerprints()
        workspace.build_dataset("folded", folds=FOLDS)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        workspace.plan("all", axes={FILTERS: "1, 3", POOL: "2, 8"}, seeds=2, epochs=2, **OVER)
        workspace.run_here("all", race=False)
        yield workspace


def told(workspace, results, cell):
    """Return what the trials of a cell told of each record of the development, from their stored predictions."""
    own = results.table[results.table["cell"] == cell]
    return pd.concat([workspace.trial(trial_id).predictions for trial_id in own["trial_id"]], ignore_index=True)


def test_of_many_trials_the_page_shows_the_figures_first_and_then_how_sure_they_are(folded, monkeypatch):
    monkeypatch.setattr(results_of_experiments, "MANY_TRIALS", 1)
    seen = []

    async def look():
        settled = asyncio.Event()
        application = ApplicationModel(folded)
        application.open("results", "all")
        model = ResultsModel(application)

        def note(change):
            seen.append((change["new"].settled, change["new"].indistinct is not None, model.said))
            if change["new"].settled:
                settled.set()

        model.observe(note, "reading")
        await asyncio.wait_for(settled.wait(), 120)
        return model

    model = asyncio.run(look())
    assert [each[:2] for each in seen] == [(False, False), (True, True)]
    expected = folded.results("all")
    assert model.sentence == expected.sentence and model.position == expected.best.place
    assert np.array_equal(model.reading.indistinct, expected.indistinct)
    first = results_reading.reading_of(folded.results("all"), settled=False)
    assert first.sentence.startswith("Of 4 cells so far: ") and "is being worked out" in first.sentence


def test_how_sure_it_is_another_process_works_out_where_the_database_is_shared(folded, tmp_path):
    folder = shutil.copytree(folded.path, tmp_path / "shared", ignore=shutil.ignore_patterns("clients", "owner.json"))
    with Workspace.open(folder, shared=True) as workspace:
        results = workspace.results("all", by="event")
        verdict = workspace.verdict(results)
        assert not {"evidence", "best", "sentence", "effects"} & set(vars(results)), "nothing of it was done here"
        expected = folded.results("all", by="event")
        verdict.settle(results)
        assert results.sentence == expected.sentence and results.best == expected.best
        assert np.array_equal(results.indistinct, expected.indistinct)
        assert np.array_equal(results.intervals, expected.intervals)
        assert [each.size for each in results.effects] == [each.size for each in expected.effects]
        assert "evidence" not in vars(results)
    stop_owner(folder)


def test_every_record_is_told_once_for_each_seed_by_networks_that_never_saw_its_event(folded):
    results = folded.results("all")
    members = folded._store.dataset_members(folded._store.dataset("folded").dataset_id).set_index("record_id")
    assert set(members["split"]) == {"development", "holdout"}
    for trial in results.table.itertuples():
        predictions = folded.trial(trial.trial_id).predictions
        here = members.loc[predictions["record_id"]]
        assert set(here.loc[here["split"] == "development", "fold"]) == {trial.fold}
        trained = members[(members["split"] == "development") & (members["fold"] != trial.fold)]
        assert not set(trained["event_id"]) & set(here["event_id"])
    both = told(folded, results, 0)
    counted = both[both["record_id"].map(members["split"]) == "development"].groupby("record_id").size()
    assert set(counted) == {2} and len(counted) == (members["split"] == "development").sum() == results.measured_on


def test_figures_are_pooled_over_the_records(folded):
    results = folded.results("all")
    assert results.grid.count.tolist() == [[6, 6], [6, 6]]
    for cell, place in enumerate(np.ndindex(2, 2)):
        said = told(folded, results, cell)
        said = said[said["split"] == "development"]
        right = (said["predicted"] == said["event_class"]).mean()
        assert results.grid.mean[place] == pytest.approx(right)
        matrix = pd.crosstab(said["event_class"], said["predicted"])
        classes = folded._store.dataset("folded").classes
        expected = matrix.reindex(index=classes, columns=classes, fill_value=0)
        np.testing.assert_array_equal(results.counts_at(place), expected)
        recall = np.diag(expected) / expected.sum(axis=1)
        balanced = folded.results("all", "balanced accuracy")
        assert balanced.grid.mean[place] == pytest.approx(recall.mean(), abs=0.02), "the mean of the seeds' own"
    low, high = results.intervals
    assert ((low <= results.grid.mean) & (results.grid.mean <= high)).all()


def test_the_probabilities_of_all_classes_are_kept(folded):
    results = folded.results("all")
    trial_id = results.table["trial_id"].iloc[0]
    result = folded._store.trial(trial_id)
    said = unpack_probabilities(result.probabilities, 3)
    np.testing.assert_allclose(said.sum(axis=1), 1, atol=1e-4)
    np.testing.assert_allclose(said.max(axis=1), result.predictions["probability"], atol=1e-4)
    np.testing.assert_array_equal(said.argmax(axis=1), result.predictions["predicted"])
    assert np.isfinite(class_auc(results.evidence.outcomes)).all()


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("by", ["record", "event"])
def test_every_objective_has_its_own_grid_and_answer(folded, objective, by):
    results = folded.results("all", objective, by)
    assert not results.grid.holes.any()
    assert results.table["cell_quality"].to_numpy() == pytest.approx(results.grid.mean[tuple(results.places.T)])
    assert (objective == "accuracy" or objective in results.sentence) and (
        by == "record" or "by event" in results.sentence
    )


def test_the_sentence_says_what_can_be_told_apart_what_is_taken_and_what_to_expect(folded):
    results = folded.results("all")
    inside, best = int(results.indistinct.sum()), results.best
    assert results.indistinct[best.place]
    assert results.sentence.startswith(
        f"{inside} of 4 cells cannot be told" if 1 < inside < 4 else ("None of the 4" if inside == 4 else "One of 4")
    )
    expected = results.expectation
    assert expected.low < expected.quality < expected.high
    assert (
        f"expect {100 * expected.quality:.1f} % ({100 * expected.low:.1f} to {100 * expected.high:.1f})"
        in results.sentence
    )
    held = results.holdout
    own = results.table[results.table["cell"] == best.place[0] * 2 + best.place[1]]
    assert held.value == pytest.approx(own["holdout"].mean())
    assert held.low <= held.value <= held.high and f"{held.events} events" in results.sentence


def test_a_race_trains_less_and_decides_the_same_whoever_asks(folded, capsys):
    folded.plan("raced", axes={FILTERS: "1, 3", POOL: "2, 8", "seed": "0, 1"}, epochs=2, **OVER)
    with pytest.raises(PlanError, match="have never raced; run it with: trova run raced --race"):
        folded.race("raced")
    status = folded.run_here("raced")
    assert (status.state, status.total) == ("finished", 24)
    assert "The race has ended" in status.message
    found = folded.race("raced")
    assert found.race.reason is not None
    assert str(found) == str(folded.race("raced"))
    assert found.cells["repeats"].min() >= 1 and found.cells["repeats"].sum() == status.done
    # every trial was trained before, in the other experiment
    assert set(folded.results("raced").table.query("state == 'finished'")["trial_id"]) <= set(
        folded.results("all").table["trial_id"]
    )
    # the same rules hold until others are given, and all can be trained all the same
    assert folded._store.experiment("raced").race["rules"]["risk"] == 0.15
    assert folded.run_here("raced", race=False).done == 24


def test_rules_are_kept_and_a_budget_ends_a_run(folded):
    folded.plan("small", axes={FILTERS: "1, 2, 4", POOL: "2, 8"}, epochs=1, **OVER)
    status = folded.run_here("small", race=RaceRules(risk=0.05, margin=0.02), budget="2 trials")
    assert (status.state, status.done, status.message) == ("stopped", 2, "The budget of 2 trials is used.")
    assert folded._store.experiment("small").race["rules"]["risk"] == 0.05
    assert folded.run_here("small").state == "finished"
    assert folded.race("small").race.rules.risk == 0.05


def test_all_cells_get_the_first_fold_before_any_gets_the_second(folded):
    folded.plan("first-fold", axes={FILTERS: "1, 5", POOL: "4, 6"}, epochs=1, **OVER)
    folded.run_here("first-fold", budget="4 trials")
    done = folded.results("first-fold").table.query("state == 'finished'")
    assert sorted(done["cell"]) == [0, 1, 2, 3] and set(done["fold"]) == {0}


def test_what_cannot_race_says_why(folded):
    folded.plan("one-cell", axes={POOL: "4"}, folds=[1], epochs=1, **OVER)
    with pytest.raises(PlanError, match="cannot race: it takes several cells with several trials each"):
        folded.run_here("one-cell", race=True)
    assert folded.run_here("one-cell").done == 1, "without being asked, it does not race"


def test_folds_are_part_of_a_plan(folded):
    with pytest.raises(PlanError, match="has the folds 0, 1, 2, so there is no fold 7"):
        folded.preview(axes={POOL: "4, 8"}, folds=[0, 7], **OVER)
    with pytest.raises(PlanError, match="The fold cannot be an axis"):
        folded.preview(axes={"fold": "0, 1"}, **OVER)
    assert folded.preview(axes={POOL: "4, 8"}, fixed={"fold": 1}, **OVER).trials == 2
    folded.plan("grows", axes={POOL: "4, 8"}, folds=[0], **OVER)
    assert folded.plan("grows", axes={POOL: "4, 8"}, **OVER).trials == 2 * FOLDS
    with pytest.raises(PlanError, match="drops values of seeds, folds or varied settings"):
        folded.plan("grows", axes={POOL: "4, 8"}, folds=[2], **OVER)


def test_a_copy_deals_its_events_alike(folded):
    folded.copy("dataset", "folded", "drawn anew", seed=9)
    assert folded._store.dataset("drawn anew").settings["folds"] == FOLDS
    assert folded._store.folds(folded._store.dataset("drawn anew").dataset_id) == (0, 1, 2)
    folded.copy("dataset", "folded", "as the article", shares={"test": 0.0})
    assert folded._store.folds(folded._store.dataset("as the article").dataset_id) == ()


def test_the_article_way_on_the_command_line(folded, capsys):
    here = ["-w", str(folded.path)]
    assert main(["dataset", "article", "--article", "--share", "test=0", "--seed", "3", *here]) == 0
    assert "training" in capsys.readouterr().out
    assert main(["dataset", "four", "--folds", "4", "--holdout", "0.2", *here]) == 0
    assert "fold 3" in capsys.readouterr().out
    assert main(["dataset", "both", "--article", "--folds", "4", *here]) == 1
    assert "give one of them" in capsys.readouterr().err
    assert main(["race", "raced", *here]) == 0
    assert "The race has ended" in capsys.readouterr().out
    assert main(["run", "raced", "--all", "--risk", "0.2", *here]) == 1
    assert "--all drops no cell" in capsys.readouterr().err
