"""Ten processes on one served workspace: is anything lost or doubled, and how long does a page wait?

Run with ``python -m tests.benchmarks.together``. A workspace of 10,000 records and an experiment of 200 trials is
served by its owner process. Ten others, like visitors' kernels and a sweep, ask what a page asks and write in turn a
note, a label, a trial (all of them the same ones) or a parameter (all of them of the same record), for a minute, with
pauses in which a person would look.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from tests.store.crowd import gather, lost_or_doubled, prepare
from trova_widgets.store import stop_owner

_LIMIT_MS = 50


def main() -> None:
    """Print what went wrong and how long queries took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--pause", type=float, default=1.0, help="mean pause after looking and after writing [s]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trova-together-") as name:
        folder = Path(name) / "study"
        prepare(folder, options.records)
        try:
            visits = gather(folder, options.visitors, options.seconds, options.pause)
            wrong = lost_or_doubled(folder, visits)
        finally:
            stop_owner(folder)
    errors = [error for done in visits for error in done.errors]
    rounds = sum(done.written for done in visits)
    print(f"{options.visitors} processes for {options.seconds:.0f} s: {rounds} rounds of looking and writing")
    for sentence in (errors + wrong)[:10]:
        print(f"  {sentence}")
    print(f"{'reached' if not errors else 'MISSED'}: {len(errors)} errors")
    print(f"{'reached' if not wrong else 'MISSED'}: {len(wrong)} kinds of rows lost or doubled")
    names = list(visits[0].seconds)
    every: list[float] = []
    print("                                  median      95 of 100 [ms]")
    for query in names:
        ms = [1e3 * value for done in visits for value in done.seconds[query]]
        every += ms
        print(f"  {query:30} {np.median(ms):8.1f} {np.percentile(ms, 95):10.1f}")
    slow = np.percentile(every, 95)
    verdict = "reached" if slow < _LIMIT_MS else "MISSED"
    print(f"{verdict}: 95 of 100 queries of a page take at most {slow:.1f} ms (under {_LIMIT_MS})")


if __name__ == "__main__":
    main()
