"""Who comes to the pages, from where, and what is closed to them: a real server, asked over HTTP."""

import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest
import requests
import websocket
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from tests.kernel_way import KernelWay, kernels_of
from tests.store.processes import wait_for
from tests.workspace.test_visitors import state
from trova_widgets import Workspace
from trova_widgets.access import AccessKeys
from trova_widgets.models.application import PAGES
from trova_widgets.pages.gate.people import comes_from_here
from trova_widgets.pages.server import Serving, served
from trova_widgets.processes import identity_of_process
from trova_widgets.store import stop_owner


class Served(NamedTuple):
    """A workspace that is shown to others, and the addresses that its start printed."""

    here: str
    folder: Path
    analyst: str
    visitor: str

    @property
    def bare(self) -> str:
        """The address that others see, without a key."""
        return self.visitor.partition("?")[0]


@pytest.fixture(scope="module")
def shown(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A workspace that is shown at all addresses of this machine, as to colleagues elsewhere."""
    folder = shutil.copytree(filled_folder, tmp_path_factory.mktemp("shown") / "kola")
    with served(Serving(workspace=folder, host="0.0.0.0", port=0, preheat=False, visitors=3)) as (serving, _):
        addresses = dict(serving.invitations())
        analyst = next(address for meaning, address in addresses.items() if "from elsewhere" in meaning)
        # where this machine has no other address, the one of the loopback is asked for under a name that is not its own
        yield Served(serving.here, folder, analyst, addresses["Colleagues, who look and change nothing"])
    stop_owner(folder)


class Browser(requests.Session):
    """Somebody's browser, away from this machine."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["X-Forwarded-For"] = "198.51.100.7"
        self.kernel = ""

    def open(self, address: str) -> requests.Response:
        """Open the page, and note the kernel behind it."""
        answer = self.get(address, headers={"Sec-Fetch-Dest": "document"}, timeout=120)
        if '"kernelId"' in answer.text:
            self.kernel = answer.text.partition('"kernelId": "')[2].partition('"')[0]
        return answer

    def leave(self, address: str) -> int:
        """Close the page."""
        self.cookies.set("_xsrf", "a")
        return self.post(f"{address}voila/api/shutdown/{self.kernel}?_xsrf=a", timeout=60).status_code

    def channel(self, address: str, kernel: str, **headers: str) -> KernelWay:
        """Open the way to a kernel."""
        return KernelWay(address, kernel, self, **headers)


def test_without_a_key_there_is_a_door_and_no_kernel(shown: Served) -> None:
    browser = Browser()
    for address in (shown.bare, f"{shown.bare}?key=wrong", f"{shown.bare}?key="):
        answer = browser.open(address)
        assert answer.status_code == 403
        assert "shown to those who have a key" in answer.text
    assert browser.kernel == ""


def test_a_key_opens_once_and_stays_out_of_the_address(shown: Served) -> None:
    browser = Browser()
    answer = browser.open(shown.visitor)
    assert answer.status_code == 200 and browser.kernel
    assert answer.url == shown.bare
    (cookie,) = [cookie for cookie in browser.cookies if cookie.name.startswith("trova-")]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert browser.leave(shown.bare) == 204


def test_a_kernel_is_behind_its_own_page_alone(shown: Served) -> None:
    analyst, visitor = Browser(), Browser()
    analyst.open(shown.analyst)
    visitor.open(shown.visitor)
    assert analyst.kernel and visitor.kernel and analyst.kernel != visitor.kernel
    for address in (f"api/kernels/{analyst.kernel}", f"trova/pulse/{analyst.kernel}"):
        assert "alive" not in visitor.get(shown.bare + address, timeout=20).text
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        visitor.channel(shown.bare, analyst.kernel)
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        Browser().channel(shown.bare, analyst.kernel)
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        analyst.channel(shown.bare, analyst.kernel, Origin="https://somewhere.example")
    theirs, visitor.kernel = visitor.kernel, analyst.kernel
    assert visitor.leave(shown.bare) == 403
    visitor.kernel = theirs
    assert '"state": "alive"' in analyst.get(f"{shown.bare}trova/pulse/{analyst.kernel}", timeout=20).text
    # the fourth page gets its sentence, and one more when somebody has left
    third, fourth = Browser(), Browser()
    assert third.open(shown.visitor).status_code == 200
    answer = fourth.open(shown.visitor)
    assert answer.status_code == 503
    assert "3 pages are open, and no more may be at once" in answer.text
    for browser in (analyst, visitor, third):
        assert browser.leave(shown.bare) == 204
    assert fourth.open(shown.bare).status_code == 200
    assert fourth.leave(shown.bare) == 204


def test_the_way_to_a_kernel_runs_no_code_and_makes_no_widget(shown: Served, tmp_path: Path) -> None:
    visitor = Browser()
    visitor.open(shown.visitor)
    way, file = visitor.channel(shown.bare, visitor.kernel), tmp_path / "written"
    code = f"open({str(file)!r}, 'w').close()"
    for kind, content in (
        ("execute_request", {"code": code, "silent": False, "store_history": False, "user_expressions": {}}),
        ("inspect_request", {"code": "x", "cursor_pos": 1, "detail_level": 0}),
        ("comm_open", {"comm_id": "mine", "target_name": "jupyter.widget", "data": {"state": {
            "_model_module": "jupyter-vuetify", "_model_name": "VuetifyTemplateModel", "_model_module_version": "1",
            "_view_module": "jupyter-vuetify", "_view_name": "VuetifyView", "_view_module_version": "1"}}}),
        ("comm_msg", {"comm_id": "mine", "data": {"method": "custom", "content": {
            "create_widget": ["pathlib", "Path"], "props": {}, "id": "a"}}}),
        ("kernel_info_request", {}),
    ):  # fmt: skip
        way.send(kind, content)

    def kinds() -> set[str]:
        return {kind for kind, _ in way.heard}

    # a comm that nobody takes is closed again
    way.listen(lambda: {"kernel_info_reply", "comm_close"} <= kinds())
    assert not any(kind == "comm_msg" and content["comm_id"] == "mine" for kind, content in way.heard)
    assert not {"execute_reply", "inspect_reply"} & kinds()
    assert not file.exists()
    way.close()
    visitor.leave(shown.bare)


def test_no_message_to_any_widget_over_a_visitor_s_way_changes_anything(shown: Served) -> None:
    some: list[Any] = [None, "first", ["delete", "first"], {"name": "mine"}]
    with Workspace.open(shown.folder, shared=True, visitor=True) as workspace:
        # all is read before the way is opened: who does not listen meanwhile is taken for gone
        before = state(workspace)
        event = str(workspace.events()["event_id"].iloc[0])
        visitor = Browser()
        visitor.open(shown.visitor)
        with closing(visitor.channel(shown.bare, visitor.kernel)) as way:
            way.settle(way.ask_for_widgets())
            frame = next(name for name, widget in way.widgets.items() if "workspace_name" in widget)
            for page in PAGES:
                way.settle(way.click(frame, "visit", {"page": page, "subject": ""}))
            views = {name: widget["events"] for name, widget in way.widgets.items() if widget.get("events")}
            assert len(views) > 12 and sum(map(len, views.values())) > 60
            for view, events in views.items():
                # to be writable in one's own eyes opens nothing
                way.tell(view, {"method": "update", "state": {"read_only": ""}, "buffer_paths": []})
                for name in events:
                    sent = [way.click(view, name, data) for data in (*some, event, [event, "mine_blast"])]
                way.settle(sent[-1])
        assert state(workspace) == before
    visitor.leave(shown.bare)


def test_a_key_that_is_taken_away_ends_the_pages_that_were_opened_with_it(shown: Served) -> None:
    keys = AccessKeys(shown.folder)
    secret, browser = keys.add("Bob"), Browser()
    assert browser.open(f"{shown.bare}?key={secret}").status_code == 200
    keys.revoke("Bob")
    assert browser.get(f"{shown.bare}trova/pulse/{browser.kernel}", timeout=20).status_code == 403
    assert browser.open(shown.bare).status_code == 403
    deadline, owner = time.monotonic() + 60, Browser()
    owner.cookies.update(browser.cookies)
    while True:
        try:
            owner.channel(shown.bare, browser.kernel).close()
        except websocket.WebSocketBadStatusException:
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    "path",
    [
        "api/kernels", "api/contents", "api/contents/trova.duckdb", "api/terminals", "api/sessions", "api/status",
        "voila/api/contents", "voila/files/dashboard.ipynb", "voila/files/../../trova.duckdb",
        "voila/files/%2e%2e/%2e%2e/etc/passwd", "voila/files//etc/passwd", "voila/static/../../../app.py",
        "voila/static/%2e%2e%2f%2e%2e%2fapp.py", "voila/templates/trova/../../../../voila.json",
        "voila/templates/trova/%2e%2e/%2e%2e/voila.json", "voila/labextensions/../../../etc/passwd",
        "voila/query/00000000-0000-0000-0000-000000000000", "voila/tree", "voila/render/dashboard.ipynb",
        "dashboard.ipynb", "..%2f..%2ftrova.duckdb", "trova.duckdb", ".trova/owner.json",
    ],
)  # fmt: skip
def test_no_path_leads_to_a_file(shown: Served, path: str) -> None:
    browser = Browser()
    browser.headers["Cookie"] = ""
    request = requests.Request("GET", shown.bare, headers={"Authorization": f"token {shown.visitor.partition('=')[2]}"})
    prepared = browser.prepare_request(request)
    # as it stands: a browser would have tidied it
    prepared.url = shown.bare + path
    answer = browser.send(prepared, timeout=20, allow_redirects=True)
    assert answer.status_code in {400, 403, 404, 405}, answer.text[:300]
    assert "root:" not in answer.text and "SQLite" not in answer.text


def test_another_site_s_page_gets_nothing(shown: Served) -> None:
    browser = Browser()
    browser.open(shown.visitor)
    browser.leave(shown.bare)
    for destination in ("image", "script", "empty", "style"):
        answer = browser.get(shown.bare, headers={"Sec-Fetch-Dest": destination}, timeout=20)
        assert answer.status_code == 403
    assert browser.post(f"{shown.bare}login", data={"secret": "x"}, timeout=20).status_code == 403
    # a name that somebody has pointed to this machine is not this machine's own
    stranger = requests.get(shown.here, headers={"Host": "somewhere.example"}, timeout=20)
    assert "shown to those who have a key" in stranger.text


def request_of(host: str = "127.0.0.1:8866", remote: str = "127.0.0.1", **headers: str) -> HTTPServerRequest:
    """Return a request, as the server sees it."""

    class Connection:
        context = type("Context", (), {"remote_ip": remote, "protocol": "http", "address": None})()

    return HTTPServerRequest(
        start_line=RequestStartLine("GET", "/", "HTTP/1.1"),
        headers=HTTPHeaders({"Host": host, **headers}),
        connection=Connection(),
    )


def test_who_comes_from_here_is_told_from_who_only_seems_to() -> None:
    assert comes_from_here(request_of())
    assert comes_from_here(request_of("localhost:8866", "::1"))
    assert not comes_from_here(request_of(remote="198.51.100.7"))
    assert not comes_from_here(request_of("somewhere.example"))
    for header in ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via", "X-Forwarded-Host"):
        assert not comes_from_here(request_of(**{header: "198.51.100.7"}))


def test_no_secret_is_kept_or_printed_twice(shown: Served) -> None:
    folder = shown.folder / ".trova" / "access"
    assert folder.stat().st_mode & 0o077 == 0
    secrets = [address.partition("?key=")[2] for address in (shown.analyst, shown.visitor)]
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o077 == 0
        assert not any(secret in file.read_text() for secret in secrets)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each kernel starts by itself")
def test_kernels_end_with_what_split_them_off_and_then_start_alone(filled_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled_folder, tmp_path / "kola")
    with served(Serving(workspace=folder, port=0, preheat=False)) as (serving, server):
        assert requests.get(serving.here, timeout=120).ok
        nursery = next(each for each in psutil.Process(server.pid).children() if "nursery" in " ".join(each.cmdline()))
        [kernel] = kernels_of(server.pid)
        assert kernel.ppid() == nursery.pid
        ended = [identity_of_process(each.pid) for each in (nursery, kernel)]
        nursery.kill()
        wait_for(lambda: not any(each.is_alive for each in ended))
        assert requests.get(serving.here, timeout=120).ok, "a kernel that starts as any other"
        assert [kernel.ppid() for kernel in kernels_of(server.pid)] == [server.pid]
    stop_owner(folder)


def test_a_page_names_the_scripts_that_the_first_one_asked_for_at_its_head(filled_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled_folder, tmp_path / "kola")
    with served(Serving(workspace=folder, port=0, preheat=False)) as (serving, _):

        def asked(path: str, destination: str) -> int:
            headers = {"Sec-Fetch-Dest": destination}
            return requests.get(serving.here + path, headers=headers, timeout=120).status_code

        def head() -> str:
            page = requests.get(serving.here, timeout=120).text
            return page[: page.index("</head>")]

        # one that nothing but its moment tells from the first
        later = next(Path(sys.prefix, "share/jupyter/voila/templates/base/static").glob("[0-9]*.voila.js")).name
        assert 'rel="preload"' not in head()
        assert 'rel="modulepreload" href="/trova/templates.mjs' in head(), "known from the start"
        assert asked("voila/static/voila.js", "script") == 200
        assert asked("voila/static/nothing.js", "script") == 403
        assert asked("voila/static/voila.js", "empty") == 200
        # what a stranger asks for is on nobody's page
        assert asked("voila/static/voila.js?v=1&x=<script>", "script") == 200
        assert asked("voila/static/voila.js?v=another", "script") == 200
        asked("voila/api/kernels/0", "empty")
        # from here on it is no first page any more
        assert asked(f"voila/static/{later}", "script") == 200
        assert re.findall(r'rel="preload" as="script" href="([^"]*)"', head()) == ["/voila/static/voila.js"]
    stop_owner(folder)
