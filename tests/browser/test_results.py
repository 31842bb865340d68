from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

Wait = Callable[[Page, Callable[[], object]], None]

#: The standard deviation of the grey values of a picture in which something is drawn.
DRAWN = 5.0


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
    images = tab.locator(".trova-images").first
    expect(images).to_be_visible()
    eventually(tab, lambda: _picture(images).std() > DRAWN)
    before = _picture(images)
    handle = tab.locator(".trova-slider-2 input[type=range]").first
    handle.focus()
    tab.keyboard.press("ArrowRight")
    eventually(tab, lambda: _differs(before, _picture(images)))


def test_a_click_on_a_cell_shows_that_trial(visitor: Visitor, eventually: Wait) -> None:
    tab = visitor.open("results")
    images = tab.locator(".trova-images").first
    expect(images).to_be_visible()
    eventually(tab, lambda: _picture(images).std() > DRAWN)
    trial = tab.locator(".trova-trial").first
    before = trial.inner_text()
    box = images.bounding_box()
    assert box is not None
    spots = [(x, y) for y in (0.5, 0.4, 0.6, 0.3) for x in (0.12, 0.2, 0.3, 0.4)]
    for x, y in spots:
        tab.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        tab.wait_for_timeout(300)
        if trial.inner_text() != before:
            break
    assert trial.inner_text() != before


def _differs(before: np.ndarray, now: np.ndarray) -> bool:
    return before.shape != now.shape or float(np.abs(before - now).max()) > 8
