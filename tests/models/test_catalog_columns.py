import pytest

from tests.records.making import counts, mseed, trace
from trova_widgets import Workspace
from trova_widgets.errors import RecordError
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.catalog_columns import CatalogColumnsModel
from trova_widgets.models.records import RecordsModel
from trova_widgets.records import layout_of_table

TABLE = "Shot;When;lat;lon;Kind;Grade\n7;2021-05-04T12:00:15;67,6;33,7;quarry blast;A\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "catalog.csv"
    path.write_text(TABLE)
    return path


def _columns(model: CatalogColumnsModel) -> dict[str, str]:
    return {field["name"]: field["column"] for field in model.fields if field["column"]}


def test_the_guess_is_shown_with_examples(table):
    model = CatalogColumnsModel()
    model.show(layout_of_table(table))
    assert _columns(model) == {"latitude": "lat", "longitude": "lon"}
    assert {"value": "When", "title": "When (2021-05-04T12:00:15)"} in model.choices
    assert model.columns is None


def test_only_what_was_corrected_is_handed_on(table):
    model = CatalogColumnsModel()
    model.show(layout_of_table(table))
    model.choose("origin_time", "When")
    model.choose("event_type", "Kind")
    model.choose("latitude", "")
    assert model.columns == {"origin_time": "When", "event_type": "Kind", "latitude": ""}
    model.choose("latitude", "lat")
    assert model.columns == {"origin_time": "When", "event_type": "Kind"}
    model.show(None)
    assert (model.fields, model.choices, model.columns) == ([], [], None)


def test_a_table_is_mapped_and_taken_in(table, tmp_path):
    record = tmp_path / "record.mseed"
    record.write_bytes(mseed(trace(counts())))
    with Workspace.create(tmp_path / "study") as workspace:
        page = RecordsModel(ApplicationModel(workspace))
        page.record_import.look_at_catalog(table)
        for name, column in (("origin_time", "When"), ("event_type", "Kind"), ("event_id", "Shot")):
            page.record_import.columns.choose(name, column)
        page.record_import.import_files([record], table, "")
        assert "1 records of 1 new events" in page.record_import.report
        (event,) = workspace.events().to_dict("records")
        assert (event["event_id"], event["event_class"], event["latitude"]) == ("7", "quarry_blast", 67.6)
        page.record_import.look_at_catalog(None)
        assert page.record_import.columns.fields == []


@pytest.mark.parametrize("content", ["<?xml version='1.0'?>", "no table", "BEGIN IMS1.0\nDATA_TYPE BULLETIN\n"])
def test_what_is_no_table_has_no_columns(content, tmp_path):
    (tmp_path / "catalog").write_text(content)
    with pytest.raises(RecordError):
        layout_of_table(tmp_path / "catalog")
    with Workspace.create(tmp_path / "study") as workspace:
        page = RecordsModel(ApplicationModel(workspace))
        page.record_import.look_at_catalog(tmp_path / "catalog")
        assert page.record_import.columns.fields == []
