import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

NAME = "from-the-page"

#: Notes which experiments the status line names: a short run may be over before anybody looks.
NOTE_RUNS = """() => {
  window.noted = new Set();
  const look = () => document.querySelectorAll(".trova-running").forEach((run) => window.noted.add(run.textContent));
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def _plan(tab: Page, name: str, *, epochs: int = 1, seeds: int = 1) -> None:
    # what is read of the workspace comes first
    expect(tab.locator(".trova-sentence")).to_be_visible()
    tab.fill(".trova-name-field input", name)
    tab.fill(".trova-epochs-field input", str(epochs))
    tab.fill(".trova-seeds-field input", str(seeds))
    tab.fill(".trova-axis-0 .trova-axis-values input", "2, 4")
    tab.fill(".trova-axis-1 .trova-axis-values input", "convolution2dLayer_2_numFilters=[4 : 2 : 8]")
    tab.click(".trova-add-axis")
    expect(tab.locator(".trova-axis")).to_have_count(4)
    for row in (3, 2):
        tab.click(f".trova-axis-{row} > .v-btn")
        expect(tab.locator(".trova-axis")).to_have_count(row)


def test_a_plan_is_checked_as_it_is_typed(visitor: Visitor) -> None:
    tab = visitor.open("experiments")
    expect(tab.locator(".trova-start")).to_be_enabled()
    tab.fill(".trova-axis-0 .trova-axis-values input", "[1 : 8")
    expect(tab.locator(".trova-axis-0 .trova-problem")).to_contain_text("[minimum : step : maximum]")
    expect(tab.locator(".trova-start")).to_be_disabled()


def test_an_experiment_from_the_page_fills_in_here_and_in_a_second_tab(visitor: Visitor) -> None:
    tab, other = visitor.open("experiments"), visitor.open("experiments")
    for window in (tab, other):
        window.evaluate(NOTE_RUNS)
    _plan(tab, NAME)
    expect(tab.locator(".trova-sentence")).to_contain_text("6 cells, all can be built")
    tab.click(".trova-start:not([disabled])")
    other.click(f".trova-experiment-{NAME} a")
    other.click(".trova-tab-table")
    row = tab.locator(f".trova-experiment-{NAME}")
    expect(row).to_contain_text("6 of 6", timeout=300_000)
    expect(row.locator(".trova-state")).to_have_text("finished")
    for window in (tab, other):
        expect(window.locator(".trova-running")).to_have_count(0)
        assert window.evaluate("[...window.noted]") == [NAME]
    # the state is the last column
    expect(other.locator(".trova-table tbody td:last-child")).to_have_text(["finished"] * 6)
    tab.click(f".trova-experiment-{NAME} a")
    tab.click(".trova-tab-table")
    expect(tab.locator(".trova-table tbody td:last-child")).to_have_text(["finished"] * 6)


def test_a_run_can_be_stopped_from_any_page(visitor: Visitor) -> None:
    tab = visitor.open("experiments")
    # more than any machine has begun when somebody clicks
    _plan(tab, "stopped-early", epochs=3, seeds=100)
    expect(tab.locator(".trova-sentence")).to_contain_text("6 cells, all can be built, 600 trials")
    tab.click(".trova-start:not([disabled])")
    expect(tab.locator(".trova-running")).to_have_text("stopped-early")
    tab.click(".trova-to-overview")
    tab.click(".trova-stop")
    expect(tab.locator(".trova-status")).to_contain_text("Nothing is running", timeout=300_000)
    tab.click(".trova-to-experiments")
    row = tab.locator(".trova-experiment-stopped-early")
    expect(row.locator(".trova-state")).to_have_text("stopped")
    expect(row).to_contain_text("of 600")
    expect(row).not_to_contain_text("600 of 600")


def test_settings_of_every_kind_vary_from_the_page_to_a_cube(visitor: Visitor) -> None:
    tab = visitor.open("experiments")
    expect(tab.locator(".trova-sentence")).to_be_visible()
    tab.fill(".trova-name-field input", "every-kind")
    tab.fill(".trova-epochs-field input", "1")
    tab.click(".trova-add-axis")
    expect(tab.locator(".trova-axis")).to_have_count(4)
    settings = {
        "convolution2dLayer_2_filterSize": "2, 3",
        "training.weight_decay": "0, 0.01",
        "fingerprint.keep": "200, 400",
        "fingerprint.highpass": "on, off",
    }
    for at, (name, values) in enumerate(settings.items()):
        field = f".trova-axis-{at} .trova-axis-parameter input"
        if at:
            tab.click(field)
            tab.fill(field, name)
            tab.locator(".v-overlay .v-list-item-title").get_by_text(name, exact=True).click()
        tab.fill(f".trova-axis-{at} .trova-axis-values input", values)
    expect(tab.locator(".trova-sentence")).to_contain_text("16 cells, all can be built")
    tab.click(".trova-start:not([disabled])")
    row = tab.locator(".trova-experiment-every-kind")
    expect(row).to_contain_text("16 of 16", timeout=300_000)
    tab.click(".trova-experiment-every-kind a")
    expect(tab.locator(".trova-cube canvas").first).to_be_visible()
    expect(tab.locator(".tr-slider")).to_have_count(4)
    expect(tab.locator(".trova-best").first).to_contain_text("Best: filterSize (2)")
