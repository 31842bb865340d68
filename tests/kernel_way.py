"""What a page says to its kernel and hears from it, without a browser: messages over the server's websocket."""

import json
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil
import requests
import websocket
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

#: How a browser and the server put a message into parts; an older way, without a name, cannot carry pictures.
_PROTOCOL = "v1.kernel.websocket.jupyter.org"


class KernelWay:
    """A connection to a kernel, and the widgets that it tells of.

    Parameters
    ----------
    address : str
        The server's, with a stroke at its end.
    kernel : str
        The identity of the kernel behind a page.
    browser : requests.Session
        Whose page it is: it has the cookie, and headers to send.
    patience_s : float
        How long an answer may take.
    **headers
        Further headers.

    Attributes
    ----------
    widgets : dict of str to dict
        What is known of each widget: its state.
    heard : list of (str, dict)
        The kind and the content of every message so far.
    """

    def __init__(
        self, address: str, kernel: str, browser: requests.Session, patience_s: float = 120.0, **headers: str
    ) -> None:
        self.widgets: dict[str, dict[str, Any]] = {}
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._session = uuid.uuid4().hex
        place = address.replace("http://", "ws://")
        self._socket = websocket.create_connection(
            f"{place}api/kernels/{kernel}/channels?session_id={self._session}",
            cookie="; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
            header={"X-Forwarded-For": "198.51.100.7", **headers},
            subprotocols=[_PROTOCOL],
            timeout=patience_s,
        )

    def send(self, kind: str, content: dict[str, Any], **metadata: str) -> str:
        """Send a message and return its identity."""
        identity = uuid.uuid4().hex
        header = {"msg_id": identity, "msg_type": kind, "session": self._session, "username": "", "version": "5.3"}
        message = {"header": header, "parent_header": {}, "metadata": metadata, "content": content}
        packed = serialize_msg_to_ws_v1(message, "shell", pack=lambda part: json.dumps(part).encode())
        self._socket.send_binary(packed)
        return identity

    def tell(self, widget: str, data: dict[str, Any]) -> str:
        """Send a message to a widget."""
        return self.send("comm_msg", {"comm_id": widget, "data": data})

    def click(self, widget: str, event: str, data: Any) -> str:
        """Do what a click on a view does."""
        return self.tell(widget, {"method": "custom", "content": {"event": event, "data": data}})

    def ask_for_widgets(self) -> str:
        """Ask what widgets there are."""
        control = uuid.uuid4().hex
        opening = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
        # the version of ipywidgets' control messages
        self.send("comm_open", opening, version="1.0.0")
        return self.tell(control, {"method": "request_states"})

    def listen(self, until: Callable[[], bool]) -> None:
        """Take in what is said until something is so."""
        while not until():
            self._take()

    def settle(self, message: str) -> None:
        """Take in what is said until the kernel has done what a message wanted."""
        while self._take() != ("status", message, "idle"):
            pass

    def rest(self, seconds: float) -> None:
        """Take in what comes for a while: who listens no more is taken for gone."""
        patience_s, until = self._socket.gettimeout(), time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            with suppress(websocket.WebSocketTimeoutException):
                self._take()
        self._socket.settimeout(patience_s)

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _take(self) -> tuple[str, str, str]:
        """Take in a message; return its kind, what it is an answer to, and what it says of the kernel."""
        message = self._socket.recv()
        if not message:
            raise ConnectionError("The server has ended the connection to the kernel.")
        _, parts = deserialize_msg_from_ws_v1(message)
        header, parent, _, content = (json.loads(part) for part in parts[:4])
        kind, data = header["msg_type"], content.get("data") or {}
        self.heard.append((kind, content))
        if kind == "comm_open":
            self.widgets[content["comm_id"]] = dict(data.get("state", {}))
        elif kind == "comm_msg" and data.get("method") == "update":
            self.widgets.setdefault(content["comm_id"], {}).update(data["state"])
        elif kind == "comm_msg" and data.get("method") == "update_states":
            self.widgets.update({name: dict(widget["state"]) for name, widget in data["states"].items()})
        return kind, parent.get("msg_id", ""), content.get("execution_state", "")


def kernels_of(server: int) -> list[psutil.Process]:
    """Return the kernels behind the pages of a server, by its number: those started alone, and those split off."""
    children = [each for each in psutil.Process(server).children() if each.status() != psutil.STATUS_ZOMBIE]
    nurseries = [child for child in children if any("nursery" in word for word in child.cmdline())]
    alone = [child for child in children if any("ipykernel_launcher" in word for word in child.cmdline())]
    return alone + [kernel for nursery in nurseries for kernel in nursery.children()]


def kernel_of(server: int, identity: str) -> psutil.Process:
    """Return a kernel behind a page of a server: what was split off has its identity in its name."""
    return next(
        kernel
        for kernel in kernels_of(server)
        if kernel.name() == f"trova-{identity[:8]}" or any(identity in word for word in kernel.cmdline())
    )
