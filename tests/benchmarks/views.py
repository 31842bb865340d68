"""How soon the results page shows and redraws: ``python -m tests.benchmarks.views``.

Two experiments that nobody trained, told of by dice (`views_study`): the article's 384 cells with 15 repeats, and some
100,000 trials (6,912 cells). The real page runs in Chromium. Measured are, of the first, how long a slider takes from
the key that moves it to the last change that it makes on the page; of the second, how long the page takes from its
address to the picked combination, a filter and a slider likewise, and the memory of the kernel.

The browser draws with the processor, as one without a graphics card does: cubes by SwiftShader, all else without it.
"""

import argparse
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.views_study import EXPERIMENT, make_study
from tests.browser.conftest import FLAGS
from tests.kernel_way import kernels_of
from trova_widgets.pages.server import Serving, served

MOVES, WARM_UP = 60, 6
SLIDER_MS, LARGE_MS, USABLE_S, MEMORY_MB = 100.0, 1_000.0, 2.0, 400.0
SMALL, LARGE = "384 cells, 15 repeats", "100,000 trials"

# the time from an event to the last change of the page that follows it, once nothing has changed for a while
WATCH = """() => {
  const page = document.querySelector(".trova-results");
  window.views = { began: 0, last: 0, said: "" };
  for (const kind of ["keydown", "change"])
    window.addEventListener(kind, (event) => { Object.assign(views, { began: event.timeStamp, last: 0 }); }, true);
  const words = () => page.querySelector(".trova-spoken")?.textContent ?? "";
  views.said = words();
  new MutationObserver(() => requestAnimationFrame((at) => { views.last = at; views.said = words(); }))
    .observe(page, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
SETTLED = "views.last > views.began && performance.now() - views.last > 200"


@contextmanager
def results_page(address: str) -> Iterator[tuple[Page, float]]:
    """Open the page in Chromium, and yield it with how long it took [s]."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        tab = browser.new_page(viewport={"width": 1280, "height": 1400})
        tab.set_default_timeout(300_000)
        # another page first, as a person has it who comes from there: it is drawn, and names the experiment
        tab.goto(f"{address}#overview", wait_until="commit")
        tab.wait_for_selector(f".trova-page-overview tr:has-text('{EXPERIMENT}')")
        began = time.perf_counter()
        tab.evaluate("place => { location.hash = place; }", f"#results/{EXPERIMENT}")
        tab.wait_for_selector(".trova-trial .tr-quality")
        yield tab, time.perf_counter() - began
        tab.goto("about:blank")
        browser.close()


def slider_ms(tab: Page, moves: int) -> np.ndarray:
    """Move a slider and return how long each redraw took."""
    slider, times = tab.locator(".trova-slider-0 input[type=range]"), []
    slider.focus()
    for move in range(WARM_UP + moves):
        before = tab.evaluate("views.said")
        tab.keyboard.press("ArrowRight" if move % 10 < 5 else "ArrowLeft")
        tab.wait_for_function("before => views.said !== before", arg=before)
        tab.wait_for_function(SETTLED)
        times.append(tab.evaluate("views.last - views.began"))
    return np.array(times[WARM_UP:])


def filter_ms(tab: Page) -> np.ndarray:
    """Choose what is shown and return how long each redraw took."""
    times = []
    for wanted in ("top", "all", "top", "all"):
        tab.select_option(".trova-show", wanted)
        tab.wait_for_function(SETTLED)
        times.append(tab.evaluate("views.last - views.began"))
    return np.array(times)


def kernel_mb(server: "subprocess.Popen[bytes]") -> float:
    """Return the resident memory of the largest kernel."""
    return float(max(kernel.memory_info().rss / 1e6 for kernel in kernels_of(server.pid)))


def report(folder: Path, name: str, *, fourth: bool) -> bool:
    """Measure one experiment, print its figures, and tell whether all are within their limits."""
    workspace = folder / ("large" if fourth else "small")
    if not workspace.exists():
        # one that was left half made is not taken for a whole one
        unfinished, began = workspace.with_name(f"{workspace.name}-unfinished"), time.perf_counter()
        shutil.rmtree(unfinished, ignore_errors=True)
        made = make_study(unfinished, records=300 if fourth else 600, fourth=fourth)
        unfinished.rename(workspace)
        print(f"{name}: {made:,} trials made in {time.perf_counter() - began:.0f} s", flush=True)
    with served(Serving(workspace=workspace, port=0)) as (serving, server), results_page(serving.here) as (tab, took_s):
        print(f"{name}: usable after {took_s:.2f} s, kernel {kernel_mb(server):.0f} MB", flush=True)
        tab.evaluate(WATCH)
        slider, chosen = slider_ms(tab, 10 if fourth else MOVES), filter_ms(tab)
        memory = kernel_mb(server)
    low, middle, high = np.percentile(slider, [5, 50, 95])
    load = psutil.getloadavg()[0]
    print(f"{name} (load {load:.1f}): kernel {memory:.0f} MB at the end")
    print(
        f"  a slider {low:.0f}, {middle:.0f}, {high:.0f} ms (5, 50, 95 of 100), a filter {chosen.max():.0f} ms at most"
    )
    if not fourth:
        return bool(high < SLIDER_MS)
    return bool(took_s < USABLE_S and max(high, chosen.max()) < LARGE_MS and memory < MEMORY_MB)


def main() -> int:
    """Print the figures; 0 where all are within their limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("small", "large"), help="one of the two experiments")
    parser.add_argument("--folder", type=Path, help="where the workspaces are kept, to be taken again")
    chosen = parser.parse_args()
    good = True
    with TemporaryDirectory(ignore_cleanup_errors=True) as passing:
        folder = chosen.folder or Path(passing)
        if chosen.only != "large":
            good = report(folder, SMALL, fourth=False)
        if chosen.only != "small":
            good = report(folder, LARGE, fourth=True) and good
    print(f"All figures are {'within' if good else 'NOT within'} their limits.")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
