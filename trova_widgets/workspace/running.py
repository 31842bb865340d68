"""Running an experiment: in a process of its own, watched and stopped from any other."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from trova_widgets.errors import PlanError
from trova_widgets.experiments import (
    DatasetArrays,
    Journal,
    RunStatus,
    TrialResult,
    TrialSpec,
    read_status,
    run_sweep,
    write_status,
)
from trova_widgets.store import Store, TrialRow


class StoreSink:
    """The result sink of a sweep whose runner has the store at hand."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(self, results: Sequence[TrialResult]) -> None:
        """Append trials; those that are there already are left as they are."""
        self._store.add_trials([trial_row(result) for result in results])

    def finished(self, trial_ids: Sequence[str]) -> set[str]:
        """Return those of the trials that are finished."""
        return self._store.finished(list(trial_ids))


def trial_row(result: TrialResult) -> TrialRow:
    """Return the row that keeps a trial."""
    return TrialRow(
        trial_id=result.trial_id,
        attempt=0,
        state=result.state,
        quality=result.quality,
        loss=result.loss,
        scores=dict(result.scores),
        confusion=[list(row) for row in result.confusion],
        curve={name: list(values) for name, values in result.curve.items()},
        predictions=dict(result.predictions),
        parameter_count=result.parameter_count,
        seconds=result.seconds,
        seed=result.seed,
        values=dict(result.values),
        versions=dict(result.versions),
        error=result.error,
        finished_at_ns=result.finished_at_ns,
    )


class RunFolder:
    """The files by which processes speak of runs: who runs what, how far it is, and the wish that it stop."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._folder = workspace / ".trova" / "runs"
        # a child that has ended stays in the table of processes until somebody asks for it
        self._started: dict[str, subprocess.Popen[bytes]] = {}

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
        return read_status(self._file(experiment, "json"))

    def tell(self, experiment: str, status: RunStatus) -> None:
        """Say how far a run is."""
        write_status(self._file(experiment, "json"), status)

    def ask_to_stop(self, experiment: str) -> None:
        """Leave the wish that a run stop after the trials in flight."""
        self._file(experiment, "stop").touch()

    def stop_asked(self, experiment: str) -> bool:
        """Tell whether somebody wants the run to stop."""
        return self._file(experiment, "stop").exists()

    def forget_stop(self, experiment: str) -> None:
        """Take the wish back, at the start of a run."""
        self._file(experiment, "stop").unlink(missing_ok=True)

    def start(self, experiment: str, workers: int | None) -> int:
        """Start a runner that outlives this process, and return its pid.

        Raises
        ------
        PlanError
            When the experiment is running.
        """
        status = self.status(experiment)
        if status is not None and status.is_alive:
            raise PlanError(
                f"{experiment} is running already, in process {status.pid}; stop it first, or wait for its end."
            )
        self.forget_stop(experiment)
        command = [sys.executable, "-m", "trova_widgets.workspace.runner", str(self._workspace), experiment]
        if workers is not None:
            command += ["--workers", str(workers)]
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._file(experiment, "log").open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._started[experiment] = process
        self.tell(experiment, RunStatus.starting(experiment, process.pid))
        return process.pid

    def reap(self, experiment: str) -> None:
        """Wait for the end of a runner that this process started."""
        if experiment in self._started:
            self._started.pop(experiment).wait()

    def last_words(self, experiment: str) -> str:
        """Return the end of the runner's log."""
        log = self._file(experiment, "log")
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def _file(self, experiment: str, suffix: str) -> Path:
        return self._folder / f"{experiment}.{suffix}"


def sweep(
    store: Store,
    folder: RunFolder,
    experiment: str,
    specs: Sequence[TrialSpec],
    arrays: DatasetArrays,
    workers: int | None,
) -> RunStatus:
    """Run what is missing of an experiment in this process, telling the run folder how far it is."""
    started = time.time()

    def tell(state: str, done: int, failed: int, total: int, seconds_left: float | None, why: str = "") -> RunStatus:
        status = RunStatus(
            experiment=experiment,
            pid=os.getpid(),
            state=state,
            done=done,
            failed=failed,
            total=total,
            seconds_left=seconds_left,
            started_at=started,
            updated_at=time.time(),
            message=why,
        )
        folder.tell(experiment, status)
        return status

    tell("running", 0, 0, len(specs), None)
    store.update_experiment(experiment, state="running")
    try:
        outcome = run_sweep(
            specs,
            arrays,
            StoreSink(store),
            journal=folder.journal(experiment),
            weights=folder.weights,
            workers=workers,
            progress=lambda done, failed, total, left: tell("running", done, failed, total, left),
            should_stop=lambda: folder.stop_asked(experiment),
        )
    except BaseException as error:
        tell("failed", 0, 0, len(specs), None, f"{type(error).__name__}: {error}")
        raise
    state: str = "stopped" if outcome.stopped else "finished"
    store.update_experiment(experiment, state=state)
    return tell(state, outcome.done, outcome.failed, outcome.total, 0.0)
