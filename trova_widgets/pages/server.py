"""The server of the dashboard: Voilà with our template, our notebook and a kernel that is warm."""

import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

from trova_widgets.errors import TrovaError
from trova_widgets.resources import share_folder

#: The environment variable by which a page's kernel finds its workspace.
WORKSPACE_VARIABLE = "TROVA_WORKSPACE"

#: A folder as Jupyter looks through: settings, our page template, and a kernel that is this very Python, whatever
#: kernels the user has registered.
SETTINGS = Path(__file__).parent / "voila_template"
_STOP_S = 15.0
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
    """

    workspace: Path
    port: int = 8866
    host: str = "127.0.0.1"
    preheat: bool = True

    def command(self) -> list[str]:
        """Return the command line that starts the server."""
        return [
            sys.executable,
            "-m",
            "voila",
            str(share_folder("notebooks") / "dashboard.ipynb"),
            # what is the same for every workspace stands in voila.json, beside the template
            f"--Voila.config_file_paths={SETTINGS}",
            f"--Voila.ip={self.host}",
            f"--Voila.port={self.port}",
            f"--VoilaConfiguration.preheat_kernel={self.preheat}",
        ]

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return the environment of the server and of its kernels."""
        paths = [str(SETTINGS), *base.get("JUPYTER_PATH", "").split(os.pathsep)]
        return {
            **base,
            WORKSPACE_VARIABLE: str(self.workspace.resolve()),
            "JUPYTER_PATH": os.pathsep.join(filter(None, paths)),
            # the kernels of visitors share the machine with a running experiment
            "OMP_NUM_THREADS": base.get("OMP_NUM_THREADS", "1"),
        }


@contextmanager
def served(
    workspace: Path, *, port: int = 8866, host: str = "127.0.0.1", preheat: bool = True, patience_s: float = 120.0
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Serve a workspace for as long as the context is open.

    Parameters
    ----------
    workspace : Path
        The folder of the study.
    port, host, preheat
        As in `Serving`.
    patience_s : float
        How long the server may take to answer.

    Yields
    ------
    address : str
        What to open in a browser.
    process : subprocess.Popen
        The server.

    Raises
    ------
    TrovaError
        When the port is taken, or the server ends before it answers.
    """
    serving = Serving(workspace=workspace, port=_claim(host, port), host=host, preheat=preheat)
    address = f"http://{host}:{serving.port}/"
    # in a session of its own, so that Ctrl-C reaches us alone and the server is ended in order
    process = subprocess.Popen(serving.command(), env=serving.environment(), start_new_session=True)
    try:
        _wait_until_it_answers(address, process, patience_s)
        yield address, process
    finally:
        _stop(process)


def serve(
    workspace: Path,
    *,
    port: int = 8866,
    host: str = "127.0.0.1",
    open_browser: bool = True,
    preheat: bool = True,
) -> int:
    """Serve a workspace until Ctrl-C, and say where.

    Parameters
    ----------
    workspace : Path
        The folder of the study.
    port, host, preheat
        As in `Serving`.
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
    with served(workspace, port=port, host=host, preheat=preheat) as (address, process):
        print(f"Trova shows {workspace} at {address}  (Ctrl-C ends it)", flush=True)
        if open_browser:
            webbrowser.open(address)
        try:
            return process.wait()
        except KeyboardInterrupt:
            print("Trova is closing the page.", flush=True)
            return 0


def _leave(*_: object) -> None:
    """Turn a request to end into an exception, so that the server is not left behind."""
    raise SystemExit(0)


def _claim(host: str, port: int) -> int:
    """Return a port that is free now; Voilà itself would silently take another one."""
    if not 0 <= port <= _LAST_PORT:
        raise TrovaError(f"There is no port {port}; choose one from 0 (any free one) to {_LAST_PORT} with --port.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise TrovaError(
                f"The page cannot be served at {host}:{port} ({error.strerror}); "
                f"choose another port with --port, for instance --port {port + 1}."
            ) from error
        return int(probe.getsockname()[1])


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
    """End the server, and with it its kernels."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
