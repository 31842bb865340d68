import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor, Wait, choose, subject

pytestmark = pytest.mark.browser


SQUARES = ".trova-squares[data-recipe]"
#: What the page says of the recipe on it.
WHOSE = ".trova-fp-recipe h2 + span"

#: How far each cut-off is from the upper edge of its drawing, in the drawing's own units.
HEIGHTS = "(holds) => holds.map((line) => line.y1.baseVal.value)"

#: Drags a cut-off so far, in pixels, clicks a button in the same moment, and says where the cut-off is drawn then.
DRAG_AND = """async (hold, [down, button]) => {
  const box = hold.getBoundingClientRect(), x = box.left + box.width / 4, y = box.top + box.height / 2;
  const at = (kind, y) => new PointerEvent(kind, { pointerId: 1, clientX: x, clientY: y, bubbles: true });
  // there is no real pointer to capture
  hold.closest("svg").setPointerCapture = () => {};
  hold.dispatchEvent(at("pointerdown", y));
  hold.dispatchEvent(at("pointermove", y + down));
  hold.dispatchEvent(at("pointerup", y + down));
  if (button) document.querySelector(button).click();
  await new Promise(requestAnimationFrame);
  return hold.y1.baseVal.value;
}"""

WHITE = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), points = [];
  for (let k = 0; k < data.length; k += 4)
    if (data[k] > 200) points.push([(k / 4) % canvas.width, canvas.height - 1 - Math.floor(k / 4 / canvas.width)]);
  return points;
}"""

#: Notes everything that the page says of the recipe: how far a computation is may be gone before anybody looks.
NOTE_PROGRESS = """() => {
  const said = document.querySelector(".trova-fp-recipe h2 + span");
  window.noted = [];
  const every = { characterData: true, childList: true, subtree: true };
  new MutationObserver(() => window.noted.push(said.textContent)).observe(said, every);
}"""


@pytest.fixture
def tab(visitor: Visitor) -> Page:
    tab = visitor.open("fingerprint")
    tab.set_viewport_size({"width": 1280, "height": 1300})
    # all that is above and in the squares, so that nothing moves any more
    expect(tab.locator(SQUARES)).to_be_visible()
    expect(tab.locator(".trova-page-fingerprint .trova-trace")).to_have_attribute("d", re.compile("^M.{5000,}"))
    expect(tab.locator(".trova-fp-note")).to_contain_text("confidence")
    expect(tab.locator(".trova-fp-cutoff input")).to_have_value(re.compile(r"\d"))
    expect(tab.locator(".trova-fp-similar button")).to_have_count(10)
    expect(tab.locator(WHOSE)).to_have_text("the one this workspace uses")
    return tab


def drawn(tab: Page) -> dict[str, Any]:
    """Return the recipe that the squares were drawn with."""
    recipe: dict[str, Any] = json.loads(tab.locator(SQUARES).get_attribute("data-recipe") or "{}")
    return recipe


def canvas(tab: Page, name: str) -> Locator:
    return tab.locator(f".trova-canvas-{name}")


def set_to(tab: Page, name: str, title: str) -> None:
    choose(tab, f"[data-parameter={name}] .v-field", title)


def point_at(tab: Page, square: int, across: float, down: float) -> dict[str, float]:
    """Move the mouse to a place in a square, 0 to 1 from its upper left corner, and say where that is in the window."""
    drawing = tab.locator(".trova-squares .trova-square > svg").nth(square)
    box = drawing.bounding_box()
    assert box is not None
    # a drawing is 330 wide and 318 high, and the square in it 272
    at = {"x": (46 + 272 * across) * box["width"] / 330, "y": (6 + 272 * down) * box["height"] / 318}
    drawing.hover(position=at)
    # it may have been scrolled to
    box = drawing.bounding_box()
    assert box is not None
    return {"x": box["x"] + at["x"], "y": box["y"] + at["y"]}


def test_the_squares_follow_a_slider_while_it_is_dragged(tab: Page, eventually: Wait) -> None:
    eventually(tab, lambda: len(canvas(tab, "fingerprint").evaluate(WHITE)) == 400)
    thumb = tab.locator("[data-parameter=keep] .v-slider-thumb")
    thumb.hover()
    tab.mouse.down()
    box = thumb.bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + 50, box["y"] + box["height"] / 2, steps=3)
    # the button is still down
    eventually(tab, lambda: drawn(tab)["keep"] > 500)
    keep = drawn(tab)["keep"]
    eventually(tab, lambda: len(canvas(tab, "fingerprint").evaluate(WHITE)) == drawn(tab)["keep"] >= keep)
    tab.mouse.up()
    expect(tab.locator(WHOSE)).to_have_text("not the one this workspace uses")


def test_a_white_point_lights_its_patch_on_the_scalogram_and_the_seismogram(tab: Page) -> None:
    column, row = next(point for point in canvas(tab, "fingerprint").evaluate(WHITE) if point[0] > 3 and point[1] > 3)
    expect(tab.locator(".trova-lit")).to_have_count(0)
    point_at(tab, 2, (column + 0.5) / 64, (63.5 - row) / 64)
    expect(tab.locator(".trova-lit")).to_have_count(1)
    expect(tab.locator(".trova-lit-time")).to_have_count(1)
    expect(tab.locator(".trova-lit-point")).to_have_count(2)
    expect(tab.locator(".trova-patch")).to_contain_text(re.compile(r"\d s, \d.*Hz"))
    tab.mouse.move(5, 5)
    expect(tab.locator(".trova-lit-time")).to_have_count(0)


def test_the_cutoff_is_dragged_kept_and_undone(tab: Page, eventually: Wait) -> None:
    holds, middle = tab.locator(".trova-cut-hold"), tab.locator(".trova-cut-middle .trova-cut-hold")
    field = tab.locator(".trova-fp-cutoff input")
    found, before = field.input_value(), canvas(tab, "fingerprint").evaluate(WHITE)
    expect(holds).to_have_count(5)
    heights = holds.evaluate_all(HEIGHTS)
    at = point_at(tab, 0, 0.25, (middle.evaluate("(line) => line.y1.baseVal.value") - 6) / 272)
    tab.mouse.down()
    tab.mouse.move(at["x"], at["y"] - 24, steps=4)
    eventually(tab, lambda: float(field.input_value()) > 1.05 * float(found))
    tab.mouse.up()
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) != before)
    # all of them move together
    eventually(tab, lambda: all(new < old for old, new in zip(heights, holds.evaluate_all(HEIGHTS), strict=True)))
    tab.click(".trova-fp-keep")
    expect(tab.locator(".trova-fp-note")).to_contain_text("Kept by")
    expect(tab.locator(".trova-fp-note")).to_contain_text(f"found were {float(found):.3g} Hz")
    tab.click(".trova-fp-undo")
    expect(tab.locator(".trova-fp-note")).to_contain_text("Found in the record")
    expect(field).to_have_value(found)
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) == before)


def test_what_is_kept_is_what_the_squares_show(tab: Page, eventually: Wait) -> None:
    middle, note = tab.locator(".trova-cut-middle .trova-cut-hold"), tab.locator(".trova-fp-note")
    before = canvas(tab, "fingerprint").evaluate(WHITE)
    found = middle.evaluate("(hold) => hold.y1.baseVal.value")
    tried = middle.evaluate(DRAG_AND, [-12, None])
    expect(note).to_contain_text("Tried, not kept")
    # dragged on, and kept before the kernel can know where to
    kept = middle.evaluate(DRAG_AND, [-12, ".trova-fp-keep"])
    assert kept < tried - 5 and tried < found - 5
    expect(note).to_contain_text("Kept by")
    assert middle.evaluate("(hold) => hold.y1.baseVal.value") == pytest.approx(kept, abs=0.5)
    kept_hz = tab.locator(".trova-fp-cutoff input").input_value()
    tab.reload()
    expect(tab.locator(".trova-fp-cutoff input")).to_have_value(kept_hz)
    expect(note).to_contain_text("Kept by")
    tab.click(".trova-fp-undo")
    expect(note).to_contain_text("Found in the record")
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) == before)


def test_what_was_dragged_is_undone_before_the_kernel_knows_of_it(tab: Page, eventually: Wait) -> None:
    middle = tab.locator(".trova-cut-middle .trova-cut-hold")
    field, before = tab.locator(".trova-fp-cutoff input"), canvas(tab, "fingerprint").evaluate(WHITE)
    found = field.input_value()
    middle.evaluate(DRAG_AND, [-12, None])
    expect(tab.locator(".trova-fp-note")).to_contain_text("Tried, not kept")
    middle.evaluate(DRAG_AND, [-24, ".trova-fp-back"])
    expect(tab.locator(".trova-fp-note")).to_contain_text("Found in the record")
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) == before)
    expect(field).to_have_value(found)


def test_a_recipe_without_the_high_pass_shows_variants_of_the_onset_and_no_cut_off(tab: Page) -> None:
    expect(tab.locator(".trova-cut")).to_have_count(5)
    choose(tab, ".trova-fp-saved .v-field", "signed")
    expect(tab.locator(".trova-cut")).to_have_count(0)
    expect(tab.locator(".trova-fp-note")).to_contain_text("has no high-pass")
    expect(tab.locator(".trova-fp-strip button")).to_have_count(17)
    expect(tab.locator(".trova-fp-strip button .trova-soft").first).to_have_text("−8 s")
    expect(tab.locator("[data-parameter=cutoff_step_octaves]")).to_have_count(0)
    set_to(tab, "highpass", "On")
    expect(tab.locator("[data-parameter=cutoff_step_octaves]")).to_have_count(1)


def test_a_variant_is_looked_at_and_a_similar_record_gone_to(tab: Page, eventually: Wait) -> None:
    before = canvas(tab, "fingerprint").evaluate(WHITE)
    tab.click(".trova-fp-strip button >> nth=4")
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) != before)
    expect(tab.locator(".trova-squares figcaption").first).to_contain_text("variant +2")
    similar, here = tab.locator(".trova-fp-similar button").first, subject(tab)
    station = similar.locator(".trova-fp-name").inner_text()
    similar.click()
    eventually(tab, lambda: subject(tab) != here)
    drawn_of = tab.locator(".trova-page-fingerprint .trova-seismogram > svg")
    expect(drawn_of).to_have_attribute("aria-label", re.compile(rf"\b{station}\b"))
    expect(tab.locator(".trova-squares figcaption").first).not_to_contain_text("variant")


def test_the_seismogram_is_seen_above_the_cutoff(tab: Page, eventually: Wait) -> None:
    plot = tab.locator(".trova-page-fingerprint .trova-seismogram > svg")

    def counts() -> list[str]:
        return plot.locator("g > text[text-anchor=end]").all_text_contents()

    eventually(tab, lambda: "0" in counts())
    raw = counts()
    tab.click("button:has-text('Above the cut-off')")
    eventually(tab, lambda: counts() != raw)
    tab.click("button:has-text('As recorded')")
    eventually(tab, lambda: counts() == raw)


def test_every_parameter_of_the_method_can_be_set(tab: Page, eventually: Wait) -> None:
    set_to(tab, "wavelet", "Generalised Morse")
    eventually(tab, lambda: drawn(tab)["wavelet"] == "morse")
    expect(tab.locator("[data-parameter=morse_beta]")).to_be_visible()
    set_to(tab, "frequency_spacing", "Linear")
    eventually(tab, lambda: drawn(tab)["frequency_spacing"] == "linear")
    set_to(tab, "signs", "Two: and its sign")
    set_to(tab, "size", "128 × 128")
    eventually(
        tab, lambda: canvas(tab, "fingerprint").evaluate("canvas => [canvas.width, canvas.height]") == [256, 128]
    )
    set_to(tab, "amplitude", "Below the strongest")
    eventually(tab, lambda: drawn(tab)["amplitude"] == "log")
    set_to(tab, "selection", "Above a threshold")
    expect(tab.locator("[data-parameter=threshold]")).to_be_visible()
    # a recipe that cannot be applied says why, and what was drawn last stays
    set_to(tab, "window_reference", "The record's start")
    expect(tab.locator(".trova-fp-refusal")).to_contain_text("before the start of the record")
    assert drawn(tab)["window_reference"] == "onset"


def test_the_medians_of_the_data_set_are_fitted_on_the_page(tab: Page, eventually: Wait) -> None:
    before = canvas(tab, "fingerprint").evaluate(WHITE)
    set_to(tab, "selection", "Far from the median")
    expect(tab.locator(".trova-fp-refusal")).to_contain_text("fit the medians")
    expect(tab.locator(".trova-fp-fit")).to_contain_text("Not fitted to this recipe yet")
    # it cannot be used, but what is missing is fitted before all fingerprints are computed
    expect(tab.locator("button:has-text('Use this recipe')")).to_be_disabled()
    expect(tab.locator("button:has-text('Compute all fingerprints')")).to_be_enabled()
    assert canvas(tab, "fingerprint").evaluate(WHITE) == before
    tab.evaluate(NOTE_PROGRESS)
    tab.click("button:has-text('Fit the medians')")
    expect(tab.locator(".trova-fp-fit")).to_contain_text(re.compile(r"Compared with the medians of [\d,]+ records"))
    expect(tab.locator(".trova-fp-refusal")).to_have_count(0)
    assert any(re.fullmatch(r"fitting the medians: [\d,]+ of [\d,]+.*", text) for text in tab.evaluate("window.noted"))
    eventually(tab, lambda: drawn(tab)["selection"] == "mad" and len(drawn(tab)["statistics"]) == 20)
    eventually(tab, lambda: canvas(tab, "fingerprint").evaluate(WHITE) != before)
    eventually(tab, lambda: len(canvas(tab, "fingerprint").evaluate(WHITE)) == 400)
    # other planes have other medians, and these are found again
    set_to(tab, "haar", "Nonstandard")
    expect(tab.locator(".trova-fp-refusal")).to_contain_text("fit the medians")
    set_to(tab, "haar", "Standard")
    expect(tab.locator(".trova-fp-refusal")).to_have_count(0)


def test_a_recipe_is_used_by_the_workspace(tab: Page) -> None:
    for key in ("ArrowRight", "ArrowLeft"):
        tab.locator("[data-parameter=keep] .v-slider-thumb").focus()
        tab.keyboard.press(key)
        expect(tab.locator(WHOSE)).to_have_text("not the one this workspace uses")
        tab.click("button:has-text('Use this recipe')")
        expect(tab.locator(".v-snackbar")).to_contain_text("now uses this recipe")
        expect(tab.locator(WHOSE)).to_have_text("the one this workspace uses")
