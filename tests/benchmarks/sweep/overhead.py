"""What a sweep costs besides the training: a grid of trials that do nothing."""

import logging
import tempfile
import time
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from trova_widgets.experiments import DatasetArrays, Plan, WorkerPool, cells, run_sweep, trials
from trova_widgets.experiments.sweep import recipe_key
from trova_widgets.space import TrialResult
from trova_widgets.store import Store
from trova_widgets.workspace import Workspace
from trova_widgets.workspace.running import StoreSink

MARK_MS = 5
_OPTUNA_TRIALS = 300


def print_overhead(count: int) -> None:
    """Print milliseconds a trial of a grid of so many cells: planned, sent to workers, and kept in a workspace."""
    side = round(count ** (1 / 3))
    started = time.perf_counter()
    plan = Plan.make(
        network_type="CNN",
        dataset_id="nothing",
        axes={
            "convolution2dLayer_2_numFilters": f"[1 : 1 : {-(-count // side**2)}]",
            "convolution2dLayer_7_numFilters": f"[1 : 1 : {side}]",
            "training.batch_size": f"[1 : 1 : {side}]",
        },
    )
    asked = trials(plan, cells(plan))[:count]
    planned = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, WorkerPool(2) as pool:
        Workspace.create(name, recipe="article").close()
        with Store.open(Path(name)) as store:
            arrays = {recipe_key(asked[0]): _two_fingerprints()}
            sink, folder = StoreSink(store), Path(name)
            summary = run_sweep(
                asked, arrays, sink, journal=folder / "journal", weights=folder / "weights", executor=_Idle(pool)
            )
    ended = time.perf_counter()
    assert summary.done == len(asked)
    each = (ended - started) / len(asked) * 1e3
    print(
        f"\nan empty training at {len(asked)} cells: {each:.2f} ms a trial, of which "
        f"{(planned - started) / len(asked) * 1e3:.2f} for the plan "
        f"({'reached' if each < MARK_MS else 'MISSED'}, mark {MARK_MS} ms)"
    )
    try:
        print(f"Optuna's GridSampler on as many cells, in memory: {_of_optuna(count):.0f} ms a trial")
    except ImportError:
        print("Optuna is not installed.")


class _Idle(Executor):
    """Sends workers nothing to do in place of a training; everything else is as in any sweep."""

    def __init__(self, pool):
        self._pool = pool

    def submit(self, fn, /, *args, **kwargs):
        return self._pool.submit(nothing, *args, **kwargs)


def nothing(trial, path):
    """Return a result without having trained."""
    return TrialResult(
        trial_id=trial.trial_id,
        state="finished",
        settings=dict(trial.settings),
        finished_at_ns=time.time_ns(),
        quality=0.5,
        loss=1.0,
        scores={"validation": 0.5},
        confusion=[[1, 1], [1, 1]],
        predictions={"position": [0], "predicted": [0], "probability": [0.5]},
        weights=b"weights",
    )


def _two_fingerprints():
    return DatasetArrays(
        bits=np.zeros((2, 512), np.uint8),
        members=np.arange(2),
        variants=np.zeros(2, np.int64),
        labels=np.arange(2),
        splits=np.array(["training", "validation"]),
        classes=("earthquake", "quarry_blast"),
    )


def _of_optuna(count: int) -> float:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    logging.getLogger("optuna").setLevel(logging.ERROR)
    grid = {"cell": list(range(count))}
    study = optuna.create_study(sampler=optuna.samplers.GridSampler(grid))
    started = time.perf_counter()
    study.optimize(lambda trial: float(trial.suggest_int("cell", 0, count)), n_trials=_OPTUNA_TRIALS)
    return (time.perf_counter() - started) / _OPTUNA_TRIALS * 1e3
