"""Records fetched on the real page, from a data centre on the loopback, and classes given to event types."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor
from tests.records.data_centre import DataCentreServer
from trova_widgets import Workspace
from trova_widgets.pages.server import Serving, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def study(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A served study of thirty records, and its folder."""
    folder = shutil.copytree(filled_folder, tmp_path_factory.mktemp("taking-in") / "kola")
    with served(Serving(workspace=folder, port=0, preheat=False)) as (serving, _):
        yield serving.here, folder


@pytest.fixture
def tab(study: tuple[str, Path], browser: Browser) -> Iterator[Page]:
    """The page of records, with its panel open; what goes wrong in it is told at the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    visitor = Visitor(context, study[0])
    tab = visitor.open("records")
    tab.click(".trova-import-open")
    yield tab
    tab.goto("about:blank")
    context.close()
    assert visitor.leaving == []
    assert visitor.errors == []


def test_records_are_fetched_from_a_data_centre(tab: Page) -> None:
    with DataCentreServer() as centre:
        tab.click(".trova-taking button:has-text('Data centre')")
        _write(tab, "address", "no centre at all")
        tab.click(".trova-fetch-start")
        expect(tab.locator(".trova-fetch .trova-problem")).to_contain_text("Nothing says which events are meant")
        tab.click(".trova-fetch-source button:has-text('region')")
        _write(tab, "begin", "2021-05-01")
        _write(tab, "end", "2021-06-01")
        _write(tab, "radius", "150")
        tab.click(".trova-fetch-start")
        expect(tab.locator(".trova-fetch .trova-problem")).to_contain_text("is no address of a data centre")
        _write(tab, "address", centre.address)
        tab.click(".trova-fetch-start")
        expect(tab.locator(".trova-fetch .trova-said")).to_contain_text("6 records of 3 new events taken in")
        expect(tab.locator(".trova-fetch .trova-problem")).to_have_count(0)
        expect(tab.locator(".trova-pages")).to_contain_text("36 of 36 records")
        assert centre.counts() == {"event": 1, "station": 3, "dataselect": 3}
    tab.fill(".trova-filters .v-text-field:has-text('Search') input", "kola1")
    expect(tab.locator(".trova-record-table tbody tr.trova-click")).to_have_count(2)


def test_an_event_type_gets_another_class(tab: Page, study: tuple[str, Path]) -> None:
    tab.click(".trova-taking button:has-text('Event types')")
    row = tab.locator(".trova-types-list tbody tr", has=tab.locator("td:text-is('explosion')"))
    # the type of ten events, whose classes were said by an analyst
    expect(row.locator("td").nth(1)).to_have_text("10")
    row.click()
    tab.fill(".trova-types-class input", "Big Bang")
    tab.click(".trova-types-set")
    expect(tab.locator(".trova-types .trova-problem")).to_contain_text("expected lower-case letters")
    tab.fill(".trova-types-class input", "big_bang")
    tab.click(".trova-types-set")
    expect(tab.locator(".trova-types .trova-said")).to_contain_text("explosion has the class big bang now")
    expect(row).to_contain_text("Big bang")
    expect(row).to_contain_text("changed")
    tab.click("[title='Take the class of explosion away']")
    expect(tab.locator(".trova-types .trova-said")).to_contain_text("gives no class to events that are taken in")
    with Workspace.open(study[1]) as workspace:
        table = workspace.event_type_classes().set_index("event_type")
        assert table.loc["explosion", "event_class"] == ""
        assert workspace.labels("smi:trova/event4")["event_class"].tolist() == ["explosion", "mine_blast"]


def _write(tab: Page, field: str, text: str) -> None:
    tab.fill(f".trova-fetch-{field} input >> nth=0", text)
    tab.keyboard.press("Tab")
