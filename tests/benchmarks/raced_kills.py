"""Raced experiments killed at random moments and begun again: do they end as one that was left alone?

Run with ``python -m tests.benchmarks.raced_kills``. A race of six cells over three folds and two seeds, on sixty
records of the teaching set, has a runner, two workers and the owner of the database. In turn they are ended by
SIGKILL, at moments drawn from half the time that a whole run takes, counted from the last kill; a run whose runner died
is begun again. Compared with an experiment that was left alone are all trials (the same ones, with their figures,
curves, predictions and weights, to the last bit), the looks of the race with every drop, and the choice with the
sentence about it; only moments and durations may differ.
"""

import argparse
import random
import shutil
import tempfile
import time
from pathlib import Path

from tests.workspace.racing import Killer, found, planned, run_to_the_end


def main() -> None:
    """Print how many of the killed experiments came out the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--each", type=int, default=5, help="in one experiment, which is then left to come to its end")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trova-kills-") as name:
        folder = Path(name)
        planned(folder / "planned")
        whole = shutil.copytree(folder / "planned", folder / "whole")
        started = time.monotonic()
        run_to_the_end(whole)
        seconds = time.monotonic() - started
        expected = found(whole)
        trials, drops = len(expected["weights"]), sum(len(look.drops) for look in expected["looks"])
        print(f"left alone, it takes {seconds:.1f} s for {trials} trials and drops {drops} cells", flush=True)
        killer = Killer(
            random.Random(options.seed),
            seconds,
            0,
            lambda role, moment: print(f"  {role} killed after {moment:.1f} s", flush=True),
        )
        studies = same = kills = 0
        while kills < options.kills:
            killer.left = some = min(options.each, options.kills - kills)
            study = shutil.copytree(folder / "planned", folder / f"study-{studies}")
            begun = run_to_the_end(study, killer)
            ended = found(study)
            studies, kills = studies + 1, kills + some - killer.left
            same += ended == expected
            differs = [part for part in expected if ended.get(part) != expected[part]] + sorted(
                set(ended) - set(expected)
            )
            print(
                f"{studies:3}: begun {begun} times; {f'NOT THE SAME: {differs}' if differs else 'the same'}", flush=True
            )
            shutil.rmtree(study)
        verdict = "reached" if same == studies else "MISSED"
        print(f"{verdict}: after {kills} kills {same} of {studies} experiments came out the same")


if __name__ == "__main__":
    main()
