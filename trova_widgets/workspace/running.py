"""Running an experiment: in a process of its own, watched and stopped from any other."""

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from trova_widgets.disk import no_room
from trova_widgets.errors import PlanError
from trova_widgets.experiments import (
    Budget,
    DatasetArrays,
    Journal,
    RunStatus,
    read_status,
    run_sweep,
    write_status,
)
from trova_widgets.processes import DetachedProcess, this_process
from trova_widgets.space import Trial, TrialResult
from trova_widgets.store import Store
from trova_widgets.workspace.halving import Halver
from trova_widgets.workspace.progress import Item, Progress
from trova_widgets.workspace.racing import Racer

#: Returns the data of some trials, by the key of their recipe, and why a recipe cannot be applied to all records.
Prepare = Callable[[Sequence[Trial], Progress], tuple[Mapping[str, DatasetArrays], Mapping[str, str]]]

_TICK_S = 1.0
#: The files of a run: how far it is, the request that it stop, its log, and trials that the store has not confirmed.
_SUFFIXES = ("json", "stop", "log", "journal")


class StoreSink:
    """The result sink of a sweep whose runner has the store at hand."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(self, results: Sequence[TrialResult]) -> None:
        """Append trials; those that are there already are left as they are."""
        self._store.add_trials(results)

    def finished(self, trial_ids: Sequence[str]) -> set[str]:
        """Return those of the trials that are finished."""
        return self._store.finished(list(trial_ids))


class RunFolder:
    """The files by which processes speak of runs: who runs what, how far it is, and the request that it stop.

    Parameters
    ----------
    workspace : Path
        The workspace's folder.
    kind : str
        The folder of these files within it.
    runner : str
        The module that runs one of them, in a process of its own.
    """

    def __init__(self, workspace: Path, kind: str = "runs", runner: str = "trova_widgets.workspace.runner") -> None:
        self._workspace, self._runner = workspace, runner
        self._folder = workspace / ".trova" / kind
        self._started: dict[str, DetachedProcess] = {}

    @property
    def weights(self) -> Path:
        """The folder of trained weights, a safetensors file a trial."""
        return self._workspace / "weights"

    def weights_of(self, trial_id: str) -> Path:
        """Return the file of a trial's weights, which need not be there."""
        return self.weights / f"{trial_id}.safetensors"

    def journal(self, experiment: str) -> Path:
        """Where the runner keeps finished trials until the store has them."""
        return self._file(experiment, "journal")

    def journals(self) -> list[tuple[str, Journal]]:
        """Return the journals that runs have left, each with its experiment."""
        return [(path.stem, Journal(path)) for path in sorted(self._folder.glob("*.journal"))]

    def is_alive(self, experiment: str) -> bool:
        """Tell whether a runner is at work on an experiment."""
        status = self.status(experiment)
        return status is not None and status.is_alive

    def status(self, experiment: str) -> RunStatus | None:
        """Return how far the last run has come, or None where there never was one."""
        status = read_status(self._file(experiment, "json"))
        # where a system does not tell cases apart, it may be that of an experiment called First
        return status if status is None or status.experiment == experiment else None

    def write_status(self, experiment: str, status: RunStatus) -> None:
        """Say how far a run is."""
        write_status(self._file(experiment, "json"), status)

    def ask_to_stop(self, experiment: str) -> None:
        """Leave the request that a run stop after the trials in flight."""
        self._file(experiment, "stop").touch()

    def stop_asked(self, experiment: str) -> bool:
        """Tell whether somebody wants the run to stop."""
        return self._file(experiment, "stop").exists()

    def forget_stop(self, experiment: str) -> None:
        """Take the request back, at the start of a run."""
        self._file(experiment, "stop").unlink(missing_ok=True)

    def start(self, experiment: str, workers: int | None, device: str, how: Sequence[str] = ()) -> int:
        """Start a runner that outlives this process, and return its pid.

        ``how`` are further options of it.

        Raises
        ------
        PlanError
            When the experiment is running.
        """
        status = read_status(self._file(experiment, "json"))
        if status is not None and status.experiment != experiment:
            raise PlanError(
                f"{status.experiment} and {experiment} differ by case alone, and this system keeps the files of their "
                "runs under one name; plan one of them under another name."
            )
        if status is not None and status.is_alive:
            raise PlanError(
                f"{experiment} is running already, in process {status.pid}; stop it first, or wait for its end."
            )
        self.forget_stop(experiment)
        command = [sys.executable, "-m", self._runner, str(self._workspace), experiment]
        command += ["--device", device, *how]
        if workers is not None:
            command += ["--workers", str(workers)]
        self._folder.mkdir(parents=True, exist_ok=True)
        process = DetachedProcess(command, self._file(experiment, "log"))
        self._started[experiment] = process
        # where it was quicker than this, it has said so itself
        status = self.status(experiment)
        if status is None or status.pid != process.pid:
            self.write_status(experiment, RunStatus.starting(experiment, process.identity))
        return process.pid

    def rename(self, experiment: str, name: str) -> None:
        """Give the files of an experiment's last run the experiment's new name."""
        status = self.status(experiment)
        for suffix in _SUFFIXES:
            if (file := self._file(experiment, suffix)).exists():
                file.replace(self._file(name, suffix))
        if status is not None:
            self.write_status(name, replace(status, experiment=name))

    def forget(self, experiment: str) -> None:
        """Remove the files of an experiment's last run."""
        for suffix in _SUFFIXES:
            self._file(experiment, suffix).unlink(missing_ok=True)
        # a run that was killed leaves its data set behind, named after its recipe's identity
        arrays = re.compile(rf"{re.escape(experiment)}\.[0-9a-f]+\.npz")
        for file in self._folder.glob("*.npz"):
            if arrays.fullmatch(file.name):
                file.unlink(missing_ok=True)

    def reap(self, experiment: str) -> None:
        """Wait for the end of a runner that this process started."""
        if experiment in self._started:
            self._started.pop(experiment).wait()

    def last_words(self, experiment: str) -> str:
        """Return the end of the runner's log."""
        # on a full disk the runner cannot even write down why
        if full := no_room(self._folder):
            return full
        log = self._file(experiment, "log")
        return log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""

    def _file(self, experiment: str, suffix: str) -> Path:
        return self._folder / f"{experiment}.{suffix}"


def sweep(
    store: Store,
    folder: RunFolder,
    experiment: str,
    trials: Sequence[Trial],
    prepare: Prepare,
    workers: int | None,
    device: str,
    *,
    decider: Racer | Halver | None = None,
    budget: Budget | None = None,
    executor: Executor | None = None,
) -> RunStatus:
    """Run what is missing of an experiment in this process, telling the run folder how far it is.

    Parameters
    ----------
    store, folder, experiment
        What is run, and where it is told.
    trials : sequence of Trial
        All that may come, in the order in which they are to run.
    prepare : callable
        Returns the data of the trials that are missing, and why recipes are refused.
    workers : int or None
        Processes; one a core, if None.
    device : str
        As of `run_sweep`.
    decider : Racer or Halver, optional
        Decides which trials come next; all of them do, if left out.
    budget, executor
        As of `run_sweep`.
    """
    started, this = time.time(), this_process()
    latest_news = [""]

    def report(state: str, done: int, failed: int, total: int, seconds_left: float | None, why: str = "") -> RunStatus:
        status = RunStatus(
            experiment=experiment,
            pid=this.pid,
            began=this.began,
            state=state,
            done=done,
            failed=failed,
            total=total,
            seconds_left=seconds_left,
            started_at=started,
            updated_at=time.time(),
            message=why or latest_news[0],
        )
        folder.write_status(experiment, status)
        return status

    def watched(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
        latest = -_TICK_S
        for count, item in enumerate(items):
            if time.monotonic() - latest > _TICK_S:
                latest = time.monotonic()
                report("running", present, 0, len(trials), None, f"{label}: {count} of {total} records")
            yield item

    def told(news: str) -> None:
        # the status has the latest, the log of the run has all
        latest_news[0] = news
        print(news, flush=True)

    finished = store.finished([trial.trial_id for trial in trials])
    present = len(finished)
    report("running", present, 0, len(trials), None)
    try:
        arrays, refused = prepare([trial for trial in trials if trial.trial_id not in finished], watched)
        outcome = run_sweep(
            trials,
            arrays,
            StoreSink(store),
            refused=refused,
            journal=folder.journal(experiment),
            weights=folder.weights,
            workers=workers,
            device=device,
            then=None if decider is None else decider.coming,
            budget=budget,
            executor=executor,
            progress=lambda done, failed, total, left: report("running", done, failed, total, left),
            told=told,
            should_stop=lambda: folder.stop_asked(experiment),
        )
    except BaseException as error:
        report("failed", present, 0, len(trials), None, f"{type(error).__name__}: {error}")
        raise
    if outcome.stopped or outcome.used_up:
        why = f"The budget of {budget} is used." if outcome.used_up else ""
        return report("stopped", outcome.done, outcome.failed, outcome.total, 0.0, why)
    if decider is not None:
        decider.keep_end()
    return report("finished", outcome.done, outcome.failed, outcome.total, 0.0)
