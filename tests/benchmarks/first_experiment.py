"""The whole of the article's first experiment on this machine: ``python -m tests.benchmarks.first_experiment``.

384 cells, 15 epochs, one training each, on the first part of the teaching set, dealt as the article's 716 records. With
``--epochs`` and ``--folds`` another number of these; several folds are raced, unless ``--all`` trains all cells on all.

The workspace is kept in a temporary folder: what was ended before its time goes on, and what its earlier parts took is
counted (``--fresh`` begins anew). The minutes that are told are those in which all cores had worked for the trials
alone: processor time is counted, so that what else the machine did in between does not matter.
"""

import argparse
import json
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trova_widgets import Workspace
from trova_widgets.experiments import SHARES
from trova_widgets.processes import usable_cores
from trova_widgets.records.synthetics import FIRST_PART_EVENTS

SEED = 2024


def main() -> None:
    """Run what is missing, and print what it took and what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--folds", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="of several folds: train every cell on each")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir(), "trova-first-experiment"))
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    if options.fresh:
        shutil.rmtree(options.folder, ignore_errors=True)
    there = (options.folder / "trova.duckdb").exists()
    with Workspace.open(options.folder) if there else Workspace.create(options.folder, recipe="article") as workspace:
        way = "" if options.folds == 1 else "-all" if options.all else "-raced"
        name = f"epochs-{options.epochs}-folds-{options.folds}{way}"
        if name not in set(workspace.experiments()["name"]):
            _plan(workspace, name, options)
        taken = options.folder / f"{name}.json"
        with _counted(taken):
            status = workspace.run_here(name, race=options.folds > 1 and not options.all)
        seconds = json.loads(taken.read_text())
        print(status)
        print(
            f"{name}: {status.done} of {status.total} trainings in "
            f"{seconds['processor'] / usable_cores() / 60:.0f} min of {usable_cores()} cores "
            f"({seconds['wall'] / 60:.0f} min by the clock, with what else the machine did)"
        )
        print(workspace.results(name) if options.folds > 1 else workspace.trials(name).nlargest(10, "quality"))


def _plan(workspace: Workspace, name: str, options: argparse.Namespace) -> None:
    workspace.import_teaching_set(FIRST_PART_EVENTS)
    workspace.compute_fingerprints()
    dataset = f"folds-{options.folds}"
    if dataset not in set(workspace.datasets()["name"]):
        if options.folds == 1:
            workspace.build_dataset(dataset, shares=SHARES, seed=SEED)
        else:
            workspace.build_dataset(dataset, folds=options.folds, seed=SEED)
    if "base" not in set(workspace.networks()["name"]):
        workspace.create_network("base", network_type="CNN", architecture="two-cycle")
    print(workspace.plan(name, network="base", dataset=dataset, preset="article-1", epochs=options.epochs))


@contextmanager
def _counted(file: Path) -> Iterator[None]:
    """Add to a file what is taken from here on [s], also where it is ended before its time."""
    before = json.loads(file.read_text()) if file.exists() else {"processor": 0.0, "wall": 0.0}
    began = _processor_s(), time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        since = {"processor": _processor_s() - began[0], "wall": time.monotonic() - began[1]}
        file.write_text(json.dumps({each: before[each] + since[each] for each in before}))


def _processor_s() -> float:
    """Return the processor time of this process and of its children that have ended [s]."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
