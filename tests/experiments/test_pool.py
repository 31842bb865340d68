import os
import signal
import subprocess
import sys
import time

import pytest

from tests.experiments import tasks
from trova_widgets.errors import TrovaError
from trova_widgets.experiments import WorkerDiedError, WorkerPool
from trova_widgets.processes import ProcessIdentity, identity_of_process


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(workers=1) as pool:
        yield pool


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_tasks_run_in_a_process_of_one_thread(pool):
    assert pool.submit(tasks.process_id).result() != os.getpid()
    assert pool.submit(tasks.thread_limit).result() == ("1", False)
    assert list(pool.map(pow, [2, 3], [3, 2])) == [8, 9]


def test_what_a_task_raises_comes_back(pool):
    with pytest.raises(ValueError, match="this cannot be done"):
        pool.submit(tasks.fail).result()


def test_what_a_library_prints_does_no_harm(pool):
    assert pool.submit(tasks.print_something).result() == "quiet"


@pytest.mark.parametrize(("death", "says"), [(tasks.die, "out of memory"), (tasks.leave, "status 3")])
def test_a_dead_worker_fails_its_own_task_alone(pool, death, says):
    before = pool.submit(tasks.process_id).result()
    dying, waiting = pool.submit(death), pool.submit(tasks.process_id)
    with pytest.raises(WorkerDiedError, match=says):
        dying.result()
    assert waiting.result() != before


def test_a_worker_that_dies_before_a_task_reaches_it_fails_it_by_its_death():
    with WorkerPool(workers=1) as pool:
        worker, (lane,) = identity_of_process(pool.submit(tasks.process_id).result()), pool._lanes
        os.kill(worker.pid, signal.SIGTERM)
        wait_until(lambda: not worker.is_alive)
        # it has died since one has looked
        lane._process.poll = lambda: None
        with pytest.raises(WorkerDiedError):
            pool.submit(pow, 2, 10).result()
        assert pool.submit(pow, 2, 10).result() == 1024


def test_a_worker_is_replaced_after_its_share():
    with WorkerPool(workers=1, tasks_per_worker=2) as pool:
        processes = [pool.submit(tasks.process_id).result() for _ in range(4)]
    assert processes[0] == processes[1] != processes[2] == processes[3]
    assert not any(ProcessIdentity(pid=process).is_alive for process in processes)


def test_a_pool_that_does_not_wait_kills(tmp_path):
    pool = WorkerPool(workers=1)
    note = tmp_path / "pid"
    sleeping, queued = pool.submit(tasks.tell_and_sleep, str(note)), pool.submit(tasks.process_id)
    wait_until(lambda: note.exists() and note.read_text())
    started = time.monotonic()
    pool.shutdown(wait=False)
    # the task that is not waited for sleeps for ten minutes
    assert time.monotonic() - started < 300
    with pytest.raises(WorkerDiedError):
        sleeping.result()
    assert queued.cancelled() or isinstance(queued.exception(), WorkerDiedError)
    assert not ProcessIdentity(pid=int(note.read_text())).is_alive


def test_workers_end_with_their_parent(tmp_path):
    note = tmp_path / "pid"
    code = (
        "from tests.experiments import tasks; from trova_widgets.experiments import WorkerPool; "
        f"WorkerPool(workers=1).submit(tasks.tell_and_sleep, {str(note)!r}).result()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    wait_until(lambda: note.exists() and note.read_text())
    worker = identity_of_process(int(note.read_text()))
    assert worker.is_alive
    parent.kill()
    parent.wait()
    wait_until(lambda: not worker.is_alive)


def test_a_pool_needs_a_worker():
    with pytest.raises(TrovaError, match="0 workers"):
        WorkerPool(workers=0)
