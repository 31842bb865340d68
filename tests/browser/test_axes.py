"""Experiments over one to five settings, over an MLP and over the recipe: each is drawn, and what is drawn is read."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor, started
from tests.browser.untrained import EXPERIMENTS, make_study
from trova_widgets.space import format_value, parse_values, short_name

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    """The results of a study with all of them; nothing may leave the machine, and no error may be logged."""
    folder = tmp_path_factory.mktemp("axes")
    make_study(folder / "study")
    with started("serve", folder) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 1000}, service_workers="block")
        visitor = Visitor(context, address)
        yield visitor.open("results/one")
        for page in context.pages:
            page.goto("about:blank")
        context.close()
        assert visitor.leaving == []
        assert visitor.errors == []


@pytest.fixture
def sized(tab: Page) -> Iterator[Page]:
    """The same, in a window whose size may be changed."""
    yield tab
    tab.set_viewport_size({"width": 1280, "height": 1000})


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_over_any_settings_is_drawn_and_read(tab: Page, name: str) -> None:
    values = [[format_value(value) for value in parse_values(axis)] for axis in EXPERIMENTS[name][1].values()]
    _look_at(tab, name)
    titles = [short_name(each) for each in EXPERIMENTS[name][1]]
    # the space, the plane or the line at the left has the values of its settings along its edges
    if len(values) > 2:
        expect(tab.locator(".tv-title")).to_have_count(3)
        for title in titles[:3]:
            expect(tab.locator(".tv-title").filter(has_text=title)).to_have_count(1)
    else:
        picture = tab.locator(".trova-plane svg[role=img]")
        expect(picture).to_be_visible()
        for value in (value for axis in values for value in axis):
            expect(picture.locator("text").filter(has_text=re.compile(f"^{re.escape(value)}$")).first).to_be_attached()
        # nothing is cut off; the picture is drawn again as soon as the page has told how much room there is
        tab.wait_for_function("""() => {
          const [drawn, room] = [".trova-plane svg[role=img]", ".trova-plane"]
            .map((one) => document.querySelector(one)?.getBoundingClientRect());
          return drawn?.width > 0 && drawn.right <= room.right + 1;
        }""")
    # a fourth setting has a cube for each of its values
    cubes = tab.locator(".trova-cubes figure")
    expect(cubes).to_have_count(len(values[3]) if len(values) > 3 else 0)
    if len(values) > 3:
        expect(tab.locator(".trova-cubes figcaption")).to_have_text([f"{titles[3]} = {value}" for value in values[3]])
        assert {value for axis in values[:3] for value in axis} <= set(cubes.first.locator("text").all_text_contents())
        expect(tab.locator(".trova-held")).to_contain_text("vary and a cube has three edges: held is")
        node = cubes.last.locator(".ts-node").first
        node.dispatch_event("pointermove", {"bubbles": True, "clientX": 400, "clientY": 300})
        expect(tab.locator(".trova-cubes .trova-told")).to_have_text(re.compile(r"probability 0\.\d.*: \d\d\.\d %"))
        node.dispatch_event("click", {"bubbles": True})
        expect(tab.locator(".trova-slider-3 output")).to_have_text(values[3][-1])
    marks = {"images": ".ts-cell", "lines": ".ts-touch", "surfaces": ".ts-touch", "parallel": ".ts-line"}
    for view, what in marks.items():
        tab.click(f".trova-tab-{view}")
        expect(tab.locator(f".trova-{view} {what}").first).to_be_attached()
    tab.click(".trova-tab-influence")
    expect(tab.locator(".trova-influences tbody tr")).to_have_count(len(values))
    tab.click(".trova-tab-images")


@pytest.mark.parametrize("width", [390, 1280, 1440, 2560])
@pytest.mark.parametrize("name", ["one", "two"])
def test_what_stands_in_place_of_a_cube_fills_its_card_at_every_width(sized: Page, name: str, width: int) -> None:
    tab = sized
    tab.set_viewport_size({"width": width, "height": 1300})
    _look_at(tab, name)
    tab.click(".trova-tab-images")
    filled = """() => {
      const share = (inner, outer) => { const [a, b] = [inner, outer].map((one) => one.getBoundingClientRect());
        return a.width <= b.width + 1 && a.width > 0.8 * b.width; };
      const views = [".trova-plane", ".trova-tradeoff", ".trova-images"];
      const all = [...document.querySelectorAll(views.map((view) => view + " svg[role=img]").join())];
      return all.length === 3 && all.every((one) => share(one, one.closest(".trova-card")))
        && all[0].getBoundingClientRect().height > 0.6 * all[0].closest(".trova-card").getBoundingClientRect().height;
    }"""
    # the pictures are drawn again as soon as the page has told how much room there is
    tab.wait_for_function(filled)
    if width >= 1280:
        # the card of the trial stands below, or beside and is hardly longer
        tab.wait_for_function("""() => {
          const box = (one) => document.querySelector(one).getBoundingClientRect();
          const left = box(".tr-left"), trial = box(".trova-trial");
          return trial.y >= left.bottom || trial.height < 1.5 * left.height;
        }""")


def test_two_experiments_stand_side_by_side_with_their_difference(tab: Page) -> None:
    _look_at(tab, "three")
    tab.click(".trova-tab-beside")
    tab.select_option(".trova-second", "wider")
    lead = tab.locator(".trova-beside .tp-note").first
    expect(lead).to_contain_text("three and wider have 64 finished cells in common")
    first = tab.locator(".trova-beside section").first
    assert first.locator("figcaption").all_inner_texts() == ["three", "wider", "three minus wider"]
    apart = first.locator("figure").nth(2)
    # a hole where one of them has no cell; elsewhere it says by how much one is better
    assert apart.locator(".ts-hole").count() == 5 + 4
    cell = apart.locator(".ts-cell:not(.ts-hole)").first
    cell.dispatch_event("pointermove", {"bubbles": True, "clientX": 400, "clientY": 300})
    expect(tab.locator(".trova-beside .trova-told")).to_have_text(
        re.compile(r"% in three, \d\d\.\d % in wider: \d+\.\d points (better|worse) \(-?\d+\.\d to -?\d+\.\d\)")
    )


def _look_at(tab: Page, name: str) -> None:
    # by hand, and not by the address, which what was clicked a moment ago may still write
    tab.select_option(".trova-experiment", name)
    # the kernel writes the address when it has read the experiment
    tab.wait_for_function("name => /^#results\\/([^?\\/]*)/.exec(location.hash)?.[1] === name", arg=name)
    # the one before is there until this one is drawn
    titles = [short_name(each) for each in EXPERIMENTS[name][1]]
    expect(tab.locator(".tr-slider .tr-name")).to_have_text(titles)
    expect(tab.locator(".trova-diagram li").first).to_be_visible()
