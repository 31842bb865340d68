import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

Wait = Callable[[Page, Callable[[], object]], None]

SQUARES = ".trova-squares[data-recipe]"

WHITE = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), points = [];
  for (let k = 0; k < data.length; k += 4)
    if (data[k] > 200) points.push([(k / 4) % canvas.width, canvas.height - 1 - Math.floor(k / 4 / canvas.width)]);
  return points;
}"""


@pytest.fixture
def tab(visitor: Visitor) -> Page:
    tab = visitor.open("fingerprint")
    tab.set_viewport_size({"width": 1280, "height": 1300})
    tab.wait_for_selector(SQUARES)
    return tab


def drawn(tab: Page) -> dict[str, Any]:
    """Return the recipe that the squares were drawn with."""
    recipe: dict[str, Any] = json.loads(tab.locator(SQUARES).get_attribute("data-recipe") or "{}")
    return recipe


def canvas(tab: Page, name: str) -> Locator:
    return tab.locator(f".trova-canvas-{name}")


def choose(tab: Page, name: str, title: str) -> None:
    tab.click(f"[data-parameter={name}] .v-field, [data-parameter={name}].v-field")
    tab.click(f".v-overlay-container .v-list-item >> text={title}")


def test_the_squares_follow_a_slider_while_it_is_dragged(tab: Page, eventually: Wait) -> None:
    assert len(canvas(tab, "fingerprint").evaluate(WHITE)) == 400
    thumb = tab.locator("[data-parameter=keep] .v-slider-thumb").bounding_box()
    assert thumb is not None
    tab.mouse.move(thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(thumb["x"] + 50, thumb["y"] + thumb["height"] / 2, steps=3)
    # the button is still down
    eventually(tab, lambda: drawn(tab)["keep"] > 500)
    keep = drawn(tab)["keep"]
    eventually(tab, lambda: len(canvas(tab, "fingerprint").evaluate(WHITE)) == drawn(tab)["keep"] >= keep)
    tab.mouse.up()
    expect(tab.locator(".trova-fp-recipe")).to_contain_text("not the one this workspace uses")


def test_a_white_point_lights_its_patch_on_the_scalogram_and_the_seismogram(tab: Page) -> None:
    column, row = next(point for point in canvas(tab, "fingerprint").evaluate(WHITE) if point[0] > 3 and point[1] > 3)
    box = canvas(tab, "fingerprint").bounding_box()
    assert box is not None
    expect(tab.locator(".trova-lit")).to_have_count(0)
    tab.mouse.move(box["x"] + (column + 0.5) * box["width"] / 64, box["y"] + (63.5 - row) * box["height"] / 64)
    expect(tab.locator(".trova-lit")).to_have_count(1)
    expect(tab.locator(".trova-lit-time")).to_have_count(1)
    expect(tab.locator(".trova-lit-point")).to_have_count(2)
    expect(tab.locator(".trova-told")).to_contain_text(re.compile(r"\d s, \d.*Hz"))
    tab.mouse.move(5, 5)
    expect(tab.locator(".trova-lit-time")).to_have_count(0)


def test_the_cutoff_is_dragged_kept_and_undone(tab: Page, eventually: Wait) -> None:
    cuts = tab.locator(".trova-cut")
    expect(tab.locator(".trova-fp-note")).to_contain_text("confidence")
    field = tab.locator(".trova-fp-cutoff input")
    found, before = field.input_value(), canvas(tab, "fingerprint").evaluate(WHITE)
    heights = [line.bounding_box() for line in cuts.all()]
    hold = tab.locator(".trova-cut-middle .trova-cut-hold").bounding_box()
    assert hold is not None
    tab.mouse.move(hold["x"] + 60, hold["y"] + hold["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(hold["x"] + 60, hold["y"] - 24, steps=4)
    eventually(tab, lambda: float(field.input_value()) > 1.05 * float(found))
    tab.mouse.up()
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) != before)
    moved = [line.bounding_box() for line in cuts.all()]
    # all of them move together
    assert all(new is None or old is None or new["y"] < old["y"] for old, new in zip(heights, moved, strict=False))
    tab.click(".trova-fp-keep")
    expect(tab.locator(".trova-fp-note")).to_contain_text("Kept by")
    expect(tab.locator(".trova-fp-note")).to_contain_text(f"found were {float(found):.3g} Hz")
    tab.click(".trova-fp-undo")
    expect(tab.locator(".trova-fp-note")).to_contain_text("Found in the record")
    expect(field).to_have_value(found)
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) == before)


def test_a_variant_is_looked_at_and_a_similar_record_gone_to(tab: Page, eventually: Wait) -> None:
    before = canvas(tab, "fingerprint").evaluate(WHITE)
    tab.click(".trova-fp-strip button >> nth=4")
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) != before)
    expect(tab.locator(".trova-squares figcaption").first).to_contain_text("variant +2")
    similar = tab.locator(".trova-fp-similar button")
    expect(similar).to_have_count(10)
    place = tab.url
    similar.first.click()
    tab.wait_for_function("(place) => location.href !== place", arg=place)
    expect(tab.locator(".trova-squares figcaption").first).not_to_contain_text("variant")


def test_the_seismogram_is_seen_above_the_cutoff(tab: Page, eventually: Wait) -> None:
    plot = tab.locator(".trova-page-fingerprint .trova-seismogram > svg")
    expect(plot.locator(".trova-trace")).to_have_attribute("d", re.compile("^M.{5000,}"))

    def counts() -> list[str]:
        return plot.locator("g > text[text-anchor=end]").all_text_contents()

    raw = counts()
    assert "0" in raw
    tab.click("button:has-text('Above the cut-off')")
    eventually(tab, lambda: counts() != raw)
    tab.click("button:has-text('As recorded')")
    eventually(tab, lambda: counts() == raw)


def test_every_parameter_of_the_method_can_be_set(tab: Page, eventually: Wait) -> None:
    choose(tab, "wavelet", "Generalised Morse")
    eventually(tab, lambda: drawn(tab)["wavelet"] == "morse")
    expect(tab.locator("[data-parameter=morse_beta]")).to_be_visible()
    choose(tab, "frequency_spacing", "Linear")
    eventually(tab, lambda: drawn(tab)["frequency_spacing"] == "linear")
    choose(tab, "signs", "Two: and its sign")
    choose(tab, "size", "128 × 128")
    eventually(
        tab, lambda: canvas(tab, "fingerprint").evaluate("canvas => [canvas.width, canvas.height]") == [256, 128]
    )
    choose(tab, "amplitude", "Below the strongest")
    eventually(tab, lambda: drawn(tab)["amplitude"] == "log")
    choose(tab, "selection", "Above a threshold")
    expect(tab.locator("[data-parameter=threshold]")).to_be_visible()
    # a recipe that cannot be applied says why, and what was drawn last stays
    choose(tab, "window_reference", "The record's start")
    expect(tab.locator(".trova-fp-refusal")).to_contain_text("before the start of the record")
    assert drawn(tab)["window_reference"] == "onset"


def test_the_medians_of_the_data_set_are_fitted_on_the_page(tab: Page, eventually: Wait) -> None:
    before = canvas(tab, "fingerprint").evaluate(WHITE)
    choose(tab, "selection", "Far from the median")
    expect(tab.locator(".trova-fp-refusal")).to_contain_text("fit the medians")
    expect(tab.locator(".trova-fp-fit")).to_contain_text("Not fitted to this recipe yet")
    # it cannot be used, but what is missing is fitted before all fingerprints are computed
    expect(tab.locator("button:has-text('Use this recipe')")).to_be_disabled()
    expect(tab.locator("button:has-text('Compute all fingerprints')")).to_be_enabled()
    assert canvas(tab, "fingerprint").evaluate(WHITE) == before
    tab.click("button:has-text('Fit the medians')")
    expect(tab.locator(".trova-fp-recipe")).to_contain_text(re.compile(r"fitting the medians: \d+ of \d+"))
    expect(tab.locator(".trova-fp-fit")).to_contain_text(re.compile(r"Compared with the medians of \d+ records"))
    expect(tab.locator(".trova-fp-refusal")).to_have_count(0)
    eventually(tab, lambda: drawn(tab)["selection"] == "mad" and len(drawn(tab)["statistics"]) == 20)
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) != before)
    assert len(canvas(tab, "fingerprint").evaluate(WHITE)) == 400
    # other planes have other medians, and these are found again
    choose(tab, "haar", "Nonstandard")
    expect(tab.locator(".trova-fp-refusal")).to_contain_text("fit the medians")
    choose(tab, "haar", "Standard")
    expect(tab.locator(".trova-fp-refusal")).to_have_count(0)


def test_a_recipe_is_used_by_the_workspace(tab: Page) -> None:
    expect(tab.locator(".trova-fp-recipe")).to_contain_text("the one this workspace uses")
    tab.locator("[data-parameter=keep] .v-slider-thumb").focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".trova-fp-recipe")).to_contain_text("not the one this workspace uses")
    tab.click("button:has-text('Use this recipe')")
    expect(tab.locator(".v-snackbar")).to_contain_text("now uses this recipe")
    tab.locator("[data-parameter=keep] .v-slider-thumb").focus()
    tab.keyboard.press("ArrowLeft")
    tab.click("button:has-text('Use this recipe')")
    expect(tab.locator(".trova-fp-recipe")).not_to_contain_text("not the one")
