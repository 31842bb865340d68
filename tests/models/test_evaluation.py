"""The evaluation page without a browser: what it tells of an experiment, and what is said of labels in doubt."""

import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from trova_widgets import Workspace
from trova_widgets.models.application import VISITOR, ApplicationModel
from trova_widgets.models.evaluation import EvaluationModel

TEACHING = Path(__file__).resolve().parents[2] / "data" / "teaching"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one experiment that can be evaluated, and one that cannot."""
    folder = tmp_path_factory.mktemp("evaluated") / "study"
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:18]
    with Workspace.create(folder) as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        workspace.compute_fingerprints()
        workspace.build_dataset("dealt", folds=2, holdout=0.0)
        workspace.create_network("mlp", network_type="MLP", fullyConnectedLayer_2_outputSize=4)
        workspace.plan("first", network="mlp", dataset="dealt", axes={}, epochs=1)
        workspace.run_here("first", workers=1, race=False)
        workspace.plan("later", network="mlp", dataset="dealt", axes={}, epochs=2)
    return folder


@pytest.fixture
def page(folder: Path, tmp_path: Path) -> Iterator[EvaluationModel]:
    """The page, which is open."""
    with Workspace.open(shutil.copytree(folder, tmp_path / "study")) as workspace:
        application = ApplicationModel(workspace)
        application.open("evaluation")
        yield EvaluationModel(application)


def test_what_can_be_evaluated_is_offered_and_the_others_say_why_not(page: EvaluationModel) -> None:
    assert (page.experiments, page.others, page.experiment) == (["first"], ["later"], "first")
    assert page.application.subject == "first" and page.application.query == {"tab": "good"}
    page.choose("later")
    assert "cannot be evaluated" in page.lost and "folds" in page.lost
    page.choose("nothing")
    assert page.lost == "There is no experiment nothing."
    page.choose("first")
    assert not page.lost


def test_an_evaluation_stands_there_in_words_and_is_remembered(page: EvaluationModel) -> None:
    page.baselines = ["majority", "clock"]
    page.evaluate()
    assert not page.problem and not page.busy
    found = page.workspace.evaluate("first", baselines=["majority", "clock"])
    rows = {row["name"]: row for row in page.shown["tellers"]}
    assert list(rows) == ["trova", "majority", "clock"] and sum(row["best"] for row in rows.values()) >= 1
    share = f"{100 * found.choice.by_event.accuracy.value:.1f} %"
    assert rows["trova"]["event"]["value"] == share and page.shown["headline"].startswith(share)
    assert "best baseline" in page.shown["headline"]
    assert page.shown["sentences"] == found.sentences
    assert len(page.curves) == 2 and not page.shown["tables"]
    # the matrix counts what the figures count
    for by, figures in (("event", found.choice.by_event), ("record", found.choice.by_record)):
        page.by = by
        assert [[cell["count"] for cell in row["cells"]] for row in page.matrix["rows"]] == figures.confusion.tolist()
        assert page.matrix["total"] == figures.count
    true, told = next(
        (row["slug"], cell["slug"]) for row in page.matrix["rows"] for cell in row["cells"] if cell["count"]
    )
    page.confuse(true, told)
    assert page.taken["records"] and page.confused == [true, told]
    page.report()
    assert page.report_file["name"] == "first-evaluation.html" and page.report_file["content"]
    # it is not told again
    shown = page.shown
    page._look_at("")
    assert not page.shown
    page._look_at("first")
    assert page.shown == shown and not page.outdated


def test_more_is_asked_of_an_evaluation_and_a_model_card_is_handed_over(page: EvaluationModel) -> None:
    page.baselines, page.leave, page.placement = [], ["period"], True
    assert [field["slug"] for field in page.rate_fields] == ["earthquake", "mine_blast", "quarry_blast"]
    page.rates = {"earthquake": "a lot"}
    page.evaluate()
    assert "'a lot'" in page.problem and not page.shown
    page.rates = {"earthquake": "80", "mine_blast": "10", "quarry_blast": "10"}
    page.evaluate()
    assert not page.problem and not page.busy
    tables = {table["title"]: table for table in page.shown["tables"]}
    left_out = tables["Where nothing of the same station, region or period was seen"]
    assert left_out["rows"][0][0] == "Periods, all parts" and len(left_out["rows"]) == 3
    assert tables["At your rates of classes"]["rows"][0][:2] == ["Earthquake", "80 %"]
    assert len(page.curves) == 3
    page.card()
    card = b64decode(page.report_file["content"]).decode()
    assert page.report_file["name"] == "first-card.md" and "80 %" in card and "period" in card
    page.look_at_holdout()
    assert "no hold-out" in page.problem


def test_a_label_is_confirmed_or_changed_and_leaves_the_front_of_the_queue(page: EvaluationModel) -> None:
    page.tab = "doubts"
    doubts, workspace = page.doubts, page.workspace
    queue = workspace.doubts("first")
    assert doubts.counts["all"] == len(queue) and f"of {len(queue)} labels" in doubts.sentence
    doubts.show = "all"
    assert [row["event_id"] for row in doubts.rows] == list(queue["event_id"])
    first, second = queue["event_id"][:2]
    doubts.choose(first)
    assert page.application.query == {"tab": "doubts", "event": first}
    assert doubts.event["event_id"] == first and doubts.seismogram.lines and doubts.map.selected == first
    assert all(each["uri"] for each in doubts.fingerprints) and doubts.hours
    assert doubts.similar, doubts.similar_note

    doubts.confirm()
    assert doubts.selected == second
    said = workspace.labels(first).iloc[-1]
    assert said["event_class"] == queue["event_class"][0] and "confirmed" in said["comment"]
    assert doubts.changed == 0 and not doubts.difference

    doubts.relabel(str(queue["told"][1]))
    assert workspace.labels(second)["event_class"].iloc[-1] == queue["told"][1]
    assert doubts.changed == 1 and "1 label differs" in doubts.difference
    settled = {row["event_id"]: row["settled"] for row in doubts.rows if row["settled"]}
    assert settled[first].startswith("confirmed by") and settled[second].startswith("changed by")
    doubts.show = "open"
    assert not {first, second} & {row["event_id"] for row in doubts.rows}
    assert doubts.counts["settled"] == 2
    page.refresh()
    assert not page.outdated, "a data set keeps its labels"

    # a new version has the labels of now, and who looks at the first one again still sees what was said
    doubts.renew()
    assert not doubts.problem and doubts.versions == ["dealt", "dealt-2"]
    assert workspace.reviews("dealt-2")["looked_at"].sum() == 2
    assert (workspace.reviews("dealt-2")["label"] == workspace.reviews("dealt-2")["event_class"]).all()


def test_the_queue_is_walked_through_by_keys_and_by_its_address(page: EvaluationModel) -> None:
    asked = page.workspace.doubts("first")["event_id"].iloc[-1]
    page.application.visit("evaluation", "first", {"tab": "doubts", "event": asked})
    doubts = page.doubts
    assert (page.tab, doubts.selected, doubts.show) == ("doubts", asked, "all")
    doubts.step(1)
    assert doubts.selected == asked
    doubts.step(-1)
    assert doubts.selected == doubts.rows[-2]["event_id"]
    doubts.choose("nobody")
    assert "not in the data set dealt" in page.application.message


def test_a_visitor_may_look_and_not_say(folder: Path) -> None:
    with Workspace.open(folder, shared=True, visitor=True) as workspace:
        application = ApplicationModel(workspace)
        application.open("evaluation")
        page = EvaluationModel(application)
        page.baselines, page.leave = [], ["region"]
        page.evaluate()
        assert "an analyst" in application.message and not page.shown["tables"]
        page.tab = "doubts"
        assert page.shown["headline"] and page.doubts.selected
        before = len(workspace.labels())
        doubts = page.doubts
        for act in (page.look_at_holdout, doubts.confirm, lambda: doubts.relabel("explosion"), doubts.renew):
            application.message = ""
            act()
            assert application.message == VISITOR
        assert len(workspace.labels()) == before
