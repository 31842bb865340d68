"""What a visitor can do on the pages: look, and nothing else."""

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_frame import SIGNS
from tests.workspace.test_visitors import state
from trova_widgets import Workspace
from trova_widgets.models.application import VISITOR
from trova_widgets.pages.server import Serving, served
from trova_widgets.store import stop_owner

pytestmark = pytest.mark.browser

#: Every button of a page that can be clicked, by its place among all; what leads elsewhere is not clicked.
BUTTONS = """(page) => [...document.querySelectorAll(`.trova-page-${page} button`)]
  .map((button, place) => [place, button])
  .filter(([_, button]) => button.checkVisibility() && !button.disabled)
  .map(([place, button]) => [place, (button.title || button.textContent).trim()])"""
CLICK = """([page, place]) => document.querySelectorAll(`.trova-page-${page} button`)[place]?.click()"""


@pytest.fixture(scope="module")
def workspace(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A study with something on every page, as a visitor's."""
    folder = shutil.copytree(filled_folder, tmp_path_factory.mktemp("visited") / "kola")
    with Workspace.open(folder) as made:
        made.compute_fingerprints()
        made.build_dataset("all", shares={"training": 0.5, "validation": 0.5})
        made.create_network("base")
        made.plan("first", network="base", dataset="all", axes={"convolution2dLayer_2_filterSize": [1, 2]}, epochs=1)
        made.run_here("first", workers=1)
        made.plan("second", network="base", dataset="all", axes={"convolution2dLayer_2_filterSize": [1, 3]})
    with Workspace.open(folder, shared=True, visitor=True) as visited:
        yield visited
    stop_owner(folder)


@pytest.fixture
def tab(workspace: Workspace, browser: Browser) -> Iterator[Page]:
    """The page of somebody who came without a key, where visitors need none."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # a whole address as base says that a proxy stands before it: nobody is an analyst for coming from this machine
    base = f"http://127.0.0.1:{port}/"
    serving = Serving(workspace=workspace.path, port=port, base_url=base, public=True, preheat=False)
    with served(serving):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
        context.set_default_timeout(PATIENCE_MS)
        tab = context.new_page()
        tab.goto(f"{base}#overview", wait_until="commit")
        expect(tab.locator(".trova-notice")).to_contain_text(VISITOR)
        yield tab
        tab.goto("about:blank")
        context.close()


def test_whatever_can_be_clicked_changes_nothing(workspace: Workspace, tab: Page) -> None:
    before, clicked = state(workspace), 0
    for page in SIGNS:
        tab.click(f".trova-to-{page}")
        expect(tab.locator(f".trova-page-{page} {SIGNS[page]}").first).to_be_visible()
        for place, _ in tab.evaluate(BUTTONS, page):
            tab.evaluate(CLICK, [page, place])
            clicked += 1
            # what opens in front is closed again
            tab.keyboard.press("Escape")
            tab.evaluate("(page) => { if (!location.hash.startsWith('#' + page)) location.hash = page; }", page)
    tab.click(".trova-to-overview")
    expect(tab.locator(".trova-page-overview .trova-halves").first).to_be_visible()
    assert clicked > 40
    assert state(workspace) == before


def test_what_would_change_something_is_not_offered(tab: Page) -> None:
    for page, offers in {
        "records": (".trova-import-open", ".trova-relabel input"),
        "networks": (".trova-network-create",),
        "experiments": (".trova-start",),
    }.items():
        tab.click(f".trova-to-{page}")
        for offer in offers:
            expect(tab.locator(offer).first).to_be_disabled()
    tab.locator('.trova-more[title="More about first"]').click()
    for item in ("Change or grow", "Leave a remark", "Rename", "Delete"):
        row = tab.locator(".trova-menu:visible .v-list-item").filter(has_text=item)
        expect(row).to_have_class(re.compile("v-list-item--disabled"))
