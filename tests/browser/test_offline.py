"""An experiment as one file: opened from the file system without a network, its cube turns and all follows a pick."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.models.study import FIRST, Study
from trova_widgets import Workspace
from trova_widgets.workspace.results import ExperimentResults

pytestmark = pytest.mark.browser

LARGEST = 2_000_000


@pytest.fixture(scope="module")
def results(demo) -> Iterator[ExperimentResults]:
    with Workspace.open(demo.folder) as workspace:
        yield workspace.results("experiment-1")


@pytest.fixture(scope="module")
def page(results: ExperimentResults, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The document, in a window that has no network at all; whatever is asked of one, or goes wrong, is an error."""
    path = results.save(tmp_path_factory.mktemp("offline") / "experiment-1.html")
    assert path.stat().st_size < LARGEST
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    tab, asked, errors = context.new_page(), [], []
    context.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-drawn]")
    yield tab
    context.close()
    assert asked == [path.as_uri()]
    assert errors == []


def said(page: Page) -> str:
    return page.locator(".said").inner_text()


def pixels(page: Page) -> int:
    """Return what the canvas shows, as one number."""
    return page.evaluate(
        """() => { const canvas = document.querySelector("canvas.cube"), { data } = canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height); let sum = 0;
        for (let at = 0; at < data.length; at += 4)
          sum = (sum * 31 + data[at] * data[at + 3] + data[at + 1]) % 1000000007;
        return sum; }"""
    )


def test_it_opens_on_the_best_cell_with_its_figures(page: Page, results: ExperimentResults) -> None:
    best = results.best
    assert f"{100 * best.quality:.1f} %" in said(page) and said(page).endswith("the best")
    low, high = (each[best.place] for each in results.intervals)
    assert f"({100 * low:.1f} to {100 * high:.1f})" in said(page)
    expect(page.locator("[data-part=table] tbody tr")).to_have_count(25)
    expect(page.locator(".matrix .right").first).to_contain_text(f"{int(results.counts_at(best.place)[0, 0])}")
    # below each share its interval, the one of the library
    intervals = results.classified(best.place).matrix.intervals
    low, high = (100 * each[0, 0] for each in intervals["row_shares"])
    expect(page.locator(".matrix .right .sure").first).to_have_text(f"{low:.0f} to {high:.0f}")
    low, high = (100 * each[0] for each in intervals["sensitivity"])
    expect(page.locator(".matrix .number .sure").first).to_have_text(f"{low:.0f} to {high:.0f}")
    low, high = (100 * each for each in intervals["accuracy"])
    expect(page.locator("[data-part=matrix] p")).to_contain_text(f"({low:.0f} to {high:.0f})")
    assert page.locator("[data-part=images] figure").count() == 3
    assert page.locator(".paper svg").count() == 3


def test_the_cube_turns_under_the_pointer_and_comes_back(page: Page) -> None:
    page.click("[data-part=reset]")
    canvas = page.locator("canvas.cube")
    before, stood, box = pixels(page), canvas.get_attribute("data-turned"), canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=4)
    page.mouse.up()
    assert pixels(page) != before and canvas.get_attribute("data-turned") != stood
    page.click("[data-part=reset]")
    assert canvas.get_attribute("data-turned") == stood


def test_a_pixel_tells_what_it_is_and_a_click_on_it_moves_all(page: Page, results: ExperimentResults) -> None:
    pixel = page.locator("[data-part=images] rect.pick").nth(2)
    pixel.hover()
    told = page.locator(".hint").inner_text()
    assert re.fullmatch(
        r"filterSize.* 3, numFilters.* 2, poolSize.* 2: [\d.]+ % \([\d.]+ to [\d.]+\), \d+ trainings.*", told
    )
    pixel.click()
    assert said(page) == told
    expect(page.locator("tr.here td").first).to_have_text("3")
    at = results.place_of({"filterSize": 3, "numFilters": 2, "poolSize": 2})
    expect(page.locator(".matrix .right").first).to_contain_text(f"{int(results.counts_at(at)[0, 0])}")
    page.click("[data-part=best]")


def test_keys_walk_through_the_grid_and_say_each_node(page: Page) -> None:
    page.locator("canvas.cube").focus()
    page.keyboard.press("Home")
    start = said(page)
    page.keyboard.press("ArrowLeft")
    assert said(page) != start and "filterSize" in said(page)
    page.keyboard.press("ArrowRight")
    assert said(page) == start
    page.keyboard.press("PageUp")
    assert "3: " in said(page)
    page.keyboard.press("Home")
    assert said(page) == start


def test_the_gradient_and_the_threshold_change_what_is_seen(page: Page) -> None:
    page.click("[data-of=gradient]")
    assert "points a step" in said(page) and "Gradient" in page.locator("[data-part=legend]").inner_text()
    page.click("[data-of=quality]")
    nodes = int(page.locator("canvas.cube").get_attribute("data-nodes") or 0)
    slider = page.locator("[data-part=threshold]")
    slider.fill(slider.get_attribute("max") or "")
    assert int(page.locator("canvas.cube").get_attribute("data-nodes") or 0) < nodes
    slider.fill(slider.get_attribute("min") or "")
    assert int(page.locator("canvas.cube").get_attribute("data-nodes") or 0) == nodes


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_the_cube_of_other_numbers_of_settings(count: int, browser: Browser, tmp_path: Path) -> None:
    axes = {**FIRST, "training.weight_decay": (0.0, 0.01), "fingerprint.highpass": ("on", "off")}
    results = Study({name: values[:3] for name, values in list(axes.items())[:count]}).results("experiment-1")
    context = browser.new_context(viewport={"width": 390, "height": 800}, offline=True)
    tab, errors = context.new_page(), []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(results.cube().save(tmp_path / "cube.html").as_uri())
    tab.wait_for_selector("html[data-drawn]")
    assert int(tab.locator("canvas.cube").get_attribute("data-nodes") or 0) == int(np.prod(results.grid.shape[:3]))
    assert tab.locator("[data-part=sliders] input").count() == max(count - 3, 0)
    if count > 3:
        before = said(tab)
        tab.locator("[data-part=sliders] input").first.fill("1")
        assert said(tab) != before or json.loads(tab.locator("#trova-data").inner_text())["best"] is not None
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    assert errors == []
    context.close()
