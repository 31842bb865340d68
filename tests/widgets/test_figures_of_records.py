import numpy as np

from tests.models.standin import StandIn
from trova_widgets import Workspace
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.event_map import EventMapModel
from trova_widgets.models.seismogram import SeismogramModel, Trace
from trova_widgets.pages.records import records_page
from trova_widgets.store import PlacedEvents
from trova_widgets.widgets.event_map import EventMap
from trova_widgets.widgets.seismogram import Seismogram
from trova_widgets.widgets.upload import Upload


def test_the_map_shows_its_model_and_picks_events() -> None:
    model = EventMapModel()
    view = EventMap(model)
    assert view.view == {}
    study = StandIn(30)
    stations = study.records()[["network", "station"]].assign(latitude=np.nan, longitude=np.nan)
    model.show(PlacedEvents(rows=study.events(), total=10, unplaced=0), stations)
    assert len(view.points) == 10
    assert {point["event_class"] for point in view.points} <= set(view.marks)
    view.selected = view.points[1]["event_id"]
    assert model.selected == "smi:trova/event1"
    whole, answers = view.view["frame"], view.answers
    view.vue_look({"middle": [1.0, 2.0], "height": 40.0})
    assert view.view["frame"] != whole
    view.vue_whole()
    assert view.view["frame"] == whole
    assert view.answers == answers + 2


def test_a_look_at_the_seismogram_is_always_answered() -> None:
    model = SeismogramModel()
    view = Seismogram(model)
    model.show([Trace(samples=np.sin(np.arange(50_000) / 9), sampling_rate_hz=100.0, record_id="r4", onset_s=100.0)])
    [line] = view.lines
    assert len(line["points"]) <= 2400 * 8
    view.vue_look([100.0, 110.0, ["r4"]])
    assert (view.from_s, view.to_s, view.answers) == (100.0, 110.0, 1)
    assert len(view.lines[0]["points"]) == 1001 * 8
    view.vue_look([100.0, 110.0, ["r4"]])
    assert view.answers == 2
    # a part of a record that was shown before is not a part of this one
    view.vue_look([200.0, 210.0, ["r3"]])
    assert (view.from_s, view.to_s, view.answers) == (100.0, 110.0, 3)
    view.vue_whole()
    assert (view.from_s, view.to_s) == (0.0, 500.0)
    view.passband = "1-10"
    assert model.passband == "1-10"


def test_the_records_page_acts_through_its_model(filled_study: Workspace) -> None:
    page = records_page(filled_study, ApplicationModel(filled_study))
    page.vue_select("r4")
    page.vue_sort("snr_db")
    page.event_class = "mine_blast"
    page.flag = "weak"
    assert (page.total, page.sort_by) == (1, "snr_db")
    page.vue_clear_filters()
    assert (page.total, page.event_class, page.filtered) == (30, "", False)
    page.seismogram.vue_pick("r7")
    assert page.selected == page.seismogram.selected == "r7"
    page.with_scalogram = True
    assert page.seismogram.scalogram["rows"] == 64
    page.vue_relabel(["explosion", page.details["event_id"]])
    assert filled_study.labels(page.details["event_id"])["event_class"].iloc[-1] == "explosion"
    page.vue_open(["fingerprint", "r7"])
    assert page.model.application.page == "fingerprint"


def test_uploads_arrive_in_pieces_and_stay_in_their_folder() -> None:
    upload = Upload(label="Files")
    upload.vue_begin()
    file = {"name": "../../etc/day.mseed", "number": 0}
    upload.vue_piece({**file, "offset": 0}, [memoryview(b"first ")])
    upload.vue_piece({**file, "offset": 6}, [memoryview(b"second")])
    upload.vue_piece({"name": "..", "number": 1, "offset": 0}, [memoryview(b"x")])
    assert upload.paths == []
    upload.vue_chosen_all([file, {"name": "..", "number": 1}])
    first, second = upload.paths
    assert first.name == "day.mseed"
    assert first.read_bytes() == b"first second"
    assert second.read_bytes() == b"x"
    assert all(path.is_relative_to(upload._folder.name) for path in upload.paths)
    upload.clear()
    assert upload.paths == []
