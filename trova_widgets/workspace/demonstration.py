"""The demonstration: the teaching set that ships with Trova, and an experiment on it that was run before."""

from pathlib import Path
from typing import TYPE_CHECKING

from trova_widgets.resources import share_folder

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

#: The parameters of the article's first experiment, with ranges that a machine without a GPU gets through in an hour.
AXES = {
    "convolution2dLayer_2_filterSize": "[1:1:6]",
    "convolution2dLayer_2_numFilters": "[2:2:8]",
    "averagePooling2dLayer_6_poolSize": "[2:1:4]",
}
EXPERIMENT, NETWORK, DATASET, SEED, EPOCHS = "experiment-1", "base-cnn", "teaching", 2024, 8


def prepare(workspace: "Workspace") -> None:
    """Bring a workspace to the demonstration's state: each step does only what is missing.

    One that has got there before is left as its owner wants it.
    """
    if is_prepared(workspace):
        return
    teaching = share_folder("data") / "teaching"
    report = workspace.import_records([teaching], catalog=teaching / "catalog.xml", stations=teaching / "stations.xml")
    print(report, flush=True)
    print(workspace.compute_fingerprints(), flush=True)
    if DATASET not in set(workspace.datasets()["name"]):
        print(workspace.build_dataset(DATASET, seed=SEED), flush=True)
    if NETWORK not in set(workspace.networks()["name"]):
        workspace.create_network(NETWORK, network_type="CNN", architecture="two-cycle")
    if EXPERIMENT not in set(workspace.experiments()["name"]):
        workspace.plan(EXPERIMENT, network=NETWORK, dataset=DATASET, axes=AXES, epochs=EPOCHS)
    if finished_trials().is_dir():
        count = workspace.import_results(finished_trials())
        print(f"Experiment {EXPERIMENT}: {count} trials, run before, are taken in.", flush=True)


def is_prepared(workspace: "Workspace") -> bool:
    """Tell whether the last step was taken: the finished trials are there."""
    totals = workspace.experiment_totals().set_index("name")["finished_count"]
    return bool(totals.get(EXPERIMENT, 0))


def finished_trials() -> Path:
    """Return the folder with the demonstration's finished trials and its best network's weights."""
    return share_folder("data") / "experiment-1"
