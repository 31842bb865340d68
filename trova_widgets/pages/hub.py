"""Trova behind a Jupyter server, on a hub for instance: jupyter-server-proxy finds it and passes requests on."""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

from trova_widgets.pages.gate.terms import HUB_VARIABLE, WORKSPACE_VARIABLE


def server() -> dict[str, Any]:
    """Return how jupyter-server-proxy starts the pages, and what it sends with each request.

    The workspace is that of the environment variable ``TROVA_WORKSPACE``; without one, the demonstration is shown. Who
    came through the Jupyter server was let in there: a key that nobody else knows says so.

    Returns
    -------
    dict
        An entry of ``c.ServerProxy.servers``.
    """
    key = secrets.token_urlsafe(24)
    command = "serve" if os.environ.get(WORKSPACE_VARIABLE) else "demo"
    folder = os.environ.get(WORKSPACE_VARIABLE) or str(Path.home() / "trova-demo")
    return {
        "command": [
            sys.executable,
            "-m",
            "trova_widgets.cli",
            command,
            "--workspace",
            folder,
            "--port",
            "{port}",
            "--base-url",
            "{base_url}trova",
            "--no-browser",
        ],
        "environment": {HUB_VARIABLE: key},
        "request_headers_override": {"Authorization": f"token {key}"},
        "absolute_url": True,
        "timeout": 180,
        "launcher_entry": {"title": "Trova", "enabled": True},
    }
