"""The evaluation page in a browser: what is told of an experiment is drawn, and a label in doubt is changed by keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, Wait, place

pytestmark = pytest.mark.browser


def test_an_experiment_is_evaluated_and_a_label_in_doubt_is_confirmed_and_another_changed(
    visitor: Visitor, eventually: Wait
) -> None:
    tab = visitor.open("evaluation")
    tab.click(".te-baselines summary")
    # to look at each record takes the baselines a minute
    for box in tab.locator(".te-baselines input").all():
        box.uncheck()
    expect(tab.locator(".te-baselines summary")).to_contain_text("beside no baselines")
    tab.click(".te-more summary")
    for name, rate in (("earthquake", "90"), ("mine_blast", "5"), ("quarry_blast", "5")):
        tab.fill(f".trova-rate-{name}", rate)
    expect(tab.locator(".te-more summary")).to_have_text("and your rates")
    tab.click(".te-more summary")
    tab.click(".trova-evaluate")
    expect(tab.locator(".trova-headline")).to_contain_text("of the events are told right")
    rows = tab.locator(".trova-tellers tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(re.compile(r"Trova's choice.*\d\d\.\d %"))
    expect(tab.locator(".trova-curves .ts-series")).to_have_count(4)
    rated = tab.locator(".trova-card").filter(has_text="At your rates of classes").locator("tbody tr")
    expect(rated.first).to_contain_text(re.compile(r"Earthquake\s*90 %\s*\d\d"))
    expect(rated).to_have_count(3)
    tab.click(".trova-by-record")
    expect(tab.locator(".trova-page-evaluation .trova-matrix")).to_contain_text("of 1,935 answers are wrong")
    tab.locator(".trova-page-evaluation .trova-matrix-cell button:enabled").first.click()
    expect(tab.locator(".te-taken a").first).to_be_visible()

    tab.click(".trova-tab-doubts")
    expect(tab.locator(".td-why")).to_contain_text("never saw it")
    expect(tab.locator(".td-similar a")).to_have_count(10)
    expect(tab.locator(".td-event .trova-trace").first).to_be_visible()
    queue = tab.locator(".td-scroll tbody tr")
    first, second = (queue.nth(n).get_attribute("data-event") for n in (0, 1))
    expect(queue.nth(0)).to_have_class("here")
    eventually(tab, lambda: place(tab) == f"evaluation/experiment-1?tab=doubts&event={first}")
    # keys alone: down and up again, then the first label is confirmed and goes
    count = queue.count()
    tab.focus(".td-scroll")
    tab.keyboard.press("ArrowDown")
    expect(queue.nth(1)).to_have_class("here")
    tab.keyboard.press("ArrowUp")
    expect(queue.nth(0)).to_have_class("here")
    expect(tab.locator(".td-event h2")).to_have_text(first or "")
    tab.keyboard.press("Enter")
    expect(queue).to_have_count(count - 1)
    expect(queue.nth(0)).to_have_attribute("data-event", second or "")
    expect(tab.locator(".td-event h2")).to_have_text(second or "")
    tab.locator(".td-say .td-quiet").first.click()
    expect(tab.locator(".td-difference")).to_contain_text("1 label differs")
    tab.click(".trova-doubts-settled")
    expect(queue).to_have_count(2)
    expect(tab.locator(".td-scroll")).to_contain_text("confirmed by")
    expect(tab.locator(".td-scroll")).to_contain_text("changed by")
    # back leads to the other tab, where the evaluation still stands
    tab.go_back()
    expect(tab.locator(".trova-tab-good")).to_have_attribute("aria-selected", "true")
    expect(tab.locator(".trova-headline")).to_be_visible()
    with tab.expect_download() as report:
        tab.click(".trova-evaluation-report:enabled")
    assert report.value.suggested_filename == "experiment-1-evaluation.html"
    with tab.expect_download() as card:
        tab.click(".trova-model-card:enabled")
    assert card.value.suggested_filename == "experiment-1-card.md"
