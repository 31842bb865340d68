import json
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.experiments import tasks
from tests.experiments.examples import FILTER_2, POOL_6, SIZE, FileSink, example_plan
from trova_widgets.errors import StoreError
from trova_widgets.experiments import TrialResult, WorkerPool, run_sweep, train_trial, trial_specs


class Inline:
    """An executor that does everything at once, in this process."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Breaking(Inline):
    """An executor whose trials of one filter size die."""

    def submit(self, fn, spec, path):
        if spec.values[FILTER_2] == 2:
            future = Future()
            future.set_exception(MemoryError("the worker is gone"))
            return future
        return super().submit(fn, spec, path)


@pytest.fixture
def sweep(tmp_path, arrays):
    sink = FileSink(tmp_path / "table.jsonl")

    def run(plan=None, **options):
        specs = trial_specs(plan or example_plan(), SIZE)
        options = {"executor": Inline(), "sink": sink, **options}
        return run_sweep(specs, arrays, journal=tmp_path / "journal.jsonl", weights=tmp_path / "weights", **options)

    run.sink, run.folder = sink, tmp_path
    return run


def test_a_sweep_does_everything_once(sweep):
    outcome = sweep(workers=2, executor=None)
    assert (outcome.total, outcome.done, outcome.failed, outcome.present, outcome.stopped) == (6, 6, 0, 0, False)
    rows = sweep.sink.rows()
    assert {row["trial_id"] for row in rows} == {spec.trial_id for spec in trial_specs(example_plan(), SIZE)}
    files = {path.stem for path in (sweep.folder / "weights").iterdir()}
    assert files == {row["trial_id"] for row in rows}
    assert (sweep.folder / "journal.jsonl").read_bytes() == b""
    assert not list(sweep.folder.glob("*.npz"))


def test_what_a_worker_computes_is_what_would_be_computed_here(sweep, arrays):
    sweep(example_plan({POOL_6: [2]}), workers=1, executor=None)
    [row] = sweep.sink.rows()
    here = train_trial(trial_specs(example_plan({POOL_6: [2]}), SIZE)[0], arrays)
    assert (row["quality"], row["curve"]) == (here.quality, here.curve)
    assert (sweep.folder / "weights" / f"{row['trial_id']}.safetensors").read_bytes() == here.weights


def test_started_again_it_does_nothing(sweep):
    sweep()
    before = sweep.sink.rows()
    outcome = sweep()
    assert (outcome.done, outcome.present) == (6, 6)
    assert sweep.sink.rows() == before


def test_a_grown_plan_runs_its_new_cells_only(sweep):
    sweep(example_plan({FILTER_2: "1:2", POOL_6: [1]}))
    before = sweep.sink.rows()
    outcome = sweep(example_plan({FILTER_2: "1:3", POOL_6: [1, 2]}, seeds=2))
    assert (outcome.total, outcome.present) == (12, 2)
    rows = sweep.sink.rows()
    assert rows[:2] == before
    assert len({row["trial_id"] for row in rows}) == len(rows) == 12


def test_a_trial_that_fails_is_a_row_and_the_sweep_goes_on(sweep):
    outcome = sweep(executor=Breaking())
    assert (outcome.done, outcome.failed, outcome.stopped) == (4, 2, False)
    failed = [row for row in sweep.sink.rows() if row["state"] == "failed"]
    assert {row["error"] for row in failed} == {"MemoryError: the worker is gone"}
    again = sweep()
    assert (again.done, again.failed, again.present) == (6, 0, 4)


class FirstTaskKills(WorkerPool):
    """A pool whose first worker is killed at its task: one that is killed between two tasks costs nothing."""

    died = False

    def submit(self, fn, /, *args, **kwargs):
        if self.died:
            return super().submit(fn, *args, **kwargs)
        self.died = True
        return super().submit(tasks.die)


def test_a_worker_that_is_killed_costs_its_own_trial(sweep):
    plan = example_plan({FILTER_2: "1:3", POOL_6: [1]})
    with FirstTaskKills(workers=1) as pool:
        outcome = sweep(plan, executor=pool)
    assert (outcome.done, outcome.failed) == (2, 1)
    [row] = [row for row in sweep.sink.rows() if row["state"] == "failed"]
    assert "killed by signal 9" in row["error"]


def test_progress_tells_how_far_and_how_long(sweep):
    told = []
    sweep(progress=lambda *progress: told.append(progress))
    assert told[0] == (0, 0, 6, None)
    assert told[-1] == (6, 0, 6, 0.0)
    assert [done for done, *_ in told] == sorted(done for done, *_ in told)
    assert all(left > 0 for done, _, _, left in told if 0 < done < 6)


def test_a_sweep_stops_when_it_is_asked(sweep):
    stop_after_two = lambda: len(sweep.sink.rows()) >= 2  # noqa: E731
    outcome = sweep(should_stop=stop_after_two, workers=1)
    assert outcome.stopped
    assert outcome.done < 6
    assert sweep().done == 6
    ids = [row["trial_id"] for row in sweep.sink.rows()]
    assert len(ids) == len(set(ids)) == 6


def test_a_stop_does_not_wait_for_long_trials(sweep):
    started = time.monotonic()
    outcome = sweep(
        example_plan(epochs=100_000), executor=None, workers=1, should_stop=lambda: time.monotonic() - started > 4
    )
    assert outcome.stopped
    # a trial that is waited for would take hours
    assert time.monotonic() - started < 300


class Refusing(FileSink):
    """A sink that cannot take anything until it is repaired."""

    broken = True

    def append(self, results):
        if self.broken:
            raise StoreError("The owner of the database is gone; it starts again.")
        super().append(results)


def test_results_wait_in_the_journal_until_the_sink_has_them(sweep):
    sink = Refusing(sweep.folder / "refusing.jsonl")
    with pytest.raises(StoreError, match="owner"):
        sweep(sink=sink)
    assert sink.rows() == []
    assert len((sweep.folder / "journal.jsonl").read_text().splitlines()) == 6
    sink.broken = False
    outcome = sweep(sink=sink)
    assert (outcome.done, outcome.present) == (6, 6)
    assert len(sink.rows()) == 6


def test_a_sink_that_recovers_gets_everything(sweep):
    sink = Refusing(sweep.folder / "refusing.jsonl")

    def repair(done, *_):
        sink.broken = done < 3

    assert sweep(sink=sink, progress=repair).done == 6
    assert len(sink.rows()) == 6


def test_a_torn_line_in_the_journal_is_left_out(sweep):
    sweep()
    [first, second, *_] = sweep.sink.rows()
    sweep.sink.path.unlink()
    journal = sweep.folder / "journal.jsonl"
    journal.write_text(json.dumps(first) + "\n" + json.dumps(second)[:50])
    assert sweep().present == 1


def test_a_journal_that_the_sink_has_already_is_not_told_twice(sweep):
    sweep()
    rows = sweep.sink.rows()
    (sweep.folder / "journal.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[:3]))
    sweep()
    assert sweep.sink.rows() == rows


def test_any_executor_will_do(sweep):
    with ThreadPoolExecutor(1) as executor:
        assert sweep(example_plan({POOL_6: [1, 2]}), executor=executor, workers=1).done == 2


def test_killed_again_and_again_it_ends_with_the_same_table(tmp_path, arrays):
    """The journal, the weights and the table survive SIGKILL at moments that differ from run to run."""
    command = [sys.executable, "-m", "tests.experiments.sweep_process", str(tmp_path)]
    sink = FileSink(tmp_path / "table.jsonl")
    specs = {spec.trial_id: spec for spec in trial_specs(example_plan(), SIZE)}
    for kill_at in (1, 3):
        process = subprocess.Popen(command)
        end = time.monotonic() + 300
        while len(sink.rows()) < kill_at and process.poll() is None:
            assert time.monotonic() < end, "the sweep got nowhere"
            time.sleep(0.005)
        process.kill()
        process.wait()
        for row in sink.rows():
            assert (tmp_path / "weights" / f"{row['trial_id']}.safetensors").exists()
    subprocess.run(command, check=True)
    rows = sink.rows()
    assert sorted(row["trial_id"] for row in rows) == sorted(specs)
    for row in rows[:2]:
        assert train_trial(specs[row["trial_id"]], arrays).quality == row["quality"]


def test_results_survive_json(arrays):
    result = train_trial(trial_specs(example_plan(), SIZE)[0], arrays)
    again = TrialResult.from_dict(json.loads(json.dumps(result.to_dict())))
    assert again == replace(result, weights=b"")
