"""The clock of blasting, and the labels that it contradicts."""

import numpy as np
import pandas as pd
import pytest

from tests.workspace.catalogues import catalogue
from trova_widgets.cli import main
from trova_widgets.errors import RecordError
from trova_widgets.records import class_of
from trova_widgets.records.catalogues.catalog import read_catalog
from trova_widgets.workspace.clock import clock_report
from trova_widgets.workspace.clock_doubts import against_clock, queued
from trova_widgets.workspace.local_time import local_times


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """600 events whose labels are right."""
    workspace, _ = catalogue(tmp_path_factory.mktemp("right"))
    with workspace:
        yield workspace


@pytest.fixture(scope="module")
def mislabelled(tmp_path_factory):
    """600 events of which one in twenty has a wrong label, and which."""
    workspace, wrong = catalogue(tmp_path_factory.mktemp("mislabelled"), wrong=0.05)
    with workspace:
        yield workspace, wrong


def test_the_blasts_of_the_teaching_set_are_fired_at_working_hours(right):
    # its clocks are three hours ahead, and 90 and 70 per cent of its blasts are fired between 10 and 17 h
    found = right.clock(utc_offset_h=3)
    shares = dict(zip(found.clock.classes, found.clock.shares[:, 10:17].sum(axis=1), strict=True))
    assert shares == {
        "earthquake": pytest.approx(7 / 24, abs=0.08), "mine_blast": pytest.approx(0.7 + 0.3 * 7 / 24, abs=0.08),
        "quarry_blast": pytest.approx(0.9 + 0.1 * 7 / 24, abs=0.05),
    }  # fmt: skip
    assert found.clock.totals.sum() == len(right.events()) == found.table["events"].sum()
    assert "The earthquakes are as even around the clock as chance makes them" in str(found)
    quarry = right.clock(quarry="q0", utc_offset_h=3)
    assert "blasts were fired between 10 and 17 h, on all days of the week" in str(quarry)
    assert quarry.clock.classes == ("quarry_blast",) and "within 6 km of the quarry Q0" in str(quarry)


def test_the_clock_is_narrowed_by_place_class_and_table(right):
    events = right.events()
    place = events.iloc[0]
    near = right.clock(around=(place["latitude"], place["longitude"]), radius_km=0.1)
    assert near.clock.totals.sum() == 1
    # round the other side of the Earth, and all but that
    assert right.clock(region=(60, 70, 170, -170)).clock.totals.sum() == 0
    assert right.clock(region=(60, 70, -180, 180)).clock.totals.sum() == len(events)
    assert right.clock(region=(60, 70, 170, 169)).clock.totals.sum() == len(events)
    some = right.clock(events.head(30), classes=["earthquake"])
    assert some.clock.totals.tolist() == [int((events.head(30)["event_class"] == "earthquake").sum())]
    for wrong, said in (
        ({"quarry": "Q"}, "No quarry is called 'Q'"), ({"classes": ["quake"]}, "the nearest is earthquake|there are"),
        ({"radius_km": 5}, "needs a place"), ({"region": (70, 60, 0, 1)}, "holds nothing"),
    ):  # fmt: skip
        with pytest.raises(RecordError, match=said):
            right.clock(**wrong)


def test_without_times_there_is_no_clock(right):
    found = right.clock(right.events().assign(origin_time=pd.NaT))
    assert str(found).startswith("No event with an origin time and a class is here. 600 without")
    assert found.svg == "" and found.table.empty


def test_real_explosions_are_fired_by_day(pnw_folder):
    events = read_catalog(pnw_folder / "catalog.xml")
    table = pd.DataFrame(
        {
            "origin_time": pd.to_datetime([event.origin_time_ns for event in events], utc=True),
            "longitude": [event.longitude for event in events],
            "event_class": [class_of(event.event_type) for event in events],
        }
    )
    found = clock_report(table, "", None)
    explosions = found.clock.hours_of(["explosion"])
    assert explosions.sum() == 11 and explosions[9:17].sum() == 11 and "UTC − 8 h" in found.zone


def test_most_wrong_labels_stand_at_the_head_of_the_queue(mislabelled):
    workspace, wrong = mislabelled
    queue = workspace.clock_doubts()
    assert queue["event_id"].isin(wrong).sum() >= 0.6 * len(wrong)
    assert queue["event_id"].isin(wrong).mean() > 0.9
    assert queue["clock"].is_monotonic_decreasing and (queue["told"] != queue["event_class"]).all()


def test_each_contradiction_says_what_it_is(mislabelled):
    workspace, _ = mislabelled
    queue = workspace.clock_doubts()
    near = queue[queue["quarry"].notna()].iloc[0]
    label, told = near["event_class"].replace("_", " "), near["told"].replace("_", " ")
    assert f"{label} at {near['local_hour']:.0f} h on a {near['weekday']}" in near["why"]
    assert f"{near['quarry_km']:.1f} km from the quarry {near['quarry']}" in near["why"]
    assert near["why"].endswith(f"other events at such hours are {told}s")
    assert queue[queue["quarry"].isna()]["why"].str.contains("away from known quarries are").all()


def test_an_event_does_not_vouch_for_itself(mislabelled):
    workspace, _ = mislabelled
    events, quarries = workspace.events(), ()
    one = events.index[events["event_class"] == "quarry_blast"][0]
    events.loc[one, "origin_time"] = pd.Timestamp("2018-01-07T03:00Z")
    before = against_clock(events, quarries, 0.0).loc[one, "clock"]
    # the same night once more: now another one vouches for it
    twin = pd.concat([events, events.loc[[one]].assign(event_id="twin")], ignore_index=True)
    assert before > against_clock(twin, quarries, 0.0).loc[one, "clock"] > 0


def test_what_networks_doubt_stays_first_and_in_its_order():
    table = pd.DataFrame(
        {"event_id": list("abcd"), "told": "mine_blast", "probability": 0.9, "doubt": [0.2, 1.1, 1.8, 0.7]}
    )
    said = {"local_hour": 3.0, "weekday": "Sunday", "quarry": None, "quarry_km": None}
    clock = pd.DataFrame({"event_id": list("abcd"), **said, "clock": [2.0, 0.1, 3.0, 0.0], "why": ["x", "", "y", ""]})
    found = queued(table, clock)
    assert found["event_id"].tolist() == ["c", "b", "a", "d"]
    assert found["why"].tolist() == [
        "the networks say mine blast (0.90); y", "the networks say mine blast (0.90)", "x", ""
    ]  # fmt: skip


def test_local_time_is_the_suns_or_the_one_that_is_given():
    events = pd.DataFrame(
        {
            "origin_time": pd.to_datetime(["2024-03-03T22:30Z", "2024-03-03T22:30Z", None], utc=True),
            "longitude": [179.0, None, -122.0],
        }
    )
    sun = local_times(events)
    # without a place: between UTC + 12 h and UTC - 8 h
    assert sun["utc_offset_h"].tolist() == [12, 2, -8]
    assert sun["hour"].tolist()[:2] == [10.5, 0.5] and sun["weekday"].tolist()[:2] == [0, 0]
    assert sun["hour"].isna().tolist() == [False, False, True]
    given = local_times(events, -9.5)
    assert given["hour"].tolist()[:2] == [13.0, 13.0] and given["weekday"].tolist()[:2] == [6, 6]
    with pytest.raises(RecordError, match="No clock is 99 h ahead"):
        local_times(events, 99)


def test_the_command_prints_draws_and_exports_the_clock(right, tmp_path, capsys):
    command = ["clock", "--quarry", "Q1", "--svg", str(tmp_path / "c.svg"), "--export", str(tmp_path / "c.csv")]
    assert main([*command, "-w", str(right.path)]) == 0
    assert "within 6 km of the quarry Q1" in capsys.readouterr().out
    assert (tmp_path / "c.svg").read_text().startswith("<svg")
    table = pd.read_csv(tmp_path / "c.csv")
    assert len(table) == 7 * 24 and np.isclose(table["share"].sum(), 1)


def test_the_command_lists_doubts_without_any_experiment(mislabelled, tmp_path, capsys):
    workspace, _ = mislabelled
    assert main(["doubts", "-w", str(workspace.path), "--export", str(tmp_path / "queue.csv")]) == 0
    assert "no network was asked" in capsys.readouterr().out
    assert pd.read_csv(tmp_path / "queue.csv")["event_id"].tolist() == workspace.clock_doubts()["event_id"].tolist()
