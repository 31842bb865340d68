"""Twenty visitors at once while an experiment runs: ``python -m tests.benchmarks.visitors``.

The demonstration is served to visitors without keys. Each opens the page, and for a minute moves a slider of the
results and opens records, in turn, with a second between: the messages that a page sends, over a connection of their
own. What is measured runs from a message to the answer that the page would draw; the drawing is done on the visitors'
own machines. Printed are the percentiles of these times, the failures, the memory of a visitor's kernel, and what the
visitor reads who comes when the house is full.
"""

import argparse
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import requests

from tests.kernel_way import KernelWay, kernels_of
from trova_widgets import Workspace
from trova_widgets.pages.server import Serving, served

LIMIT_S, LIMIT_MB = 1.0, 250.0
PATIENCE_S = 300.0
PAUSE_S = 1.0


class Visitor:
    """Somebody who looks, without a browser: the page's kernel, and what its widgets hold."""

    def __init__(self, address: str) -> None:
        browser = requests.Session()
        browser.headers.update({"Sec-Fetch-Dest": "document", "X-Forwarded-For": "198.51.100.7"})
        page = browser.get(address, timeout=PATIENCE_S).text
        found = re.search(r'"kernelId": "([^"]+)"', page)
        if found is None:
            raise RuntimeError(re.sub(r"<[^>]+>|\s+", " ", page)[-300:])
        self._way = KernelWay(address, found[1], browser, PATIENCE_S)
        self._way.ask_for_widgets()
        self.wait(lambda: "frame" in self)

    def __contains__(self, page: str) -> bool:
        return self._find(page) is not None

    def state(self, page: str) -> dict[str, Any]:
        """Return what a page shows."""
        return self._way.widgets[str(self._find(page))]

    def say(self, page: str, event: str, data: Any) -> None:
        """Do what a click on a page does."""
        self._way.click(str(self._find(page)), event, data)

    def wait(self, condition: Callable[[], bool]) -> float:
        """Take messages in until something is shown, and return how long that took, s."""
        began = time.perf_counter()
        self._way.listen(condition)
        return time.perf_counter() - began

    def rest(self, seconds: float) -> None:
        """Listen for a while."""
        self._way.rest(seconds)

    def leave(self) -> None:
        """Close the connection."""
        self._way.close()

    def _find(self, page: str) -> str | None:
        sign = {"frame": "workspace_name", "results": "sliders", "records": "record_import"}[page]
        return next((name for name, state in self._way.widgets.items() if sign in state), None)


def use(visitor: Visitor, turn: int) -> list[float]:
    """Move a slider and open a record, and return how long each took."""
    results = visitor.state("results")
    before, slider = results["trial"], results["sliders"][0]
    places = len(slider["labels"])
    visitor.say("results", "move", [0, (slider["at"] + 1) % places])
    times = [visitor.wait(lambda: visitor.state("results")["trial"] != before)]
    visitor.rest(PAUSE_S)
    records = visitor.state("records")
    rows = [row["record_id"] for row in records["rows"]]
    wanted = next(row for row in rows[turn % len(rows) :] + rows if row != records["selected"])
    shown = records["details"]
    visitor.say("records", "select", wanted)
    times.append(
        visitor.wait(
            lambda: visitor.state("records")["selected"] == wanted and visitor.state("records")["details"] != shown
        )
    )
    visitor.rest(PAUSE_S)
    return times


class Meeting:
    """Where visitors wait for each other, and go on listening meanwhile.

    Parameters
    ----------
    count : int
        How many have to come.
    """

    def __init__(self, count: int) -> None:
        self._awaited, self._lock = count, threading.Lock()
        self._over = threading.Event()

    def come(self) -> None:
        """Say that one is there."""
        with self._lock:
            self._awaited -= 1
            if not self._awaited:
                self._over.set()

    def wait(self, meanwhile: Callable[[], None], failures: Sequence[str]) -> None:
        """Come, and do something again and again until all are there, or one will never be."""
        self.come()
        while not self._over.is_set():
            meanwhile()
            if failures:
                raise RuntimeError("left, as somebody else failed")


def visit(address: str, seconds: float, meetings: Sequence[Meeting], times: list[float], failures: list[str]) -> None:
    """Be one visitor: come, wait until all have come, use the page, and stay until the others have."""

    def meet(meeting: Meeting) -> None:
        meeting.wait(lambda: visitor.rest(0.5), failures)

    came, begun, done = meetings
    try:
        visitor = Visitor(address)
        for page in ("records", "results"):
            visitor.say("frame", "visit", {"page": page, "subject": ""})
            visitor.wait(lambda page=page: page in visitor)
        visitor.wait(lambda: bool(visitor.state("results")["trial"]) and bool(visitor.state("records")["rows"]))
        visitor.wait(lambda: bool(visitor.state("records")["details"]))
        meet(came)
        meet(begun)
        until, turn = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            turn += 1
            times += use(visitor, turn)
        meet(done)
        visitor.leave()
    except Exception as error:
        failures.append(f"{type(error).__name__}: {error}")


def main() -> int:
    """Print the figures; 0 where all are within their limits."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    times: list[float] = []
    failures: list[str] = []
    memory, last = [float("nan")], "nothing"
    # the trials in flight when the experiment is stopped may still be put down there
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "teaching"
        Workspace.demo(path).close()
        serving = Serving(workspace=path, host="0.0.0.0", port=0, public=True, visitors=chosen.visitors)
        with served(serving) as (shown, server), Workspace.open(path, shared=True) as workspace:
            meetings = came, begun, done = [Meeting(chosen.visitors + 1) for _ in range(3)]
            arguments = (shown.here, chosen.seconds, meetings, times, failures)
            threads = [threading.Thread(target=visit, args=arguments) for _ in range(chosen.visitors)]
            for thread in threads:
                thread.start()
            network = workspace.networks()["name"].iloc[0]
            workspace.plan("busy", network=network, dataset="teaching-716", axes=_AXES)
            try:
                came.wait(lambda: time.sleep(0.5), failures)
                workspace.start("busy")
                begun.wait(lambda: time.sleep(0.5), failures)
                done.wait(lambda: time.sleep(0.5), failures)
            except RuntimeError:
                pass
            else:
                memory = _memory_mb(server.pid)
                last = _one_too_many(shown.here)
            finally:
                # it has only just been started, or is at a trial
                while workspace.status("busy").is_running:
                    workspace.stop("busy")
                    time.sleep(0.5)
            for thread in threads:
                thread.join()
    late = float(np.percentile(times, 95)) if times else float("nan")
    print(f"{chosen.visitors} visitors, {len(times)} answers, {len(failures)} failures {failures[:2]}")
    print(f"an answer took {float(np.median(times or [np.nan])):.2f} s (half of them), {late:.2f} s (95 of 100)")
    print(f"memory of a visitor's own: {np.median(memory):.0f} MB, at most {max(memory):.0f} MB")
    print(f"one visitor more reads: {last}")
    good = not failures and late < LIMIT_S and max(memory) < LIMIT_MB and "pages are open" in last
    return 0 if good else 1


_AXES = {"convolution2dLayer_2_filterSize": "[1:1:8]", "convolution2dLayer_2_numFilters": "[8:8:64]"}


def _memory_mb(server: int) -> list[float]:
    """Return the memory of each kernel, without what they share."""
    return [kernel.memory_full_info().uss / 1e6 for kernel in kernels_of(server)]


def _one_too_many(address: str) -> str:
    answer = requests.get(address, headers={"X-Forwarded-For": "198.51.100.7"}, timeout=PATIENCE_S)
    found = re.search(r"<main>(.*)</main>", answer.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1] if found else answer.text[:200]).split())


if __name__ == "__main__":
    raise SystemExit(main())
