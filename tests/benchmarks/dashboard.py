"""The first usable view beside a bare Voilà page: ``python -m tests.benchmarks.dashboard``.

In one run, turn by turn: a notebook with one slider in plain Voilà, and the demonstration's dashboard, each with a warm
kernel and without. Measured is the time from the address to the slider, and to the chosen trial of the results; printed
are the medians and their ratios, which carry over where seconds do not.
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from trova_widgets import Workspace
from trova_widgets.pages.server import Serving, served

#: How many times the bare page's time ours may take: with a warm kernel, and without.
LIMITS = {True: 1.2, False: 1.8}
BARE = {
    "cells": [
        {
            "cell_type": "code", "execution_count": None, "id": "slider", "metadata": {}, "outputs": [],
            "source": "import ipywidgets\nipywidgets.IntSlider()",
        }
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}  # fmt: skip
#: A new kernel waits for the next visitor after so long, s.
REFILL_S = 15.0


@contextmanager
def bare(folder: Path, *, preheat: bool) -> Iterator[str]:
    """Serve the page with one slider in plain Voilà."""
    notebook = folder / "bare.ipynb"
    notebook.write_text(json.dumps(BARE))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "voila", str(notebook), f"--Voila.port={port}", "--Voila.open_browser=False"]
    process = subprocess.Popen([*command, "--Voila.log_level=ERROR", f"--VoilaConfiguration.preheat_kernel={preheat}"])
    address = f"http://localhost:{port}/"
    try:
        while True:
            try:
                urlopen(f"{address}voila/static/voila.js", timeout=5).close()
                break
            except (URLError, OSError):
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def first_view_s(browser: Browser, address: str, sign: str) -> float:
    """Open a page in a fresh window and return how long its first usable view takes."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.set_default_timeout(300_000)
    began = time.perf_counter()
    tab.goto(address, wait_until="commit")
    tab.wait_for_selector(sign)
    taken = time.perf_counter() - began
    tab.goto("about:blank")
    context.close()
    return taken


def main() -> int:
    """Print the figures; 0 where both ratios are within their limits."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--times", type=int, default=7)
    times, good = parser.parse_args().times, True
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Path(folder) / "teaching"
        Workspace.demo(workspace).close()
        flags = [flag for flag in FLAGS if "host-resolver" not in flag]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for preheat in (True, False):
            ours, theirs = [], []
            with bare(Path(folder), preheat=preheat) as plain:  # noqa: SIM117
                with served(Serving(workspace=workspace, port=0, preheat=preheat)) as (shown, _):
                    for _ in range(1 + times):
                        time.sleep(REFILL_S if preheat else 1.0)
                        theirs.append(first_view_s(browser, plain, ".widget-slider"))
                        ours.append(first_view_s(browser, shown.here, ".trova-diagram li"))
            # nobody judges the first time after a start
            mine, bare_s = float(np.median(ours[1:])), float(np.median(theirs[1:]))
            kind = "a warm kernel" if preheat else "no warm kernel"
            print(f"{kind}: {mine:.2f} s, a bare page {bare_s:.2f} s, {mine / bare_s:.2f} times as long")
            good = good and mine / bare_s <= LIMITS[preheat]
        browser.close()
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
