import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from trova_widgets.experiments import RunStatus, is_alive, read_status, write_status


@pytest.fixture
def status():
    return replace(RunStatus.starting("first", os.getpid()), state="running", done=3, total=10, seconds_left=70.0)


def test_a_status_comes_back_from_its_file(status, tmp_path):
    path = tmp_path / "runs" / "first.json"
    assert read_status(path) is None
    write_status(path, status)
    assert read_status(path) == status
    assert [file.name for file in path.parent.iterdir()] == ["first.json"]
    assert status.is_alive


def test_a_runner_that_has_not_been_heard_of_is_killed(status, tmp_path):
    write_status(tmp_path / "s.json", replace(status, updated_at=time.time() - 3600))
    assert read_status(tmp_path / "s.json").state == "killed"
    assert read_status(tmp_path / "s.json").seconds_left is None


def test_a_runner_whose_process_is_gone_is_killed(status, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    write_status(tmp_path / "s.json", replace(status, pid=process.pid))
    assert read_status(tmp_path / "s.json").state == "killed"


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="the state of a process is read from /proc")  # noqa: PTH112
def test_a_process_that_has_ended_but_was_not_reaped_is_not_alive():
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    end = time.monotonic() + 120
    while is_alive(process.pid):
        assert time.monotonic() < end, "it did not end"
        time.sleep(0.02)
    assert process.wait() == 0


@pytest.mark.parametrize("state", ["finished", "stopped", "failed"])
def test_a_run_that_is_over_stays_as_it_ended(status, tmp_path, state):
    write_status(tmp_path / "s.json", replace(status, state=state, updated_at=0.0))
    read = read_status(tmp_path / "s.json")
    assert read.state == state
    assert not read.is_alive
