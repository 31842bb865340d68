"""Results that were computed elsewhere: a folder with a journal of trials and the weights of some of them."""

from dataclasses import asdict
from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.experiments import Journal, TrialResult
from trova_widgets.store import ExperimentRow, Store
from trova_widgets.workspace.running import RunFolder, StoreSink

#: The journal inside such a folder; beside it lies ``<trial_id>.safetensors`` for each trial that kept its weights.
JOURNAL = "trials.jsonl"


def import_results(store: Store, runs: RunFolder, folder: Path) -> int:
    """Take in the trials of a folder that are not finished here yet, and return how many were new.

    Raises
    ------
    StoreError
        When the folder has no journal, or a damaged one.
    """
    results = _read(folder)
    sink = StoreSink(store)
    there = sink.finished([result.trial_id for result in results])
    new = [result for result in results if result.trial_id not in there]
    runs.weights.mkdir(parents=True, exist_ok=True)
    for result in new:
        weights = folder / f"{result.trial_id}.safetensors"
        if weights.exists():
            (runs.weights / weights.name).write_bytes(weights.read_bytes())
    sink.append(new)
    return len(new)


def export_results(store: Store, runs: RunFolder, experiment: ExperimentRow, folder: Path) -> int:
    """Write the finished trials of an experiment, with the weights of the best one, and return how many they are.

    Raises
    ------
    StoreError
        When the folder cannot be written to.
    """
    trials = store.trials(experiment.experiment_id).query("state == 'finished'").sort_values("quality")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        journal = Journal(folder / JOURNAL)
        journal.clear()
        for trial_id in trials["trial_id"]:
            kept = asdict(store.trial(trial_id))
            del kept["attempt"]
            journal.write(TrialResult.from_dict(kept))
        for trial_id in trials["trial_id"].tail(1):
            weights = runs.weights_of(trial_id)
            (folder / weights.name).write_bytes(weights.read_bytes())
    except OSError as error:
        raise StoreError(
            f"The trials cannot be written to {folder}: {error.strerror}; make room there, or name another folder."
        ) from error
    return len(trials)


def _read(folder: Path) -> list[TrialResult]:
    if not (folder / JOURNAL).exists():
        raise StoreError(f"{folder} has no {JOURNAL}; name a folder that a run or an export of trials left.")
    try:
        return Journal(folder / JOURNAL).read()
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{folder / JOURNAL} is damaged: {error}; export the trials again.") from error
