"""The clock on the page of records: it follows the filters, the map, and whose clock it is."""

import pytest

from tests.workspace.catalogues import catalogue
from trova_widgets import Workspace
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.records import RecordsModel


@pytest.fixture
def page(filled_study: Workspace) -> RecordsModel:
    application = ApplicationModel(filled_study)
    application.page = "records"
    return RecordsModel(application)


def test_it_follows_the_filters(page: RecordsModel) -> None:
    assert page.clock.about.startswith("10 events, time of the sun")
    page.table.event_class = "mine_blast"
    assert page.clock.about.startswith("3 events among the records that pass the filters, time of the sun")
    assert page.clock.said.startswith("100 % of 3 blasts")
    page.table.words = "nothing is called so"
    assert (page.clock.said, page.clock.picture) == ("", "")
    assert page.clock.about == "No event with an origin time and a class is among the records that pass the filters."
    page.table.clear_filters()
    assert page.clock.about.startswith("10 events, ")


def test_it_is_drawn_where_it_is_wanted_and_as_wide_as_there_is_room(page: RecordsModel) -> None:
    assert page.clock.said and not page.clock.picture
    page.clock_opened = True
    wide = page.clock.picture
    assert wide.startswith("<svg") and page.clock.opened
    page.clock.room = 400
    assert page.clock.picture.startswith("<svg") and page.clock.picture != wide


def test_whose_clock_it_is_can_be_said(page: RecordsModel) -> None:
    page.clock.utc_offset = "3"
    assert "local time (UTC + 3 h)" in page.clock.about
    page.clock.utc_offset = "77"
    assert (
        page.clock.about == "No clock is 77 h ahead of UTC; give a number of hours from -12 to 14."
        and not page.clock.said
    )
    page.clock.utc_offset = ""
    assert "time of the sun" in page.clock.about


def test_it_follows_the_part_of_the_map_and_the_map_has_the_quarries(tmp_path) -> None:
    workspace, _ = catalogue(tmp_path)
    with workspace:
        page = RecordsModel(ApplicationModel(workspace))
        assert [quarry["name"] for quarry in page.map.quarries] == [f"Q{number}" for number in range(6)]
        first = page.map.quarries[0]
        page.map.look((first["x_km"], first["y_km"]), 12.0)
        near = workspace.clock(quarry="Q0").clock.totals.sum()
        assert page.clock.about.startswith(f"{near} events in the part of the map that is seen, time")
        page.map.whole()
        assert page.clock.about.startswith("600 events, time")
        # a table that was spoilt takes nothing else with it
        (workspace.path / "quarries.csv").write_text("something else\n")
        page.refresh()
        assert not page.map.quarries and "Mend it, or give the quarries anew" in page.map.note
