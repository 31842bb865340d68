"""How long trials will take: what they cost, and how fast this machine was, or was found to be by a calibration."""

import json
import platform
import random
from collections.abc import Sequence
from pathlib import Path

from trova_widgets.atomic import read_whole, write_atomically
from trova_widgets.experiments import DEVELOPMENT, Plan, trained_count, trial_cost
from trova_widgets.experiments.calibration import seconds_an_operation
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.processes import usable_cores
from trova_widgets.space import Trial
from trova_widgets.store import DatasetRow, ExperimentRow, Store
from trova_widgets.workspace.running import RunFolder

#: So many trials tell what all of a plan cost, and how long they take.
_SAMPLED = 120
#: And so many experiments, the latest.
_LATEST = 3
_TRAINING = "training"


def operations(store: Store, dataset: DatasetRow, trials: Sequence[Trial]) -> float:
    """Return what some trials cost together, told from a sample of them."""
    if not trials:
        return 0.0
    # every so manieth would have the same value of some axis each time
    sample = random.Random(0).sample(trials, min(len(trials), _SAMPLED))
    sizes = store.class_sizes(dataset.dataset_id)
    folds = store.folds(dataset.dataset_id)
    return len(trials) * sum(_cost(trial, dataset, sizes, len(folds)) for trial in sample) / len(sample)


def _cost(trial: Trial, dataset: DatasetRow, sizes: Sequence[tuple[str, str, int, int]], folds: int) -> float:
    part, share = (DEVELOPMENT, 1 - 1 / folds) if folds else (_TRAINING, 1.0)
    variants = len(FingerprintRecipe.from_dict(trial.group(FingerprintRecipe.prefix)).variants)
    augmentation = str(trial.settings["training.augmentation"])
    mine = [(records, members) for split, _, records, members in sizes if split == part]
    if augmentation == "levelled" and any(members > records for records, members in mine):
        # an older data set has chosen its fingerprints itself
        count = float(sum(members for _, members in mine))
    else:
        count = trained_count([share * records for records, _ in mine], variants, augmentation)
    return count * trial_cost(trial, len(dataset.classes))


def pace_of_runs(store: Store, runs: RunFolder) -> float | None:
    """Return how long a core took for an operation in the latest experiments that were run here [s]; None without any.

    What came from another machine has left no file of a run.
    """
    there = [name for name in store.experiments()["name"][::-1] if runs.status(name) is not None]
    paces = (_pace(store, store.experiment(name)) for name in there[:_LATEST])
    return next((pace for pace in paces if pace is not None), None)


def _pace(store: Store, row: ExperimentRow) -> float | None:
    dataset, plan = store.dataset(row.dataset_id), Plan.from_dict(row.plan)
    trials = store.trials(row.experiment_id).query("state == 'finished'")
    sample = trials.sample(min(len(trials), _SAMPLED), random_state=0)
    sizes, folds = store.class_sizes(dataset.dataset_id), len(store.folds(dataset.dataset_id))
    ratios = []
    for trial_id, cell in zip(sample["trial_id"], sample["cell"], strict=True):
        result = store.trial(trial_id)
        if result.versions.get("device") != "cpu":
            continue
        trial = Trial(
            trial_id=trial_id,
            cell=cell,
            axis_values={},
            network_type=plan.network_type,
            architecture=plan.architecture,
            dataset_id=row.dataset_id,
            # a trial of an older version knows nothing of newer settings
            settings={**plan.settings, **result.settings},
        )
        ratios.append(result.seconds / _cost(trial, dataset, sizes, folds))
    # the first training of each process loads and compiles what the others find ready
    usual = sorted(ratios)[: max(len(ratios) - usable_cores(), 1)]
    return sum(usual) / len(usual) if usual else None


def calibrated(file: Path, *, anew: bool) -> float | None:
    """Return how long an operation takes by a calibration of this machine, which is kept in a file [s].

    Parameters
    ----------
    file : Path
        Where it is kept.
    anew : bool
        Whether to calibrate where there is none for this machine and so many cores: that takes some seconds.
    """
    # a workspace may be carried to another machine, or be open on several
    here = {"machine": platform.node(), "cores": usable_cores()}
    try:
        kept = json.loads(read_whole(file))
        if {name: kept.get(name) for name in here} == here:
            return float(kept["seconds_an_operation"])
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        pass
    if not anew:
        return None
    pace = seconds_an_operation()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, json.dumps({**here, "seconds_an_operation": pace}).encode())
    return pace
