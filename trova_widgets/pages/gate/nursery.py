"""A process that has imported all that a page needs, and splits a kernel off itself for each page.

Such a kernel is there in a few milliseconds, and shares with all others the memory of what is imported. The process is
started by `trova_widgets.pages.gate.provisioner`, and told over a socket, its standard input, what kernels to make: a
line of JSON each, with the ``command``, the environment ``env`` and the folder ``cwd``. It answers each with a line,
the number of the new process. It ends when the socket is closed, and the kernels then end as well.
"""

import gc
import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from trova_widgets.networks import network_types

#: What a page needs sooner or later.
_MODULES = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "trova_widgets.networks.kinds",
    "trova_widgets.pages.application",
    "trova_widgets.pages.classify",
    "trova_widgets.pages.experiments",
    "trova_widgets.pages.fingerprint",
    "trova_widgets.pages.learn",
    "trova_widgets.pages.networks",
    "trova_widgets.pages.overview",
    "trova_widgets.pages.records",
    "trova_widgets.pages.results",
    "trova_widgets.widgets.volume",
    "trova_widgets.workspace.study",
    # reads the seismograms as they are kept
    "obspy.io.mseed.core",
)


def main() -> None:
    """Make kernels until the socket is closed."""
    door = os.dup(sys.stdin.fileno())
    # the system itself forgets a kernel that has ended
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # a Ctrl-C at the terminal is for the server, which closes the socket
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # the debugger, which nobody uses here and each kernel loads, would complain of how Python was started
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    for name in _MODULES:
        import_module(name)
    network_types()
    # what is there stays; a collector that went through it would copy all of it into each kernel
    gc.collect()
    gc.freeze()
    with open(door, encoding="utf-8", closefd=False) as orders:
        for order in orders:
            sys.stdout.flush()
            sys.stderr.flush()
            child = os.fork()
            if not child:
                os.close(door)
                _be_kernel(json.loads(order))
            os.write(door, f"{child}\n".encode())


def _be_kernel(order: dict[str, Any]) -> None:
    """Be a kernel, and end with it."""
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
        os.environ.clear()
        os.environ.update(order["env"])
        if order["cwd"]:
            os.chdir(order["cwd"])
        _name(order["command"][-1])
        status = _run(order["command"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _name(connection_file: str) -> None:
    """Let lists of processes tell this kernel from others, by the first letters of its identity."""
    identity = Path(connection_file).stem.removeprefix("kernel-")
    Path("/proc/self/comm").write_text(f"trova-{identity[:8]}", encoding="ascii")


def _run(command: list[str]) -> int:
    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    # behind the interpreter, -m and ipykernel_launcher
    sys.argv = command[2:]
    # a kernel ends when the process is gone that it has come from
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(command[3:])  # type: ignore[no-untyped-call]
    # the server alone interrupts a kernel, as it ends one that is busy: nothing that the terminal has to tell
    app.log.addFilter(lambda record: "KeyboardInterrupt caught" not in str(record.msg))
    # widgets do so when they are imported in a kernel
    ipywidgets.register_comm_target()
    app.start()  # type: ignore[no-untyped-call]
    return 0


if __name__ == "__main__":
    main()
