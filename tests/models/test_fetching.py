"""The fetch of the records page, against a real server of FDSN web services on the loopback."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.records.data_centre import EVENTS, DataCentreServer
from trova_widgets import Workspace
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.fetching import FetchModel
from trova_widgets.records import RequestPolicy

SWIFT = RequestPolicy(requests_per_s=1000, pause_s=0.001, timeout_s=20)


@pytest.fixture
def centre() -> Iterator[DataCentreServer]:
    with DataCentreServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "study") as made:
        yield made


@pytest.fixture
def model(workspace: Workspace, centre: DataCentreServer) -> FetchModel:
    made = FetchModel(ApplicationModel(workspace), policy=SWIFT)
    made.address, made.begin, made.end, made.radius_km = centre.address, "2021-05-01", "2021-06-01", "150"
    return made


def test_a_region_and_a_time_are_fetched_and_reported(model: FetchModel, workspace: Workspace) -> None:
    model.fetch(None)
    assert model.problem == ""
    assert model.report.startswith("6 records of 3 new events taken in")
    assert (model.busy, model.progress) == ("", {})
    assert set(workspace.events()["event_id"]) == set(EVENTS)
    assert model.application.counts["records"] == 6
    model.fetch(None)
    assert model.report.startswith("0 records of 0 new events taken in")
    assert "3 files were there already." in model.report.splitlines()


def test_what_the_form_says_is_what_the_centre_is_asked(model: FetchModel, centre: DataCentreServer) -> None:
    model.south, model.north, model.west, model.east = "67.55", "70", "30", "40"
    model.minimum_magnitude, model.channels, model.stations = "2", "HH?, BHZ", "APA"
    model.fetch(None)
    assert model.report.startswith("2 records of 1 new events")
    (asked,) = [text for service, text in centre.asked if service == "event"]
    assert "minmagnitude=2.0" in asked
    assert "minlatitude=67.55" in asked
    assert {channel.rpartition(".")[2] for channel in centre.channels_asked()} == {"HHZ", "HHN"}


def test_a_catalogue_with_other_columns_names_the_events(model: FetchModel, tmp_path: Path) -> None:
    catalog = tmp_path / "shots.csv"
    catalog.write_text("Shot,When,lat,lon,Kind\nshot,2021-05-04T12:00:00,67.6,33.7,quarry blast\n")
    model.look_at_catalog(catalog)
    for name, column in (("origin_time", "When"), ("event_type", "Kind"), ("event_id", "Shot")):
        model.columns.choose(name, column)
    model.begin = ""
    model.fetch(catalog)
    assert (model.problem, model.report.splitlines()[0][:9]) == ("", "2 records")
    assert model.workspace.events()["event_class"].tolist() == ["quarry_blast"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": " "}, "No data centre is named"),
        ({"address": "no centre"}, "is no address of a data centre"),
        ({"begin": ""}, "Nothing says which events are meant"),
        ({"begin": "yesterday"}, "is not in ISO 8601"),
        ({"radius_km": "wide"}, "The radius is 'wide', expected km"),
        ({"radius_km": "-3"}, "expected more than 0 km"),
        ({"radius_km": ""}, "expected more than 0 km"),
        ({"south": "down"}, "The south is 'down', expected degrees"),
        ({"north": "inf"}, "The north is 'inf', expected degrees"),
        ({"channels": " , "}, "No channel is named"),
    ],
)
def test_a_form_that_cannot_be_sent_says_why(
    model: FetchModel, centre: DataCentreServer, fields: dict[str, str], words: str
) -> None:
    for name, value in fields.items():
        model.set_trait(name, value)
    model.fetch(None)
    assert words in model.problem
    assert (model.report, model.busy, centre.asked) == ("", "", [])


def test_a_centre_that_cannot_be_reached_is_said_in_a_sentence(model: FetchModel) -> None:
    with DataCentreServer() as gone:
        model.address = gone.address
    model.fetch(None)
    assert model.problem.startswith(f"{gone.address} gave no answer in 5 attempts")
    assert model.problem.endswith("start the same again later, what was fetched stays.")
    assert model.busy == ""


def stopping(loop: asyncio.AbstractEventLoop, model: FetchModel) -> Callable[[str, bytes], bytes]:
    """Let the model be stopped before the first seismograms are sent."""

    def tamper(service: str, answer: bytes) -> bytes:
        if service == "dataselect":
            stopped = threading.Event()
            loop.call_soon_threadsafe(lambda: (model.stop(), stopped.set()))
            assert stopped.wait(60)
        return answer

    return tamper


def test_it_is_stopped_and_goes_on(workspace: Workspace, centre: DataCentreServer) -> None:
    """In a running loop, as on a page: the first event's seismograms have come when it is stopped."""

    async def fetch(stop: bool) -> FetchModel:
        application = ApplicationModel(workspace)
        application._loop = asyncio.get_running_loop()
        model = FetchModel(application, policy=SWIFT)
        model.address, model.begin, model.end, model.radius_km = centre.address, "2021-05-01", "2021-06-01", "150"
        if stop:
            centre.tamper = stopping(asyncio.get_running_loop(), model)
        model.fetch(None)
        assert model.busy
        while model.busy:
            await asyncio.sleep(0.01)
        return model

    model = asyncio.run(fetch(stop=True))
    assert model.problem == ""
    assert "It was stopped; fetch again" in model.report
    assert not model.stopping
    assert len(workspace.events()) == 1
    centre.tamper = lambda service, answer: answer
    assert "stopped" not in asyncio.run(fetch(stop=False)).report
    assert len(workspace.events()) == 3


def test_the_centres_that_are_known_by_name_are_offered(model: FetchModel) -> None:
    model.look()
    names = [centre["value"] for centre in model.centres]
    assert {"GFZ", "ORFEUS", "USGS"} <= set(names)
    assert all(centre["title"].startswith(f"{centre['value']} (http") for centre in model.centres)
