import io

import pytest

from tests.records.making import START, counts, mseed, trace
from trova_widgets.errors import RecordError
from trova_widgets.records import NewRecord, read_records
from trova_widgets.records.catalogues.stations import StationPlaces
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks


def _inventory(*epochs: tuple[str, float, str | None, str | None]) -> bytes:
    module = obspy_module("obspy.core.inventory")
    moment = obspy_module("obspy").UTCDateTime
    stations = [
        module.Station(code, latitude, 33.0, 100.0, start_date=begin and moment(begin), end_date=end and moment(end))
        for code, latitude, begin, end in epochs
    ]
    target = io.BytesIO()
    with remarks():
        module.Inventory([module.Network("IM", stations)], source="test").write(target, format="STATIONXML")
    return target.getvalue()


def test_a_file_without_places_is_matched_through_the_inventory(tmp_path):
    (tmp_path / "a.mseed").write_bytes(mseed(trace(counts())))
    (tmp_path / "stations.xml").write_bytes(_inventory(("APA", 67.6, None, None)))
    (tmp_path / "catalog.csv").write_text(
        "event_id,time,latitude,longitude\nnear,2021-05-04T12:00:15Z,67.6,33.7\nfar,2021-05-04T12:00:18Z,60.0,33.7\n"
    )
    (item,) = read_records(tmp_path, catalog=tmp_path / "catalog.csv", stations=tmp_path / "stations.xml")
    assert isinstance(item, NewRecord)
    assert item.event.event_id == "near"
    assert item.parameters["station_latitude"] == 67.6


def test_a_station_that_moved_stands_where_it_stood_then(tmp_path):
    inventory = _inventory(("APA", 60.0, "2000-01-01", "2021-05-04"), ("APA", 67.6, "2021-05-04", None))
    (tmp_path / "stations.xml").write_bytes(inventory)
    (tmp_path / "a.mseed").write_bytes(mseed(trace(start=START), trace(start="2010-01-01T00:00:00")))
    items = read_records(tmp_path / "a.mseed", stations=tmp_path / "stations.xml")
    assert sorted(item.parameters["station_latitude"] for item in items) == [60.0, 67.6]
    assert len(StationPlaces.read(inventory).epochs["IM", "APA"]) == 2


def test_fdsn_station_text_is_read():
    text = b"#Network | Station | Latitude | Longitude | Elevation | SiteName | StartTime | EndTime\n"
    text += b"IM|APA|67.6|33.0|100.0|Apatity|2000-01-01T00:00:00|\n"
    (epoch,) = StationPlaces.read(text).epochs["IM", "APA"]
    assert (epoch.latitude, epoch.longitude, epoch.end_ns) == (67.6, 33.0, None)


@pytest.mark.parametrize("content", [b"", b"no inventory", b"\x80\x04."])
def test_what_is_no_inventory_is_refused(content):
    with pytest.raises(RecordError):
        StationPlaces.read(content)


def test_an_inventory_that_declares_a_document_type_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><FDSNStationXML>&a;</FDSNStationXML>'
    with pytest.raises(RecordError, match="delete the DOCTYPE"):
        StationPlaces.read(bomb)


def test_a_missing_inventory_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"inventory .*missing\.xml cannot be opened"):
        list(read_records(tmp_path, stations=tmp_path / "missing.xml"))


def test_one_bad_station_leaves_the_others(tmp_path):
    module = obspy_module("obspy.core.inventory")
    stations = [module.Station(code, latitude=67.57, longitude=33.4, elevation=0) for code in ("APA", "LVZ")]
    path = tmp_path / "stations.xml"
    module.Inventory([module.Network("IM", stations)], source="test").write(str(path), format="STATIONXML")
    head, found, rest = path.read_text().rpartition("67.57")
    path.write_text(f"{head}167.57{rest}")
    assert found
    text = (
        "#Network|Station|Latitude|Longitude|Elevation|SiteName|StartTime|EndTime\n"
        "IM|APA|67.57|33.4|100|A|2000-01-01T00:00:00|\nIM|LVZ|167.57|33.4|0|B|2000-01-01T00:00:00|\n"
    )
    for source in (path, text.encode()):
        places = StationPlaces.read(source)
        assert set(places.epochs) == {("IM", "APA")}
        (remark,) = places.remarks
        assert remark.kind == "station of the inventory that cannot be read"
        assert remark.subject.startswith("IM.LVZ: ") and "167.57" in remark.subject
