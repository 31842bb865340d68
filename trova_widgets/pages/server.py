"""The server of the dashboard: the gate with our template, our notebook and a kernel that is warm."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

from trova_widgets.access import AccessKeys, hash_password
from trova_widgets.errors import TrovaError
from trova_widgets.pages.addresses import BaseUrl, is_loopback, reachable, url
from trova_widgets.pages.gate.terms import HUB_VARIABLE, VISITOR_VARIABLE, WORKSPACE_VARIABLE, Terms, who_starts
from trova_widgets.processes import apart
from trova_widgets.resources import share_folder
from trova_widgets.widgets.compiled.module import ADDRESS_VARIABLE, module_version

#: A folder as Jupyter looks through: settings, our page template, and a kernel that is this very Python, whatever
#: kernels the user has registered.
SETTINGS = Path(__file__).parent / "voila_template"
_STOP_S = 15.0
_LOOKS_EVERY_S = 0.2
_LAST_PORT = 65535


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How a workspace is shown.

    Attributes
    ----------
    workspace : Path
        The folder of the study.
    port : int
        Where the server listens; 0 takes any free port.
    host : str
        The address it listens on; the loopback, unless others shall see the page.
    preheat : bool
        Whether a kernel with the page already drawn waits for the next visitor.
    base_url : str
        The path under which the pages stand; behind a proxy, the whole address that it shows.
    public : bool
        Whether a visitor needs no key.
    password : str
        With which analysts may come, under a name that they give; none, where it is empty.
    visitors : int
        How many pages may be open at once.
    idle_minutes : float
        A page that nobody has touched for so long is put to rest.
    upload_mb : float
        How much may be uploaded at once, megabytes.
    """

    workspace: Path
    port: int = 8866
    host: str = "127.0.0.1"
    preheat: bool = True
    base_url: str = "/"
    public: bool = False
    password: str = ""
    visitors: int = 20
    idle_minutes: float = 60.0
    upload_mb: float = 2048.0

    @property
    def base(self) -> BaseUrl:
        """Where the pages stand."""
        return BaseUrl.read(self.base_url)

    @property
    def guarded(self) -> bool:
        """Whether others can reach it, so that a key is needed."""
        return not is_loopback(self.host) or bool(self.base.origin)

    @property
    def here(self) -> str:
        """The address on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return url(host, self.port, self.base.path)

    def command(self) -> list[str]:
        """Return the command line that starts the server."""
        return [
            sys.executable,
            "-m",
            "trova_widgets.pages.gate",
            str(share_folder("notebooks") / "dashboard.ipynb"),
            # what is the same for every workspace stands in voila.json, beside the template
            f"--Voila.config_file_paths={SETTINGS}",
            f"--Voila.ip={self.host}",
            f"--Voila.port={self.port}",
            f"--Voila.base_url={self.base.path}",
            f"--VoilaConfiguration.preheat_kernel={self.preheat}",
            # a port that is free when it is chosen may be taken when the kernel comes to use it
            *(["--KernelManager.transport=ipc"] if sys.platform == "linux" else []),
        ]

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return the environment of the server and of its kernels."""
        paths = [str(SETTINGS), *base.get("JUPYTER_PATH", "").split(os.pathsep)]
        environment = {
            **base,
            WORKSPACE_VARIABLE: str(self.workspace.resolve()),
            VISITOR_VARIABLE: "1",
            "TROVA_UPLOAD_MB": str(self.upload_mb),
            ADDRESS_VARIABLE: f"{self.base.path}trova/templates.mjs?v={module_version()}",
            "JUPYTER_PATH": os.pathsep.join(filter(None, paths)),
            # the kernels of visitors share the machine with a running experiment
            "OMP_NUM_THREADS": base.get("OMP_NUM_THREADS", "1"),
        }
        key = environment.pop(HUB_VARIABLE, "")
        Terms(
            hub=hashlib.sha256(key.encode()).hexdigest() if key else "",
            workspace=str(self.workspace.resolve()),
            user=who_starts(),
            proxied=bool(self.base.origin),
            public=self.public,
            password=hash_password(self.password) if self.password else "",
            most_kernels=self.visitors,
            idle_s=60 * self.idle_minutes,
        ).write(environment)
        return environment

    def invitations(self) -> list[tuple[str, str]]:
        """Return the addresses that work, each with what it lets one do; each call makes keys of its own.

        Returns
        -------
        list of (str, str)
            What is meant, and the address.
        """
        me, base = who_starts(), self.base
        here = (f"You, as the analyst {me}, on this machine", self.here)
        if not self.guarded:
            return [here]
        keys = AccessKeys(self.workspace)
        analyst = f"?key={keys.add(me, ends=True)}"
        visitor = "" if self.public else f"?key={keys.add('Visitors', 'visitor', ends=True)}"
        hosts = reachable(self.host) or [self.host]
        places = [base.origin + base.path] if base.origin else [url(host, self.port, base.path) for host in hosts]
        return [
            *([] if base.origin or self.host in hosts else [here]),
            *((f"You, as the analyst {me}, from elsewhere; keep it to yourself", place + analyst) for place in places),
            *(("Colleagues, who look and change nothing", place + visitor) for place in places),
        ]


@contextmanager
def served(serving: Serving, patience_s: float = 120.0) -> Iterator[tuple[Serving, "subprocess.Popen[bytes]"]]:
    """Serve a workspace for as long as the context is open.

    Parameters
    ----------
    serving : Serving
        How.
    patience_s : float
        How long the server may take to answer.

    Yields
    ------
    serving : Serving
        The same, with the port that was taken.
    process : subprocess.Popen
        The server.

    Raises
    ------
    TrovaError
        When the port is taken, or the server ends before it answers.
    """
    serving = _with_port(serving)
    # Ctrl-C reaches us alone, and the server is ended in order
    process = subprocess.Popen(serving.command(), env=serving.environment(), **apart())
    try:
        _wait_until_it_answers(serving.here, process, patience_s)
        yield serving, process
    finally:
        _stop(process)


def serve(serving: Serving, *, open_browser: bool = True) -> int:
    """Serve a workspace until Ctrl-C, and say where.

    Parameters
    ----------
    serving : Serving
        How.
    open_browser : bool
        Whether to open the page in the browser.

    Returns
    -------
    int
        The exit code for the command line.

    Raises
    ------
    TrovaError
        When the port is taken, or the server ends before it answers.
    """
    signal.signal(signal.SIGTERM, _leave)
    with served(serving) as (started, process):
        invitations = started.invitations()
        print(f"Trova shows {started.workspace}  (Ctrl-C ends it)", flush=True)
        for meaning, address in invitations:
            print(f"  {meaning}:\n    {address}", flush=True)
        if started.guarded:
            print("  Keys of their own for others: trova access add NAME", flush=True)
        if open_browser:
            webbrowser.open(invitations[0][1])
        try:
            # on Windows, Ctrl-C does not interrupt a wait without an end
            while (status := process.poll()) is None:
                time.sleep(_LOOKS_EVERY_S)
            return status
        except KeyboardInterrupt:
            print("Trova is closing the page.", flush=True)
            return 0


def _leave(*_: object) -> None:
    """Turn a request to end into an exception, so that the server is not left behind."""
    raise SystemExit(0)


def _with_port(serving: Serving) -> Serving:
    """Return the same with a port that is free now; Voilà itself would silently take another one."""
    host, port = serving.host, serving.port
    if not 0 <= port <= _LAST_PORT:
        raise TrovaError(f"There is no port {port}; choose one from 0 (any free one) to {_LAST_PORT} with --port.")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # a port that was let go of a moment ago is free; on Windows the option would let two have one port
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise TrovaError(
                f"The page cannot be served at {host}:{port} ({error.strerror}); "
                f"choose another port with --port, for instance --port {port + 1}."
            ) from error
        return replace(serving, port=int(probe.getsockname()[1]))


def _wait_until_it_answers(address: str, process: "subprocess.Popen[bytes]", patience_s: float) -> None:
    # the page itself would take the warm kernel away from the first visitor
    probe = f"{address}voila/static/voila.js"
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise TrovaError(
                f"The page's server ended with code {process.returncode} before it answered; "
                "its last lines above say why."
            )
        try:
            with urlopen(probe, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise TrovaError(f"The page's server did not answer at {address} within {patience_s:.0f} s; try another port.")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the server; its kernels end with it, and what they have started to outlive them does not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
