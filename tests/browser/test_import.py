"""Importing on the real page: markup in a catalogue is text there, and the columns of a table are mapped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor, choose, started
from tests.records.making import counts, mseed, trace
from trova_widgets import Workspace

pytestmark = pytest.mark.browser

# it would note that it ran, and stand in the page as an element
MARKUP = '<img src=x onerror="window.hit=1">'
TEMPLATE = "{{constructor.constructor('window.hit=1')()}}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A study whose every text is markup, served."""
    folder = tmp_path_factory.mktemp("hostile")
    archive = folder / "archive"
    archive.mkdir()
    rows = ["event_id,time,latitude,longitude,magnitude,magnitude_type,event_type"]
    for day, text in ((4, MARKUP), (5, TEMPLATE)):
        (archive / f"{day}{text.replace('/', '')}.mseed").write_bytes(
            mseed(trace(counts(seed=day), start=f"2021-05-0{day}T12:00:00"))
        )
        quoted = '"' + text.replace('"', '""') + '"'
        rows.append(f"{quoted},2021-05-0{day}T12:00:15Z,67.6,33.7,1.5,{quoted},{quoted}")
    (archive / "catalog.csv").write_text("\n".join(rows) + "\n")
    with Workspace.create(folder / "study") as workspace:
        workspace.import_records(archive, catalog=archive / "catalog.csv")
        for text in (MARKUP, TEMPLATE):
            workspace.label(text, "other", author=text, comment=text)
            workspace.annotate(text, text, author=text)
    with started("serve", folder) as address:
        yield address


def test_markup_is_text_on_the_page_of_records(address: str, browser: Browser, tmp_path: Path):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    visitor = Visitor(context, address)
    tab = visitor.open("records")
    for text in (MARKUP, TEMPLATE):
        # in the details of the record, and in its history of labels
        tab.locator("table tbody tr", has_text="2021-05-04" if text == MARKUP else "2021-05-05").first.click()
        expect(tab.locator(".trova-facts dd").first).to_have_text(text)
        expect(tab.locator(".trova-history")).to_contain_text(text)
    evil = tmp_path / f"{MARKUP.replace('/', '')}.mseed"
    evil.write_bytes(b"no seismogram")
    tab.locator(".trova-import-open").click()
    tab.locator(".trova-import input[type=file]").first.set_input_files(evil)
    tab.locator(".trova-import-start").click()
    expect(tab.locator(".trova-import .trova-said")).to_contain_text(evil.name)
    assert tab.evaluate("window.hit") is None
    assert tab.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    tab.goto("about:blank")
    context.close()
    assert visitor.leaving == []
    assert visitor.errors == []


def test_columns_of_a_table_are_mapped_on_the_page(address: str, browser: Browser, tmp_path: Path):
    record, catalog = tmp_path / "record.mseed", tmp_path / "shots.csv"
    record.write_bytes(mseed(trace(counts(seed=30), start="2021-05-30T12:00:00", station="LVZ")))
    catalog.write_text("Shot,When,lat,lon,Kind\nshot30,2021-05-30T12:00:15,67.6,33.7,mining explosion\n")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    visitor = Visitor(context, address)
    tab = visitor.open("records")
    tab.locator(".trova-import-open").click()
    for field, file in enumerate((record, catalog)):
        tab.locator(".trova-import input[type=file]").nth(field).set_input_files(file)
    for name, column in (("origin_time", "When"), ("event_type", "Kind"), ("event_id", "Shot")):
        choose(tab, f".trova-column-{name}", column)
    tab.locator(".trova-import-start").click()
    expect(tab.locator(".trova-import .trova-said")).to_contain_text("1 records of 1 new events")
    expect(tab.locator("table tbody tr", has_text="LVZ")).to_contain_text("Mine blast")
    tab.goto("about:blank")
    context.close()
    assert visitor.leaving == []
    assert visitor.errors == []
