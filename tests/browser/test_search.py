import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_search_proposes_runs_and_lets_its_proposal_be_changed(visitor: Visitor) -> None:
    tab = visitor.open("experiments")
    expect(tab.locator(".trova-sentence")).to_be_visible()
    tab.fill(".trova-epochs-field input", "1")
    tab.click(".trova-search-article:not([disabled])")
    following = tab.locator(".trova-search-next")
    expect(following).to_contain_text("The network as it was saved")
    tab.click(".trova-search-take:not([disabled])")
    expect(following).to_contain_text("convolution2dLayer_2_numFilters", timeout=300_000)
    expect(tab.locator(".trova-search-figure")).to_contain_text("%")
    tab.click(".trova-search-change")
    expect(tab.locator(".trova-joins")).to_contain_text("the next experiment of the search")
    expect(tab.locator(".trova-axis-0 .trova-axis-values input")).to_have_value("[1 : 1 : 8]")
    expect(tab.locator(".trova-epochs-field input")).to_have_value("1")
    tab.locator(".trova-joins a").click()
    expect(tab.locator(".trova-joins")).to_have_count(0)
    with tab.expect_download() as report:
        tab.click(".trova-search-report")
    assert report.value.suggested_filename.endswith("-article.html")
