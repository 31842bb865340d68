from pathlib import Path

import pandas as pd
import pytest

from tests.models.standin import NOW, StandIn
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
        ({"station": "KO.LVZ"}, 15),
        ({"words": "EVENT7"}, 3),
        ({"flag": "weak"}, 3),
        ({"least_snr": "20"}, 10),
        ({"least_magnitude": "2.5"}, 9),
        ({"station": "KO.APA", "least_snr": "20"}, 5),
    ],
)
def test_filters_narrow_the_table_and_are_cleared(page: RecordsModel, filters: dict[str, str], total: int) -> None:
    assert not page.filtered
    page.page_number = 3
    for name, value in filters.items():
        page.set_trait(name, value)
    assert (page.total, page.page_number, page.filtered) == (total, 1, True)
    assert len(page.rows) == min(total, 10)
    page.clear_filters()
    assert (page.total, page.filtered) == (30, False)


def test_what_can_be_filtered_by_is_what_there_is(page: RecordsModel) -> None:
    assert page.stations == ["KO.APA", "KO.LVZ"]
    assert [flag["value"] for flag in page.flags] == ["sound", "weak"]
    assert not page.distances_known
    present = {item["value"] for item in page.classes if item["present"]}
    assert present == {"earthquake", "mine_blast", "quarry_blast"}


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
    assert [line["record_id"] for line in page.seismogram.lines] == ["r4"]
    assert (page.seismogram.last_s, page.seismogram.zero) == (120.0, "the start of the record")
    assert page.map.selected == page.details["event_id"] == "smi:trova/event4"
    latest, first = page.details["labels"]
    assert (latest["title"], latest["author"], latest["time"]) == ("Mine blast", "analyst", "2024-05-01 12:00:00")
    assert (first["title"], first["comment"]) == ("Explosion", "imported")


def test_the_address_selects_a_record(page: RecordsModel) -> None:
    page.application.open("records", "r7")
    assert page.selected == "r7"
    page.application.open("records", "gone")
    assert page.selected == "r7"
    assert "gone" in page.application.message


def test_an_event_on_the_map_selects_a_record_of_it(page: RecordsModel) -> None:
    page.map.selected = "smi:trova/event5"
    assert page.details["event_id"] == "smi:trova/event5"


def test_an_event_without_a_record_says_so(page: RecordsModel, workspace: StandIn) -> None:
    workspace._records = workspace._records[workspace._records["event_id"] != "smi:trova/event5"]
    page.refresh()
    before = page.selected
    page.map.selected = "smi:trova/event5"
    assert page.selected == before
    assert "event5 has no record" in page.application.message


def test_all_stations_of_an_event_are_seen_under_each_other(page: RecordsModel, workspace: StandIn) -> None:
    workspace._records.loc[10:19, "station"] = "LVZ"
    page.refresh()
    page.select("r4")
    page.section = True
    assert [line["title"] for line in page.seismogram.lines] == ["KO.APA BHZ", "KO.LVZ BHZ"]
    assert page.seismogram.zero == "the origin"
    page.select("r5")
    assert {line["record_id"] for line in page.seismogram.lines} >= {"r5"}
    page.section = False
    assert [line["record_id"] for line in page.seismogram.lines] == ["r5"]


def test_the_scalogram_comes_when_it_is_wanted(page: RecordsModel) -> None:
    page.select("r4")
    assert page.scalogram == {}
    page.with_scalogram = True
    assert page.scalogram["duration_s"] == 120.0
    page.section = True
    assert page.scalogram == {}
    page.section = False
    assert page.scalogram["rows"] == 64
    page.with_scalogram = False
    assert page.scalogram == {}


def test_a_label_that_is_said_over_and_over_is_told_once(page: RecordsModel, workspace: StandIn) -> None:
    columns = ["event_class", "author", "made_at", "comment"]
    said = [["earthquake", "trova", NOW, ""]] * 5 + [["explosion", "anna", NOW, ""], ["earthquake", "trova", NOW, ""]]
    workspace.labels = lambda event_id: pd.DataFrame(said, columns=columns)
    page.select("r4")
    assert [label["title"] for label in page.details["labels"]] == ["Earthquake", "Explosion", "Earthquake"]


def test_an_analyst_relabels_an_event(page: RecordsModel, workspace: StandIn) -> None:
    page.select("r4")
    page.relabel("mine_blast")
    assert not workspace.calls
    page.relabel("earthquake")
    assert workspace.calls == [("label", "smi:trova/event4", "earthquake")]
    assert page.details["event_class"] == "earthquake"
    assert page.details["labels"][0]["title"] == "Earthquake"


def test_an_import_is_reported(page: RecordsModel, workspace: StandIn) -> None:
    page.import_files([Path("a.mseed"), Path("b.mseed")], None, "earthquake")
    assert page.report == "2 records taken in."
    assert workspace.calls == [("import", [Path("a.mseed"), Path("b.mseed")], None, "earthquake")]


def test_an_empty_study_is_no_error() -> None:
    page = RecordsModel(ApplicationModel(StandIn(0)))
    assert (page.rows, page.all_records, page.selected) == ([], 0, "")
    page.select("r1")
    assert page.details == {}
