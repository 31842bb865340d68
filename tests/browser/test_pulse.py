"""What the page says when something behind it stops, ends or comes back, and that it goes on at the same place."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.cutting import Way
from tests.kernel_way import kernel_of
from trova_widgets import Workspace
from trova_widgets.pages.server import Serving, served
from trova_widgets.store import stop_owner
from trova_widgets.store.hidden import read_owner
from trova_widgets.workspace.running import RunFolder

pytestmark = pytest.mark.browser

KERNEL = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
#: How long the page may take to say what is the matter.
WITHIN_S = 10.0
_CLICKS = 3
#: Notes when which sentence was first on the page, beginning now.
NOTE = """() => {
  window.began = performance.now();
  window.said = [];
  const places = ".trova-pulse-state, .trova-message .v-snackbar__content, .trova-trouble";
  new MutationObserver(() => {
    for (const place of document.querySelectorAll(places)) {
      const words = place.textContent.trim(), after = (performance.now() - window.began) / 1000;
      if (words && window.said.at(-1)?.[1] !== words) window.said.push([after, words]);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


Served = tuple[Serving, "subprocess.Popen[bytes]"]


@dataclass
class Shown:
    """A page of one's own server, on which the fifth row of the table of trials is picked."""

    tab: Page
    server: "subprocess.Popen[bytes]"
    serving: Serving
    way: Way

    @property
    def folder(self) -> Path:
        return self.serving.workspace

    @property
    def kernel(self) -> psutil.Process:
        """The kernel behind the page."""
        return kernel_of(self.server.pid, self.tab.evaluate(KERNEL))

    def note(self) -> None:
        """Begin to note what is said."""
        self.tab.evaluate(NOTE)

    def said(self, words: str) -> None:
        """Wait until the page has said something, and see that it did so in time."""
        self.tab.wait_for_function("(words) => window.said.some(([_, said]) => said.includes(words))", arg=words)
        found = self.tab.evaluate("(words) => window.said.find(([_, said]) => said.includes(words))", words)
        assert found[0] <= WITHIN_S, f"{found[1]!r} after {found[0]:.1f} s"

    def quiet(self) -> None:
        """Wait until it says nothing."""
        expect(self.tab.locator(".trova-pulse-state")).to_have_count(0)

    def is_at_the_same_place(self) -> None:
        """See that the same trial of the same experiment is picked, in the same tab."""
        # the address follows a moment later
        self.tab.wait_for_function("/^#results\\/experiment-1\\?.*tab=table/.test(location.hash)")
        expect(self.tab.locator(".trova-tab-table")).to_have_attribute("aria-selected", "true")
        expect(self.tab.locator(".trova-table tbody tr").nth(4)).to_have_class("here")

    def answers(self) -> None:
        """See that a click is heard, and its answer seen."""
        self.tab.locator(".trova-table tbody tr").nth(2).click()
        expect(self.tab.locator(".trova-table tbody tr").nth(2)).to_have_class("here")
        self.tab.locator(".trova-table tbody tr").nth(4).click()
        expect(self.tab.locator(".trova-table tbody tr").nth(4)).to_have_class("here")

    def load_again(self) -> None:
        """Click on the button that the page offers."""
        self.tab.click(".trova-reload")
        self.tab.wait_for_selector(".trova-diagram li")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, open in no process."""
    folder = tmp_path_factory.mktemp("finished") / "study"
    Workspace.demo(folder).close()
    return folder


@contextmanager
def shown_by(serving: Serving, server: "subprocess.Popen[bytes]", browser: Browser) -> Iterator[Shown]:
    """Open the results of a workspace that is served, behind a way that can be cut."""
    way = Way(serving.port)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    context.set_default_timeout(PATIENCE_MS)
    tab = context.new_page()
    tab.goto(f"http://127.0.0.1:{way.port}/#results/experiment-1", wait_until="commit")
    tab.wait_for_selector(".trova-diagram li")
    _open_table(tab)
    tab.locator(".trova-table tbody tr").nth(4).click()
    tab.wait_for_function("(sessionStorage['trova-memory'] || '').includes('table')")
    expect(tab.locator(".trova-table tbody tr").nth(4)).to_have_class("here")
    try:
        yield Shown(tab, server, serving, way)
    finally:
        _close(context)
        way.close()


def _open_table(tab: Page) -> None:
    """Click until the table is there: a page that is only just drawn may be drawn anew under the first click."""
    for _ in range(_CLICKS):
        # a page that believes to be there already would tell nobody
        tab.click(".trova-tab-images")
        tab.click(".trova-tab-table")
        with suppress(TimeoutError):
            tab.wait_for_selector(".trova-table tbody tr:nth-child(5)", timeout=PATIENCE_MS / _CLICKS)
            return
    raise AssertionError("The table of trials does not open.")


@contextmanager
def opened(folder: Path, browser: Browser) -> Iterator[Shown]:
    """Serve a workspace, and open its results."""
    with (
        served(Serving(workspace=folder, port=0, preheat=False)) as (serving, server),
        shown_by(serving, server, browser) as page,
    ):
        yield page
    stop_owner(folder)


def _close(context: BrowserContext) -> None:
    for tab in context.pages:
        # the kernel ends with its page
        tab.goto("about:blank")
    context.close()


@pytest.fixture
def own(finished: Path, browser: Browser, tmp_path: Path) -> Iterator[Shown]:
    """The results of a copy of the demonstration, the table open and its fifth trial picked; its server's one's own."""
    with opened(shutil.copytree(finished, tmp_path / "study"), browser) as page:
        yield page


@pytest.fixture(scope="module")
def lasting(
    finished: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["tuple[Serving, subprocess.Popen[bytes]]"]:
    """A server that outlives a test."""
    folder = shutil.copytree(finished, tmp_path_factory.mktemp("lasting") / "study")
    with served(Serving(workspace=folder, port=0, preheat=False)) as both:
        yield both
    stop_owner(folder)


@pytest.fixture
def shown(lasting: Served, browser: Browser) -> Iterator[Shown]:
    """The same of a server that goes on after the test."""
    with shown_by(*lasting, browser) as page:
        yield page


def test_a_kernel_that_is_busy_and_one_that_was_killed(shown: Shown) -> None:
    kernel = shown.kernel
    shown.note()
    kernel.suspend()
    shown.said("busy with what was asked last")
    kernel.resume()
    shown.quiet()
    shown.note()
    kernel.kill()
    shown.said("What draws this page has ended. Nothing stored is lost")
    shown.load_again()
    shown.is_at_the_same_place()
    shown.answers()


def test_a_server_that_was_killed_and_started_again(own: Shown) -> None:
    own.note()
    own.server.kill()
    own.server.wait()
    own.said("The server has ended, or the way to it is cut. Nothing stored is lost")
    with served(replace(own.serving, preheat=False)) as (_, server):
        own.server = server
        expect(own.tab.locator(".trova-pulse-state-gone")).to_contain_text("The server was started anew")
        own.load_again()
        own.is_at_the_same_place()
        own.answers()
        # the kernel ends with its page
        own.tab.goto("about:blank")


def test_a_server_that_does_not_answer_for_a_while(shown: Shown) -> None:
    shown.note()
    os.kill(shown.server.pid, signal.SIGSTOP)
    shown.said("The server does not answer. Nothing stored is lost")
    os.kill(shown.server.pid, signal.SIGCONT)
    shown.quiet()
    shown.is_at_the_same_place()
    shown.answers()


def test_an_owner_of_the_database_that_was_killed_is_replaced(shown: Shown) -> None:
    address = read_owner(shown.folder)
    assert address is not None
    shown.note()
    os.kill(address.pid, signal.SIGKILL)
    shown.said("The process that had the database has ended, and another one has it now")
    shown.quiet()
    shown.is_at_the_same_place()
    shown.answers()
    fresh = read_owner(shown.folder)
    assert fresh is not None and fresh.pid != address.pid


def test_a_runner_that_was_killed(own: Shown) -> None:
    with Workspace.open(own.folder, shared=True) as workspace:
        workspace.copy("experiment", "experiment-1", "long", epochs=1000)
        workspace.start("long", workers=1)
        expect(own.tab.locator(".trova-running")).to_have_text("long")
        status = RunFolder(own.folder).status("long")
        assert status is not None
        own.note()
        runner = psutil.Process(status.pid)
        for process in [*runner.children(recursive=True), runner]:
            process.kill()
        own.said("long: died, 0 of 1080 trials. Its process has ended without a word; run it again")
        expect(own.tab.locator(".trova-status")).to_contain_text("Nothing is running")
        own.is_at_the_same_place()
        own.tab.click(".trova-failures-open")
        expect(own.tab.locator(".trova-failures article").first).to_contain_text("long: died")
        own.tab.locator(".trova-failures").get_by_role("button", name="Close").click()
        own.answers()
        # one click goes on with it
        own.tab.click(".trova-to-experiments")
        own.tab.locator(".trova-experiment-long").get_by_title("Run what is missing").click()
        expect(own.tab.locator(".trova-running")).to_have_text("long")
        own.tab.click(".trova-stop")
        expect(own.tab.locator(".trova-status")).to_contain_text("Nothing is running")


def test_the_connection_is_cut_for_a_minute(shown: Shown) -> None:
    shown.note()
    shown.way.stop()
    shown.said("The server does not answer. Nothing stored is lost")
    shown.tab.wait_for_function("performance.now() - window.began > 60000", timeout=90_000)
    shown.way.flow()
    shown.quiet()
    shown.is_at_the_same_place()
    shown.answers()


def test_the_connection_is_ended_and_made_anew(shown: Shown) -> None:
    shown.note()
    shown.way.close()
    shown.said("The server has ended, or the way to it is cut. Nothing stored is lost")
    # what is clicked meanwhile is done as soon as it can be
    shown.tab.locator(".trova-table tbody tr").nth(3).click()
    shown.tab.wait_for_function("performance.now() - window.began > 30000")
    shown.way.reopen()
    shown.quiet()
    expect(shown.tab.locator(".trova-table tbody tr").nth(3)).to_have_class("here")
    shown.answers()


def test_a_computer_without_a_network(shown: Shown) -> None:
    shown.note()
    shown.tab.context.set_offline(True)
    shown.said("This computer has no connection to the network")
    shown.tab.context.set_offline(False)
    shown.quiet()
    shown.is_at_the_same_place()
    shown.answers()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is soon full; making one takes the rights of root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_told_and_what_was_refused_is_done_when_there_is_room(
    finished: Path, browser: Browser, small_disk: Path
) -> None:
    with opened(shutil.copytree(finished, small_disk / "study"), browser) as shown:
        shown.note()
        stuff = small_disk / "stuff"
        with stuff.open("wb") as file:
            while (free := shutil.disk_usage(small_disk).free) > 4096:
                file.write(bytes(min(free, 2**20)))
                file.flush()
        shown.said("is full: 0 KiB are free; make room")
        tab = shown.tab
        shown.is_at_the_same_place()
        shown.answers()
        tab.fill(".trova-remark", "steep")
        tab.keyboard.press("Enter")
        expect(tab.locator(".trova-page-results")).to_contain_text("make room")
        stuff.unlink()
        expect(tab.locator(".trova-trouble")).to_have_count(0)
        tab.fill(".trova-remark", "steep")
        tab.keyboard.press("Enter")
        expect(tab.locator(".tr-remark")).to_contain_text("steep")
        shown.is_at_the_same_place()
    with Workspace.open(small_disk / "study") as workspace:
        assert workspace.check().is_sound
    stop_owner(small_disk / "study")


def test_the_title_says_where_one_is_back_leads_back_and_the_theme_stays(shown: Shown) -> None:
    tab = shown.tab
    expect(tab).to_have_title("Results · experiment-1 · study · Trova")
    tab.click(".trova-to-records")
    expect(tab).to_have_title("Records · study · Trova")
    expect(tab.locator(".trova-facts dd").first).to_be_visible()
    tab.go_back()
    expect(tab).to_have_title("Results · experiment-1 · study · Trova")
    shown.is_at_the_same_place()
    tab.click(".trova-theme")
    tab.wait_for_selector(".trova-app.trova-dark")
    tab.reload()
    tab.wait_for_selector(".trova-app.trova-dark")


def test_what_failed_is_in_a_list_with_details_to_copy(own: Shown) -> None:
    tab = own.tab
    teaching = Path(__file__).resolve().parents[2] / "data" / "teaching" / "waveforms"
    (own.folder / "weights").rename(own.folder / "lost")
    tab.click(".trova-to-classify")
    tab.set_input_files(".trova-classify input[type=file]", str(min(teaching.glob("*.mseed"))))
    tab.click(".trova-classify-start:not([disabled])")
    expect(tab.locator(".trova-classify")).to_contain_text("was trained here")
    tab.click(".trova-failures-open")
    expect(tab.locator(".trova-failures article")).to_contain_text(re.compile("Classifying: .*run an experiment"))
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.click(".trova-copy")
    expect(tab.locator(".trova-copy")).to_have_text("Copied")
    assert "Classifying: No network was trained here yet" in tab.evaluate("navigator.clipboard.readText()")
    tab.locator(".trova-failures").get_by_role("button", name="Clear").click()
    expect(tab.locator(".trova-failures-open")).to_have_count(0)
