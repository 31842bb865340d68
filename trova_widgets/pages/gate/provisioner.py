"""How the server gets its kernels: split off a process that is ready, where the system can do that."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from importlib.metadata import EntryPoint
from typing import Any, cast

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from trova_widgets.processes import ProcessIdentity, apart, identity_of_process

_log = logging.getLogger(__name__)
_NAME = "trova-nursery"
_PATIENCE_S = 60.0
_LOOKS_EVERY_S = 0.05


class Nursery:
    """The process that kernels are split off, seen from the server; see `trova_widgets.pages.gate.nursery`."""

    def __init__(self) -> None:
        ours, its = socket.socketpair()
        ours.settimeout(_PATIENCE_S)
        self._asking = threading.Lock()
        self._socket: socket.socket | None = ours
        self._answers = ours.makefile("r", encoding="ascii")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trova_widgets.pages.gate.nursery"], stdin=its.fileno(), **apart()
        )
        its.close()

    def make(self, command: list[str], env: dict[str, str], cwd: str) -> "Kernel | None":
        """Return a new kernel, or None where there is none to be had any more."""
        order = json.dumps({"command": command, "env": env, "cwd": cwd}) + "\n"
        with self._asking:
            if self._socket is None:
                return None
            try:
                self._socket.sendall(order.encode())
                return Kernel(int(self._answers.readline()))
            except (OSError, ValueError):
                # from now on each kernel imports by itself what it needs
                _log.exception("kernels cannot be split off any more, and take longer to start")
                self._socket = None
                self._process.poll()
                return None


class Kernel:
    """A kernel that was split off, as `subprocess.Popen` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._identity: ProcessIdentity = identity_of_process(pid)

    def poll(self) -> int | None:
        """Return None while it is alive; how it ended, nobody knows."""
        return None if self._identity.is_alive else 1

    def wait(self) -> int:
        """Wait until it has ended."""
        while self._identity.is_alive:
            time.sleep(_LOOKS_EVERY_S)
        return 1

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        if self._identity.is_alive:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class SplittingProvisioner(LocalProvisioner):
    """Splits kernels off; where that cannot be done, starts them as any other server does."""

    nursery: Nursery | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start a kernel and return how it is reached."""
        nursery = type(self).nursery
        if nursery is None or cmd[1:3] != ["-m", "ipykernel_launcher"]:
            return await super().launch_kernel(cmd, **kwargs)
        cwd = str(kwargs.get("cwd") or "")
        kernel = await asyncio.to_thread(nursery.make, cmd, dict(kwargs.get("env") or os.environ), cwd)
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cast("subprocess.Popen[bytes]", kernel)
        self.pid, self.pgid, self.cwd = kernel.pid, kernel.pid, cwd
        return self.connection_info


def split_kernels_off() -> None:
    """Let all kernels of this process be split off, from now on.

    Elsewhere than on Linux nothing is changed: other systems cannot split a process safely that has loaded libraries.
    """
    if sys.platform != "linux":
        return
    SplittingProvisioner.nursery = Nursery()
    factory = KernelProvisionerFactory.instance()
    value = f"{__name__}:{SplittingProvisioner.__name__}"
    factory.provisioners[_NAME] = EntryPoint(_NAME, value, KernelProvisionerFactory.GROUP_NAME)
    factory.default_provisioner_name = _NAME
