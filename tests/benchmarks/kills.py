"""Imports killed at random moments and begun again: does the workspace become what it would have become?

Run with ``python -m tests.benchmarks.kills``. An archive of 120 files, one of them cut short and one without its
beginning, is taken in eight transactions by a process of its own (every second time with two workers), which SIGKILL
ends at a moment drawn from the time that an import takes; then the import is begun again. Every table, row for row, and
every file are compared with those of an import that nothing interrupted; only the moments of writing may differ.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from tests.workspace.interrupting import archive_with_a_cut_file, contents, importing, run_to_the_end
from trova_widgets.store import Store
from trova_widgets.workspace import Workspace


def main() -> None:
    """Print how many of the killed imports came out the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="trova-kills-") as name:
        folder = Path(name)
        archive = archive_with_a_cut_file(folder / "archive")
        expected, seconds = _uninterrupted(folder / "whole", archive)
        print(f"an import takes {seconds[1]:.1f} s in one process and {seconds[2]:.1f} s with two workers", flush=True)
        same = 0
        for number in range(options.kills):
            workers = 1 + number % 2
            study = folder / f"study-{number}"
            Workspace.create(study, recipe="article").close()
            moment = moments.uniform(0, seconds[workers])
            with importing(study, archive, workers) as process:
                time.sleep(moment)
                was_running = process.poll() is None
                process.kill()
            kept = _records(study)
            errors = run_to_the_end(study, archive, workers)
            is_same = not errors and contents(study) == expected
            same += is_same
            print(
                f"{number + 1:3}: killed after {moment:.2f} s{'' if was_running else ' (it had ended)'}, with {kept:3} "
                f"records kept; begun again, {'the same' if is_same else 'NOT THE SAME ' + errors}",
                flush=True,
            )
        verdict = "reached" if same == options.kills else "MISSED"
        print(f"{verdict}: {same} of {options.kills} came out the same, row for row and file for file")


def _uninterrupted(folder: Path, archive: Path) -> tuple[dict[str, object], dict[int, float]]:
    seconds = {}
    for workers in (1, 2):
        study = folder / str(workers)
        Workspace.create(study, recipe="article").close()
        with importing(study, archive, workers) as process:
            started = time.monotonic()
            process.wait()
            seconds[workers] = time.monotonic() - started
    expected = contents(folder / "1")
    assert contents(folder / "2") == expected
    return expected, seconds


def _records(study: Path) -> int:
    with Store.open(study) as store:
        return store.counts()["records"]


if __name__ == "__main__":
    main()
