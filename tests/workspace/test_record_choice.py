"""What a data set takes of labelled records: without doubts that are named, and the vertical component by default."""

import pandas as pd
import pytest

from tests.workspace.archives import DAY, moment, record, table
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments import SHARES
from trova_widgets.workspace import Workspace
from trova_widgets.workspace.record_choice import RecordChoice


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Sixteen events of two classes, each on three components; every fourth type is only suspected."""
    folder = tmp_path_factory.mktemp("choice")
    rows = []
    for number in range(16):
        start = str(moment(DAY, 3600 * number))
        for place, channel in enumerate(("BHZ", "BHN", "BHE")):
            if number == 3 and channel == "BHZ":
                continue
            record(folder / "data", f"{number}{channel}.mseed", start, seed=10 * number + place, channel=channel)
        kind = ("earthquake", "explosion")[number % 2] + ("?" if number % 4 == 0 else "")
        rows.append((f"E{number}", moment(DAY, 3600 * number + 15), 67, 33, kind))
    with Workspace.create(folder / "study") as workspace:
        workspace.import_records(folder / "data", catalog=table(folder / "c.csv", rows), progress=_quiet)
        yield workspace


def _quiet(items, label, total=None):
    return iter(items)


def _channels(study: Workspace, name: str) -> pd.Series:
    row = study._store.dataset(name)
    members = study._store.dataset_members(row.dataset_id)
    records = study.records().set_index("record_id")
    return records.loc[members["record_id"], "channel"]


def test_the_vertical_component_is_taken_and_said(study):
    report = study.build_dataset("vertical", shares=SHARES, progress=_quiet)
    assert sorted(_channels(study, "vertical")) == ["BHN"] + ["BHZ"] * 15
    assert "the vertical one was taken (BHN, BHZ): 31 records of others were left out" in str(report)
    assert "left out" not in str(study.build_dataset("all", components="all", shares=SHARES, progress=_quiet))
    assert len(_channels(study, "all")) == 47
    study.build_dataset("east", components="E", shares=SHARES, progress=_quiet)
    assert set(_channels(study, "east")) == {"BHE"}


def test_events_whose_type_is_only_suspected_are_left_out(study):
    shares = {"training": 0.8, "validation": 0.2}
    report = study.build_dataset("sure", leave_out=["suspected"], shares=shares, progress=_quiet)
    assert len(_channels(study, "sure")) == 12
    assert "12 records whose catalogue only suspects the event's type were left out" in str(report)


def test_the_command_has_these_options(study, capsys):
    words = ["dataset", "few", "-w", str(study.path), "--leave-out", "suspected", "jitter", "no-time"]
    assert main([*words, "--share", "test=0", "holdout=0", "--components", "N"]) == 0
    assert "of others were left out" in capsys.readouterr().out
    assert main(["dataset", "bad", "-w", str(study.path), "--share", "test=many"]) == 1
    assert "give a number, test=0.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"leave_out": ("suspect",)}, "no doubt 'suspect'"), ({"components": "up"}, "no component 'up'")],
)
def test_what_is_no_choice_is_refused(wrong, words):
    with pytest.raises(PlanError, match=words):
        RecordChoice(**wrong)


def test_doubts_are_told_by_their_parameters():
    records = pd.DataFrame(
        {
            "event_id": ["a", "b", "c"],
            "network": "",
            "station": "S",
            "location": "",
            "channel": "Z",
            "no_reference_time": [1.0, float("nan"), float("nan")],
            "clock_jitter_s": [float("nan"), 1e-5, float("nan")],
        }
    )
    events = pd.DataFrame({"event_id": ["c"], "type_certainty": ["suspected"]})
    for doubt, left in (("no-time", ["b", "c"]), ("jitter", ["a", "c"]), ("suspected", ["a", "b"])):
        found, said = RecordChoice(leave_out=(doubt,)).of(records, events)
        assert found["event_id"].tolist() == left and len(said) == 1


def test_the_page_offers_the_components_and_doubts_that_there_are(study):
    from trova_widgets.models.application import ApplicationModel
    from trova_widgets.models.overview import OverviewModel

    assert study.choosable().components == ("vertical", "all", "N", "E", "Z")
    assert study.choosable().doubts == {"suspected": 12}
    page = OverviewModel(ApplicationModel(study))
    assert [row["value"] for row in page.component_choices] == ["vertical", "all", "N", "E", "Z"]
    assert page.component == "vertical" and page.leave_out == []
    (doubt,) = page.doubts
    assert doubt["title"] == "Leave out 12 records of a type that is only suspected"
    page.component = "N"
    page.build_dataset("of-the-page")
    assert set(_channels(study, "of-the-page")) == {"BHN"} and "the N one was taken (BHN)" in page.report
    # half of the earthquakes are only suspected
    page.leave_out = ["suspected"]
    page.build_dataset("sure-of-the-page")
    assert "The class earthquake has 4 events" in page.problem
