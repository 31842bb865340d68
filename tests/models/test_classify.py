import asyncio
import base64
import json
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.models.standin import StandIn
from tests.models.test_background import answered
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.classify import BEST, ClassifyModel


@pytest.fixture
def workspace() -> StandIn:
    workspace = StandIn()
    workspace.plan("first", axes={"convolution2dLayer_2_filterSize": (1, 2)}, fixed={}, seeds=1, epochs=1)
    return workspace


@pytest.fixture
def page(workspace: StandIn) -> ClassifyModel:
    return ClassifyModel(ApplicationModel(workspace))


def test_only_networks_that_were_tried_can_answer(page: ClassifyModel) -> None:
    assert page.networks == [BEST, "base"]
    assert ClassifyModel(ApplicationModel(StandIn())).networks == []


def test_files_are_classified(page: ClassifyModel, workspace: StandIn) -> None:
    page.classify_files([Path("b.mseed"), Path("c.mseed")], Path("events.xml"))
    assert ("classify", [Path("b.mseed"), Path("c.mseed")], None, Path("events.xml")) in workspace.calls
    assert [item["title"] for item in page.classes] == ["Earthquake", "Mine blast", "Quarry blast"]
    assert (page.rows[0]["title"], page.rows[0]["slug"]) == ("Earthquake", "earthquake")
    assert page.rows[0]["shares"] == [90.0, 6.0, 4.0]
    assert page.rows[0]["onset"] == "2024-05-01 12:00:30" and "not asked: BHN" in page.rows[0]["remark"]
    assert page.rows[1]["note"] == "c.mseed is not a seismogram."
    assert page.rows[1]["shares"] == []


def test_it_is_asked_again_where_classes_come_at_other_rates(page: ClassifyModel, workspace: StandIn) -> None:
    page.classify_again()
    assert not any(call[0] == "classify" for call in workspace.calls)
    page.classify_files([Path("b.mseed")])
    page.rates = {"earthquake": "90", "mine_blast": "0", "quarry_blast": "10 %"}
    page.classify_again()
    wanted = {"earthquake": 0.9, "mine_blast": 0.0, "quarry_blast": 0.1}
    assert workspace.calls.count(("classify", [Path("b.mseed")], None, wanted)) == 1
    page.rates = {"earthquake": "most"}
    page.classify_again()
    assert "'most'" in page.problem and page.rows
    # another network may tell other classes
    page.network = "base"
    assert page.rates == {}


def test_the_first_answer_is_looked_into_by_itself(page: ClassifyModel, workspace: StandIn) -> None:
    page.classify_files([Path("b.mseed"), Path("c.mseed")])
    answer = page.answer
    assert page.chosen == 0 and ("explain", "/a/b.mseed", 0, "t0") in workspace.calls
    # times count from the onset, in the seismogram and in the picture
    assert answer.seismogram.zero == answer.zero == "the onset"
    (line,) = answer.seismogram.lines
    assert (answer.seismogram.first_s, answer.seismogram.last_s, line["onset_s"]) == (-30.0, 90.0, 0.0)
    start_s = answer.picture["recipe"]["window_start_s"]
    assert answer.window_s[0] == answer.picture["axes"]["from_s"] == start_s < 0
    # what speaks for the answer lies over the scalogram, in its colour
    assert (answer.spoken, answer.over["colour"]) == ("earthquake", "#0072B2")
    assert np.frombuffer(answer.over["levels"], np.uint8).reshape(64, 64)[:8, :8].min() == 255
    assert answer.reasons[0]["sentence"] == "For earthquake speaks energy of 4 to 8 Hz, −2 to 3 s."
    answer.spoken = "mine_blast"
    assert answer.over == {}
    # a record of the study is not the most similar to itself
    assert ("similar", "r0", 5) in workspace.calls
    assert [item["similarity"] for item in answer.similar] == ["0.50", "0.50"]
    assert (answer.who["experiment"], answer.who["accuracy"]) == (
        "first",
        "Of 100 events that they never saw, networks of these settings told 90.0 % right (85.0 to 94.0 %).",
    )


def test_what_has_no_answer_is_not_looked_into(page: ClassifyModel, workspace: StandIn) -> None:
    page.classify_files([Path("b.mseed"), Path("c.mseed")])
    asked = len(workspace.calls)
    page.choose(1)
    assert (page.chosen, page.answer.picture, page.answer.similar, page.answer.seismogram.lines) == (1, {}, [], [])
    page.choose(7)
    assert page.chosen == 1 and len(workspace.calls) == asked


def test_a_record_that_cannot_be_read_any_more_says_so(page: ClassifyModel, workspace: StandIn) -> None:
    def gone(*_: Any) -> None:
        raise OSError("gone")

    workspace.explain_file = gone
    page.classify_files([Path("b.mseed")])
    assert "gone" in page.answer.problem and page.answer.busy == ""


def test_a_record_of_the_study_is_classified_by_its_address(page: ClassifyModel, workspace: StandIn) -> None:
    page.network = "base"
    page.application.open("classify", "r0")
    assert ("classify", [workspace.path / "waveforms" / "aa/a.mseed"], "base") in workspace.calls
    assert [row["record"] for row in page.rows] == ["KO.APA.BHZ"]
    assert (page.subject.partition(",")[0], page.rows[0]["known"]) == ("KO.APA BHZ", "earthquake")
    page.classify_files([Path("c.mseed")])
    assert (page.subject, page.application.subject) == ("", "")


@pytest.mark.parametrize("kind", [".xml", ".csv", ".jsonl"])
def test_answers_can_be_taken_away_without_the_folders_of_the_server(page: ClassifyModel, kind: str) -> None:
    page.save(kind)
    assert page.answers_file == {}
    page.classify_files([Path("b.mseed"), Path("c.mseed")])
    page.save(kind)
    content = base64.b64decode(page.answers_file["content"]).decode()
    assert page.answers_file["name"] == f"answers{kind}" and "b.mseed" in content and "/a/" not in content
    if kind == ".jsonl":
        assert [json.loads(line)["event_class"] for line in content.splitlines()] == ["earthquake", None]
    page.save(".exe")
    assert page.answers_file["name"] == f"answers{kind}"


def test_all_stations_of_an_event_speak_together(page: ClassifyModel, workspace: StandIn) -> None:
    classify = workspace.classify

    def stations(paths: Any, **how: Any) -> pd.DataFrame:
        table = classify(paths, **how).iloc[[0, 0, 0]].reset_index(drop=True)
        return table.assign(
            record_id=["r0", "", ""],
            event_id=["smi:trova/event0", "smi:trova/event0", "another"],
            mine_blast=[0.06, 0.9, 0.06],
            earthquake=[0.9, 0.06, 0.9],
            event_class=["earthquake", "mine_blast", "earthquake"],
        )

    workspace.classify = stations
    page.classify_files([Path("b.mseed")])
    said = page.together
    assert said.startswith("Together the 2 records of this event say") and said.endswith("each by itself, 1 of 2 do.")
    page.choose(1)
    assert page.together == said
    page.choose(2)
    assert page.together == ""


def test_what_is_of_none_of_the_classes_is_said_in_words(page: ClassifyModel, workspace: StandIn) -> None:
    classify = workspace.classify

    def unlike(paths: Any, **how: Any) -> pd.DataFrame:
        table = classify(paths, **how)
        return table.assign(event_class="none_of_these", remark="It is like nothing of the training.")

    workspace.classify = unlike
    page.classify_files([Path("b.mseed")])
    row = page.rows[0]
    assert (row["title"], row["shares"]) == ("None of these", [90.0, 6.0, 4.0])
    assert page.answer.spoken == "earthquake"


def test_the_answer_to_the_last_question_is_shown(workspace: StandIn) -> None:
    """Also where the answer to the one before comes later."""
    classify, release = workspace.classify, Event()

    def slow(paths: list[Path], **how: Any) -> pd.DataFrame:
        if paths == [Path("b.mseed")]:
            release.wait()
        table = classify(paths, **how)
        return table[table["file"].str.endswith(paths[0].name)]

    workspace.classify = slow

    async def ask() -> list[str]:
        page = ClassifyModel(ApplicationModel(workspace))
        await answered()
        page.observe(lambda change: release.set() if change["new"] else None, "rows")
        page.classify_files([Path("b.mseed")])
        await asyncio.sleep(0)
        page.classify_files([Path("c.mseed")])
        await answered()
        return [row["file"] for row in page.rows]

    assert asyncio.run(ask()) == ["c.mseed"]


def test_a_record_that_is_gone_is_explained(page: ClassifyModel) -> None:
    page.classify_record("gone")
    assert "pick one" in page.problem
