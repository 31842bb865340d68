import json
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.experiments import tasks
from tests.experiments.examples import FILTER_2, POOL_6, FileSink, by_recipe, example_arrays, example_trials
from trova_widgets.errors import StoreError
from trova_widgets.experiments import WorkerPool, recipe_key, run_sweep, train_trial
from trova_widgets.experiments import sweep as sweeping
from trova_widgets.space import TrialResult


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

    def submit(self, fn, trial, path):
        if trial.settings[FILTER_2] == 2:
            future = Future()
            future.set_exception(MemoryError("the worker is gone"))
            return future
        return super().submit(fn, trial, path)


@pytest.fixture
def sweep(tmp_path, arrays):
    sink = FileSink(tmp_path / "table.jsonl")

    def run(trials=None, **options):
        trials = example_trials() if trials is None else trials
        options = {"executor": Inline(), "sink": sink, "arrays": by_recipe(trials, arrays), **options}
        return run_sweep(trials, journal=tmp_path / "journal.jsonl", weights=tmp_path / "weights", **options)

    run.sink, run.folder = sink, tmp_path
    return run


def test_a_sweep_does_everything_once(sweep):
    outcome = sweep(workers=2, executor=None)
    assert (outcome.total, outcome.done, outcome.failed, outcome.present, outcome.stopped) == (6, 6, 0, 0, False)
    rows = sweep.sink.rows()
    assert {row["trial_id"] for row in rows} == {trial.trial_id for trial in example_trials()}
    files = {path.stem for path in (sweep.folder / "weights").iterdir()}
    assert files == {row["trial_id"] for row in rows}
    assert (sweep.folder / "journal.jsonl").read_bytes() == b""
    assert not list(sweep.folder.glob("*.npz"))


def test_what_a_worker_computes_is_what_would_be_computed_here(sweep, arrays):
    [trial] = example_trials({POOL_6: [2]})
    sweep([trial], workers=1, executor=None)
    [row] = sweep.sink.rows()
    here = train_trial(trial, arrays)
    assert (row["quality"], row["curve"]) == (here.quality, here.curve)
    assert (sweep.folder / "weights" / f"{row['trial_id']}.safetensors").read_bytes() == here.weights


def test_started_again_it_does_nothing(sweep):
    sweep()
    before = sweep.sink.rows()
    outcome = sweep()
    assert (outcome.done, outcome.present) == (6, 6)
    assert sweep.sink.rows() == before


def test_a_grown_plan_runs_its_new_cells_only(sweep):
    sweep(example_trials({FILTER_2: "1:2", POOL_6: [1]}))
    before = sweep.sink.rows()
    outcome = sweep(example_trials({FILTER_2: "1:3", POOL_6: [1, 2]}, seeds=2))
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


class Deadly(WorkerPool):
    """A pool whose worker is killed at some trials, so often."""

    def __init__(self, deaths):
        super().__init__(workers=1)
        self.deaths = deaths

    def submit(self, fn, /, trial, *args):
        if not self.deaths.get(trial.trial_id):
            return super().submit(fn, trial, *args)
        self.deaths[trial.trial_id] -= 1
        return super().submit(tasks.die)


def test_a_trial_whose_worker_is_killed_is_tried_once_again(sweep):
    trials = example_trials({FILTER_2: "1:3", POOL_6: [1]})
    once, twice, never = (trial.trial_id for trial in trials)
    with Deadly({once: 1, twice: 2}) as pool:
        outcome = sweep(trials, executor=pool)
    assert (outcome.done, outcome.failed) == (2, 1)
    rows = {row["trial_id"]: row for row in sweep.sink.rows()}
    assert len(sweep.sink.rows()) == 3 and {rows[once]["state"], rows[never]["state"]} == {"finished"}
    assert rows[twice]["state"] == "failed" and "killed by signal 9" in rows[twice]["error"]


def test_progress_tells_how_far_and_how_long(sweep):
    reports = []
    sweep(progress=lambda *progress: reports.append(progress))
    assert reports[0] == (0, 0, 6, None)
    assert reports[-1] == (6, 0, 6, 0.0)
    assert [done for done, *_ in reports] == sorted(done for done, *_ in reports)
    assert all(left > 0 for done, _, _, left in reports if 0 < done < 6)


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
        example_trials(training__epochs=1000, training__batch_size=1),
        executor=None,
        workers=1,
        should_stop=lambda: time.monotonic() - started > 4,
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
        assert sweep(example_trials({POOL_6: [1, 2]}), executor=executor, workers=1).done == 2


def test_killed_again_and_again_it_ends_with_the_same_table(tmp_path, arrays):
    """The journal, the weights and the table survive SIGKILL at moments that differ from run to run."""
    command = [sys.executable, "-m", "tests.experiments.sweep_process", str(tmp_path)]
    sink = FileSink(tmp_path / "table.jsonl")
    trials = {trial.trial_id: trial for trial in example_trials()}
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
    assert sorted(row["trial_id"] for row in rows) == sorted(trials)
    for row in rows[:2]:
        assert train_trial(trials[row["trial_id"]], arrays).quality == row["quality"]


def test_results_survive_json(arrays):
    result = train_trial(example_trials()[0], arrays)
    again = TrialResult.from_dict(json.loads(json.dumps(result.to_dict())))
    assert again == replace(result, weights=b"")


KEEP = {"fingerprint.keep": [100, 200]}


def test_each_trial_is_trained_on_the_fingerprints_of_its_recipe(sweep):
    trials = example_trials(KEEP)
    of_recipe = {recipe_key(trial): example_arrays(seed) for seed, trial in enumerate(trials)}
    assert len(of_recipe) == 2
    assert sweep(trials, arrays=of_recipe).done == 2
    weights = {trial.trial_id: (sweep.folder / "weights" / f"{trial.trial_id}.safetensors") for trial in trials}
    for seed, trial in enumerate(trials):
        assert weights[trial.trial_id].read_bytes() == train_trial(trial, example_arrays(seed)).weights
    assert not list(sweep.folder.glob("*.npz"))


def test_a_recipe_that_cannot_be_applied_fails_its_trials_alone(sweep, arrays):
    trials = example_trials({**KEEP, POOL_6: [1, 2]})
    well, ill = (
        recipe_key(next(trial for trial in trials if trial.settings["fingerprint.keep"] == keep)) for keep in (100, 200)
    )
    reports = []
    outcome = sweep(
        trials,
        arrays={well: arrays},
        refused={ill: "Some records are too short."},
        progress=lambda *progress: reports.append(progress),
    )
    assert (outcome.total, outcome.done, outcome.failed, outcome.stopped) == (4, 2, 2, False)
    assert reports[-1] == (2, 2, 4, 0.0)
    failed = [row for row in sweep.sink.rows() if row["state"] == "failed"]
    assert {row["error"] for row in failed} == {"Some records are too short."}
    assert {row["settings"]["fingerprint.keep"] for row in failed} == {200}
    assert (sweep.folder / "journal.jsonl").read_bytes() == b""
    # once the recipe can be applied, the next run does what failed, and nothing twice
    again = sweep(trials)
    assert (again.done, again.failed, again.present) == (4, 0, 2)


def test_a_sweep_whose_every_recipe_is_refused_ends(sweep):
    trials = example_trials({POOL_6: [1, 2]})
    outcome = sweep(trials, arrays={}, refused={recipe_key(trials[0]): "There is no onset."})
    assert (outcome.done, outcome.failed, outcome.total) == (0, 2, 2)


def test_the_time_left_is_told_by_workers_that_are_warm(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(sweeping.time, "perf_counter", lambda: now[0])
    trials = [replace(example_trials()[0], trial_id=str(number)) for number in range(8)]
    tally = sweeping._Tally(trials=trials, present=0, classes=3)
    trained = train_trial(trials[0], example_arrays())

    def came(number: int, seconds: float) -> None:
        tally.count([replace(trained, trial_id=trials[number].trial_id, seconds=seconds)], 2)

    tally.count([TrialResult.failure(trials[0], "its recipe is refused")])
    assert tally.progress() == (0, 1, 8, None), "a refusal tells nothing of time"
    # two workers that took 8 s to start and 2 s to train
    now[0] = 110.0
    came(1, 2.0)
    came(2, 2.0)
    assert tally.progress()[3] == pytest.approx(5.0)
    # warm, they take one second for each
    now[0] = 111.0
    came(3, 1.0)
    came(4, 1.0)
    now[0] = 111.5
    assert tally.progress() == (4, 1, 8, pytest.approx(1.0))
