"""What every runner trains: cells of the article's first experiment, on the teaching set that ships with Trova."""

import tempfile
from pathlib import Path

from trova_widgets.experiments import SHARES, Plan, cells, trials
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.resources import share_folder
from trova_widgets.store import Store
from trova_widgets.workspace import Workspace
from trova_widgets.workspace.datasets import dataset_arrays

AXES = ("convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters", "averagePooling2dLayer_6_poolSize")
CELLS = ((2, 8, 2), (2, 64, 2), (8, 64, 1))


def trials_of(cell, seeds, epochs, precision="auto"):
    """Return the trials of a cell, one a seed."""
    plan = Plan.make(
        network_type="CNN",
        dataset_id="teaching",
        axes={name: [value] for name, value in zip(AXES, cell, strict=True)},
        fixed={"training.epochs": epochs, "training.precision": precision},
        seeds=seeds,
    )
    return trials(plan, cells(plan))


def save_teaching_set(path: Path) -> None:
    """Write the teaching set's fingerprints to a file that `DatasetArrays.load` reads."""
    teaching = share_folder("data") / "teaching"
    with tempfile.TemporaryDirectory() as folder:
        with Workspace.create(folder, recipe="article") as workspace:
            workspace.import_records([teaching], catalog=teaching / "catalog.xml", stations=teaching / "stations.xml")
            workspace.compute_fingerprints()
            workspace.build_dataset("teaching", shares=SHARES, seed=2024)
        with Store.open(Path(folder)) as store:
            row = store.dataset("teaching")
            dataset_arrays(store, row, store.dataset_members(row.dataset_id), FingerprintRecipe()).save(path)
