from pathlib import Path

import pytest

from tests.models.standin import StandIn
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.records import RecordsModel


@pytest.fixture
def workspace() -> StandIn:
    return StandIn(30)


@pytest.fixture
def page(workspace: StandIn) -> RecordsModel:
    application = ApplicationModel(workspace)
    application.page = "records"
    return RecordsModel(application)


def test_the_table_has_pages(page: RecordsModel) -> None:
    assert (len(page.rows), page.total, page.page_count) == (10, 30, 3)
    first = page.rows[0]["record_id"]
    page.page_number = 3
    assert len(page.rows) == 10
    assert page.rows[0]["record_id"] != first


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({"event_class": "mine_blast"}, 9),
        ({"station": "LVZ"}, 15),
        ({"words": "EVENT7"}, 3),
        ({"words": "no such thing"}, 0),
        ({"least_snr": "20"}, 10),
        ({"least_snr": "2.5.x"}, 30),
        ({"station": "APA", "least_snr": "20"}, 5),
    ],
)
def test_filters_narrow_the_table(page: RecordsModel, filters: dict[str, str], total: int) -> None:
    page.page_number = 3
    for name, value in filters.items():
        page.set_trait(name, value)
    assert (page.total, page.page_number) == (total, 1)
    assert len(page.rows) == min(total, 10)


def test_a_column_sorts_both_ways(page: RecordsModel) -> None:
    page.sort("snr_db")
    assert page.rows[0]["snr_db"] == "0.0"
    page.sort("snr_db")
    assert page.rows[0]["snr_db"] == "29.0"
    page.sort("; drop table")
    assert page.sort_by == "-snr_db"


def test_a_record_is_shown_and_kept_in_the_address(page: RecordsModel) -> None:
    page.select("r4")
    assert page.application.subject == "r4"
    assert page.seismogram.duration_s == 120
    assert page.map.selected == page.details["event_id"] == "smi:trova/event4"
    assert page.details["labels"] == ["Mine blast, analyst, 2024-05-01 12:00:00"]


def test_the_address_selects_a_record(page: RecordsModel) -> None:
    page.application.open("records", "r7")
    assert page.selected == "r7"
    page.application.open("records", "gone")
    assert page.selected == "r7"
    assert "gone" in page.application.message


def test_an_event_on_the_map_selects_a_record_of_it(page: RecordsModel) -> None:
    page.map.selected = "smi:trova/event5"
    assert page.details["event_id"] == "smi:trova/event5"


def test_an_analyst_relabels_an_event(page: RecordsModel, workspace: StandIn) -> None:
    page.select("r4")
    page.relabel("mine_blast")
    assert not workspace.calls
    page.relabel("earthquake")
    assert workspace.calls == [("label", "smi:trova/event4", "earthquake")]
    assert page.details["event_class"] == "earthquake"
    assert "Earthquake" in page.details["labels"][0]


def test_an_import_is_reported(page: RecordsModel, workspace: StandIn) -> None:
    page.import_files([Path("a.mseed"), Path("b.mseed")], None, "earthquake")
    assert page.report == "2 records taken in."
    assert workspace.calls == [("import", [Path("a.mseed"), Path("b.mseed")], None, "earthquake")]


def test_an_empty_study_is_no_error() -> None:
    page = RecordsModel(ApplicationModel(StandIn(0)))
    assert (page.rows, page.all_records, page.selected) == ([], 0, "")
    page.select("r1")
    assert page.details == {}
