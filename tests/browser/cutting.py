"""A way between the browser and the server that can be cut, and mended."""

import socket
import threading
from contextlib import suppress


class Way:
    """Passes on what a browser and a server say to each other.

    Parameters
    ----------
    port : int
        That of the server.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._flows = threading.Event()
        self._flows.set()
        self._ends: set[socket.socket] = set()
        self._door = self._open(0)
        self.port = int(self._door.getsockname()[1])

    def stop(self) -> None:
        """Let nothing through, and say so to nobody, as when a cable is pulled."""
        self._flows.clear()

    def flow(self) -> None:
        """Let everything through again, also what waited."""
        self._flows.set()

    def close(self) -> None:
        """End every connection and take no other one, as when a proxy is ended."""
        self._close(self._door)
        for end in list(self._ends):
            self._close(end)

    def reopen(self) -> None:
        """Take connections again."""
        self._door = self._open(self.port)

    def _open(self, port: int) -> socket.socket:
        door = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._welcome, args=[door], daemon=True).start()
        return door

    def _welcome(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                browser, _ = door.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._server))
                except OSError:
                    browser.close()
                    continue
                self._ends |= {browser, server}
                for here, there in ((browser, server), (server, browser)):
                    threading.Thread(target=self._pass_on, args=[here, there], daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while said := here.recv(65536):
                self._flows.wait()
                there.sendall(said)
        self._close(here)
        self._close(there)

    def _close(self, end: socket.socket) -> None:
        self._ends.discard(end)
        with suppress(OSError):
            # wakes whoever waits for it
            end.shutdown(socket.SHUT_RDWR)
        end.close()
