"""What a visitor sees of a workspace that another process has and cannot share."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor
from tests.store.processes import another_process, hold
from trova_widgets.pages.server import Serving, served

pytestmark = pytest.mark.browser


@pytest.fixture
def address(filled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """A served copy, and the process that has the database; the visitors' kernels lack the extension for sharing."""
    folder = shutil.copytree(filled_folder, tmp_path / "kola")
    with another_process(hold, folder) as holder:
        lacking = tmp_path / "lacking" / "duckdb_extension_quack"
        lacking.mkdir(parents=True)
        (lacking / "__init__.py").touch()
        path = os.pathsep.join(filter(None, [str(lacking.parent), os.environ.get("PYTHONPATH")]))
        monkeypatch.setenv("PYTHONPATH", path)
        with served(Serving(workspace=folder, port=0, preheat=False)) as (serving, _):
            yield serving.here, holder.pid


def test_every_page_says_that_it_is_a_copy_and_offers_nothing_to_write(
    address: tuple[str, int], browser: Browser
) -> None:
    place, pid = address
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
    visitor = Visitor(context, place)
    tab = visitor.open("records")
    notice = tab.locator(".trova-notice")
    expect(notice).to_contain_text(f"Read only: process {pid} has the database")
    expect(notice).to_contain_text(f"End process {pid}, then load the page again.")
    expect(tab.locator(".trova-record-table tbody tr.trova-click")).to_have_count(10)
    expect(tab.locator(".trova-relabel input")).to_be_disabled()
    expect(tab.locator(".trova-import-open")).to_be_disabled()
    tab.click(".trova-to-networks")
    tab.fill(".trova-network-name input", "wide")
    tab.locator(".trova-fields input").nth(1).fill("32")
    expect(tab.locator(".trova-network-diagram li").nth(1)).to_contain_text("32 filters")
    expect(tab.locator(".trova-network-create")).to_be_disabled()
    expect(notice).to_be_visible()
    assert notice.evaluate("(line) => line.clientHeight") < 40
    # the notice takes its line from the pages, it does not push them out of the window
    tab.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    tab.goto("about:blank")
    context.close()
    assert visitor.leaving == []
    assert visitor.errors == []
