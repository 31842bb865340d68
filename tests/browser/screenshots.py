"""Take the pictures of the README from the real page, and of every view: ``python -m tests.browser.screenshots``.

It serves the demonstration in a temporary folder, opens its pages in Chromium, and writes ``pictures/*.png`` beside
this file; ``pictures/views/`` gets every view as the library draws it, and the experiment's offline page.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from trova_widgets import Workspace
from trova_widgets.pages.server import Serving, served
from trova_widgets.workspace.demonstration import EXPERIMENT
from trova_widgets.workspace.views import VIEWS

#: The views that are drawn without a browser, fine enough for a screen.
DOTS_PER_INCH = 110
OFFLINE = "experiment-1.html"

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
        with Workspace.demo(workspace) as study:
            draw_views(study)
        with served(Serving(workspace=workspace, port=0)) as (serving, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for page in PAGES:
                take(browser, serving.here, page)
            take_offline(browser, Path(folder))
            browser.close()


def draw_views(study: Workspace) -> None:
    """Draw every view of the demonstration's experiment, and of the gradient those that show it, without a browser."""
    folder = PICTURES / "views"
    folder.mkdir(exist_ok=True)
    results = study.results(EXPERIMENT)
    for name in VIEWS:
        print(getattr(results, name)().save(folder / f"{name}.png", DOTS_PER_INCH).name)
    for name in ("cube", "images"):
        print(getattr(results, name)("gradient").save(folder / f"{name}-gradient.png", DOTS_PER_INCH).name)
    results.save(study.path.parent / OFFLINE)


def take_offline(browser: Browser, folder: Path) -> None:
    """Take the picture of the experiment's offline page, opened from the file system."""
    tab = browser.new_page(viewport={"width": 1280, "height": 1180})
    tab.goto((folder / OFFLINE).as_uri())
    tab.wait_for_selector("html[data-drawn]")
    tab.screenshot(path=PICTURES / "views" / "offline.png")
    print("offline.png")
    tab.close()


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
