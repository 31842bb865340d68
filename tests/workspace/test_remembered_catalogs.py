"""What comes first is not forgotten: catalogues before their files, files before a catalogue that comes with others."""

import pytest

from tests.records.making import mseed, trace
from tests.workspace.archives import DAY, moment, noise, record, table
from trova_widgets.errors import RecordError
from trova_widgets.workspace import Workspace


@pytest.fixture
def study(tmp_path):
    with Workspace.create(tmp_path / "study") as workspace:
        yield workspace


def _rows(*types: str) -> list[tuple[object, ...]]:
    return [(f"E{number}", moment(DAY, 3600 * number + 15), 67, 33, kind) for number, kind in enumerate(types)]


def test_a_catalogue_that_comes_before_its_files_is_kept(study, tmp_path):
    report = study.attach_catalog(table(tmp_path / "c.csv", _rows("earthquake", "quarry blast", "explosion")))
    assert (report.events, report.kept, report.catalogue_events.told) == (3, 3, 3)
    assert "They are kept, and files that come later are matched with them" in str(report)
    for number, station in enumerate(("APA", "LVZ")):
        record(tmp_path / "data", f"{station}.mseed", str(moment(DAY, 3600 * number)), seed=number, station=station)
    report = study.import_records(tmp_path / "data")
    assert (report.records, report.events) == (2, 0)
    assert study.records()["event_class"].tolist() == ["earthquake", "quarry_blast"]
    assert study.events()["record_count"].tolist() == [1, 1, 0]


def test_a_later_file_of_many_hours_is_cut_by_what_is_remembered(study, tmp_path):
    study.attach_catalog(table(tmp_path / "c.csv", _rows("earthquake", "quarry blast")))
    data = tmp_path / "data"
    data.mkdir()
    for name, start in (("day", DAY), ("other", "2022-01-01T00:00:00")):
        (data / f"{name}.mseed").write_bytes(mseed(trace(noise(3 * 3600), start=start, sampling_rate=20.0)))
    study.import_records(data)
    records = study.records()
    assert records["event_id"].fillna("").tolist() == ["E0", "E1", ""]
    # of the day of which no event is known, all is kept
    assert records["sample_count"].tolist()[2] == 3 * 3600 * 20


def test_a_corrected_catalogue_corrects_events_without_records_as_well(study, tmp_path):
    study.attach_catalog(table(tmp_path / "a.csv", _rows("earthquake")))
    report = study.attach_catalog(table(tmp_path / "b.csv", _rows("quarry blast")))
    assert (report.events, report.revised, report.relabelled) == (0, 1, 1)
    assert study.events()["event_class"].tolist() == ["quarry_blast"]
    assert study.labels("E0")["event_class"].tolist() == ["earthquake", "quarry_blast"]


def test_records_without_an_event_are_matched_with_the_catalogue_of_another_import(study, tmp_path):
    for number in range(2):
        record(tmp_path / f"part{number}", "r.mseed", str(moment(DAY, 3600 * number)), seed=number)
    study.import_records(tmp_path / "part0")
    report = study.import_records(
        tmp_path / "part1", catalog=table(tmp_path / "c.csv", _rows("earthquake", "quarry blast"))
    )
    assert (report.records, report.matched, report.unshown) == (1, 1, ())
    assert study.records()["event_class"].tolist() == ["earthquake", "quarry_blast"]


def test_an_event_without_a_time_is_told_as_such(study, tmp_path):
    record(tmp_path / "data", "a.mseed")
    rows = [("E0", moment(DAY, 15), 67, 33, "earthquake"), ("E1", "", 67, 33, "earthquake")]
    report = study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    assert report.unshown == report.untimed == ("E1",)
    assert "they have no origin time, and no row ties one of the files to them: E1" in str(report)


def test_a_day_that_a_table_ties_to_several_events_is_cut_for_each(study, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "day.mseed").write_bytes(mseed(trace(noise(3 * 3600), sampling_rate=20.0)))
    rows = [("day.mseed", *row) for row in _rows("earthquake", "quarry blast", "explosion")[:2]]
    report = study.import_records(data, catalog=table(data / "c.csv", rows, "file,event_id,time,lat,lon,type"))
    assert study.records()["event_class"].tolist() == ["earthquake", "quarry_blast"]
    assert report.remarks == () and report.unshown == ()


def test_columns_without_a_catalogue_are_refused(study, tmp_path):
    record(tmp_path / "data", "a.mseed")
    with pytest.raises(RecordError, match="are those of a catalogue, and none is given; name it as well"):
        study.import_records(tmp_path / "data", columns={"origin_time": "T"})
    assert study.records().empty
