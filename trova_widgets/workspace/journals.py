"""Results that were computed elsewhere: a folder with a journal of trials and the weights of some of them."""

import gzip
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

from trova_widgets.atomic import write_atomically
from trova_widgets.errors import StoreError
from trova_widgets.experiments import Journal
from trova_widgets.space import TrialResult
from trova_widgets.store import ExperimentRow, Store
from trova_widgets.workspace.result_reading import read_results
from trova_widgets.workspace.running import RunFolder, StoreSink

#: The trials inside such a folder, a line of JSON each, compressed or (as older versions wrote them) not; beside them
#: lies ``<trial_id>.safetensors`` for each trial that kept its weights.
TRIALS, JOURNAL = "trials.jsonl.gz", "trials.jsonl"
#: How their experiment was called, and what is kept of its race.
ABOUT = "experiment.json"


def import_results(store: Store, runs: RunFolder, folder: Path, experiment: str | None = None) -> int:
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
    _take_race(store, folder, experiment)
    return len(new)


def export_results(
    store: Store, runs: RunFolder, experiment: ExperimentRow, folder: Path, others: Sequence[str] = ()
) -> int:
    """Write the finished trials of an experiment, with the weights of its best one, and return how many they are.

    ``others`` are trials that are none of its own and decided which of them were made.

    Raises
    ------
    StoreError
        When the folder cannot be written to.
    """
    found = read_results(store, experiment)
    own = found.table.loc[found.table["state"] == "finished", "trial_id"]
    finished = [*own, *sorted(store.finished(others).difference(own))]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(store.trial(trial_id).to_dict(), separators=(",", ":")) for trial_id in finished]
        # without a moment in it, so that the same trials make the same file
        about = {"name": experiment.name, "trials": len(found.table), "race": experiment.race}
        write_atomically(folder / ABOUT, f"{json.dumps(about, indent=1)}\n".encode())
        write_atomically(folder / TRIALS, gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0))
        if len(own):
            weights = runs.weights_of(found.best.trial_id)
            if weights.exists():
                (folder / weights.name).write_bytes(weights.read_bytes())
    except OSError as error:
        raise StoreError(
            f"The trials cannot be written to {folder}: {error.strerror}; make room there, or name another folder."
        ) from error
    return len(finished)


def _take_race(store: Store, folder: Path, experiment: str | None) -> None:
    """Keep how the trials of a folder were raced with their experiment, where that has not raced here."""
    if not (folder / ABOUT).exists():
        return
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    there = store.experiments().set_index("name")
    name = experiment or about["name"]
    if about["race"] is None or name not in there.index or there["race"][name] is not None:
        return
    if len(store.trials(there["experiment_id"][name])) == about["trials"]:
        store.keep_race(name, about["race"])


def _read(folder: Path) -> list[TrialResult]:
    packed = folder / TRIALS
    if not packed.exists() and not (folder / JOURNAL).exists():
        raise StoreError(f"{folder} has no {TRIALS}; name a folder that a run or an export of trials left.")
    try:
        if not packed.exists():
            return Journal(folder / JOURNAL).read()
        lines = gzip.decompress(packed.read_bytes()).splitlines()
        return [TrialResult.from_dict(json.loads(line)) for line in lines]
    except (OSError, EOFError, ValueError, TypeError, KeyError, zlib.error) as error:
        there = packed if packed.exists() else folder / JOURNAL
        raise StoreError(f"{there} is damaged: {error}; export the trials again.") from error
