"""Nothing in the library is known to fail on Windows: what does is looked for in its source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import trova_widgets
from trova_widgets.errors import PlanError
from trova_widgets.workspace.naming import checked_name

LIBRARY = Path(trova_widgets.__file__).parent
FILES = sorted(LIBRARY.rglob("*.py"))

# what Windows has not, or what does something else there: os.kill ends a process whatever it is told
_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
_FUNCTIONS = {
    "os": {
        *(
            "chown",
            "fork",
            "forkpty",
            "getgid",
            "getloadavg",
            "getpgid",
            "getsid",
            "getuid",
            "geteuid",
            "kill",
            "killpg",
        ),
        *("mkfifo", "nice", "posix_spawn", "sched_getaffinity", "setsid", "setpgid", "statvfs", "sync", "uname"),
        *("wait", "waitpid", "rename"),
    },
    "signal": {
        "SIGALRM",
        "SIGCHLD",
        "SIGCONT",
        "SIGHUP",
        "SIGKILL",
        "SIGPIPE",
        "SIGSTOP",
        "SIGUSR1",
        "SIGUSR2",
        "pause",
    },
    "ctypes": {"CDLL"},
}
_OPTIONS = {"start_new_session", "preexec_fn", "pass_fds", "process_group", "creationflags"}
# where they stand behind a look at what the system is
_GUARDED = {
    # kernels are split off on Linux alone
    "nursery.py": {"os.fork", "os.setsid", "signal.SIGCHLD"},
    "people.py": {"os.getuid"},
    "processes.py": {"os.nice", "start_new_session", "creationflags"},
    "provisioner.py": {"os.kill", "signal.SIGKILL"},
    "waveforms.py": {"os.sync", "ctypes.CDLL"},
}


def findings(source: str) -> Iterator[str]:
    """Yield what is known to fail on Windows, by its name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name.partition(".")[0] in _MODULES)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ([module] if module in _MODULES else [])
                yield from (f"{module}.{each.name}" for each in names if each.name in _FUNCTIONS.get(module, ()))
            case ast.Attribute(value=ast.Name(id=module), attr=name) if name in _FUNCTIONS.get(module, ()):
                yield f"{module}.{name}"
            case ast.keyword(arg=str(name)) if name in _OPTIONS:
                yield name
            case ast.Constant(value=str(text)) if text in _OPTIONS:
                yield text
            case ast.Constant(value=str(text)) if "%-d" in text or "%-H" in text or "%-m" in text:
                yield "%-d"
            case ast.Call(func=ast.Attribute(attr="read_text" | "write_text"), keywords=keywords):
                # the coding of texts there is another one for each country
                yield from () if any(each.arg == "encoding" for each in keywords) else ["text without encoding"]
            case ast.Call(
                func=ast.Attribute(attr="open" | "fdopen") | ast.Name(id="open"), args=arguments, keywords=words
            ):
                modes = [each.value for each in arguments if isinstance(each, ast.Constant)]
                if any(mode in ("r", "w", "a", "x") for mode in modes) and all(
                    each.arg != "encoding" for each in words
                ):
                    yield "text without encoding"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_a_file_does_nothing_that_is_known_to_fail_on_windows(path: Path) -> None:
    assert set(findings(path.read_text(encoding="utf-8"))) <= _GUARDED.get(path.name, set())


def test_processes_are_asked_for_in_one_place() -> None:
    # psutil knows the addresses of this machine, too
    asking = {path.name for path in FILES if re.search(r"psutil\.(Process|p)", path.read_text(encoding="utf-8"))}
    assert asking == {"processes.py"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nos.kill(pid, 0)", "os.kill"),
        ("from os import kill", "os.kill"),
        ("import fcntl", "fcntl"),
        ("from resource import getrusage", "resource"),
        ("import signal\nprocess.send_signal(signal.SIGKILL)", "signal.SIGKILL"),
        ("subprocess.Popen([], start_new_session=True)", "start_new_session"),
        ("options = {'start_new_session': True}", "start_new_session"),
        ("len(os.sched_getaffinity(0))", "os.sched_getaffinity"),
        ("time.strftime('%-d %B')", "%-d"),
        ("path.read_text()", "text without encoding"),
        ("path.open('w')", "text without encoding"),
    ],
)
def test_what_fails_is_found(source: str, found: str) -> None:
    assert list(findings(source)) == [found]


@pytest.mark.parametrize("name", ["con", "Nul", "com1", "aux.first"])
def test_a_name_that_windows_takes_for_a_device_is_refused(name: str) -> None:
    with pytest.raises(PlanError, match=f"'{name}' cannot name an experiment: Windows knows a device"):
        checked_name(name, "an experiment")


@pytest.mark.parametrize("name", ["console", "com-1", "first.aux", "nullsoft"])
def test_a_name_that_only_looks_like_it_is_taken(name: str) -> None:
    assert checked_name(name, "an experiment") == name
