import asyncio
import threading
from pathlib import Path

import pytest

from tests.models.filled import measured
from tests.models.standin import NOW
from tests.models.test_background import answered
from tests.records.making import counts, mseed, trace
from tests.store.samples import record
from trova_widgets import Workspace
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.records import Closely, RecordsModel
from trova_widgets.store import LabelRow


@pytest.fixture
def page(filled_study: Workspace) -> RecordsModel:
    application = ApplicationModel(filled_study)
    application.page = "records"
    return RecordsModel(application)


def test_the_table_has_pages(page: RecordsModel) -> None:
    assert (len(page.table.rows), page.table.total, page.table.page_count) == (10, 30, 3)
    first = page.table.rows[0]["record_id"]
    page.table.page_number = 3
    assert len(page.table.rows) == 10
    assert page.table.rows[0]["record_id"] != first


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
    assert not page.table.filtered
    page.table.page_number = 3
    for name, value in filters.items():
        page.table.set_trait(name, value)
    assert (page.table.total, page.table.page_number, page.table.filtered) == (total, 1, True)
    assert len(page.table.rows) == min(total, 10)
    page.table.clear_filters()
    assert (page.table.total, page.table.filtered) == (30, False)


def test_what_can_be_filtered_by_is_what_there_is(page: RecordsModel) -> None:
    assert page.table.stations == ["KO.APA", "KO.LVZ"]
    assert [flag["value"] for flag in page.table.flags] == ["sound", "weak"]
    assert not page.table.distances_known
    present = {item["value"] for item in page.table.classes if item["present"]}
    assert present == {"earthquake", "mine_blast", "quarry_blast"}


def test_a_column_sorts_both_ways(page: RecordsModel) -> None:
    page.table.sort("snr_db")
    assert page.table.rows[0]["snr_db"] == "0.0"
    page.table.sort("snr_db")
    assert page.table.rows[0]["snr_db"] == "29.0"
    page.table.sort("; drop table")
    assert page.table.sort_by == "-snr_db"


def test_the_list_turns_to_the_record_that_a_link_opens(page: RecordsModel) -> None:
    last = page.workspace.record_page(first=25, count=1).rows["record_id"].iloc[0]
    page.application.open("results", "first")
    page.application.open("records", last)
    assert (page.selected, page.table.page_number) == (last, 3)
    assert last in [row["record_id"] for row in page.table.rows]
    # to turn the pages by hand is not taken back
    page.table.page_number = 2
    page.application.refresh()
    assert page.table.page_number == 2
    page.table.sort("snr_db")
    page.select("r4")
    assert page.table.page_number == 1 and page.table.rows[4]["record_id"] == "r4"


def test_a_record_that_the_filters_hold_back_is_told_and_shown_without_them(page: RecordsModel) -> None:
    first = page.selected
    page.table.station = "KO.APA"
    page.select("r1")
    assert (page.selected, page.table.held_back, page.table.page_number) == ("r1", "r1", 1)
    page.table.clear_filters()
    assert page.table.held_back == "" and "r1" in [row["record_id"] for row in page.table.rows]
    page.table.least_snr = "5"
    page.select(first)
    assert page.table.held_back == ""


def test_a_record_is_shown_and_kept_in_the_address(page: RecordsModel) -> None:
    page.select("r4")
    assert page.application.subject == "r4"
    assert [line["record_id"] for line in page.seismogram.lines] == ["r4"]
    assert (page.seismogram.last_s, page.seismogram.zero) == (120.0, "the start of the record")
    assert page.map.selected == page.details["event_id"] == "smi:trova/event4"
    latest, first = page.details["labels"]
    assert (latest["title"], latest["author"], latest["time"]) == ("Mine blast", "analyst", "2024-05-01 12:00:00")
    assert (first["title"], first["comment"]) == ("Explosion", "explosion")


def test_the_address_selects_a_record(page: RecordsModel) -> None:
    page.application.open("records", "r7")
    assert page.selected == "r7"
    page.application.open("records", "gone")
    assert page.selected == "r7"
    assert "gone" in page.application.message


def test_an_event_on_the_map_selects_a_record_of_it(page: RecordsModel) -> None:
    page.map.selected = "smi:trova/event5"
    assert page.details["event_id"] == "smi:trova/event5"


def test_an_event_without_a_record_says_so(page: RecordsModel) -> None:
    before = page.selected
    page.map.selected = "smi:trova/gone"
    assert page.selected == before
    assert "gone has no record" in page.application.message


def test_all_stations_of_an_event_are_seen_under_each_other(page: RecordsModel, filled_study: Workspace) -> None:
    filled_study._store.add_records(
        [record("late", "smi:trova/event4", network="KO", station="UMB", start_time_ns=NOW.value, channel="BHZ")]
    )
    file = filled_study.path / "waveforms" / "ab" / "abab.mseed"
    file.parent.mkdir()
    file.write_bytes(mseed(trace(counts(), network="KO", station="UMB")))
    page.application.refresh()
    page.select("r4")
    page.section = True
    assert {line["title"] for line in page.seismogram.lines} == {"KO.APA BHZ", "KO.UMB BHZ"}
    assert page.seismogram.zero == "the origin"
    page.select("late")
    assert {line["record_id"] for line in page.seismogram.lines} >= {"late"}
    page.section = False
    assert [line["record_id"] for line in page.seismogram.lines] == ["late"]


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


def test_a_label_that_is_said_over_and_over_is_told_once(page: RecordsModel, filled_study: Workspace) -> None:
    said = ["earthquake"] * 5 + ["explosion", "earthquake"]
    filled_study._store.add_labels(
        [
            LabelRow(event_id="smi:trova/event4", event_class=what, author="anna", made_at_ns=NOW.value + k, comment="")
            for k, what in enumerate(said, start=1)
        ]
    )
    page.select("r4")
    assert [label["title"] for label in page.details["labels"]][:4] == [
        "Earthquake", "Explosion", "Earthquake", "Mine blast",
    ]  # fmt: skip


def test_an_analyst_relabels_an_event(page: RecordsModel, filled_study: Workspace) -> None:
    page.select("r4")
    page.relabel("mine_blast")
    assert len(filled_study.labels("smi:trova/event4")) == 2
    page.relabel("earthquake")
    assert page.details["event_class"] == "earthquake"
    assert page.details["labels"][0]["title"] == "Earthquake"
    assert page.application.message == "event4 has the class earthquake now."
    # what was said before stays
    assert filled_study.labels("smi:trova/event4")["event_class"].tolist() == ["explosion", "mine_blast", "earthquake"]


def test_what_others_say_of_the_shown_record_is_seen(page: RecordsModel, filled_study: Workspace) -> None:
    page.select("r4")
    filled_study.label("smi:trova/event4", "quarry_blast", author="vera")
    page.application.refresh()
    assert (page.details["event_class"], page.details["labels"][0]["author"]) == ("quarry_blast", "vera")


def test_an_import_is_reported(page: RecordsModel, filled_study: Workspace, tmp_path: Path) -> None:
    files = [tmp_path / f"{day}.mseed" for day in (4, 5)]
    for day, file in enumerate(files, start=4):
        file.write_bytes(mseed(trace(counts(seed=day), start=f"2021-05-0{day}T12:00:00")))
    page.record_import.import_files(files, None, "earthquake")
    assert page.record_import.report.startswith("2 records of 2 new events")
    assert (page.table.all_records, page.record_import.busy, page.record_import.problem) == (32, "", "")
    page.record_import.import_files([tmp_path / "nothing.mseed"], None, "")
    assert "nothing.mseed" in page.record_import.report + page.record_import.problem


def test_an_empty_study_is_no_error(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "empty") as workspace:
        page = RecordsModel(ApplicationModel(workspace))
        assert (page.table.rows, page.table.all_records, page.selected) == ([], 0, "")
        page.table.sort("snr_db")
        page.table.least_snr = "3"
        page.select("r1")
        assert (page.details, page.problem, page.table.list_problem) == ({}, "", "")


def test_by_what_nobody_measured_nothing_is_found_or_sorted(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "bare") as workspace:
        workspace._store.add_records([record(f"r{k}", None) for k in range(3)])
        page = RecordsModel(ApplicationModel(workspace))
        page.table.sort("snr_db")
        assert len(page.table.rows) == 3
        page.table.most_distance = "100"
        assert (page.table.rows, page.table.list_problem) == ([], "")
        page.table.clear_filters()
        page.table.flag = "no_onset"
        assert page.table.total == 3


def test_when_records_go_out_of_sight_the_last_page_is_open(page: RecordsModel, filled_study: Workspace) -> None:
    page.table.event_class = "mine_blast"
    page.table.clear_filters()
    page.table.page_number = 3
    # others label events, so that fewer of them pass
    page.table.event_class = "earthquake"
    page.table.page_number = 2
    for event in (0, 3, 6):
        filled_study.label(f"smi:trova/event{event}", "quarry_blast")
    page.application.refresh()
    assert (page.table.total, page.table.page_number, len(page.table.rows)) == (3, 1, 3)


def test_the_last_of_quick_questions_counts(filled_study: Workspace) -> None:
    """In a running loop the answers come later, and only the last one is shown."""

    async def ask() -> RecordsModel:
        application = ApplicationModel(filled_study)
        application.page = "records"
        page = RecordsModel(application)
        for words in ("e", "ev", "event", "event7"):
            page.table.words = words
        for record_id in ("r3", "r4", "r7"):
            page.select(record_id)
        while page.table.searching or page.selected != "r7" or not page.seismogram.lines:
            await asyncio.sleep(0.01)
        return page

    page = asyncio.run(ask())
    assert page.table.total == 3
    assert page.details["event_id"] == "smi:trova/event7"
    assert [line["record_id"] for line in page.seismogram.lines] == ["r7"]


def test_the_record_that_was_clicked_last_is_shown(filled_study: Workspace) -> None:
    """Also where it is the one that is shown already, and an event on the map was clicked between."""

    async def ask() -> RecordsModel:
        application = ApplicationModel(filled_study)
        application.page = "records"
        page = RecordsModel(application)
        await answered()
        page.map.selected = "smi:trova/event5"
        # what is read again meanwhile is still the record before
        page.refresh()
        page.select(page.selected)
        await answered()
        return page

    page = asyncio.run(ask())
    assert page.selected == page.table.rows[0]["record_id"]
    assert page.map.selected == page.details["event_id"] != "smi:trova/event5"


def test_a_record_that_is_picked_while_the_page_reads_again_is_shown(
    filled_study: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address still names the record before, and what was read again comes first."""

    async def ask() -> RecordsModel:
        application = ApplicationModel(filled_study)
        application.page = "records"
        page = RecordsModel(application)
        await answered()
        assert application.subject == page.selected != "r7"
        at_once, read_again = Closely.read, threading.Event()
        monkeypatch.setattr(Closely, "read", lambda *asked: (read_again.wait(10), at_once(*asked))[1])
        page.select("r7")
        page._show(page._read())
        read_again.set()
        await answered()
        return page

    page = asyncio.run(ask())
    assert page.selected == page.application.subject == "r7"


def test_a_class_is_given_to_the_event_that_a_person_saw(page: RecordsModel, filled_study: Workspace) -> None:
    page.select("r7")
    page.relabel("quarry_blast", "smi:trova/event4")
    assert filled_study.labels("smi:trova/event4")["event_class"].iloc[-1] == "quarry_blast"
    assert "quarry_blast" not in set(filled_study.labels("smi:trova/event7")["event_class"])


def test_flags_that_nothing_has_are_not_offered(page: RecordsModel, filled_study: Workspace) -> None:
    filled_study._store.add_parameters([measured("r9", "gap_count", 2.0)])
    page.application.refresh()
    assert [flag["value"] for flag in page.table.flags] == ["sound", "gaps", "weak"]
    page.table.flag = "gaps"
    assert [row["record_id"] for row in page.table.rows] == ["r9"]
    page.table.flag = "sound"
    assert page.table.total == 26
