"""A raced experiment in processes of its own, of which some are killed, and what it has found in the end."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil

from tests.workspace.conftest import EVENTS, TEACHING
from trova_widgets import Workspace
from trova_widgets.experiments.choice import RaceRules
from trova_widgets.identity import identity_of_bytes
from trova_widgets.space import TrialResult
from trova_widgets.store import stop_owner
from trova_widgets.store.hidden import read_owner
from trova_widgets.workspace.kept_race import KeptRace, Rules

EXPERIMENT = "raced"
WORKERS = 2
ROLES = ("runner", "worker", "owner")
#: So often a run is begun at most: each time it goes on from where it was.
_BEGINNINGS = 40
_PATIENCE_S = 900
_LOOKS_EVERY_S = 0.02


def planned(study: Path, rules: Rules | None = None) -> None:
    """Make a study with a raced experiment: six cells, some of which learn nothing, three folds, two seeds."""
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:EVENTS]
    with Workspace.create(study, recipe="article") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml", progress=_silently)
        workspace.build_dataset("small", folds=3, progress=_silently)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        workspace.plan(
            EXPERIMENT,
            network="base",
            dataset="small",
            axes={"training.learning_rate": "0.0000001, 0.01, 0.02", "averagePooling2dLayer_6_poolSize": "4, 8"},
            seeds=2,
            epochs=3,
        )
        # fingerprints are computed here, so that all runs begin alike
        workspace.compute_fingerprints(progress=_silently)
        workspace._store.keep_race(EXPERIMENT, KeptRace(rules=rules or RaceRules(risk=0.2)).to_dict())


def _silently(items: Any, label: str, total: int | None = None) -> Any:
    return items


class Run:
    """A run of the experiment, begun."""

    def __init__(self, study: Path) -> None:
        self._study = study
        command = [sys.executable, "-m", "trova_widgets.workspace.runner", str(study), EXPERIMENT]
        self._process = subprocess.Popen(
            [*command, "--workers", str(WORKERS)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    @property
    def is_over(self) -> bool:
        """Whether its runner has gone."""
        return self._process.poll() is not None

    def wait(self) -> str:
        """Wait for its end; return what it said where that was no good one, else nothing."""
        said, _ = self._process.communicate(timeout=_PATIENCE_S)
        return "" if self._process.returncode == 0 else said or f"it ended with {self._process.returncode}"

    def in_role(self, role: str) -> list[psutil.Process]:
        """Return the processes in a role, ``runner``, ``worker`` or ``owner``."""
        try:
            if role == "owner":
                address = read_owner(self._study)
                return [] if address is None else [psutil.Process(address.pid)]
            runner = psutil.Process(self._process.pid)
            if role == "runner":
                return [runner]
            # the owner is begun by the runner, too
            return [each for each in runner.children() if "trova_widgets.experiments.worker" in each.cmdline()]
        except psutil.Error:
            return []


def run_to_the_end(study: Path, kill: Callable[[Run], None] = lambda run: None) -> int:
    """Run the experiment, again and again until it has come to its end; return how often it was begun.

    Parameters
    ----------
    study : Path
        A copy of what `planned` makes.
    kill : callable
        What happens to each run while it goes on.
    """
    for count in range(1, _BEGINNINGS + 1):
        run = Run(study)
        kill(run)
        said = run.wait()
        if not said:
            return count
        assert "Traceback" not in said or "StoreError" in said, said
    raise AssertionError(f"{study} has not come to its end in {_BEGINNINGS} runs: {said}")


def found(study: Path) -> dict[str, Any]:
    """Return all that an experiment has found: its trials with all they told, the race, the choice."""
    stop_owner(study)
    with Workspace.open(study) as workspace:
        trials = workspace.trials(EXPERIMENT)
        results, race = workspace.results(EXPERIMENT), workspace.race(EXPERIMENT)
        finished = trials.loc[trials["state"] == "finished", "trial_id"]
        held: dict[str, Any] = {trial_id: _told(workspace.trial(trial_id).result) for trial_id in finished}
        held["states"] = dict(zip(trials["trial_id"], trials["state"], strict=True))
        held["looks"] = race.race.looks
        held["cells"] = race.cells.to_csv(index=False)
        held["ended"] = race.race.reason
        held["choice"] = (results.best, results.sentence, results.expectation)
    weights = (study / "weights").glob("*.safetensors")
    held["weights"] = {path.stem: identity_of_bytes(path.read_bytes()) for path in weights}
    return held


def _told(result: TrialResult) -> dict[str, Any]:
    told = {**result.to_dict(), "weights": b""}
    # the moments, which may differ
    for name in ("finished_at_ns", "seconds", "attempt"):
        del told[name]
    return told


class Killer:
    """Kills those who take part in a run, in turn, at random moments.

    Parameters
    ----------
    moments : random.Random
        Draws them.
    seconds : float
        How long a run takes that is left alone: the moments lie in the first half of it, counted from its beginning or
        from the last kill, so that most runs meet one.
    kills : int
        How many it kills, for ``left`` to begin with.
    note : callable
        Is told each time whom, and after how long.
    """

    def __init__(
        self, moments: random.Random, seconds: float, kills: int, note: Callable[[str, float], object] = lambda *_: None
    ) -> None:
        self._moments, self._seconds, self._note = moments, seconds, note
        self.left = kills
        self._roles = cycle(ROLES)
        self._next = next(self._roles)

    def __call__(self, run: Run) -> None:
        """Watch a run until its runner is killed, or it is over, or nobody is left to be killed."""
        while self.left and not run.is_over:
            role, moment = self._next, self._moments.uniform(0, self._seconds / 2)
            victim = self._waited_for(run, role, moment)
            if victim is None:
                return
            victim.kill()
            self.left -= 1
            self._next = next(self._roles)
            self._note(role, moment)
            if role == "runner":
                return

    def _waited_for(self, run: Run, role: str, seconds: float) -> psutil.Process | None:
        """Return who has a role after so long; one that nobody has then is waited for, until the run is over."""
        end = time.monotonic() + seconds
        while not run.is_over:
            left = end - time.monotonic()
            victims = run.in_role(role) if left <= 0 else []
            if victims:
                return self._moments.choice(victims)
            time.sleep(min(_LOOKS_EVERY_S, max(left, 0.001)))
        return None
