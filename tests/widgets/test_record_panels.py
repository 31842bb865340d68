from pathlib import Path

import pytest

from tests.records.data_centre import DataCentreServer
from tests.records.making import counts, mseed, trace
from trova_widgets import Workspace
from trova_widgets.models.application import ApplicationModel
from trova_widgets.pages.records import RecordsPage, records_page


@pytest.fixture
def page(filled_study: Workspace) -> RecordsPage:
    application = ApplicationModel(filled_study)
    application.page = "records"
    return records_page(filled_study, application)


def _upload(upload, path: Path) -> None:
    file = {"name": path.name, "number": 0}
    upload.vue_begin()
    upload.vue_piece({**file, "offset": 0}, [memoryview(path.read_bytes())])
    upload.vue_chosen_all([file])


def test_an_import_is_made_of_what_was_uploaded_and_the_fields_are_empty_again(
    page: RecordsPage, tmp_path: Path
) -> None:
    record, catalog = tmp_path / "record.mseed", tmp_path / "shots.csv"
    record.write_bytes(mseed(trace(counts(), start="2021-05-30T12:00:00")))
    catalog.write_text("event_id,time,latitude,longitude,event_type\nshot,2021-05-30T12:00:15,67.6,33.7,mine blast\n")
    panel = page.record_import
    _upload(panel.waveform_upload, record)
    _upload(panel.catalog_upload, catalog)
    assert panel.uploaded == 1
    panel.vue_import_files(None)
    assert panel.status.report.startswith("1 records of 1 new events")
    assert (panel.uploaded, panel.catalog_upload.paths) == (0, [])
    assert (page.all_records, panel.status.busy) == (31, "")


def test_an_import_waits_for_a_catalogue_that_is_under_way(page: RecordsPage, tmp_path: Path) -> None:
    record, catalog = tmp_path / "record.mseed", tmp_path / "shots.csv"
    record.write_bytes(mseed(trace(counts(), start="2021-05-30T12:00:00")))
    catalog.write_text("event_id,time,latitude,longitude,event_type\nshot,2021-05-30T12:00:15,67.6,33.7,mine blast\n")
    panel = page.record_import
    panel.catalog_upload.vue_begin()
    _upload(panel.waveform_upload, record)
    panel.vue_import_files(None)
    assert panel.status.report == ""
    _upload(panel.catalog_upload, catalog)
    assert panel.status.report.startswith("1 records of 1 new events")


def test_an_import_is_given_up_when_one_of_its_files_cannot_be_read(page: RecordsPage, tmp_path: Path) -> None:
    record = tmp_path / "record.mseed"
    record.write_bytes(mseed(trace(counts(), start="2021-05-30T12:00:00")))
    panel = page.record_import
    panel.catalog_upload.vue_begin()
    _upload(panel.waveform_upload, record)
    panel.vue_import_files(None)
    panel.catalog_upload.vue_lose("shots.csv")
    assert (panel.status.report, panel.catalog_upload.lost) == (
        "",
        "shots.csv cannot be read any more; choose it again.",
    )
    # what has arrived is still there, and taken in without a catalogue when somebody says so
    panel.catalog_upload.vue_begin()
    panel.catalog_upload.vue_chosen_all([])
    panel.vue_import_files(None)
    assert panel.status.report.startswith("1 records of 0 new events")


def test_the_form_of_a_fetch_is_that_of_its_model(page: RecordsPage, tmp_path: Path) -> None:
    panel = page.record_fetch
    page.vue_look_at("centre")
    assert panel.centres
    catalog = tmp_path / "shots.csv"
    catalog.write_text("event_id,time,latitude,longitude,event_type\nshot,2021-05-04T12:00:00,67.6,33.7,mine blast\n")
    _upload(panel.catalog_upload, catalog)
    assert panel.catalog_columns.fields
    with DataCentreServer() as centre:
        panel.address, panel.stations = centre.address, "LVZ"
        # the catalogue is not what is asked for as long as a region is chosen
        panel.by_region = True
        panel.vue_fetch()
        assert "Nothing says which events are meant" in panel.status.problem
        panel.by_region = False
        panel.vue_fetch()
    assert panel.status.problem == ""
    assert panel.status.report.startswith("1 records of 1 new events")
    panel.vue_stop()
    assert not panel.stopping


def test_the_table_of_event_types_is_changed(page: RecordsPage, filled_study: Workspace) -> None:
    panel = page.event_types
    assert panel.rows == []
    page.vue_look_at("types")
    assert (panel.rows[0]["event_type"], panel.rows[0]["count"]) == ("explosion", 10)
    panel.vue_change(["rock burst", "rock_burst"])
    assert "rock_burst" in panel.classes
    panel.vue_change(["rock burst", None])
    assert "gives no class" in panel.status.report
    panel.vue_change([None, "other"])
    assert "empty text" in panel.status.problem


def test_a_copy_offers_nothing_to_write(filled_study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(filled_study), "read_only", True)
    page = records_page(filled_study, ApplicationModel(filled_study))
    for view in (page, page.record_import, page.record_fetch, page.event_types):
        assert view.read_only.startswith("Read only: another process has the database")
