"""Trova beside every baseline, on invented and on real records: ``python -m tests.benchmarks.evaluate``.

Five folds of whole events; every record is told by networks that never saw its event, and every interval is by a
bootstrap of events. The recipe and the network are named below, and were chosen in part on the folds of the first part,
the teaching set: how much of the figure is the luck of the choice is what ``trova results`` tells of a whole grid. On
the second part, 600 other events of the same kind, nothing was chosen.

The workspaces are kept in a temporary folder, so that what is there already is not trained again (``--fresh`` begins
anew). The real records are not part of the project; without them that part is left out.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from trova_widgets import Workspace
from trova_widgets.fingerprinting import recipe_named
from trova_widgets.records.synthetics import TEACHING_EVENTS

#: The seed of the other events.
OTHER_SEED = 8
REAL = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
#: The folders of real records, with the catalogue of each.
FOLDERS = (("pnw", "catalog.xml"), ("pnw_2002_2017", "catalog.csv"))
#: What is trained: the recipe, the network's type, its model and settings; the first is Trova's choice.
CHOICES = {
    "choice": (
        "signed",
        "MLP",
        "two-hidden",
        {
            "fullyConnectedLayer_2_outputSize": 1024,
            "fullyConnectedLayer_5_outputSize": 512,
            "dropoutLayer_7_probability": 0.5,
        },
    ),
    "signed-cnn": ("signed", "CNN", "two-cycle", {"convolution2dLayer_2_filterSize": 2}),
    "article-cnn": ("article", "CNN", "two-cycle", {"convolution2dLayer_2_filterSize": 2}),
    "article-mlp": ("article", "MLP", "one-hidden", {}),
}
#: How often the training set is gone through: by the recipe ``signed`` it has 17 variants of each record, not five.
EPOCHS = {"signed": 5, "article": 10}
#: How they are trained, where that is not as usual.
TRAINED = {
    "choice": {
        "training.test_augmentation": "all",
        "training.members": 5,
        # so wide a network is trained as well by fewer and larger steps, and sooner
        "training.batch_size": 128,
        "training.learning_rate": 0.004,
    },
    "signed-cnn": {"training.test_augmentation": "all"},
}


def silently(items, label, total=None):
    """Watch and show nothing."""
    return items


def main() -> None:
    """Make what is missing, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--workers", type=int, help="processes that train (one a core, if left out)")
    parser.add_argument("--only", choices=("teaching", "other", "real"))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir(), "trova-evaluate"))
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--placement", action="store_true", help="also with the onset taken to be wrong")
    parser.add_argument("--alone", action="store_true", help="the choice and the baselines, without other networks")
    options = parser.parse_args()
    if options.fresh:
        shutil.rmtree(options.folder, ignore_errors=True)
    for name, fill in (("teaching", _teaching), ("other", _other), ("real", _real)):
        if options.only in (None, name):
            path = options.folder / name
            there = (path / "trova.duckdb").exists()
            with Workspace.open(path) if there else Workspace.create(path) as workspace:
                if not there and not fill(workspace):
                    print(f"The records of {REAL} are not here, so there is nothing to say of real records.")
                    continue
                _evaluate(workspace, name, options)


def _teaching(workspace: Workspace) -> bool:
    workspace.import_teaching_set(TEACHING_EVENTS, progress=silently)
    workspace.compute_fingerprints(recipe_named("signed"), progress=silently)
    workspace.build_dataset("teaching", seed=2024)
    return True


def _other(workspace: Workspace) -> bool:
    workspace.import_teaching_set(TEACHING_EVENTS, seed=OTHER_SEED, progress=silently)
    workspace.compute_fingerprints(recipe_named("signed"), progress=silently)
    workspace.build_dataset("other", holdout=0, seed=2024)
    return True


def _real(workspace: Workspace) -> bool:
    if not REAL.is_dir():
        return False
    for folder, catalogue in FOLDERS:
        workspace.import_records(REAL / folder / "waveforms", REAL / folder / catalogue, progress=silently)
    workspace.compute_fingerprints(recipe_named("signed"), progress=silently)
    workspace.build_dataset("real", holdout=0, seed=2024)
    return True


def train(workspace: Workspace, name: str, dataset: str, *, seeds: int = 1, workers: int | None = None) -> None:
    """Train one of the choices on the folds of a data set, as far as it is missing."""
    recipe, kind, model, values = CHOICES[name]
    if name not in set(workspace.experiments()["name"]):
        workspace.use_recipe(recipe_named(recipe))
        workspace.create_network(name, network_type=kind, architecture=model, **values)
        workspace.plan(
            name,
            network=name,
            dataset=dataset,
            axes={},
            fixed={"training.augmentation": "all", **TRAINED.get(name, {})},
            epochs=EPOCHS[recipe],
            seeds=seeds,
        )
    workspace.run_here(name, workers=workers, race=False)


def _evaluate(workspace: Workspace, dataset: str, options: argparse.Namespace) -> None:
    first, *others = CHOICES
    if options.alone or dataset == "other":
        others = []
    train(workspace, first, dataset, seeds=options.seeds, workers=options.workers)
    for name in others:
        train(workspace, name, dataset, workers=options.workers)
    print(workspace.evaluate(first, beside=others, placement=options.placement, progress=silently), flush=True)
    print()


if __name__ == "__main__":
    main()
