"""A sweep over a local Dask cluster of two processes, of which one is killed."""

import os
import signal

import psutil
import pytest

from tests.experiments.examples import FILTER_2, POOL_6, FileSink, by_recipe, example_trials
from trova_widgets.errors import PlanError
from trova_widgets.experiments import connected, run_sweep, train_trial
from trova_widgets.experiments.cluster import OtherVersionError, train_on_cluster

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
    ):
        yield cluster


@pytest.fixture
def swept(tmp_path, arrays, cluster):
    """Run trials on the cluster; killed at the first result, if asked."""
    sink, news, seen = FileSink(tmp_path / "table.jsonl"), [], []

    def killing(done, *_):
        if done and not seen:
            seen.append(done)
            worker = psutil.Process(cluster.workers[0].pid)
            os.kill(worker.pid, signal.SIGKILL)

    def run(trials, *, kill=False, **options):
        with connected(cluster.scheduler_address) as executor:
            return run_sweep(
                trials,
                by_recipe(trials, arrays),
                sink,
                journal=tmp_path / "journal.jsonl",
                weights=tmp_path / "weights",
                executor=executor,
                told=news.append,
                progress=killing if kill else None,
                **options,
            )

    run.sink, run.news, run.folder = sink, news, tmp_path
    return run


def test_nothing_is_lost_or_doubled_when_a_worker_is_killed(swept, arrays):
    trials = example_trials({FILTER_2: "1:4", POOL_6: "1:2"}, seeds=2)
    outcome = swept(trials, kill=True)
    assert (outcome.total, outcome.done, outcome.failed) == (16, 16, 0)
    rows = {row["trial_id"]: row for row in swept.sink.rows()}
    assert len(rows) == len(swept.sink.rows()) == 16
    # what a cluster computes is what is computed here
    here = train_trial(trials[3], arrays)
    assert (rows[here.trial_id]["quality"], rows[here.trial_id]["curve"]) == (here.quality, here.curve)
    said = " ".join(swept.news)
    assert "2 workers joined, 2 train now." in said
    assert "1 worker left; what was in training there is trained elsewhere." in said
    # no file was needed to reach the workers
    assert not list(swept.folder.glob("*.npz"))


def test_weights_come_back_for_the_best_only(swept):
    trials = example_trials({FILTER_2: "1:4", POOL_6: "1:4", "convolution2dLayer_2_numFilters": "1, 2"})
    outcome = swept(trials)
    assert outcome.done == len(trials) == 32
    best = sorted(swept.sink.rows(), key=lambda row: -row["quality"])
    files = {path.stem for path in (swept.folder / "weights").iterdir()}
    assert {row["trial_id"] for row in best if row["quality"] > best[8]["quality"]} <= files
    assert len(files) >= 8


def test_a_worker_of_another_version_says_so(arrays):
    with pytest.raises(
        OtherVersionError, match=r"The worker has Trova .* and the runner Trova 0\.0\.1; install the same"
    ):
        train_on_cluster(example_trials()[:1], arrays, "cpu", [0.0], "Trova 0.0.1")


def test_a_cluster_of_another_version_is_refused(swept, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda _: "0.0.1")
    with pytest.raises(PlanError, match=r"No worker of the cluster can train\. Worker tcp://.* and gets nothing to do"):
        swept(example_trials())


def test_weights_below_the_floor_stay_where_they_are(arrays):
    from trova_widgets.experiments.cluster import _version

    trials = example_trials()[:2]
    kept, left = train_on_cluster(trials, arrays, "cpu", [0.0, 1.1], _version())
    assert kept.weights and not left.weights and left.quality is not None


def test_nobody_answers(monkeypatch):
    monkeypatch.setattr("trova_widgets.experiments.cluster._PATIENCE_S", 1.0)
    words = r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"
    with pytest.raises(PlanError, match=words), connected("tcp://127.0.0.1:9"):
        pass
