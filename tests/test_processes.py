"""Other processes are started, told apart and ended; those that shall outlive us do, without a word of complaint."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.store.processes import another_process, hold, wait_for
from trova_widgets.processes import (
    DetachedProcess,
    ProcessIdentity,
    apart,
    identity_of_process,
    this_process,
    usable_cores,
)
from trova_widgets.store import Store, stop_owner
from trova_widgets.store.hidden import read_owner

SLEEPS = "import time; print('ready', flush=True); time.sleep(600)"


def sleeping(code: str = SLEEPS) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, **apart())
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def test_a_process_is_alive_until_it_has_ended_looked_at_or_not() -> None:
    with sleeping() as process:
        identity = identity_of_process(process.pid)
        assert identity.is_alive and identity.began is not None
        process.kill()
        # nobody has waited for it yet: its number is still its own
        wait_for(lambda: not identity.is_alive)
        assert psutil.pid_exists(process.pid)
        process.wait()
    assert not identity.is_alive


def test_another_process_with_the_same_number_is_another_process() -> None:
    this = this_process()
    assert this.is_alive and this == this_process()
    assert this.began is not None
    assert not ProcessIdentity(pid=this.pid, began=this.began - 60).is_alive
    assert ProcessIdentity(pid=this.pid).is_alive, "where nobody has noted when it began"


def test_the_beginning_of_a_process_does_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux tells when the machine was started by the clock of now, which somebody may have set meanwhile."""
    if sys.platform != "linux":
        pytest.skip("other systems note the time itself")
    this = this_process()
    booted, created = psutil.boot_time, psutil.Process.create_time
    monkeypatch.setattr(psutil, "boot_time", lambda: booted() + 3600)
    monkeypatch.setattr(psutil.Process, "create_time", lambda process: created(process) + 3600)
    assert this.is_alive and this_process() == this


def test_a_process_that_is_asked_to_end_ends_and_its_parent_learns_how() -> None:
    with sleeping() as process:
        identity = identity_of_process(process.pid)
        assert identity.end(patience_s=60)
        assert identity.end(patience_s=0), "it has ended before"
        assert process.wait() != 0


def test_a_process_that_does_not_want_to_end_is_told() -> None:
    if sys.platform == "win32":
        pytest.skip("nobody is asked there")
    with sleeping(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}") as process:
        identity = identity_of_process(process.pid)
        assert not identity.end(patience_s=0.2)
        process.kill()
        process.wait()


def test_a_detached_process_outlives_the_one_that_started_it_and_nobody_complains(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import sys; from pathlib import Path; from trova_widgets.processes import DetachedProcess; "
        f"process = DetachedProcess([sys.executable, '-c', {SLEEPS!r}], Path({str(log)!r})); "
        "print(process.identity.pid)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    identity = identity_of_process(int(done.stdout))
    try:
        assert identity.is_alive
        wait_for(lambda: log.read_text(encoding="utf-8") == "ready\n")
        if hasattr(os, "getsid"):
            assert os.getsid(identity.pid) == identity.pid, "Ctrl-C at our terminal does not reach it"
    finally:
        assert identity.end(patience_s=60)


def test_a_detached_process_says_how_it_ended(tmp_path: Path) -> None:
    process = DetachedProcess([sys.executable, "-c", "print('так'); raise SystemExit(3)"], tmp_path / "log")
    assert process.wait() == 3
    assert (tmp_path / "log").read_text(encoding="utf-8").strip() == "так"


def test_a_command_that_has_started_the_owner_ends_without_a_complaint(tmp_path: Path) -> None:
    """As ``trova import`` beside another process does; the owner it has started goes on."""
    folder = tmp_path / "study"
    Store.create(folder).close()
    with another_process(hold, folder):
        done = subprocess.run(
            [sys.executable, "-W", "always::ResourceWarning", "-m", "trova_widgets.cli", "records", "-w", str(folder)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "still running" not in done.stderr and "ResourceWarning" not in done.stderr
        address = read_owner(folder)
        assert address is not None and address.process.is_alive
    assert stop_owner(folder)


def test_there_is_a_core_to_use() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority")
def test_who_gives_way_goes_behind_others() -> None:
    code = """
import os, sys
from pathlib import Path
from trova_widgets.processes import give_way
give_way(7)
group = Path("/proc/self/autogroup")
print(os.nice(0), group.read_text().split()[-1] if group.exists() else 7)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, **apart())
    assert done.stdout.split() == ["7", "7"]
