import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, Wait, choose, place, subject
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.resources import share_folder

pytestmark = pytest.mark.browser


ROW = ".trova-record-table tbody tr.trova-click"
TRACE = ".trova-page-records .trova-trace"


def opened(visitor: Visitor) -> Page:
    """Open the page, and wait until all of it is there: the first record is shown, and its address is written."""
    tab = visitor.open("records")
    expect(tab.locator(ROW)).to_have_count(10)
    expect(tab.locator(".trova-map-here")).to_have_count(1)
    expect(tab.locator(f"{ROW}.trova-picked")).to_have_count(1)
    expect(tab.locator(".trova-facts dd").first).to_be_visible()
    expect(tab.locator(TRACE)).to_have_attribute("d", re.compile("^M.{5000,}"))
    tab.wait_for_function("location.hash.startsWith('#records/')")
    return tab


def test_a_record_is_sorted_shown_and_kept_in_the_address(visitor: Visitor, eventually: Wait) -> None:
    tab = opened(visitor)
    rows, title = tab.locator(ROW), tab.locator(".trova-record h2").first
    first, order = subject(tab), rows.all_inner_texts()
    tab.click(".trova-record-table th:has-text('dB') button")
    expect(tab.locator(".trova-record-table th:has-text('dB') .mdi-arrow-up")).to_be_visible()
    eventually(tab, lambda: rows.all_inner_texts() != order)
    eventually(tab, lambda: (levels := tab.evaluate(COLUMN, "dB")) == sorted(levels))
    rows.nth(2).click()
    expect(rows.nth(2)).to_have_class("trova-click trova-picked")
    eventually(tab, lambda: subject(tab) != first)
    expect(title).to_have_text(rows.nth(2).locator(".trova-cell").first.get_attribute("title") or "")
    expect(tab.locator(TRACE)).to_have_attribute("d", re.compile("^M.{5000,}"))
    again = visitor.open(place(tab))
    expect(again.locator(".trova-record h2").first).to_have_text(title.inner_text())
    expect(again.locator(".trova-facts").first).to_have_text(tab.locator(".trova-facts").first.text_content() or "")


def test_filters_narrow_the_table(visitor: Visitor, eventually: Wait) -> None:
    tab = opened(visitor)
    expect(tab.locator(".trova-pages")).to_contain_text("2,277 of 2,277 records")
    choose(tab, ".trova-filters .v-select:has-text('Class') .v-field", "Quarry blast")
    expect(tab.locator(".trova-pages")).not_to_contain_text("2,277 of 2,277")
    expect(tab.locator(f"{ROW} td:first-child")).to_have_text(["Quarry blast"] * 10)
    assert min(tab.evaluate(COLUMN, "dB"), default=99) < 25
    tab.fill(".trova-filters .v-text-field:has-text('SNR from') input", "25")
    eventually(tab, lambda: min(tab.evaluate(COLUMN, "dB"), default=0) >= 25)
    tab.fill(".trova-filters .v-text-field:has-text('Search') input", "nothing like this")
    expect(tab.locator(".trova-record-table")).to_contain_text("No record passes these filters.")
    tab.click(".trova-clear")
    expect(tab.locator(".trova-pages")).to_contain_text("2,277 of 2,277 records")


def test_a_seismogram_is_looked_at_closely_and_filtered(visitor: Visitor, eventually: Wait) -> None:
    tab = opened(visitor)
    plot = tab.locator(".trova-page-records .trova-seismogram > svg")
    end = _last_time(tab)
    plot.hover()
    tab.mouse.wheel(0, -900)
    eventually(tab, lambda: _last_time(tab) < end)
    before = _last_time(tab)
    plot.hover(position={"x": 500, "y": 60})
    tab.mouse.down()
    box = plot.bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + 300, box["y"] + 60, steps=4)
    tab.mouse.up()
    eventually(tab, lambda: _last_time(tab) > before)
    # at once, while the kernel may still be asked for the part that was dragged to
    plot.dblclick()
    eventually(tab, lambda: _last_time(tab) == end)
    expect(tab.locator("[aria-label=Farther]:visible")).to_be_disabled()
    # the path itself depends on the width, which may still settle; the axis does not, once all of the record is there
    height = _tallest_count(tab)
    choose(tab, ".trova-passband .v-field", "Above 1 Hz")
    eventually(tab, lambda: _tallest_count(tab) != height)
    tab.click("button:has-text('With scalogram')")
    canvas = tab.locator(".trova-under canvas")
    expect(canvas).to_be_visible()
    eventually(tab, lambda: canvas.evaluate(COLOURS) > 20)


def test_all_stations_of_an_event_stand_under_each_other(visitor: Visitor, eventually: Wait) -> None:
    tab = opened(visitor)
    row = tab.locator(ROW, has_text="Mine blast").first
    row.click()
    expect(row).to_have_class("trova-click trova-picked")
    expect(tab.locator(".trova-facts")).to_contain_text(row.locator("td").nth(1).inner_text())
    tab.click("button:has-text('All stations')")
    names = tab.locator(".trova-page-records .trova-trace-name")
    # first the record itself, then what comes of the others
    expect(names.nth(2)).to_be_visible()
    eventually(tab, lambda: 3 <= names.count() == tab.locator(TRACE).count() <= 6)
    expect(tab.locator(".trova-page-records .trova-trace-name-here")).to_have_count(1)
    other = tab.locator(".trova-page-records .trova-trace-name:not(.trova-trace-name-here)").first
    name = other.locator("text").first
    title = name.text_content() or ""
    # between a station's name and its distance lies the plot
    name.click()
    expect(tab.locator(".trova-record h2").first).to_have_text(title)


def test_the_map_shows_land_and_picks_an_event(visitor: Visitor, eventually: Wait) -> None:
    tab = opened(visitor)
    expect(tab.locator(".trova-map-land")).to_have_attribute("d", re.compile("^M.{100,}"))
    events, shown = tab.locator(".trova-map-event"), tab.locator(".trova-facts dd").first
    expect(events.nth(100)).to_be_attached()
    before, event = subject(tab), events.nth(50)
    name = (event.locator("title").text_content() or "").rpartition("/")[2]
    expect(shown).not_to_have_text(name)
    event.dispatch_event("click")
    expect(shown).to_have_text(name)
    eventually(tab, lambda: subject(tab) != before)
    expect(tab.locator(".trova-map-here")).to_have_count(1)
    # lines lead from the event to the stations that have a record of it
    tab.wait_for_function(HEARD)
    expect(tab.locator(".trova-map-station")).to_have_count(6)
    bar = tab.locator(".trova-map-bar text")
    length = bar.text_content() or ""
    tab.locator(".trova-map > svg").hover()
    tab.mouse.wheel(0, -1200)
    expect(bar).not_to_have_text(length)
    tab.locator(".trova-map > svg").dblclick(position={"x": 200, "y": 20})
    expect(bar).to_have_text(length)


def test_a_label_given_in_one_tab_is_seen_in_another(visitor: Visitor) -> None:
    tab, other = opened(visitor), opened(visitor)
    before, history = tab.locator(f"{ROW} td").first.inner_text(), tab.locator(".trova-history li")
    expect(history.first).to_contain_text(before)
    said = history.count()
    new = "Mine blast" if before != "Mine blast" else "Earthquake"
    choose(tab, ".trova-relabel .v-field", new)
    expect(tab.locator(f"{ROW} td").first).to_have_text(new)
    expect(other.locator(f"{ROW} td").first).to_have_text(new)
    expect(history.first).to_contain_text(new)
    choose(tab, ".trova-relabel .v-field", before)
    expect(other.locator(f"{ROW} td").first).to_have_text(before)
    expect(history).to_have_count(said + 2)


def test_text_of_files_never_shows_as_live_html(visitor: Visitor, tmp_path: Path) -> None:
    """A catalogue whose texts are HTML, and a station whose code tries to be."""
    alive = "<img src=x onerror=document.body.dataset.fell=1>"
    catalog = tmp_path / "events.csv"
    catalog.write_text(
        "event_id,time,latitude,longitude,magnitude,magnitude_type,event_type\n"
        f"{alive},2031-01-01T00:00:00Z,67.5,33.5,2.0,{alive},earthquake\n"
    )
    header = {"network": "<b", "station": "<i>X", "channel": "<u>", "sampling_rate": 50.0}
    samples = np.random.default_rng(1).normal(size=6000) * np.where(np.arange(6000) > 1500, 50, 1)
    obspy = obspy_module("obspy")
    trace = obspy.Trace(samples.astype(np.float32), {**header, "starttime": obspy.UTCDateTime(2031, 1, 1)})
    waveform = tmp_path / f"{alive.replace('/', '')}.mseed"
    trace.write(str(waveform), "MSEED")
    tab = opened(visitor)
    tab.click(".trova-import-open")
    fields = tab.locator(".trova-import input[type=file]")
    fields.nth(0).set_input_files(str(waveform))
    fields.nth(1).set_input_files(str(catalog))
    tab.click(".trova-import-start:not([disabled])")
    expect(tab.locator(".trova-said")).to_contain_text("1 records")
    tab.fill(".trova-filters .v-text-field:has-text('Search') input", "<img")
    expect(tab.locator(ROW)).to_have_count(1)
    tab.click(ROW)
    expect(tab.locator(".trova-record h2").first).to_contain_text("iX")
    tab.click("button:has-text('All stations')")
    expect(tab.locator(TRACE).first).to_have_attribute("d", re.compile("^M"))
    expect(tab.locator(".trova-facts")).to_contain_text("onerror")
    assert tab.locator("img[onerror], .trova-record h2 *, .trova-page-records u").count() == 0
    assert tab.evaluate("document.body.dataset.fell") is None
    tab.click("button:has-text('Fingerprint'):visible")
    fingerprint = tab.locator(".trova-page-fingerprint")
    expect(fingerprint.locator("[aria-label*='iX'] .trova-trace")).to_have_attribute("d", re.compile("^M"))
    expect(fingerprint.locator(".trova-fp-strip img")).to_have_count(5)
    assert tab.locator("img[onerror]").count() == 0
    assert tab.evaluate("document.body.dataset.fell") is None


def test_an_import_that_finds_nothing_says_why(visitor: Visitor, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mseed"
    broken.write_bytes(b"this is no seismogram " * 40)
    teaching = next(iter(sorted((share_folder("data") / "teaching" / "waveforms").rglob("*.mseed"))))
    tab = opened(visitor)
    tab.click(".trova-import-open")
    tab.locator(".trova-import input[type=file]").first.set_input_files([str(broken), str(teaching)])
    tab.click(".trova-import-start:not([disabled])")
    expect(tab.locator(".trova-said")).to_contain_text("broken.mseed")
    expect(tab.locator(".trova-said")).to_contain_text("there already")


#: The numbers that the table shows under a title.
COLUMN = """(title) => {
  const table = document.querySelector(".trova-record-table");
  const column = [...table.querySelectorAll("th")].findIndex((cell) => cell.textContent.startsWith(title));
  const texts = [...table.querySelectorAll("tr.trova-click")].map((row) => row.cells[column].textContent);
  return texts.map((text) => Number(text.replace("−", "-")));
}"""

#: Whether a line leads from the picked event to each station that has a record of it, of which there are six.
HEARD = """() => {
  const [rays, heard] = [".trova-map-ray", ".trova-map-heard"].map((sign) => document.querySelectorAll(sign).length);
  return rays >= 1 && rays === heard && heard <= 6;
}"""

COLOURS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), seen = new Set();
  for (let k = 0; k < data.length; k += 4) seen.add(data[k] * 65536 + data[k + 1] * 256 + data[k + 2]);
  return seen.size;
}"""


def _last_time(tab: Page) -> float:
    """Return the time at the last tick of the seismogram, s."""
    return max(_ticks(tab, "middle"))


def _tallest_count(tab: Page) -> float:
    """Return the counts at the highest tick of the seismogram."""
    return max(_ticks(tab, "end"))


def _ticks(tab: Page, anchor: str) -> list[float]:
    ticks = tab.locator(f".trova-page-records .trova-seismogram > svg > g text[text-anchor={anchor}]")
    return [float(text.replace(",", "").replace("−", "-")) for text in ticks.all_text_contents()]
