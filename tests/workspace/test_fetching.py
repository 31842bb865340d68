"""Fetching from a real server of FDSN web services on the loopback."""

import numpy as np
import pytest

from tests.hostile.contents import pickled
from tests.records.data_centre import EVENTS, DataCentreServer, seismogram
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import RecordError
from trova_widgets.records import Region, RequestPolicy
from trova_widgets.records.files.obspy_plugins import obspy_module

SWIFT = RequestPolicy(requests_per_s=1000, pause_s=0.001, timeout_s=20)
MAY = Region(begin="2021-05-01", end="2021-06-01")


@pytest.fixture
def centre():
    with DataCentreServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path):
    with Workspace.create(tmp_path / "study") as made:
        yield made


def _records(workspace) -> set[tuple[str, str, str, str]]:
    columns = ["event_id", "station", "location", "channel"]
    return set(workspace.records()[columns].itertuples(index=False, name=None))


ALL = {
    (event, station, location, channel)
    for event in EVENTS
    for station, location, channel in (("APA", "", "HHZ"), ("LVZ", "00", "BHZ"))
}


def test_by_region_and_time_the_stations_around_each_event_are_fetched(centre, workspace):
    report = workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert (report.records, report.events, report.rejections) == (6, 3, ())
    assert _records(workspace) == ALL
    events = workspace.events().set_index("event_id")
    assert events["event_class"].to_dict() == {
        "kola1": "quarry_blast",
        "kola2": "earthquake",
        "kola3": "mine_blast",
    }
    # one request for the events, and two for each of them
    assert centre.counts() == {"event": 1, "station": 3, "dataselect": 3}
    records = workspace.records()
    assert records.loc[records["station"] == "APA", "station_latitude"].unique() == [67.6]


def test_the_samples_are_those_that_the_centre_has(centre, workspace):
    workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    row = workspace.records().query("event_id == 'kola1' and station == 'APA'").iloc[0]
    origin = obspy_module("obspy").UTCDateTime(EVENTS["kola1"][0])
    expected = seismogram("IM", "APA", "--", "HHZ", *(str(origin + shift).rstrip("Z") for shift in (-50, 150)))
    found = workspace.waveform(row["record_id"])
    assert np.array_equal(found.samples, expected.data)
    assert found.start_time_ns == (origin - 50).ns


def test_what_is_done_is_not_asked_for_again(centre, workspace):
    workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    centre.asked.clear()
    report = workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert (report.records, report.already_there) == (0, 3)
    assert centre.counts() == {"event": 1}
    # a wider circle asks for what is new in it alone
    centre.asked.clear()
    workspace.fetch_records(centre.address, region=MAY, radius_km=1000, policy=SWIFT)
    assert set(centre.channels_asked()) == {"IM.FAR..HHZ"}
    assert _records(workspace) == ALL | {(event, "FAR", "", "HHZ") for event in EVENTS}
    # and again, for what had given nothing
    centre.asked.clear()
    workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT, again=True)
    assert set(centre.channels_asked()) == {"IM.MUTE..HHZ"}


def test_a_fetch_that_broke_off_goes_on_where_it_was(centre, workspace):
    class Stop(Exception):
        pass

    def stop_after_two(items, label, total=None):
        for count, item in enumerate(items):
            if count == 2:
                raise Stop
            yield item

    with pytest.raises(Stop):
        workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT, progress=stop_after_two)
    assert {event for event, *_ in _records(workspace)} == {"kola1", "kola2"}
    # killed before the note of the second one was written
    journal = workspace.path / "fetched.jsonl"
    lines = journal.read_text().splitlines()
    journal.write_text("\n".join([lines[0], lines[1][:40]]))
    centre.asked.clear()
    workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert _records(workspace) == ALL
    assert len(workspace.records()) == len(ALL)
    assert centre.counts()["station"] == 2
    # of the second event only what had not come
    assert sorted(centre.channels_asked()) == ["IM.APA..HHZ", "IM.LVZ.00.BHZ", "IM.MUTE..HHZ", "IM.MUTE..HHZ"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_fault_that_passes_is_waited_out(centre, workspace, status):
    centre.faults.extend([status, status])
    report = workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert report.records == 6
    assert centre.counts()["event"] == 3


def test_a_centre_that_stays_silent_is_given_up_and_what_came_stays(centre, workspace):
    centre.tamper = lambda service, answer: (
        centre.faults.extend([503] * 9) or answer if service == "dataselect" else answer
    )
    with pytest.raises(RecordError, match=r"gave no answer in 5 attempts: .* 1 of 3 events are done"):
        workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert {event for event, *_ in _records(workspace)} == {"kola1"}
    centre.tamper = lambda service, answer: answer
    centre.faults.clear()
    workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert _records(workspace) == ALL


def test_a_refused_request_costs_that_event(centre, workspace):
    def refuse_the_first(service, answer):
        if service == "event":
            centre.faults.append(400)
        return answer

    centre.tamper = refuse_the_first
    report = workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert report.records == 4
    (rejected,) = report.rejections
    assert rejected.path.name == "kola1.mseed"
    assert "refuses a request" in rejected.reason


def test_too_many_events_at_once_are_asked_for_in_pieces(centre, workspace):
    centre.events_at_once = 1
    report = workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert report.events == 3
    assert centre.counts()["event"] > 3


def test_a_catalogue_names_the_events_and_its_faults_are_told(centre, workspace, tmp_path):
    (tmp_path / "catalog.csv").write_text(
        "name,when,lat,lon\nblast,2021-05-04T12:00:00,67.6,33.7\nnowhere,2021-05-04T12:00:00,,\nbad,2021-05-04,north,1\n"
    )
    report = workspace.fetch_records(
        centre.address,
        catalog=tmp_path / "catalog.csv",
        columns={"event_id": "name", "origin_time": "when"},
        radius_km=150,
        channels=["HH?"],
        policy=SWIFT,
    )
    assert {event for event, *_ in _records(workspace)} == {"blast"}
    assert {channel for *_, channel in _records(workspace)} == {"HHN", "HHZ"}
    assert len(report.rejections) == 2
    assert "'north' as latitude" in report.rejections[0].reason
    assert "no time or no place" in report.rejections[1].reason


def test_a_hostile_answer_is_refused_like_a_hostile_file(centre, workspace, tmp_path):
    sprung = tmp_path / "sprung"
    trap = pickled(sprung, 4)
    centre.tamper = lambda service, answer: trap if service == "dataselect" else answer
    report = workspace.fetch_records(centre.address, region=MAY, radius_km=150, policy=SWIFT)
    assert report.records == 0
    assert all("Python pickle" in item.reason for item in report.rejections)
    assert not sprung.exists()
    centre.tamper = lambda service, answer: trap
    with pytest.raises(RecordError, match="pickle"):
        workspace.fetch_records(centre.address, region=MAY, policy=SWIFT)
    assert not sprung.exists()


def test_requests_keep_their_distance(centre, workspace, monkeypatch):
    slept = []
    monkeypatch.setattr("trova_widgets.records.archives.fdsn.time.sleep", slept.append)
    workspace.fetch_records(centre.address, region=MAY, radius_km=150)
    # half a second from one to the next: six of them, the first one at once, the events' own centre apart
    assert sum(slept) >= 0.5 * 5 * 0.8
    assert max(slept) < 5


@pytest.mark.parametrize(
    "address", ["ftp://example.org", "file:///etc/passwd", "no centre", "NOSUCHCENTRE", "/etc/passwd"]
)
def test_an_address_of_no_data_centre_is_refused(workspace, address):
    with pytest.raises(RecordError, match="data centre"):
        workspace.fetch_records(address, region=MAY)


def test_without_events_there_is_nothing_to_fetch(workspace):
    with pytest.raises(RecordError, match="a catalogue, or a region and a time"):
        workspace.fetch_records("http://127.0.0.1:9")


def test_the_command_fetches(centre, workspace, capsys):
    where = ["-w", str(workspace.path)]
    workspace.close()
    time = ["--begin", "2021-05-01", "--end", "2021-05-05"]
    assert main(["fetch", centre.address, *time, "--region", "60", "70", "30", "40", "--radius", "150", *where]) == 0
    assert "4 records of 2 new events" in capsys.readouterr().out
    assert main(["fetch", centre.address, *where]) == 1
    assert "--catalog FILE, or --begin and --end" in capsys.readouterr().err
