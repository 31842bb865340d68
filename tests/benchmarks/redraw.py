"""How soon the fingerprint page shows what a slider was moved to: ``python -m tests.benchmarks.redraw``.

The real page runs in Chromium. A slider is moved sixty times, first one step at a time, then dragged on without a
pause; each time runs from the event that moved it to the frame in which the squares that belong to the new value have
been painted. A step that a later one overtakes before it is drawn is counted as dropped: the squares went straight to
the later one.

The browser draws with the processor, as one without a graphics card does.
"""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from trova_widgets import Workspace
from trova_widgets.pages.server import Serving, served

MOVES = 60
WARM_UP = 10
#: A browser hands a mouse's moves on once a frame.
FRAME_MS = 16
LIMIT_MS = 150.0
SLIDERS = (("keep", "Points kept"), ("morlet_width", "Wavelet width"), ("window_start_s", "Window starts"))

WATCH = """(name) => {
  const squares = document.querySelector(".trova-squares"), thumb = () => document.querySelector(
    `[data-parameter="${name}"] .v-slider-thumb`);
  const drawn = () => JSON.parse(squares.dataset.recipe || "{}")[name];
  const moves = [], paints = [];
  let value = Number(thumb().getAttribute("aria-valuenow"));
  new MutationObserver(() => {
    const now = Number(thumb().getAttribute("aria-valuenow"));
    if (now !== value) { value = now; moves.push({ value, at: window.lastInput }); }
  }).observe(thumb(), { attributes: true, attributeFilter: ["aria-valuenow"] });
  for (const kind of ["pointermove", "mousemove", "keydown"])
    window.addEventListener(kind, (event) => { window.lastInput = event.timeStamp; }, true);
  new MutationObserver(() => {
    const shown = drawn();
    // the frame that holds the new squares is on the screen when the one after it begins
    requestAnimationFrame(() => requestAnimationFrame((at) => paints.push({ value: shown, at })));
  }).observe(squares, { attributes: true, attributeFilter: ["data-recipe"] });
  window.redraw = { moves, paints, settled: () => drawn() === value };
}"""


@contextmanager
def fingerprint_page(address: str) -> Iterator[Page]:
    """Open the page in Chromium, and wait until a record is drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        tab = browser.new_page(viewport={"width": 1280, "height": 1200})
        tab.set_default_timeout(60_000)
        tab.goto(f"{address}#fingerprint", wait_until="commit")
        tab.wait_for_selector(".trova-squares[data-recipe]")
        yield tab
        # a page that is left ends its kernel
        tab.goto("about:blank")
        browser.close()


def redraw_times_ms(tab: Page, name: str, *, dragged: bool) -> tuple[np.ndarray, int]:
    """Move a slider and return how long each redraw took, and how many steps a later one overtook."""
    thumb = tab.locator(f'[data-parameter="{name}"] .v-slider-thumb')
    thumb.focus()
    if not dragged:
        # nobody judges the first steps after a page was loaded
        for move in range(WARM_UP):
            tab.keyboard.press("ArrowRight" if move % 2 else "ArrowLeft")
            tab.wait_for_timeout(100)
    tab.evaluate(WATCH, name)
    if dragged:
        box, track = thumb.bounding_box(), tab.locator(f'[data-parameter="{name}"] .v-slider-track').bounding_box()
        assert box is not None
        assert track is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        direction = 1 if x < track["x"] + track["width"] / 2 else -1
        tab.mouse.move(x, y)
        tab.mouse.down()
        for move in range(1, MOVES + 1):
            tab.mouse.move(x + 2 * direction * move, y)
            tab.wait_for_timeout(FRAME_MS)
        tab.mouse.up()
        tab.wait_for_function("redraw.settled()")
    else:
        for move in range(MOVES):
            tab.keyboard.press("ArrowRight" if move % 20 < 10 else "ArrowLeft")
            tab.wait_for_function(f"redraw.moves.length > {move} && redraw.settled()")
    tab.wait_for_function("redraw.paints.length && redraw.paints.at(-1).value === redraw.moves.at(-1).value")
    moves, paints = tab.evaluate("[redraw.moves, redraw.paints]")
    return match(moves, paints)


def match(moves: list[dict[str, float]], paints: list[dict[str, float]]) -> tuple[np.ndarray, int]:
    """Give each paint the move that it shows: the latest one to its value that came before it."""
    times, last = [], -1
    for paint in paints:
        shown = [
            place
            for place, move in enumerate(moves)
            if place > last and move["value"] == paint["value"] and move["at"] < paint["at"]
        ]
        if shown:
            last = shown[-1]
            times.append(paint["at"] - moves[last]["at"])
    return np.array(times), len(moves) - len(times)


def report(address: str) -> bool:
    """Print the percentiles of each slider, and tell whether all are within the limit."""
    good = True
    print(f"{'slider':<16}{'moved':<14}{'redraws':>8}{'dropped':>8}{'5 %':>8}{'50 %':>8}{'95 %':>8}   ms")
    with fingerprint_page(address) as tab:
        for name, title in SLIDERS:
            for dragged in (False, True):
                times, dropped = redraw_times_ms(tab, name, dragged=dragged)
                low, middle, high = np.percentile(times, [5, 50, 95])
                good = good and high < LIMIT_MS
                how = "dragged" if dragged else "step by step"
                print(f"{title:<16}{how:<14}{len(times):>8}{dropped:>8}{low:>8.0f}{middle:>8.0f}{high:>8.0f}")
    return good


def main() -> None:
    """Serve the demonstration, or take one that is served, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="of a page that is served already, for instance http://127.0.0.1:8866/")
    chosen = parser.parse_args()
    if chosen.address:
        good = report(chosen.address)
    else:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            workspace = Path(folder) / "teaching"
            Workspace.demo(workspace).close()
            with served(Serving(workspace=workspace, port=0)) as (serving, _):
                good = report(serving.here)
    print(f"The 95th percentile of every slider is {'under' if good else 'NOT under'} {LIMIT_MS:.0f} ms.")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
