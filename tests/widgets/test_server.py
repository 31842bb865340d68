import json
import socket
from pathlib import Path

import pytest

from trova_widgets.errors import TrovaError
from trova_widgets.pages import server
from trova_widgets.pages.gate.terms import WORKSPACE_VARIABLE
from trova_widgets.pages.server import Serving, serve
from trova_widgets.resources import share_folder

TEMPLATE = Path(server.__file__).parent / "voila_template"


def test_the_command_names_notebook_and_address(tmp_path: Path) -> None:
    command = Serving(workspace=tmp_path, port=9001, host="0.0.0.0", preheat=False).command()
    assert Path(command[3]).name == "dashboard.ipynb"
    assert Path(command[3]).is_file()
    assert {"--Voila.port=9001", "--Voila.ip=0.0.0.0", "--VoilaConfiguration.preheat_kernel=False"} <= set(command)


def test_kernels_find_workspace_and_template(tmp_path: Path) -> None:
    environment = Serving(workspace=tmp_path).environment({"JUPYTER_PATH": "/theirs", "HOME": "/home/me"})
    assert environment[WORKSPACE_VARIABLE] == str(tmp_path.resolve())
    ours, theirs = environment["JUPYTER_PATH"].split(":")
    assert (Path(ours) / "voila" / "templates" / "trova" / "index.html.j2").is_file()
    assert (theirs, environment["HOME"]) == ("/theirs", "/home/me")


def test_the_kernel_is_the_python_that_serves() -> None:
    kernel = json.loads((TEMPLATE / "kernels" / "python3" / "kernel.json").read_text())
    assert kernel["argv"][0] == "python", "Jupyter puts its own executable in this place"


def test_the_settings_are_for_our_template() -> None:
    settings = json.loads((TEMPLATE / "voila.json").read_text())
    assert settings["VoilaConfiguration"]["template"] == "trova"
    assert settings["VoilaConfiguration"]["show_tracebacks"] is False
    assert settings["MappingKernelManager"]["cull_idle_timeout"] > 0
    # nbclient's own four seconds are too few where others keep the cores busy: the page would never be drawn
    assert settings["NotebookClient"]["iopub_timeout"] > 60
    assert settings["NotebookClient"]["raise_on_iopub_timeout"], "the page says then that it cannot be opened"
    # whether a page is still there is asked after 30 s; a shorter patience would end each connection then
    assert settings["Voila"]["tornado_settings"].get("ws_ping_timeout", 90_000) > 30_000


def test_no_template_names_another_host() -> None:
    for path in TEMPLATE.rglob("*.*"):
        text = path.read_text()
        assert "https://" not in text, path
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", ""), path


def test_a_taken_port_is_explained_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(TrovaError, match=f"--port {port + 1}"):
            serve(Serving(workspace=tmp_path, port=port), open_browser=False)


def test_what_travels_is_found() -> None:
    assert (share_folder("notebooks") / "dashboard.ipynb").is_file()
    with pytest.raises(TrovaError, match="install the package again"):
        share_folder("nothing")
