import re
from io import BytesIO
from itertools import chain
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import Visitor, Wait, place
from trova_widgets.space import parse_values
from trova_widgets.workspace.demonstration import AXES

pytestmark = pytest.mark.browser


#: The standard deviation of the grey values of a picture in which something is drawn.
DRAWN = 5.0


def _picture(part: Locator) -> np.ndarray:
    """Return the grey values of what is drawn, which may just then be drawn anew, as whenever anything is stored."""
    while True:
        try:
            return np.asarray(Image.open(BytesIO(part.screenshot())).convert("L"), dtype=float)
        except Error as error:
            if "not attached" not in str(error):
                raise


#: How far below the top of the page the tabs are.
BELOW = """() => document.querySelector(".tr-tabs").getBoundingClientRect().y
  - document.querySelector(".tr-bar").getBoundingClientRect().y"""

#: Whether a page of this width has nothing beside it that one would have to scroll to.
FITS = """width => {
  const main = document.querySelector(".trova-main");
  return innerWidth === width && main.scrollWidth <= main.clientWidth;
}"""

#: Where the cells of a picture begin, from its corner.
PLACES = """(picture) => {
  const corner = picture.getBoundingClientRect();
  return [...picture.querySelectorAll(".ts-cell[data-at]")].map((cell) => {
    const box = cell.getBoundingClientRect();
    return [box.x - corner.x, box.y - corner.y].map(Math.round);
  });
}"""

#: What a read-out says of a combination.
SENTENCE = re.compile(
    r"^filterSize \d, numFilters \d, poolSize \d: \d\d\.\d % \(\d\d(\.\d)? to \d\d(\.\d)?\), gradient 0\.\d+, "
    r"(the best|cannot be told from the best|worse than the best)$"
)


def test_the_cube_is_read_by_its_ticks_its_key_and_a_sentence_under_the_pointer(
    visitor: Visitor, eventually: Wait
) -> None:
    tab = visitor.open("results")
    canvas = tab.locator(".trova-cube canvas").first
    expect(canvas).to_be_visible()
    eventually(tab, lambda: _picture(canvas).std() > DRAWN)
    values = {str(value) for value in chain(*map(parse_values, AXES.values()))}
    eventually(tab, lambda: values <= set(tab.locator(".tv-tick").all_text_contents()))
    assert sorted(tab.locator(".tv-title").all_text_contents()) == ["filterSize (2)", "numFilters (2)", "poolSize (6)"]
    expect(tab.locator(".tv-key")).to_contain_text("cannot be told from the best")
    expect(tab.locator(".tv-key")).to_contain_text("repeats")
    assert tab.locator(".tv-circle").count() > 10
    # the words are where the browser's camera sees the nodes: the picked one is under its ring
    told = tab.locator(".trova-volume .trova-told")
    _rest_on(tab, tab.locator(".tv-chosen"))
    expect(told).to_have_text(SENTENCE)
    expect(told).to_contain_text("the best")
    # turned, zoomed and back again
    before = tab.locator(".tv-chosen").bounding_box()
    tab.click(".trova-nearer")
    eventually(tab, lambda: tab.locator(".tv-chosen").bounding_box() != before)
    tab.click(".trova-reset")
    eventually(tab, lambda: _is_near(tab.locator(".tv-chosen").bounding_box(), before))
    # the wheel belongs to the page
    main = tab.locator(".trova-main")
    _rest_on(tab, canvas)
    tab.mouse.wheel(0, 200)
    eventually(tab, lambda: main.evaluate("main => main.scrollTop") > 50)
    expect(tab.locator(".trova-threshold")).to_be_visible()
    tab.locator(".trova-threshold").fill("0.85")
    expect(tab.locator(".tv-key")).to_contain_text(re.compile(r"\d+ of 72 hidden"))


def test_the_experiment_and_a_view_are_saved_as_files(visitor: Visitor) -> None:
    tab = visitor.open("results")
    for button, name in ((".trova-take-page", "experiment-1.html"), (".trova-take-svg", "experiment-1-images.svg")):
        with tab.expect_download() as download:
            tab.locator(f"{button}:enabled").click()
        assert download.value.suggested_filename == name
        content = download.value.path().read_text()
        assert "trova-data" in content if name.endswith("html") else "poolSize" in content


def test_every_flat_view_says_and_picks_what_is_under_the_pointer(visitor: Visitor) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    for name, mark, what in (
        ("tradeoff", "", ".ts-touch"),
        ("images", ".trova-tab-images", ".ts-cell"),
        ("lines", ".trova-tab-lines", ".ts-touch"),
        ("surfaces", ".trova-tab-surfaces", ".ts-touch"),
        ("parallel", ".trova-tab-parallel", ".ts-line"),
    ):
        if mark:
            tab.click(mark)
        view = tab.locator(f".trova-pictures.trova-{name}").first
        found = view.locator(f"{what}[data-at]")
        expect(found.first).to_be_visible()
        at_place = found.nth(3).get_attribute("data-at")
        # as a mouse does it, but wherever another line may lie on top
        found.nth(3).dispatch_event("pointermove", {"bubbles": True, "clientX": 400, "clientY": 300})
        expect(view.locator(".trova-told")).to_have_text(SENTENCE)
        found.nth(3).dispatch_event("click", {"bubbles": True})
        values = [str(parse_values(axis)[int(at)]) for axis, at in zip(AXES.values(), at_place.split(","), strict=True)]
        expect(tab.locator(".tr-slider output")).to_have_text(values)
        expect(tab.locator(".trova-spoken")).to_contain_text(f"filterSize {values[0]}, numFilters {values[1]}")
    tab.click(".trova-tab-lines")
    expect(tab.locator(".trova-lines .ts-band")).to_have_count(24)
    tab.click(".trova-tab-influence")
    expect(tab.locator(".trova-influence")).to_contain_text(re.compile(r"\d\.\d \(\d\.\d to \d\.\d\) points"))
    # both: an axis for each quantity, and nothing above the tabs moves
    tab.click(".trova-tab-lines")
    before = tab.evaluate(BELOW)
    tab.click(".trova-objective-both")
    expect(tab.locator(".trova-lines svg.ts-lines")).to_have_count(2)
    assert abs(tab.evaluate(BELOW) - before) < 24
    tab.click(".trova-objective-gradient")
    expect(tab.locator(".trova-tradeoff .tp-note")).to_contain_text("Colour: Gradient")


def test_the_address_leads_back_and_forth_between_views_and_to_what_was_seen(
    visitor: Visitor, eventually: Wait
) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    eventually(tab, lambda: place(tab).startswith("results/experiment-1?tab=images"))
    tab.click(".trova-tab-lines")
    eventually(tab, lambda: "tab=lines" in place(tab))
    _slide(tab, tab.locator(".trova-slider-0 input[type=range]"))
    tab.click(".trova-slider-2 .tr-lock")
    expect(tab.locator(".trova-slider-2 .tr-lock.on")).to_be_visible()
    # the address follows a moment later, and at once where somebody wants it
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.click(".trova-copy-link")
    expect(tab.locator(".trova-copy-link")).to_have_text("Copied")
    link = tab.evaluate("navigator.clipboard.readText()")
    assert "locked=averagePooling2dLayer_6_poolSize" in link
    eventually(tab, lambda: link.endswith("#" + place(tab)))
    values = tab.locator(".tr-slider output").all_inner_texts()
    tab.go_back()
    expect(tab.locator(".trova-tab-images")).to_have_attribute("aria-selected", "true")
    other = visitor.open("results")
    other.goto("about:blank")
    other.goto(link, wait_until="commit")
    expect(other.locator(".trova-tab-lines")).to_have_attribute("aria-selected", "true")
    expect(other.locator(".tr-slider output")).to_have_text(values)
    expect(other.locator(".trova-slider-2 .tr-lock.on")).to_be_visible()
    other.evaluate("location.hash = 'results/nosuch'")
    expect(other.locator(".trova-lost")).to_contain_text("There is no experiment nosuch.")
    other.locator(".trova-lost a").first.click()
    expect(other.locator(".trova-diagram li").first).to_be_visible()


def test_a_cell_of_the_matrix_leads_to_its_records_and_back_to_the_same_place(
    visitor: Visitor, eventually: Wait
) -> None:
    tab = visitor.open("results")
    cell = tab.get_by_role("button", name=re.compile(r"^Mine blast taken for quarry blast: \d+, \d+\.\d %, \d+ to \d+"))
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    told = re.match(r".*: (\d+),", cell.get_attribute("aria-label") or "")
    listed = tab.locator(".trova-taken")
    expect(listed.locator("summary")).to_contain_text("Mine blast taken for quarry blast")
    times = [int(text.partition(" ")[0]) for text in listed.locator("tbody td:nth-child(2)").all_inner_texts()]
    assert told is not None
    assert sum(times) == int(told[1]), "the list has exactly what the cell counts"
    eventually(tab, lambda: "taken=mine_blast%2Cquarry_blast" in place(tab))
    # a record tells which combinations get it wrong
    listed.locator(".tt-miss").first.click()
    expect(tab.locator(".trova-missed")).to_contain_text(re.compile(r"is told wrong by \d+ of 72"))
    main = tab.locator(".trova-main")
    link = listed.locator("tbody a").first
    link.scroll_into_view_if_needed()
    left, event = main.evaluate("main => main.scrollTop"), link.inner_text()
    link.click()
    expect(tab.locator(".trova-page-records")).to_be_visible()
    expect(tab.locator(".trova-page-records")).to_contain_text(event)
    tab.go_back()
    expect(listed.locator("summary")).to_be_visible()
    expect(cell).to_have_attribute("aria-pressed", "true")
    eventually(tab, lambda: abs(main.evaluate("main => main.scrollTop") - left) < 2)
    listed.locator(".tt-fingerprint").first.click()
    expect(tab.locator(".trova-page-fingerprint")).to_be_visible()


def test_every_flat_view_has_its_values_along_its_edges(visitor: Visitor) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    sizes, filters, pools = ([str(value) for value in parse_values(axis)] for axis in AXES.values())
    names = ["filterSize (2)", "numFilters (2)", "poolSize (6)"]
    expected = {
        "images": ["filterSize (2) →", "↑ numFilters (2)", *sizes, *filters],
        "lines": ["Quality Q ↑", *sizes, *filters, *pools],
        "surfaces": [*sizes, *filters],
        "parallel": [*names, "Quality Q", "Gradient |∇Q|", *sizes, *filters, *pools],
        "influence": names,
    }
    for view, words in expected.items():
        tab.click(f".trova-tab-{view}")
        picture = tab.locator(f".trova-pictures.trova-{view}").first
        expect(picture.locator("svg").first).to_be_visible()
        said = set(picture.locator("svg text").all_text_contents())
        assert set(words) <= said, view
    assert {"Quality Q ↑", "Gradient (low is stable) →"} <= set(tab.locator(".trova-tradeoff text").all_text_contents())
    # after each epoch of a training: the accuracy and the loss
    learning = tab.locator(".trova-learning svg text").all_text_contents()
    assert {"Accuracy", "Loss", "Epoch →", "100 %"} <= set(learning)


def test_the_brighter_a_pixel_is_the_better_is_its_combination(visitor: Visitor) -> None:
    tab = visitor.open("results")
    view = tab.locator(".trova-pictures.trova-images").first
    drawn = view.locator(".tp-picture > div:first-child > svg").first
    expect(drawn).to_be_visible()
    # at first it is drawn for a usual width, and again when the page has told its own; wherever it is scrolled to
    for _ in range(3):
        places = drawn.evaluate(PLACES)
        pixels, seen = _picture(drawn), []
        for cell, (x, y) in zip(drawn.locator(".ts-cell[data-at]").all(), places, strict=True):
            cell.dispatch_event("pointermove", {"bubbles": True, "clientX": 400, "clientY": 300})
            told = view.locator(".trova-told")
            expect(told).to_have_text(SENTENCE)
            quality = float(re.search(r": (\d+\.\d) %", told.inner_text())[1])
            # beside the ring in its middle, and the frame of a picked one
            seen.append((quality, pixels[int(y) + 4, int(x) + 4]))
        if drawn.evaluate(PLACES) == places:
            break
    else:
        raise AssertionError("it was drawn anew all the time")
    assert len(seen) == 24
    seen.sort()
    brightness = np.array([grey for _, grey in seen])
    assert brightness[-1] - brightness[0] > 50
    assert (np.diff(brightness) >= -2).all(), seen


def test_arrow_keys_walk_the_grid_and_say_each_node(visitor: Visitor) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    said = tab.locator(".trova-spoken")
    expect(said).to_have_attribute("aria-live", "polite")
    before = said.inner_text()
    tab.locator(".tv-stage").focus()
    tab.keyboard.press("ArrowLeft")
    expect(said).not_to_have_text(before)
    expect(said).to_contain_text("filterSize 4")
    tab.locator(".trova-images .tp-panels").first.focus()
    tab.keyboard.press("ArrowDown")
    expect(said).to_contain_text("filterSize 4, numFilters 4")


def test_the_page_fits_every_width(visitor: Visitor) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    for width in (2560, 1440, 390):
        tab.set_viewport_size({"width": width, "height": 1200})
        tab.wait_for_function(FITS, arg=width)
        if width == 2560:
            # no blank half: the views reach to the panel of the trial
            reach = "() => document.querySelector('.tr-views').getBoundingClientRect().right"
            tab.wait_for_function(f"({reach})() > 2560 - 480")
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.click(".trova-tab-table")
    expect(tab.locator(".trova-table th").last).to_be_visible()
    last, panel = tab.locator(".trova-table th").last.bounding_box(), tab.locator(".trova-trial").bounding_box()
    assert last is not None
    assert panel is not None
    assert last["x"] + last["width"] <= panel["x"]


def test_without_webgl_the_images_stand_in_and_say_so(visitor: Visitor) -> None:
    context = visitor.context
    context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    tab = visitor.open("results")
    expect(tab.locator(".tv-without")).to_contain_text("draws no WebGL")
    expect(tab.locator(".trova-images .ts-cell").first).to_be_visible()
    assert tab.locator(".trova-cube canvas").count() == 0


def test_a_column_of_the_table_is_filtered_and_shows_how_it_is_spread(visitor: Visitor, eventually: Wait) -> None:
    tab = visitor.open("results")
    tab.click(".trova-tab-table")
    expect(tab.locator(".tr-filters svg").first).to_be_visible()
    field = tab.get_by_label("Only filterSize (2) from : to")
    field.fill("2:3")
    field.press("Enter")
    expect(tab.locator(".tr-limit")).to_contain_text("filterSize (2) 2 to 3")
    cells = tab.locator(".trova-table tbody td:first-child")
    eventually(tab, lambda: set(cells.all_inner_texts()) <= {"2", "3"})
    # the bars of what is left out are pale to the ground
    heights = (
        tab.locator(".tr-filters td")
        .first.locator(".tr-some")
        .evaluate_all("bars => bars.map((bar) => Number(bar.getAttribute('height')))")
    )
    assert [height > 0 for height in heights] == [False, True, True, False, False, False]
    tab.locator(".tr-limit").click()
    expect(field).to_have_value("")


def test_a_remark_on_a_trial_is_kept_for_everybody(visitor: Visitor) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    tab.fill(".trova-remark", "<b>steep</b> on one side")
    tab.press(".trova-remark", "Enter")
    expect(tab.locator(".tr-remark").last).to_contain_text("<b>steep</b> on one side")
    other = visitor.open("results")
    expect(other.locator(".tr-remark").last).to_contain_text("<b>steep</b> on one side")


@pytest.mark.parametrize(("title", "begin"), [("CSV", b"trial_id,"), ("XLSX", b"PK"), ("Parquet", b"PAR1")])
def test_the_table_is_saved_as_a_file(visitor: Visitor, title: str, begin: bytes) -> None:
    tab = visitor.open("results")
    tab.click(".trova-tab-table")
    with tab.expect_download() as told:
        tab.locator(".tr-pages").get_by_role("button", name=title).click()
    assert told.value.suggested_filename.endswith(f".{title.lower()}")
    assert told.value.path().read_bytes().startswith(begin)


def _slide(tab: Page, handle: Locator) -> None:
    """Move a slider a step, to the right where there is room."""
    there, end = handle.evaluate("input => [Number(input.value), Number(input.max)]")
    handle.focus()
    tab.keyboard.press("ArrowRight" if there < end else "ArrowLeft")


def _rest_on(tab: Page, part: Locator) -> None:
    """Rest the pointer on the middle of a part."""
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x - 2, y)
    tab.mouse.move(x, y)


def _is_near(one: Any, other: Any) -> bool:
    return one is not None and all(abs(one[side] - other[side]) < 2 for side in ("x", "y"))
