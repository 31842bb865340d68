from pathlib import Path

import pytest

from tests.records.making import counts, mseed, trace
from trova_widgets import Workspace
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.event_types import EventTypesModel

CATALOG = (
    "event_id,time,event_type\n"
    "burst,2021-05-04T12:00:15Z,Rock_Burst\n"
    "slide,2021-05-05T12:00:15Z,landslide\n"
    "odd,2021-05-06T12:00:15Z,chute\n"
)


@pytest.fixture
def workspace(tmp_path: Path):
    archive = tmp_path / "archive"
    archive.mkdir()
    for day in (4, 5, 6):
        (archive / f"{day}.mseed").write_bytes(mseed(trace(counts(seed=day), start=f"2021-05-0{day}T12:00:00")))
    (archive / "catalog.csv").write_text(CATALOG)
    with Workspace.create(tmp_path / "study") as made:
        made.import_records(archive, catalog=archive / "catalog.csv")
        yield made


@pytest.fixture
def types(workspace: Workspace) -> EventTypesModel:
    model = EventTypesModel(ApplicationModel(workspace))
    model.look()
    return model


def row(model: EventTypesModel, event_type: str) -> dict:
    return next(row for row in model.rows if row["event_type"] == event_type)


def test_types_that_occur_come_first_and_of_them_those_without_a_class(types: EventTypesModel) -> None:
    first = [(row["event_type"], row["event_class"], row["count"]) for row in types.rows[:4]]
    assert first == [("chute", "", 1), ("landslide", "other", 1), ("rock burst", "other", 1), first[3]]
    assert first[3][2] == 0
    assert row(types, "chute")["class_title"] == "No class"
    assert "quarry_blast" in types.classes


def test_a_change_labels_what_is_there_and_says_so(types: EventTypesModel, workspace: Workspace) -> None:
    revision = types.application.revision
    types.change(" rock burst ", "rock_burst")
    assert types.report.startswith("rock burst has the class rock burst now: 1 event got another class")
    assert (row(types, "rock burst")["event_class"], row(types, "rock burst")["changed"]) == ("rock_burst", True)
    assert types.application.revision > revision
    history = workspace.labels("burst")
    assert history["event_class"].tolist() == ["other", "rock_burst"]
    assert history["author"].str.len().min() > 0
    types.change("chute", "slide")
    assert "1 event got" in types.report
    assert workspace.labels("odd")["event_class"].tolist() == ["slide"]


def test_a_row_is_taken_away_and_labels_stay(types: EventTypesModel, workspace: Workspace) -> None:
    types.change("landslide", "")
    assert "gives no class to events that are taken in from now on" in types.report
    assert row(types, "landslide")["event_class"] == ""
    assert workspace.labels("slide")["event_class"].tolist() == ["other"]
    types.change("landslide", "other")
    assert not row(types, "landslide")["changed"]
    assert "0 events got" in types.report


@pytest.mark.parametrize(
    ("change", "words"),
    [(("landslide", "Land Slide"), "'Land Slide', expected lower-case letters"), (("  ", "slide"), "is an empty text")],
)
def test_what_cannot_be_kept_is_said(
    types: EventTypesModel, workspace: Workspace, change: tuple[str, str], words: str
) -> None:
    types.change(*change)
    assert words in types.problem
    assert (types.report, types.busy) == ("", "")
    assert not (workspace.path / "event_types.csv").exists()
    # somebody else's change does not wipe the sentence away
    workspace.label("odd", "explosion")
    types.application.refresh()
    assert words in types.problem


def test_a_broken_file_is_said_until_it_is_mended(types: EventTypesModel, workspace: Workspace) -> None:
    file = workspace.path / "event_types.csv"
    file.write_text("type,class\n")
    types.look()
    assert types.rows == []
    assert "expected 'event_type,event_class'" in types.problem
    file.unlink()
    types.look()
    assert types.problem == ""
    assert types.rows
