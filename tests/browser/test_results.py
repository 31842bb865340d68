import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from trova_widgets.networks import parse_values
from trova_widgets.workspace.demonstration import AXES

pytestmark = pytest.mark.browser

Wait = Callable[[Page, Callable[[], object]], None]

#: The standard deviation of the grey values of a picture in which something is drawn.
DRAWN = 5.0

#: The number of the cell in a corner of a row of images, of which each has its lowest values lower left.
CORNER = """(cells, corner) => {
  const sign = corner === "lower left" ? 1 : -1;
  const reach = (cell) => { const at = cell.getBoundingClientRect(); return sign * (1e4 * Math.round(at.x) - at.y); };
  return cells.reduce((best, cell, i) => (reach(cell) < reach(cells[best]) ? i : best), 0);
}"""


def _picture(part: Locator) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(part.screenshot())).convert("L"), dtype=float)


def test_the_finished_experiment_is_there_as_cube_images_lines_matrix_and_diagram(
    visitor: Visitor, eventually: Wait
) -> None:
    tab = visitor.open("results")
    canvas = tab.locator(".trova-cube canvas").first
    expect(canvas).to_be_visible()
    eventually(tab, lambda: _picture(canvas).std() > DRAWN)
    assert canvas.evaluate("canvas => canvas.width * canvas.height") > 0
    images = tab.locator(".trova-images").first
    expect(images).to_be_visible()
    eventually(tab, lambda: _picture(images).std() > DRAWN)
    expect(tab.locator(".trova-confusion").first).to_contain_text("arthquake")
    expect(tab.locator(".trova-diagram").first).to_contain_text("onvolution")
    expect(tab.locator(".trova-trial").first).to_contain_text("%")
    tab.click(".trova-tab-lines")
    lines = tab.locator(".trova-lines").first
    expect(lines).to_be_visible()
    eventually(tab, lambda: _picture(lines).std() > DRAWN)
    tab.click(".trova-tab-surfaces")
    expect(tab.locator(".trova-surfaces polygon").first).to_be_visible()


def test_a_slider_changes_the_slices(visitor: Visitor, eventually: Wait) -> None:
    tab = visitor.open("results")
    sheet = tab.locator(".trova-slices").first
    eventually(tab, lambda: _picture(sheet).std() > DRAWN)
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    slider = tab.locator(".trova-slider-2")
    name, value = slider.locator(".tr-name").inner_text(), slider.locator("output").inner_text()
    expect(sheet).to_contain_text(f"{name} = {value}")
    before = _settled(tab, sheet, eventually)
    _slide(tab, slider.locator("input[type=range]"))
    expect(slider.locator("output")).not_to_have_text(value)
    expect(sheet).to_contain_text(f"{name} = {slider.locator('output').inner_text()}")
    eventually(tab, lambda: _differs(before, _picture(sheet)))


def test_a_parameter_that_is_fixed_leaves_the_cube_and_its_slider_moves_the_images(
    visitor: Visitor, eventually: Wait
) -> None:
    tab = visitor.open("results")
    images = tab.locator(".trova-images").first
    eventually(tab, lambda: _picture(images).std() > DRAWN)
    # all combinations at first; without the third parameter those of the other two
    cells, sizes = tab.locator(".trova-images .heatmapcell"), [len(parse_values(written)) for written in AXES.values()]
    eventually(tab, lambda: cells.count() >= sizes[0] * sizes[1] * sizes[2])
    tab.click(".trova-slider-2 .tr-lock")
    expect(tab.locator(".trova-slider-2 .tr-lock.on")).to_be_visible()
    eventually(tab, lambda: cells.count() == sizes[0] * sizes[1])
    before = _settled(tab, images, eventually)
    _slide(tab, tab.locator(".trova-slider-2 input[type=range]"))
    eventually(tab, lambda: _differs(before, _picture(images)))


@pytest.mark.parametrize(("corner", "end"), [("lower left", 0), ("upper right", -1)])
def test_a_click_on_a_cell_shows_that_trial(visitor: Visitor, eventually: Wait, corner: str, end: int) -> None:
    tab = visitor.open("results")
    images = tab.locator(".trova-images").first
    eventually(tab, lambda: _picture(images).std() > DRAWN)
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    cells = tab.locator(".trova-images .heatmapcell")
    _settled(tab, images, eventually)
    cells.nth(cells.evaluate_all(CORNER, corner)).click()
    values = [str(parse_values(written)[end]) for written in AXES.values()]
    expect(tab.locator(".trova-trial .tr-values dd")).to_have_text(values)
    expect(tab.locator(".tr-slider output")).to_have_text(values)
    expect(tab.locator(".trova-trial .trova-confusion")).to_be_visible()
    varied = [re.compile(rf"\D {re.escape(value)}$") for value in values]
    expect(tab.locator(".trova-trial .trova-diagram .tr-varied")).to_have_text(varied)


def test_a_remark_on_a_trial_is_kept_for_everybody(visitor: Visitor) -> None:
    tab = visitor.open("results")
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
    tab.fill(".trova-remark", "<b>steep</b> on one side")
    tab.press(".trova-remark", "Enter")
    expect(tab.locator(".tr-remark").last).to_contain_text("<b>steep</b> on one side")
    other = visitor.open("results")
    expect(other.locator(".tr-remark").last).to_contain_text("<b>steep</b> on one side")


def _slide(tab: Page, handle: Locator) -> None:
    """Move a slider a step, to the right where there is room."""
    there, end = handle.evaluate("input => [Number(input.value), Number(input.max)]")
    handle.focus()
    tab.keyboard.press("ArrowRight" if there < end else "ArrowLeft")


def _settled(tab: Page, part: Locator, eventually: Wait) -> np.ndarray:
    """Return the picture of a part, as soon as it is the same twice."""
    seen = [_picture(part)]

    def is_same() -> bool:
        seen.append(_picture(part))
        return not _differs(*seen[-2:])

    eventually(tab, is_same)
    return seen[-1]


def _differs(before: np.ndarray, now: np.ndarray) -> bool:
    return before.shape != now.shape or float(np.abs(before - now).max()) > 8
