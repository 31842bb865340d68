import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, Wait

pytestmark = pytest.mark.browser

#: Every page, and what stands on it last.
SIGNS = {
    "overview": ".trova-halves tbody tr",
    "records": ".trova-facts dd",
    "fingerprint": ".trova-squares[data-recipe]",
    "networks": ".trova-networks table tbody tr",
    "experiments": ".trova-sentence",
    "results": ".trova-diagram li",
    "evaluation": ":is(.trova-evaluate, .te-empty)",
    "classify": ".trova-answers",
    "learn": ".trova-links a",
}

#: Notes what stands on the cover: it may be gone before anybody looks.
NOTE_THE_COVER = """new MutationObserver(() => {
  const cover = document.getElementById("trova-loading");
  if (cover) window.covered = cover.textContent;
}).observe(document, { childList: true, subtree: true, characterData: true });"""

FITS = """() => {
  const main = document.querySelector(".trova-main");
  return main.scrollWidth <= main.clientWidth && document.documentElement.scrollWidth <= innerWidth;
}"""

AT_THE_FOOT = """() => {
  const drawer = document.querySelector(".trova-drawer").getBoundingClientRect();
  return drawer.left === 0 && drawer.top > 700 && drawer.width === innerWidth && innerWidth === 390;
}"""

SMALL_TYPE = """(page) => {
  const small = new Set();
  const walker = document.createTreeWalker(document.querySelector(".trova-page-" + page), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !parent.getClientRects().length) continue;
    if (parent.closest("script, style")) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < 12) small.add(size + " px: " + walker.currentNode.textContent.trim().slice(0, 40));
  }
  return [...small];
}"""


def test_the_cover_is_there_at_once_and_goes_and_a_finished_experiment_is_what_is_seen(visitor: Visitor) -> None:
    tab = visitor.context.new_page()
    tab.add_init_script(NOTE_THE_COVER)
    tab.goto(visitor.address, wait_until="commit")
    tab.wait_for_function("(window.covered || '').includes('Trova is opening the workspace')")
    expect(tab.locator(".trova-cube canvas").first).to_be_visible()
    expect(tab.locator("#trova-loading")).to_have_count(0)
    expect(tab).to_have_title(re.compile("Trova"))


def test_a_page_that_does_not_come_can_be_loaded_again_from_its_cover(visitor: Visitor) -> None:
    tab = visitor.context.new_page()
    # its kernel hears nothing, and says nothing
    kernels = re.compile("/api/kernels/")
    tab.route_web_socket(kernels, lambda _: None)
    tab.clock.install()
    tab.goto(visitor.address, wait_until="commit")
    expect(tab.locator("#trova-loading")).to_contain_text("Trova is opening the workspace")
    again = tab.get_by_role("link", name="Load this page again")
    sent = "() => !window.before && document.querySelector('#rendered_cells ~ script, #rendered_cells script')"
    tab.wait_for_function(sent)
    tab.clock.fast_forward(16_000)
    expect(tab.locator(".trova-note")).to_contain_text("longer than usual")
    expect(again).to_be_hidden()
    tab.evaluate("window.before = true")
    # once it loads itself
    tab.wait_for_load_state()
    tab.clock.fast_forward(40_000)
    tab.wait_for_function(sent)
    tab.wait_for_load_state()
    tab.evaluate("window.before = true")
    tab.clock.fast_forward(61_000)
    expect(tab.locator(".trova-note")).to_contain_text("Nothing has come for a minute")
    again.click()
    tab.wait_for_function(sent)
    expect(again).to_be_hidden()


def shows_all(tab: Page, page: str) -> None:
    """Wait until everything stands on a page."""
    expect(tab.locator(f".trova-page-{page} {SIGNS[page]}").first).to_be_visible()


@pytest.mark.parametrize("page", SIGNS)
def test_every_page_opens_from_its_address_and_fits(visitor: Visitor, page: str) -> None:
    tab = visitor.open(page)
    shown = tab.locator(f".trova-page-{page}")
    shows_all(tab, page)
    expect(shown).not_to_contain_text("cannot be drawn")
    expect(shown).not_to_contain_text("Error displaying widget")
    tab.wait_for_function(FITS)
    assert tab.evaluate(SMALL_TYPE, page) == []


def test_a_telephone_has_every_page_without_sideways_scrolling(visitor: Visitor) -> None:
    tab = visitor.open("overview")
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.wait_for_function(AT_THE_FOOT)
    for page in SIGNS:
        tab.get_by_role("link", name=page.capitalize(), exact=True).first.click()
        expect(tab.locator(f".trova-page-{page}")).to_be_visible()
        shows_all(tab, page)
        tab.wait_for_function(FITS)


def test_the_drawer_and_the_back_button_lead_from_page_to_page(visitor: Visitor) -> None:
    tab = visitor.open("overview")
    tab.click(".trova-to-networks")
    expect(tab.locator(".trova-networks")).to_be_visible()
    expect(tab).to_have_url(re.compile("#networks$"))
    tab.click(".trova-to-learn")
    expect(tab.locator(".trova-learn")).to_be_visible()
    tab.go_back()
    expect(tab.locator(".trova-networks")).to_be_visible()
    expect(tab.locator(".trova-learn")).to_be_hidden()


def test_a_page_that_is_left_ends_its_kernel(visitor: Visitor, eventually: Wait) -> None:
    tab = visitor.open("learn")
    kernel = tab.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    address = f"{visitor.address}api/kernels/{kernel}"
    assert tab.request.get(address).status == 200
    tab.goto("about:blank")
    # it is nobody's any more
    eventually(tab, lambda: tab.request.get(address).status in (403, 404))


def test_in_a_notebook_the_address_and_the_title_are_the_notebook_s(visitor: Visitor) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    # all that tells a page of its own from an output of a notebook
    tab.evaluate("() => { document.body.dataset.voila = ''; document.title = 'a notebook'; }")
    before = tab.evaluate("location.href")
    tab.click(".trova-tab-lines")
    expect(tab.locator(".trova-lines .ts-band").first).to_be_visible()
    tab.click(".trova-drawer a:has-text('Networks')")
    expect(tab.locator(SIGNS["networks"]).first).to_be_visible()
    assert tab.evaluate("[location.href, document.title]") == [before, "a notebook"]


def test_the_page_can_be_dark(visitor: Visitor) -> None:
    tab = visitor.open("overview")
    background = "getComputedStyle(document.querySelector('.trova-app')).backgroundColor"
    light = tab.evaluate(background)
    tab.click(".trova-theme")
    tab.wait_for_selector(".trova-app.trova-dark")
    tab.wait_for_function(f"(light) => {background} !== light", arg=light)


def test_a_network_is_designed_and_saved(visitor: Visitor) -> None:
    tab = visitor.open("networks")
    create, filters = tab.locator(".trova-network-create"), tab.locator(".trova-fields input").nth(1)
    expect(tab.locator(".trova-networks table tbody tr")).to_have_count(1)
    expect(create).to_be_disabled()
    tab.fill(".trova-network-name input", "wide")
    expect(create).to_be_enabled()
    filters.fill("no number")
    expect(create).to_be_disabled()
    # at once: what is saved is what stands in the fields
    filters.fill("32")
    create.click()
    expect(tab.locator(".trova-networks table tbody tr")).to_have_count(2)
    expect(tab.locator(".trova-networks table tbody tr", has_text="wide")).to_contain_text("numFilters = 32")
