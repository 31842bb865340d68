"""Whether the time that is told of an experiment is the time that it takes: ``python -m tests.benchmarks.estimates``.

In a workspace that is thrown away, over a part of the teaching set in folds. The first experiment is estimated from a
calibration of the machine, and again while it runs, from what has run of it; the second one, of other cells, from the
first. Both train everything, so that the truth is known. A ratio is the estimate over the truth; it ends with the
status 1 where one is beyond a factor of 1.5. On a machine that is busy with something else the truth is that, too.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trova_widgets import Workspace
from trova_widgets.resources import share_folder

MARK = 1.5
SHARES = (0.15, 0.3, 0.6)
SIZE, COUNT, POOL = (
    "convolution2dLayer_2_filterSize",
    "convolution2dLayer_2_numFilters",
    "averagePooling2dLayer_6_poolSize",
)
FIRST = {SIZE: "2, 5", COUNT: "8, 24"}
SECOND = {SIZE: "3, 4", COUNT: "16, 40", POOL: "2, 3"}


def silently(items: Any, label: str, total: int | None = None) -> Any:
    """Watch and show nothing."""
    return items


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=400, help="records of the teaching set")
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    print(f"{'when':44}  estimate [s]  truth [s]  ratio")
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace.create(Path(folder) / "study", recipe="article") as workspace,
    ):
        held = list(measured(workspace, options.files, options.epochs))
    for when, estimate, truth in held:
        ratio = estimate / truth
        verdict = "" if 1 / MARK <= ratio <= MARK else f"  beyond {MARK}"
        print(f"{when:44}  {estimate:12.1f}  {truth:9.1f}  {ratio:5.2f}{verdict}")
    sys.exit(any(not 1 / MARK <= estimate / truth <= MARK for _, estimate, truth in held))


def measured(workspace: Workspace, files: int, epochs: int) -> Iterator[tuple[str, float, float]]:
    """Yield when it was estimated, the estimate, and what it took then [s]."""
    teaching = share_folder("data") / "teaching"
    chosen = sorted((teaching / "waveforms").glob("*.mseed"))[:files]
    workspace.import_records(chosen, catalog=teaching / "catalog.xml", progress=silently)
    workspace.compute_fingerprints(progress=silently)
    workspace.build_dataset("folded", folds=3, progress=silently)
    workspace.create_network("base")
    began = time.perf_counter()
    workspace.seconds_an_operation(calibrate=True)
    print(f"the calibration took {time.perf_counter() - began:.1f} s", flush=True)
    for name, axes, source in (("first", FIRST, "from the calibration"), ("second", SECOND, "from the first")):
        # what was looked at a moment ago is looked at again
        workspace._pace = None
        report = workspace.plan(name, network="base", dataset="folded", axes=axes, epochs=epochs)
        watcher = Watcher(workspace, name)
        watcher.start()
        began = time.perf_counter()
        workspace.run_here(name, race=False)
        ended = time.perf_counter()
        watcher.join()
        yield f"{name}, before its first trial, {source}", report.seconds or 0.0, ended - began
        for share, moment, left in watcher.told:
            yield f"{name}, after {100 * share:.0f} % of its trials", left, ended - moment


class Watcher(threading.Thread):
    """Notes what a run says of the time left, when it has made some shares of its trials."""

    def __init__(self, workspace: Workspace, experiment: str) -> None:
        super().__init__(daemon=True)
        self._runs, self._experiment = workspace._runs, experiment
        self.told: list[tuple[float, float, float]] = []

    def run(self) -> None:
        """Look every tenth of a second until the run has ended."""
        wanted = list(SHARES)
        while wanted:
            status = self._runs.status(self._experiment)
            if status is not None and status.state == "finished":
                return
            if status is not None and status.seconds_left and status.done >= wanted[0] * status.total:
                self.told.append((status.done / status.total, time.perf_counter(), status.seconds_left))
                wanted = [share for share in wanted if share > status.done / status.total]
            time.sleep(0.1)


if __name__ == "__main__":
    main()
