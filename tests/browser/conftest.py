"""The real page in a real browser: one server for all tests, a window of its own for each."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    TimeoutError,
    WebSocket,
    expect,
    sync_playwright,
)

FLAGS = [
    "--no-sandbox",
    # everywhere as where there is no graphics card: cubes by SwiftShader, all else by what is fast without one; to have
    # all of a page composed by SwiftShader, too, costs both cores 40 ms a frame
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    # nothing but the loopback can be reached; a route would also hold back what a page sends when it is left
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]

#: How long a first start may take, s.
FIRST_START_S = 600
#: How long a page may take on a machine that is busy with an experiment, ms.
PATIENCE_MS = 180_000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
#: What is said when a page that is being left sends once more; a connection that really ends, the page tells.
LEFT = ("WebSocket is already in CLOSING or CLOSED state", "Cannot send")

expect.set_options(timeout=PATIENCE_MS)

#: Waits until a condition holds, looking at a page again and again.
Wait = Callable[[Page, Callable[[], object]], None]
COMMAND = [sys.executable, "-c", "from trova_widgets.cli import main; raise SystemExit(main())"]


class Demo(NamedTuple):
    """A demonstration that the command line serves."""

    address: str
    folder: Path

    @property
    def complaints(self) -> str:
        """What went wrong behind the pages."""
        log = self.folder / ".trova" / "pages.log"
        return log.read_text() if log.exists() else ""


class Visitor:
    """Somebody with a browser: opens tabs, and notes what leaves the machine and what goes wrong."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.leaving: list[str] = []
        self.errors: list[str] = []
        self._said: list[str] = []
        self._exchanged: dict[str, int] = {}
        self.context = context
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", self._note)

    def open(self, place: str = "overview") -> Page:
        """Open a tab on a page of the application, and wait until it is drawn."""
        tab = self.context.new_page()
        tab.on("console", self._listen)
        tab.on("pageerror", lambda error: self._complain(str(error)))
        tab.on("websocket", self._overhear)
        tab.goto(f"{self.address}#{place}", wait_until="commit")
        try:
            tab.wait_for_selector(f".trova-page-{place.partition('/')[0]}")
        except TimeoutError as late:
            seen = tab.evaluate("document.body.innerText").strip()[:1000]
            outputs = tab.locator('script[type="application/vnd.voila.cell-output+json"]').count()
            raise AssertionError(
                f"the page was not drawn; seen: {seen!r}; outputs: {outputs}; messages: {self._exchanged}; "
                f"said: {self._said[-20:]}"
            ) from late
        return tab

    def _note(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in {"data", "blob"} and where.hostname not in LOOPBACK:
            self.leaving.append(request.url)

    def _overhear(self, connection: WebSocket) -> None:
        """Count what a page and its kernel tell each other: where one is stuck it says which waits for the other."""
        told = self._exchanged
        connection.on("framesent", lambda _: told.update(sent=told.get("sent", 0) + 1))
        connection.on("framereceived", lambda _: told.update(received=told.get("received", 0) + 1))
        connection.on("close", lambda _: told.update(closed=told.get("closed", 0) + 1))

    def _listen(self, message: ConsoleMessage) -> None:
        self._said.append(f"{message.type}: {message.text[:200]}")
        if message.type == "error":
            self._complain(f"{message.text} ({message.location.get('url', '')})")

    def _complain(self, text: str) -> None:
        if not any(said in text for said in LEFT):
            self.errors.append(text)


# Both leave with the last test of the pages: as long as Playwright is open a loop seems to run in this thread, and what
# the models would do at once elsewhere would wait for it.
@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration, as a person starts it."""
    folder = tmp_path_factory.mktemp("demo")
    with started("demo", folder) as address:
        yield Demo(address, folder / "study")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the tests are skipped, but never in CI."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        reason = "there is no chromium on the path; install it to test the pages"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(demo: Demo, browser: Browser) -> Iterator[Visitor]:
    """A visitor whose window is 1280 wide; nothing may leave the machine, and no error may be logged."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
    visitor, before = Visitor(context, demo.address), demo.complaints
    yield visitor
    for tab in context.pages:
        # a page that is left ends its kernel; one whose window is killed would keep it for a while
        tab.goto("about:blank")
    context.close()
    assert visitor.leaving == []
    assert visitor.errors == []
    assert demo.complaints == before


@pytest.fixture
def eventually() -> Wait:
    """Wait for a condition that the browser cannot wait for by itself, for instance what a canvas shows."""

    def wait(tab: Page, condition: Callable[[], object]) -> None:
        deadline = monotonic() + PATIENCE_MS / 1000
        while not condition():
            assert monotonic() < deadline, "the page did not come to show what was awaited"
            tab.wait_for_timeout(100)

    return wait


@contextmanager
def started(command: str, folder: Path) -> Iterator[str]:
    """Run ``trova demo`` or ``trova serve`` on the workspace ``study`` in a folder, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}/", folder / "server.log"
    options = ["--no-browser", "--port", str(port), "--workspace", str(folder / "study")]
    with log.open("wb") as stream:
        server = subprocess.Popen([*COMMAND, command, *options], stdout=stream, stderr=stream, start_new_session=True)
    try:
        _wait_for(server, address, log)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def choose(tab: Page, field: str, title: str) -> None:
    """Choose from the list that opens under a field."""
    options = tab.get_by_role("option")
    # a list that was open before is still there while it fades away
    expect(options).to_have_count(0)
    tab.click(field)
    options.filter(has_text=re.compile(rf"^\s*{re.escape(title)}")).first.click()
    expect(options).to_have_count(0)


def place(tab: Page) -> str:
    """Return what the address says behind its #, as it is now: a tab's ``url`` lags behind.

    It follows what is picked a moment later.
    """
    return str(tab.evaluate("location.hash.slice(1)"))


def subject(tab: Page) -> str:
    """Return the page and its subject that the address says."""
    return place(tab).partition("?")[0]


def _wait_for(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = monotonic() + FIRST_START_S
    while monotonic() < deadline:
        assert server.poll() is None, log.read_text(errors="replace")
        try:
            with urlopen(f"{address}voila/static/voila.js", timeout=5):
                return
        except (URLError, OSError):
            sleep(0.2)
    raise AssertionError(f"no page within {FIRST_START_S} s:\n{log.read_text(errors='replace')}")
