"""The demonstration: the teaching set in two sizes, and an experiment on it that was run before."""

from pathlib import Path
from typing import TYPE_CHECKING

from trova_widgets.experiments import SHARES
from trova_widgets.fingerprinting import recipe_named
from trova_widgets.processes import usable_cores
from trova_widgets.records.synthetics import FIRST_PART_EVENTS, TEACHING_EVENTS
from trova_widgets.resources import share_folder
from trova_widgets.workspace.reading import reader_processes

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

#: The parameters of the article's first experiment, with ranges that a machine without a GPU gets through in an hour.
AXES = {
    "convolution2dLayer_2_filterSize": "[1:1:6]",
    "convolution2dLayer_2_numFilters": "[2:2:8]",
    "averagePooling2dLayer_6_poolSize": "[2:1:4]",
}
#: Each record is trained on once in an epoch: on so many of them that parts the cells as well as variants do, sooner.
#: Its arithmetic is that of the trials that ship, also on a processor that would choose another one.
PRECISION = "bfloat16"
FIXED = {"training.augmentation": "none", "training.precision": PRECISION}
EXPERIMENT, NETWORK, SEED, EPOCHS, SEEDS = "experiment-1", "base-cnn", 2024, 8, 3

FIRST_PART = "teaching-716"
"""The data set of the records that ship, as many as the article's."""
WHOLE = "teaching-all"
"""The data set of all events, with which networks can be told apart."""
# more have hardly begun when all is done
_PROCESSES_AT_MOST = 8
# what the first part is called where it was made when there was nothing else
_EARLIER_NAME = "teaching"


def prepare(workspace: "Workspace") -> None:
    """Bring a workspace to the demonstration's state: each step does only what is missing.

    One that has got there before is left as its owner wants it; one of an earlier version gets what came since, and
    keeps its own experiment under its name.
    """
    if workspace.read_only or is_prepared(workspace):
        return
    there = set(workspace.datasets()["name"])
    first_part = _EARLIER_NAME if _EARLIER_NAME in there else FIRST_PART
    parts = ((first_part, FIRST_PART_EVENTS, SHARES), (WHOLE, TEACHING_EVENTS, None))
    missing = [part for part in parts if part[0] not in there]
    # a process takes as long to start as to read hundreds of records: these do it once
    with reader_processes(len(missing), min(usable_cores(), _PROCESSES_AT_MOST), worth=1) as pool:
        # one after the other, as a data set takes all records that are there; the first is dealt as the article's
        for name, events, shares in missing:
            print(workspace.import_teaching_set(events, pool=pool), flush=True)
            print(workspace.compute_fingerprints(recipe_named("article"), pool=pool), flush=True)
            print(workspace.build_dataset(name, shares=shares, seed=SEED), flush=True)
    if NETWORK not in set(workspace.networks()["name"]):
        workspace.create_network(NETWORK, network_type="CNN", architecture="two-cycle")
    experiment = experiment_name(workspace)
    if experiment not in set(workspace.experiments()["name"]):
        workspace.plan(experiment, network=NETWORK, dataset=WHOLE, axes=AXES, fixed=FIXED, epochs=EPOCHS, seeds=SEEDS)
    if finished_trials().is_dir():
        count = workspace.import_results(finished_trials(), experiment)
        print(f"Experiment {experiment}: {count} trials, run before, are taken in.", flush=True)


def experiment_name(workspace: "Workspace") -> str:
    """Return what the demonstration's experiment is called: in one of an earlier version its name may be taken."""
    taken = set(workspace.experiments()["name"])
    names = (EXPERIMENT, f"{EXPERIMENT}-raced", f"{EXPERIMENT}-shipped")
    return next(name for name in names if name not in taken or _is_of_what_ships(workspace, name) or name == names[-1])


def _is_of_what_ships(workspace: "Workspace", experiment: str) -> bool:
    """Tell whether an experiment is over the whole set, and in the arithmetic, of the trials that ship.

    Earlier versions planned it over the first part, or in the arithmetic that the processor preferred.
    """
    row = workspace.experiments().set_index("name").loc[experiment]
    over = workspace.datasets().set_index("dataset_id")["name"].get(row["dataset_id"])
    return over == WHOLE and workspace.experiment_plan(experiment).settings["training.precision"] == PRECISION


def is_prepared(workspace: "Workspace") -> bool:
    """Tell whether the last steps were taken: the whole set and the finished trials are there."""
    totals = workspace.experiment_totals().set_index("name")["finished_count"]
    return WHOLE in set(workspace.datasets()["name"]) and bool(totals.get(experiment_name(workspace), 0))


def finished_trials() -> Path:
    """Return the folder with the demonstration's finished trials and its best network's weights."""
    return share_folder("data") / "experiment-1"
