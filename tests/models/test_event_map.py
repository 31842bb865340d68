import numpy as np
import pandas as pd
import pytest

from tests.models.standin import StandIn
from trova_widgets.models.event_map import ASPECT, EventMapModel
from trova_widgets.store import PlacedEvents

STATIONS = pd.DataFrame(
    {
        "network": "KO",
        "station": ["APA", "LVZ"],
        "record_count": 15,
        "latitude": [67.57, 67.9],
        "longitude": [33.4, 34.65],
    }
)
NOWHERE = STATIONS.assign(latitude=np.nan, longitude=np.nan)


def placed(events: pd.DataFrame) -> PlacedEvents:
    rows = events.dropna(subset=["latitude", "longitude"])
    return PlacedEvents(rows=rows, total=len(events), unplaced=len(events) - len(rows))


@pytest.fixture
def model() -> EventMapModel:
    model = EventMapModel()
    model.show(placed(StandIn(30).events()), STATIONS)
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
        model.pick(f"smi:trova/{event}", [code])
        assert [station["code"] for station in model.stations if station["heard"]] == [code]
    # a click comes before it is known who has heard the event
    model.selected = "smi:trova/event5"
    assert not any(station["heard"] for station in model.stations)
    model.pick("smi:trova/event5", ["KO.APA", "KO.LVZ"])
    assert all(station["heard"] for station in model.stations)


def test_what_is_missing_is_said() -> None:
    model, events = EventMapModel(), StandIn(30).events()
    model.show(placed(events), NOWHERE)
    assert model.stations == []
    assert "do not say where the stations stand" in model.note
    stations = STATIONS.copy()
    stations.loc[1, "latitude"] = np.nan
    events.loc[0, "longitude"] = np.nan
    model.show(placed(events), stations)
    assert len(model.points) == 9
    assert [station["code"] for station in model.stations] == ["KO.APA"]
    assert model.note == "1 stations whose place is not known are not shown. 1 events without a place are not shown."


def test_without_any_place_there_is_no_map() -> None:
    model, events = EventMapModel(), StandIn(30).events()
    model.show(placed(events.assign(latitude=np.nan)), NOWHERE)
    assert (model.points, model.view) == ([], {})
    model.whole()
    model.look((0.0, 0.0), 100.0)
    assert model.view == {}
    model.show(placed(StandIn(0).events()), STATIONS.iloc[:0])
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
    before = model.view["frame"]
    model.show(placed(StandIn(30).events().assign(event_class="explosion")), STATIONS)
    assert model.view["frame"] == before
    assert {point["event_class"] for point in model.points} == {"explosion"}


def test_a_region_across_the_date_line_is_one() -> None:
    events = StandIn(6).events().assign(longitude=[179.0, -179.0], latitude=[60.0, 61.0])
    model = EventMapModel()
    model.show(placed(events), STATIONS.iloc[:0])
    assert model.view["frame"][1] - model.view["frame"][0] < 400
