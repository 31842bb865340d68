"""Everybody can use the pages: axe-core finds nothing serious on any, and a keyboard alone goes all the way."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_frame import SIGNS, shows_all

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
VIOLATIONS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => [found.id, ...found.nodes.map((node) => node.html.slice(0, 120))])"""
AT_REST = """document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity)"""
FOCUSED = "document.activeElement.matches"


def test_axe_finds_nothing_serious_on_any_page_light_or_dark(visitor: Visitor) -> None:
    tab = visitor.open("overview")
    tab.evaluate(AXE)
    for theme in ("light", "dark"):
        for page in SIGNS:
            tab.evaluate("(page) => { location.hash = page; }", page)
            shows_all(tab, page)
            assert tab.evaluate(VIOLATIONS) == [], f"{page}, {theme}"
        tab.click(".trova-theme")
        # the colours change in a transition
        tab.wait_for_function(AT_REST)


def tab_to(tab: Page, selector: str) -> None:
    """Press the tab key until something has the focus."""
    for _ in range(200):
        if tab.evaluate(f"(selector) => {FOCUSED}(selector)", selector):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {selector}")


def test_a_keyboard_alone_goes_from_the_records_to_a_picked_trial(visitor: Visitor) -> None:
    tab = visitor.open("records")
    shows_all(tab, "records")
    # the first stop leads past the bar and the drawer
    tab_to(tab, ".trova-skip")
    tab.keyboard.press("Enter")
    assert tab.evaluate(f"{FOCUSED}('.trova-main')")
    rows = tab.locator(".trova-record-table tbody tr.trova-click")
    tab_to(tab, ".trova-record-table tbody tr.trova-click")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    # from event to event on the map
    before = tab.evaluate("location.hash")
    tab_to(tab, ".trova-map > svg")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("(before) => location.hash !== before", arg=before)
    # the choice between views turns with the arrow keys
    tab_to(tab, ".trova-record-view .v-btn")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".trova-record-view .v-btn--active")).to_contain_text("With scalogram")
    # the import opens, and its field for files is reached
    tab_to(tab, ".trova-import-open")
    tab.keyboard.press("Enter")
    expect(tab.locator(".trova-import input[type=file]").first).to_be_attached()
    tab_to(tab, ".trova-import input[type=file]")
    # to the results, another view, and a trial of it
    tab_to(tab, ".trova-to-results")
    tab.keyboard.press("Enter")
    shows_all(tab, "results")
    tab_to(tab, ".trova-results [role=tab][aria-selected=true]")
    tab.keyboard.press("ArrowLeft")
    expect(tab.locator(".trova-tab-table")).to_have_attribute("aria-selected", "true")
    tab_to(tab, ".trova-table tbody tr")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(tab.locator(".trova-table tbody tr").nth(1)).to_have_class("here")
