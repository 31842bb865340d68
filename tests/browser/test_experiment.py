import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

NAME = "from-the-page"


def _plan(tab: Page) -> None:
    tab.fill(".trova-name-field input", NAME)
    tab.fill(".trova-epochs-field input", "1")
    tab.fill(".trova-axis-0 .trova-axis-values input", "2, 4")
    tab.fill(".trova-axis-1 .trova-axis-values input", "convolution2dLayer_2_numFilters=[4 : 2 : 8]")
    for row in range(tab.locator(".trova-axis").count() - 1, 1, -1):
        tab.click(f".trova-axis-{row} > .v-btn")
    expect(tab.locator(".trova-axis")).to_have_count(2)


def test_a_plan_is_checked_as_it_is_typed(visitor: Visitor) -> None:
    tab = visitor.open("experiments")
    tab.fill(".trova-axis-0 .trova-axis-values input", "[1 : 8")
    expect(tab.locator(".trova-axis-0 .trova-problem")).to_contain_text("[minimum : step : maximum]")
    expect(tab.locator(".trova-start")).to_be_disabled()


def test_an_experiment_from_the_page_fills_in_here_and_in_a_second_tab(visitor: Visitor) -> None:
    tab, other = visitor.open("experiments"), visitor.open("experiments")
    _plan(tab)
    expect(tab.locator(".trova-sentence")).to_contain_text("6 cells, all can be built")
    tab.click(".trova-start:not([disabled])")
    for window in (tab, other):
        expect(window.locator(".trova-running")).to_have_text(NAME)
    other.click(f".trova-experiment-{NAME} a")
    other.click(".trova-tab-table")
    row = tab.locator(f".trova-experiment-{NAME}")
    expect(row).to_contain_text("6 of 6", timeout=300_000)
    expect(row.locator(".trova-state")).to_have_text("finished")
    for window in (tab, other):
        expect(window.locator(".trova-running")).to_have_count(0)
    expect(other.locator(".trova-table tbody tr")).to_have_count(6)
    tab.click(f".trova-experiment-{NAME} a")
    tab.click(".trova-tab-table")
    expect(tab.locator(".trova-table tbody tr")).to_have_count(6)


def test_a_run_can_be_stopped_from_any_page(visitor: Visitor) -> None:
    tab = visitor.open("experiments")
    _plan(tab)
    tab.fill(".trova-name-field input", "stopped-early")
    tab.fill(".trova-epochs-field input", "40")
    expect(tab.locator(".trova-sentence")).to_contain_text("6 cells")
    tab.click(".trova-start:not([disabled])")
    expect(tab.locator(".trova-running")).to_have_text("stopped-early")
    tab.click(".trova-to-overview")
    tab.click(".trova-stop")
    expect(tab.locator(".trova-status")).to_contain_text("Nothing is running", timeout=300_000)
    tab.click(".trova-to-experiments")
    expect(tab.locator(".trova-experiment-stopped-early")).not_to_contain_text("6 of 6")
