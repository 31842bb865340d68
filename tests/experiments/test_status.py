import json
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from trova_widgets.experiments import RunStatus, read_status, write_status
from trova_widgets.processes import identity_of_process, this_process


@pytest.fixture
def status():
    return replace(RunStatus.starting("first", this_process()), state="running", done=3, total=10, seconds_left=70.0)


def test_a_status_comes_back_from_its_file(status, tmp_path):
    path = tmp_path / "runs" / "first.json"
    assert read_status(path) is None
    write_status(path, status)
    assert read_status(path) == status
    assert [file.name for file in path.parent.iterdir()] == ["first.json"]
    assert status.is_alive


def test_what_another_version_of_the_program_has_said_beside_it_is_passed_over(status, tmp_path):
    write_status(tmp_path / "s.json", status)
    said = json.loads((tmp_path / "s.json").read_text())
    (tmp_path / "s.json").write_text(json.dumps({**said, "raced": True}))
    assert read_status(tmp_path / "s.json") == status


def test_a_runner_of_an_older_program_counts_as_long_as_it_is_heard_of(status, tmp_path):
    """It noted its number alone, which another process may have by now."""
    write_status(tmp_path / "s.json", replace(status, began=None))
    assert read_status(tmp_path / "s.json").is_alive
    write_status(tmp_path / "s.json", replace(status, began=None, updated_at=time.time() - 3600))
    assert read_status(tmp_path / "s.json").state == "died"


def test_a_runner_that_is_silent_for_long_is_alive(status):
    """A laptop was closed over a run, or a trial takes an hour."""
    assert replace(status, updated_at=time.time() - 3600).is_alive


def test_a_runner_whose_process_is_gone_has_died(status, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    gone = identity_of_process(process.pid)
    write_status(tmp_path / "s.json", replace(status, pid=gone.pid, began=gone.began))
    assert read_status(tmp_path / "s.json").state == "running"
    process.communicate()
    read = read_status(tmp_path / "s.json")
    assert (read.state, read.seconds_left) == ("died", None)


def test_a_process_that_got_the_number_of_a_runner_is_not_taken_for_it(status, tmp_path):
    write_status(tmp_path / "s.json", replace(status, began=status.began - 100))
    assert read_status(tmp_path / "s.json").state == "died"


@pytest.mark.parametrize("state", ["finished", "stopped", "failed"])
def test_a_run_that_is_over_stays_as_it_ended(status, tmp_path, state):
    write_status(tmp_path / "s.json", replace(status, state=state, updated_at=0.0))
    read = read_status(tmp_path / "s.json")
    assert read.state == state
    assert not read.is_alive
