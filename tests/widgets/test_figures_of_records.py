from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.models.standin import StandIn
from trova_widgets.models.event_map import EventMapModel
from trova_widgets.models.seismogram import SeismogramModel
from trova_widgets.widgets.event_map import EventMap
from trova_widgets.widgets.seismogram import Seismogram
from trova_widgets.widgets.upload import Upload


def test_a_map_has_a_mark_a_class_and_is_undistorted() -> None:
    model = EventMapModel()
    view = EventMap(model)
    model.show(StandIn(30).events())
    *classes, ring = view.figure.marks
    assert len(classes) == 3
    assert len({(tuple(mark.colors), mark.marker) for mark in classes}) == 3
    assert sum(len(mark.x) for mark in classes) == 10
    (west, east), (south, north) = model.frame(1.0)
    assert (east - west) * np.cos(np.radians(67.5)) == pytest.approx(north - south)
    assert south < 66 < 69 < north
    model.selected = "smi:trova/event3"
    assert list(ring.y) == [pytest.approx(67.0)]


def test_a_click_on_the_map_picks_the_event() -> None:
    model = EventMapModel()
    view = EventMap(model)
    model.show(StandIn(30).events())
    mark = view.figure.marks[0]
    mark._handle_custom_msgs(mark, {"event": "element_click", "data": {"index": 1}})
    assert model.selected == mark.names[1]


def test_events_without_a_place_are_not_on_the_map() -> None:
    model = EventMapModel()
    events = StandIn(30).events()
    events.loc[0, "longitude"] = np.nan
    model.show(events)
    assert len(model.points) == 9
    assert model.place("smi:trova/event0") is None
    model.show(pd.DataFrame(columns=events.columns))
    assert model.points == []


def test_a_zoom_of_the_seismogram_shows_more_of_a_part() -> None:
    model = SeismogramModel()
    view = Seismogram(model)
    model.show(np.sin(np.arange(50_000) / 9), 100.0, "KO.APA", onset_s=100.0)
    line, onset = view.figure.marks
    assert len(line.x) <= 2400
    assert list(onset.x) == [100.0, 100.0]
    time = line.scales["x"]
    time.min, time.max = 100.0, 110.0
    assert (line.x[0], line.x[-1]) == (100.0, 110.0)
    assert len(line.x) == 1001


def test_uploads_arrive_in_pieces_and_stay_in_their_folder() -> None:
    upload = Upload(label="Files")
    file = {"name": "../../etc/day.mseed", "number": 1000}
    upload.vue_piece({**file, "offset": 0}, [memoryview(b"first ")])
    upload.vue_piece({**file, "offset": 6}, [memoryview(b"second")])
    upload.vue_piece({"name": "..", "number": 1001, "offset": 0}, [memoryview(b"x")])
    assert upload.paths == []
    upload.vue_chosen_all([file, {"name": "..", "number": 1001}])
    first, second = upload.paths
    assert first.name == "day.mseed"
    assert first.read_bytes() == b"first second"
    assert second.read_bytes() == b"x"
    assert {path.parent.parent for path in upload.paths} == {Path(upload._folder.name)}
    upload.clear()
    assert upload.paths == []
