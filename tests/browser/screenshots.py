"""Take the pictures of the README from the real page: ``python -m tests.browser.screenshots``.

It serves the demonstration in a temporary folder, opens its pages in Chromium, and writes ``pictures/*.png`` beside
this file.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from trova_widgets import Workspace
from trova_widgets.pages.server import served

PICTURES = Path(__file__).parent / "pictures"

#: What must be on a page before its picture is taken, and how high the window is.
PAGES = {
    "results": (".trova-diagram li", 1180),
    "fingerprint": (".trova-page-fingerprint .trova-squares[data-recipe]", 1040),
    "records": (".trova-page-records .trova-trace", 960),
}


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        workspace = Path(folder) / "teaching"
        Workspace.demo(workspace).close()
        with served(workspace, port=0) as (address, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for page in PAGES:
                take(browser, address, page)
            browser.close()


def take(browser: Browser, address: str, page: str) -> None:
    """Take the picture of one page."""
    sign, height = PAGES[page]
    tab = browser.new_page(viewport={"width": 1280, "height": height})
    tab.goto(f"{address}#{page}", wait_until="commit")
    tab.wait_for_selector(sign)
    # WebGL and the figures draw a few frames after their data are there
    tab.wait_for_timeout(3000)
    tab.screenshot(path=PICTURES / f"{page}.png")
    print(f"{page}.png")
    # a page that is left ends its kernel
    tab.goto("about:blank")
    tab.close()


if __name__ == "__main__":
    main()
