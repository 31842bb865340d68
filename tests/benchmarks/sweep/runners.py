"""The runners, each a function from trials and a data set to accuracies.

Each is called twice in a process of its own, first with a trial of a moment, so that what a whole sweep pays once (its
workers, their imports) is not counted.
"""

import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from tests.benchmarks.sweep import plain
from trova_widgets.experiments import DatasetArrays, WorkerPool, run_sweep
from trova_widgets.experiments.sweep import recipe_key
from trova_widgets.space import Trial

CORES = 2
Runner = Callable[[Sequence[Trial], Path], list[float]]


def trova(trials: Sequence[Trial], path: Path) -> list[float]:
    """Run a sweep as Trova does, over two worker processes."""
    sink = _Sink()
    with tempfile.TemporaryDirectory() as folder:
        run_sweep(
            trials,
            {recipe_key(trial): _arrays(path) for trial in trials},
            sink,
            journal=Path(folder) / "journal",
            weights=Path(folder),
            executor=_pool(),
        )
    return [result.quality for result in sink.results]


def plain_loop(trials: Sequence[Trial], path: Path) -> list[float]:
    """Train one after the other on two threads."""
    return [_train(trial, path, threads=CORES) for trial in trials]


def joblib(trials: Sequence[Trial], path: Path) -> list[float]:
    """Train on two processes of one thread each."""
    from joblib import Parallel, delayed

    return list(Parallel(n_jobs=CORES)(delayed(_train)(trial, path, threads=1) for trial in trials))


def optuna(trials: Sequence[Trial], path: Path) -> list[float]:
    """Search the grid of the trials, two at a time, which in Optuna are threads of one process."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    by_seed = {trial.seed: trial for trial in trials}
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.GridSampler({"seed": list(by_seed)}))
    study.optimize(
        lambda asked: _train(by_seed[asked.suggest_int("seed", 0, max(by_seed))], path, threads=1),
        n_trials=len(by_seed),
        n_jobs=CORES,
    )
    return [trial.value for trial in study.trials]


def ray_tune(trials: Sequence[Trial], path: Path) -> list[float]:
    """Search the grid of the trials with Ray Tune, one core a trial."""
    import ray
    from ray import tune

    if not ray.is_initialized():
        ray.init(num_cpus=CORES, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    by_seed = {trial.seed: trial for trial in trials}

    def objective(config):
        return {"accuracy": _train(by_seed[config["seed"]], path, threads=1)}

    with tempfile.TemporaryDirectory() as folder:
        tuner = tune.Tuner(
            tune.with_resources(objective, {"cpu": 1}),
            param_space={"seed": tune.grid_search(list(by_seed))},
            run_config=tune.RunConfig(storage_path=folder, verbose=0),
        )
        return [result.metrics["accuracy"] for result in tuner.fit()]


RUNNERS: dict[str, Runner] = {
    "trova": trova,
    "plain loop": plain_loop,
    "joblib": joblib,
    "optuna": optuna,
    "ray tune": ray_tune,
}


def _train(trial: Trial, path: Path, threads: int) -> float:
    import torch

    torch.set_num_threads(threads)
    return plain.train(trial.group(""), trial.seed, int(trial.settings["training.epochs"]), _arrays(path))


@lru_cache(maxsize=1)
def _arrays(path: Path) -> DatasetArrays:
    return DatasetArrays.load(path)


@lru_cache(maxsize=1)
def _pool() -> WorkerPool:
    return WorkerPool(CORES)


class _Sink:
    def __init__(self):
        self.results = []

    def append(self, results):
        self.results += results

    def finished(self, trial_ids):
        return set()
