"""Which recipe keeps what the scalogram knows: the default values against others, and against the float scalogram.

Run with ``python -m tests.benchmarks.recipes``. Real records of earthquakes and blasts (the shared ones of the Pacific
Northwest) are imported into a workspace with their catalogue. For each contender the base CNN, with the project's own
training, is trained and tested in four folds of whole events, over five seeds, each of which deals the folds anew. It
learns from the five variants of the training records alone, the classes levelled, and is tested on the middle variant.
Architecture, epochs, folds, seeds and filtered records are the same for all; only what is shown differs.

The area under the ROC curve (AUC) is told over records and over events (the mean logit of an event's records), as the
mean over the seeds with its 95 % interval; the difference to the float scalogram with the 95 % interval that other
events of the same kind would give. Half of the events are there to choose a recipe by, the other half to quote it.

Each finished fold is kept in a temporary folder, so that a run can be cut into pieces (``--seconds``) and two can
run side by side (``--only``); ``--fresh`` begins anew. ``--keep`` writes the table beside this module.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.recipes.contenders import FLOAT, Contender, contenders
from tests.benchmarks.recipes.folds import OutOfTimeError, evidence
from tests.benchmarks.recipes.pictures import Study, kept_study
from tests.benchmarks.recipes.scores import Truth, halfwidth, halves

ROOT = Path(__file__).resolve().parents[3]
TABLE = Path(__file__).with_name("table.md")
CLOSE = 0.02
_HEAD = (
    "| shown to the network | AUC over records | over events | less the float's, records | events "
    "| to choose by: records / events | to quote: records / events |\n|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Train what is missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, default=ROOT / ".." / "shared" / "data" / "pnw")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--only", nargs="+", default=[""], help="parts of contenders' names")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no fold after so long")
    parser.add_argument("--fresh", action="store_true", help="forget the folds that were kept")
    parser.add_argument("--keep", action="store_true", help=f"write the table to {TABLE.name}")
    arguments = parser.parse_args()
    if not arguments.records.is_dir():
        parser.error(f"there is no folder {arguments.records}; name one that holds waveforms/ and catalog.xml")
    deadline = time.monotonic() + arguments.seconds
    cache = Path(tempfile.gettempdir(), "trova-recipes")
    if arguments.fresh:
        shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(exist_ok=True)
    given = kept_study(arguments.records.resolve().name, arguments.records, cache)

    lines = [_told(given, arguments), "", _HEAD]
    print("\n".join(lines), flush=True)
    reference: np.ndarray | None = None
    unfinished: list[str] = []
    for contender in contenders():
        if contender.name != FLOAT and not any(part in contender.name for part in arguments.only):
            continue
        try:
            found = evidence(given, contender, arguments.seeds, arguments.folds, arguments.epochs, cache, deadline)
            table = np.array([one[given.members["record_id"]].to_numpy() for one in found])
        except OutOfTimeError:
            unfinished.append(contender.name)
            continue
        if contender.name == FLOAT:
            reference = table
        lines.append(_row(given, contender, table, reference))
        print(lines[-1], flush=True)
    if unfinished:
        lines += ["", f"Not finished, the same command goes on with them: {'; '.join(unfinished)}."]
        print("\n".join(lines[-2:]), flush=True)
    if arguments.keep:
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _told(given: Study, arguments: argparse.Namespace) -> str:
    events = given.members.drop_duplicates("event_id")["event_class"].value_counts()
    left_out = ", ".join(f"{count} {why}" for why, count in given.left_out.items()) or "none"
    return (
        f"{len(given.members)} records of {events['earthquake']} earthquakes and {events['blast']} blasts "
        f"(left out: {left_out}); {arguments.folds} folds by event, {arguments.seeds} seeds, "
        f"{arguments.epochs} epochs. A difference of less than {CLOSE:g} is close."
    )


def _row(given: Study, contender: Contender, table: np.ndarray, reference: np.ndarray | None) -> str:
    members = given.members
    truth = Truth.of(members)
    whole = truth.scores(table)
    cells = [f"{values.mean():.3f} ± {halfwidth(values):.3f}" for values in whole]
    if reference is None or contender.name == FLOAT:
        cells += ["", ""]
    else:
        base = truth.scores(reference)
        for ours, theirs, (low, high) in zip(whole, base, truth.intervals(table, reference), strict=True):
            cells.append(f"{(ours - theirs).mean():+.3f} ({low:+.3f} to {high:+.3f})")
    choosing = halves(members)
    for half in (choosing, ~choosing):
        part = Truth.of(members[half]).scores(table[:, half])
        cells.append(f"{part.records.mean():.3f} / {part.events.mean():.3f}")
    return f"| {contender.name} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
