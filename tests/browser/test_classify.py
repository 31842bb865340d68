"""A file is dropped on the page, and why the network says what it says is seen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, Wait
from tests.browser.test_accessible import AT_REST, AXE, VIOLATIONS
from tests.records.making import mseed
from tests.workspace.day import hours, loud_events, trace

pytestmark = pytest.mark.browser

#: The colours of what lies over the scalogram, as far as anything does.
OVER = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), found = new Set();
  for (let k = 0; k < data.length; k += 4) if (data[k + 3] === 255) found.add([...data.slice(k, k + 3)].join(" "));
  return [...found];
}"""
#: Okabe and Ito's blue and orange.
COLOURS = {"Earthquake": "0 114 178", "Quarry blast": "230 159 0", "Mine blast": "0 158 115"}


def middle(tab: Page, selector: str) -> float:
    box = tab.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_a_dropped_file_is_answered_and_each_answer_shows_why(
    visitor: Visitor, tmp_path: Path, eventually: Wait
) -> None:
    events = loud_events()
    path = tmp_path / "two-hours.mseed"
    path.write_bytes(mseed(trace(hours({1800.0: events.earthquake, 4800.0: events.blast}))))
    tab = visitor.open("classify")
    tab.locator(".trova-classify input[type=file]").first.set_input_files(path)
    tab.locator(".trova-classify-start").click()
    rows = tab.locator(".trova-answers-list tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_attribute("aria-selected", "true")

    # probabilities as bars, and who says so
    widths = tab.locator(".trova-share i").evaluate_all("(bars) => bars.map((bar) => parseFloat(bar.style.width))")
    assert sum(widths) == pytest.approx(100, abs=0.2)
    expect(tab.locator(".trova-who")).to_contain_text(re.compile(r"told \d+\.\d % right \(\d+\.\d to \d+\.\d %\)"))

    # onset and window on a seismogram that no study has
    seismogram = ".trova-page-classify .trova-seismogram"
    expect(tab.locator(f"{seismogram} .trova-trace")).to_have_count(1)
    onset, window = (f"{seismogram} .{name}" for name in ("trova-onset", "trova-window"))
    box = tab.locator(window).bounding_box()
    assert box is not None and box["x"] < middle(tab, onset) < box["x"] + box["width"] / 2

    # what speaks for a class in its colour, and for another one in that one's; its sentence below
    over = tab.locator(".trova-page-classify .trova-canvas-over")
    said = tab.locator(".trova-verdict-class").inner_text().strip()
    eventually(tab, lambda: over.evaluate(OVER) == [COLOURS[said]])
    expect(tab.locator(".trova-reason")).to_contain_text(f"For {said.lower()} speaks energy of")
    tab.locator(".trova-spoken .v-btn", has_text="Energy alone").click()
    expect(over).to_be_hidden()
    tab.locator(".trova-spoken .v-btn", has_text="Quarry blast").click()
    eventually(tab, lambda: over.evaluate(OVER) == [COLOURS["Quarry blast"]])

    similar = tab.locator(".trova-alike button")
    expect(similar).to_have_count(5)
    expect(similar.first).to_contain_text(re.compile(r"similarity 0\.\d\d"))

    # the list is walked through with the keyboard
    rows.first.press("ArrowDown")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    expect(tab.locator(".trova-verdict-class")).to_have_text(rows.nth(1).locator("b").inner_text())
    expect(similar).to_have_count(5)
    with tab.expect_download() as taken:
        tab.locator(".trova-answers-save .v-btn", has_text="QuakeML").click()
    assert b"quakeml" in Path(taken.value.path()).read_bytes()

    tab.evaluate(AXE)
    for _ in ("light", "dark"):
        assert tab.evaluate(VIOLATIONS) == []
        tab.click(".trova-theme")
        # the colours change in a transition
        tab.wait_for_function(AT_REST)

    # a similar record is one click away
    similar.first.click()
    expect(tab.locator(".trova-page-records .trova-facts dd").first).to_be_visible()
