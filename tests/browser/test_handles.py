"""Networks, data sets and experiments on their pages: opened, copied, changed, renamed, compared, deleted."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor, place

pytestmark = pytest.mark.browser


def more(tab: Page, name: str, what: str) -> None:
    """Choose from the menu of a row."""
    tab.locator(f'.trova-more[title="More about {name}"]:visible').click()
    tab.locator(".trova-menu .v-list-item:visible").filter(has_text=what).click()
    expect(tab.locator(".trova-menu:visible")).to_have_count(0)


def dialog(tab: Page, question: str) -> Locator:
    return tab.locator(f".trova-asking-{question}")


def answer(tab: Page, question: str, field: str = "", text: str = "") -> None:
    """Fill in a dialog and agree."""
    card = dialog(tab, question)
    if field:
        card.locator(field).fill(text)
    card.locator(".trova-answer:not([disabled])").click()
    expect(card).to_have_count(0)


def delete(tab: Page, name: str, goes: str) -> None:
    """Delete something after it was said what goes."""
    more(tab, name, "Delete")
    expect(dialog(tab, "delete").locator(".trova-what-goes")).to_contain_text(goes)
    answer(tab, "delete")


def test_a_data_set_is_copied_compared_renamed_and_deleted(visitor: Visitor) -> None:
    tab = visitor.open("overview")
    more(tab, "teaching-716", "Copy")
    answer(tab, "copy", ".trova-seed input", "7")
    row = tab.locator(".trova-datasets tr").filter(has_text="teaching-717")
    expect(row).to_contain_text("2,277")
    for box in tab.locator(".trova-datasets input[type=checkbox]").all():
        box.check()
    tab.locator(".trova-datasets .trova-compare").click()
    expect(dialog(tab, "compare")).to_contain_text("records in common")
    tab.keyboard.press("Escape")
    expect(dialog(tab, "compare")).to_have_count(0)
    more(tab, "teaching-717", "Rename")
    answer(tab, "rename", ".trova-new-name input", "halves")
    expect(tab.locator(".trova-dataset-halves")).to_be_visible()
    delete(tab, "halves", "The data set halves goes, and nothing else with it.")
    expect(tab.locator(".trova-dataset-halves")).to_have_count(0)
    expect(tab.locator(".trova-dataset-teaching-716")).to_be_visible()


def test_a_network_is_opened_from_its_address_copied_and_deleted(visitor: Visitor) -> None:
    tab = visitor.open("networks/base-cnn")
    expect(tab.locator(".trova-networks h2").first).to_have_text("Network base-cnn")
    expect(tab).to_have_title(re.compile("Networks · base-cnn"))
    more(tab, "base-cnn", "Copy")
    expect(tab.locator(".trova-network-name input")).to_have_value("base-cnn-2")
    tab.locator(".trova-layer-settings input").first.fill("4")
    tab.click(".trova-network-create:not([disabled])")
    saved = tab.locator(".trova-networks tr").filter(has_text="base-cnn-2")
    expect(saved).to_contain_text("convolution2dLayer_2_filterSize = 4")
    delete(tab, "base-cnn-2", "nothing else with it")
    expect(saved).to_have_count(0)


def test_an_experiment_is_copied_changed_remarked_renamed_and_deleted(visitor: Visitor) -> None:
    tab = visitor.open("experiments")
    more(tab, "experiment-1", "Take this plan")
    expect(tab.locator(".trova-sentence")).to_contain_text("1,080 trials, 251 of them are there already")
    tab.fill(".trova-name-field input", "copied")
    tab.click(".trova-start:not([disabled])")
    row = tab.locator(".trova-experiment-copied")
    # the same trials: the race is at its end at once
    expect(row).to_contain_text("251 of 1080")
    expect(row).to_contain_text("The race has ended")
    more(tab, "copied", "Change or grow")
    expect(tab.locator(".trova-plan h2")).to_have_text("The plan of copied")
    tab.fill(".trova-axis-0 .trova-axis-values input", "[1 : 1 : 2]")
    expect(tab.locator(".trova-sentence")).to_contain_text("24 cells, all can be built, 360 trials")
    tab.fill(".trova-budget-field input", "1 trial")
    tab.click(".trova-start:not([disabled])")
    expect(row).to_contain_text(re.compile("of 360.*(The budget of 1 trials is used|The race has ended)", re.DOTALL))
    more(tab, "copied", "Leave a remark")
    answer(tab, "annotate", ".trova-remark textarea >> nth=0", "only a part")
    expect(row).to_contain_text("only a part")
    more(tab, "copied", "Rename")
    dialog(tab, "rename").locator("input").fill("experiment-1")
    dialog(tab, "rename").locator(".trova-answer").click()
    expect(dialog(tab, "rename")).to_contain_text("another experiment with the name")
    answer(tab, "rename", "input", "a part")
    expect(row).to_have_count(0)
    delete(tab, "a part", "another experiment shares")
    expect(tab.locator(".trova-experiment-table")).to_contain_text("251 of 1080")
    expect(tab.locator(".trova-experiment-table")).not_to_contain_text("a part")


def test_a_dialog_closes_with_the_page_that_it_is_of(visitor: Visitor) -> None:
    tab = visitor.open("overview")
    tab.click(".trova-to-experiments")
    more(tab, "experiment-1", "What it is")
    expect(dialog(tab, "compare")).to_contain_text("best quality")
    tab.go_back()
    expect(dialog(tab, "compare")).to_have_count(0)
    assert place(tab) == "overview"
