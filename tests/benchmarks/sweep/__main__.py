"""How long a trial takes on two cores, in this runner and in others: ``python -m tests.benchmarks.sweep``.

All train the same cells for as many epochs on the teaching set that ships with Trova, in one run, in turn: Trova's
sweep; a plain PyTorch loop, as one writes it first (one process, two threads, batches of 128 in float32); the same
loop in joblib on two processes of one thread, in Optuna's GridSampler (n_jobs=2), and in Ray Tune. Seconds a trial
count the whole machine: two trials side by side in ten seconds are five seconds each. Processor seconds are those of
both cores, where the runner's processes are this one's children; on a machine that is busy otherwise they tell more.
The runners need ``pip install .[benchmarks]``; one that is not installed is left out.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from tests.benchmarks.sweep.overhead import print_overhead
from tests.benchmarks.sweep.runners import RUNNERS
from tests.benchmarks.sweep.trials import CELLS, save_teaching_set, trials_of

MARKS = {(2, 8, 2): 4, (2, 64, 2): 8, (8, 64, 1): 4}
OTHERS_MARK = 3
MODULES = {"joblib": "joblib", "optuna": "optuna", "ray tune": "ray"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--trials", type=int, default=4, help="seeds a cell; an even number keeps both cores busy")
    parser.add_argument("--runners", nargs="+", default=list(RUNNERS), choices=RUNNERS)
    parser.add_argument("--cells", nargs="+", default=[",".join(map(str, cell)) for cell in CELLS])
    parser.add_argument("--rounds", type=int, default=1, help="each runner's best of so many is printed")
    parser.add_argument("--data", type=Path, help="a file of DatasetArrays in place of the teaching set")
    parser.add_argument("--overhead-cells", type=int, default=10_000, help="0 leaves the last part out")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measured(options.only, options)))
        return
    there = [name for name in options.runners if find_spec(MODULES.get(name, "torch"))]
    for name in set(options.runners) - set(there):
        print(f"{name} is not installed: pip install .[benchmarks]")
    with tempfile.TemporaryDirectory() as folder:
        if options.data is None:
            options.data = Path(folder) / "teaching.npz"
            save_teaching_set(options.data)
        for cell in options.cells:
            compare(cell, there, options)
    if options.overhead_cells:
        print_overhead(options.overhead_cells)


def compare(cell, names, options) -> None:
    """Print a cell's figures of all runners, and how many times longer each takes than Trova."""
    print(f"\n{cell}: {'s a trial':>20} {'processor s':>12} {'accuracy':>9} {'times':>6} {'processor':>10}")
    best = {}
    for _ in range(options.rounds):
        for name in names:
            found = in_own_process(name, cell, options)
            if found is None:
                continue
            if name not in best or found["seconds"] < best[name]["seconds"]:
                best[name] = found
    ours = best.get("trova")
    for name, found in best.items():
        times = found["seconds"] / ours["seconds"] if ours else np.nan
        of_processor = found["processor"] / ours["processor"] if ours and found["processor"] else np.nan
        print(
            f"{name:>12} {found['seconds']:15.2f} {found['processor'] or np.nan:12.2f} {found['accuracy']:9.3f} "
            f"{times:6.1f} {of_processor:10.1f}{verdict(name, cell, times)}",
            flush=True,
        )


def verdict(name: str, cell: str, times: float) -> str:
    """Return whether the mark is reached."""
    mark = MARKS.get(tuple(map(int, cell.split(",")))) if name == "plain loop" else OTHERS_MARK
    if name == "trova" or mark is None or np.isnan(times):
        return ""
    return f"  {'reached' if times >= mark else 'MISSED'} (mark {mark})"


def in_own_process(name: str, cell: str, options) -> dict | None:
    """Return what a runner takes for a cell, measured in a process of its own; None, and a line, when it fails."""
    command = [sys.executable, "-m", "tests.benchmarks.sweep", "--only", name, "--cells", cell]
    command += ["--epochs", str(options.epochs), "--trials", str(options.trials), "--data", str(options.data)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "RAY_AIR_NEW_OUTPUT": "0"})
    if done.returncode:
        print(f"{name:>12} failed: {(done.stderr.splitlines() or ['without a word'])[-1]}", flush=True)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def measured(name: str, options) -> dict:
    """Return seconds, processor seconds and accuracy a trial."""
    [cell] = options.cells
    numbers = tuple(map(int, cell.split(",")))
    # one for each worker, so that all of them have begun
    RUNNERS[name](trials_of((2, 1, 4), 2, 1), options.data)
    trials = trials_of(numbers, options.trials, options.epochs)
    processor, started = processor_seconds(), time.perf_counter()
    accuracies = RUNNERS[name](trials, options.data)
    seconds, spent = time.perf_counter() - started, processor_seconds() - processor
    return {
        "seconds": seconds / len(trials),
        "processor": None if name == "ray tune" else spent / len(trials),
        "accuracy": float(np.mean(accuracies)),
    }


def processor_seconds() -> float:
    """Return the processor time of this process and of those that it started."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + sum(map(seconds_of_process, children_of(os.getpid())))


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[1]) == pid:
            child = int(path.parent.name)
            found += [child, *children_of(child)]
    return found


def seconds_of_process(pid: int) -> float:
    """Return the processor time of a running process."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
