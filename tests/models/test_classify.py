import asyncio
from pathlib import Path
from threading import Event

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
    page.classify_files([Path("b.mseed"), Path("c.mseed")])
    assert workspace.calls[-1] == ("classify", [Path("b.mseed"), Path("c.mseed")], None)
    assert [item["title"] for item in page.classes] == ["Earthquake", "Mine blast", "Quarry blast"]
    assert page.rows[0]["title"] == "Earthquake"
    assert page.rows[0]["shares"] == [90.0, 6.0, 4.0]
    assert page.rows[0]["onset"] == "2024-05-01 12:00:30" and "not asked: BHN" in page.rows[0]["remark"]
    assert page.rows[1]["note"] == "c.mseed is not a seismogram."
    assert page.rows[1]["shares"] == []


def test_a_record_of_the_study_is_classified_by_its_address(page: ClassifyModel, workspace: StandIn) -> None:
    page.network = "base"
    page.application.open("classify", "r0")
    asked = ("classify", [workspace.path / "waveforms" / "aa/a.mseed"], "base")
    assert workspace.calls[-2:] == [asked, ("explain", "r0", "base")]
    assert page.reasons == ["For earthquake speaks energy of 4 to 8 Hz.", "For mine blast speaks nothing."]
    assert [row["record"] for row in page.rows] == ["KO.APA.BHZ"]
    assert (page.subject.partition(",")[0], page.said_by_analyst) == ("KO.APA BHZ", "Earthquake")
    page.classify_files([Path("c.mseed")])
    assert (page.subject, page.said_by_analyst, page.reasons) == ("", "", [])


def test_the_answer_to_the_last_question_is_shown(workspace: StandIn) -> None:
    """Also where the answer to the one before comes later."""
    classify, release = workspace.classify, Event()

    def slow(paths: list[Path], *, network: str | None) -> pd.DataFrame:
        if paths == [Path("b.mseed")]:
            release.wait()
        table = classify(paths, network=network)
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
