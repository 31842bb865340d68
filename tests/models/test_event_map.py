import numpy as np
import pandas as pd
import pytest

from tests.models.standin import StandIn
from trova_widgets.models.event_map import ASPECT, EventMapModel


def placed(study: StandIn) -> pd.DataFrame:
    of = {"APA": (67.57, 33.4), "LVZ": (67.9, 34.65)}
    records = study.records()
    return records.assign(
        station_latitude=[of[code][0] for code in records["station"]],
        station_longitude=[of[code][1] for code in records["station"]],
    )


@pytest.fixture
def model() -> EventMapModel:
    study, model = StandIn(30), EventMapModel()
    model.show(study.events(), placed(study))
    return model


def test_events_and_stations_are_in_the_frame_true_to_scale(model: EventMapModel) -> None:
    west, east, south, north = model.view["frame"]
    assert (east - west) / (north - south) == pytest.approx(ASPECT)
    for point in (*model.points, *model.stations):
        assert west < point["x_km"] < east
        assert south < point["y_km"] < north
    first, last = model.points[0], model.points[-1]
    # three degrees of latitude and six of longitude at 67.5 degrees north
    assert np.hypot(last["x_km"] - first["x_km"], last["y_km"] - first["y_km"]) == pytest.approx(422, rel=0.02)
    assert model.note == ""


def test_the_picked_event_tells_its_stations(model: EventMapModel) -> None:
    assert [station["heard"] for station in model.stations] == [False, False]
    for event, code in (("event3", "KO.LVZ"), ("event4", "KO.APA")):
        model.selected = f"smi:trova/{event}"
        assert [station["code"] for station in model.stations if station["heard"]] == [code]


def test_what_is_missing_is_said() -> None:
    study, model = StandIn(30), EventMapModel()
    model.show(study.events(), study.records())
    assert model.stations == []
    assert "do not say where the stations stand" in model.note
    records = placed(study)
    records.loc[records["station"] == "LVZ", "station_latitude"] = np.nan
    events = study.events()
    events.loc[0, "longitude"] = np.nan
    model.show(events, records)
    assert len(model.points) == 9
    assert [station["code"] for station in model.stations] == ["KO.APA"]
    assert model.note == "1 stations whose place is not known are not shown. 1 events without a place are not shown."


def test_without_any_place_there_is_no_map() -> None:
    study, model = StandIn(30), EventMapModel()
    model.show(study.events().assign(latitude=np.nan), study.records())
    assert (model.points, model.view) == ([], {})
    model.whole()
    model.look((0.0, 0.0), 100.0)
    assert model.view == {}
    model.show(StandIn(0).events(), StandIn(0).records())
    assert model.view == {}


def test_the_map_is_looked_around_on(model: EventMapModel) -> None:
    whole = model.view["frame"]
    model.look((30.0, -20.0), 50.0)
    west, east, south, north = model.view["frame"]
    assert (west + east, south + north) == (pytest.approx(60.0), pytest.approx(-40.0))
    assert north - south == pytest.approx(50.0)
    model.look((0.0, 0.0), 1e9)
    assert model.view["frame"][3] - model.view["frame"][2] == pytest.approx(20_000)
    model.whole()
    assert model.view["frame"] == whole


def test_a_new_label_leaves_the_map_where_it_is(model: EventMapModel) -> None:
    model.look((30.0, -20.0), 50.0)
    before, study = model.view["frame"], StandIn(30)
    model.show(study.events().assign(event_class="explosion"), placed(study))
    assert model.view["frame"] == before
    assert {point["event_class"] for point in model.points} == {"explosion"}


def test_a_region_across_the_date_line_is_one() -> None:
    events = StandIn(6).events().assign(longitude=[179.0, -179.0], latitude=[60.0, 61.0])
    model = EventMapModel()
    model.show(events, StandIn(0).records())
    assert model.view["frame"][1] - model.view["frame"][0] < 400
