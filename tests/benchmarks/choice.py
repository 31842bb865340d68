"""How far the choice can be believed, on simulated experiments whose truth is known.

Run with ``python -m tests.benchmarks.choice``. The experiments are those of `tests.benchmarks.landscapes`. Every one is
made with all its trainings, and raced. "Holds" is that the 90 % set holds every truly best cell; "lost" that a race
dropped all of them; the bias of a figure is against the truth of the cell that the lowest loss chooses, less how easy
the events happen to be for all cells alike (mean 0). The strict race (``--strict``) has no margin and no end on flat
ground; of equal best cells it counts the share that was dropped. ``--lasting`` sets what part of the cell-by-record
variance stays the same from seed to seed: with 0 more seeds narrow the set nearly as much as more events do, with 1
they lessen the luck of the trainings alone. A race that ends on flat ground has seen less than all trainings show:
what that costs where one cell alone is better, which few events cannot tell, is a line of its own. ``--rules``
compares rules of the choice instead.
"""

import argparse
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.choice_rules import SLOPING, compare_rules, report_rules
from tests.benchmarks.landscapes import LANDSCAPES, ROWS, Floats, Task, landscape, simulate
from trova_widgets.experiments.choice.confidence_set import confidence_set
from trova_widgets.experiments.choice.losses import Losses
from trova_widgets.experiments.choice.nested import nested_expectation
from trova_widgets.experiments.choice.racing import Race, RaceRules, race
from trova_widgets.experiments.choice.sampling import RandomNumbers

EXPERIMENTS = 200
SEED = 20260101
#: By the rules that hold where none are given.
RISK, MARGIN = RaceRules().risk, RaceRules().margin
MOST_TRAININGS = {170: 0.75, 600: 0.45}
_BBC_DRAWS = 500
_CHUNK = 5


class Outcome(NamedTuple):
    """What one experiment showed."""

    set_size: float
    holds: float
    naive_bias: float
    bbc_bias: float
    nested_bias: float
    covers: float
    width: float
    loss: float
    race_share: float = np.nan
    race_lost: float = np.nan
    race_loss: float = np.nan
    race_flat: float = np.nan
    raced_bias: float = np.nan
    raced_covers: float = np.nan
    strict_share: float = np.nan
    strict_lost: float = np.nan
    strict_loss: float = np.nan


def bbc_cv(losses: Losses, rng: np.random.Generator) -> float:
    """Return what the chosen cell gets on events that a bootstrap left out (Tsamardinos et al. 2018)."""
    by_event = losses.by_event.T
    events = len(by_event)
    counts = rng.multinomial(events, np.full(events, 1 / events), size=_BBC_DRAWS).astype(float)
    chosen = (counts @ by_event).argmin(axis=1)
    left_out = counts == 0
    told = (left_out @ by_event)[np.arange(_BBC_DRAWS), chosen] / left_out.sum(axis=1)
    return float(1 - told.mean())


def experiment(
    rng: np.random.Generator, name: str, events: int, seeds: int, lasting: float = 0.0, strict: bool = False
) -> Outcome:
    """Make one experiment, with all trainings and raced."""
    level, truth = landscape(name)
    best = truth >= truth.max() - 1e-12
    losses = simulate(rng, level, events, seeds, lasting)
    numbers = RandomNumbers.of(losses, seed=int(rng.integers(2**31)))
    found = confidence_set(losses, numbers=numbers)
    told = nested_expectation(losses, numbers=numbers)
    expected = truth[told.chosen]
    # how easy these events happen to be for all cells alike: known here, its mean is 0, so it is taken out of the bias
    ease = losses.quality().mean() - truth.mean()
    outcome = Outcome(
        set_size=found.inside.sum(),
        holds=found.inside[best].all(),
        naive_bias=told.apparent - expected - ease,
        bbc_bias=bbc_cv(losses, rng) - expected - ease,
        nested_bias=told.quality - expected - ease,
        covers=told.low <= expected <= told.high,
        width=told.high - told.low,
        loss=truth.max() - expected,
    )
    if seeds == 1:
        return outcome
    raced = race(losses, RaceRules(risk=RISK, margin=MARGIN), numbers=numbers)
    seen = losses.select(trainings=trainings_of(raced, losses))
    after = nested_expectation(seen, numbers=numbers)
    outcome = outcome._replace(
        race_share=trainings_of(raced, losses).mean(),
        race_lost=not best[raced.running].any(),
        race_loss=truth.max() - truth[winner(raced, seen)],
        race_flat=raced.reason == "flat",
        raced_bias=after.quality - truth[after.chosen] - ease,
        raced_covers=after.low <= truth[after.chosen] <= after.high,
    )
    if not strict:
        return outcome
    hard = race(losses, RaceRules(risk=RISK, margin=0.0, flat_p=1.0), numbers=numbers)
    seen = losses.select(trainings=trainings_of(hard, losses))
    return outcome._replace(
        strict_share=seen.measured.mean(),
        # of equal cells each might be the best: none must be dropped more often than stated
        strict_lost=1 - np.isin(np.flatnonzero(best), hard.running).mean(),
        strict_loss=truth.max() - truth[winner(hard, seen)],
    )


def winner(raced: Race, seen: Losses) -> int:
    """Return the running cell of the highest quality."""
    return int(raced.running[seen.quality()[raced.running].argmax()])


def trainings_of(raced: Race, losses: Losses) -> NDArray[np.bool_]:
    """Return which trainings the race made of those that are all there."""
    made = np.zeros_like(losses.measured)
    made[:, 0, 0] = True
    dropped = np.zeros(len(made), dtype=bool)
    for look in raced.looks:
        made[~dropped, look.fold, look.seed] = True
        dropped[[drop.cell for drop in look.drops]] = True
    return made


def run_task(task: Task, strict: bool) -> list[Outcome]:
    """Make the experiments of a task."""
    return [experiment(*each, strict=strict) for each in task.experiments()]


def main() -> None:
    """Print the tables and what holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--experiments", type=int, default=EXPERIMENTS, help="of each row on each landscape")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--lasting", type=float, default=0.0)
    parser.add_argument("--strict", action="store_true", help="race without a margin, too")
    parser.add_argument("--rules", action="store_true", help="compare rules of the choice instead")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--landscapes", nargs="+", choices=LANDSCAPES, default=LANDSCAPES)
    arguments = parser.parse_args()
    began = time.monotonic()
    names = [name for name in arguments.landscapes if name in SLOPING or not arguments.rules]
    pairs = [(LANDSCAPES.index(name), row) for name, row in product(names, range(len(ROWS)))]
    tasks = [
        Task(arguments.seed, arguments.lasting, *pair, first, min(first + _CHUNK, arguments.experiments))
        for first in range(0, arguments.experiments, _CHUNK)
        for pair in pairs
    ]
    # a worker is one thread: two of them would wait for each other's
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    made: dict[tuple[int, int], list[Any]] = {pair: [] for pair in pairs}
    make = compare_rules if arguments.rules else partial(run_task, strict=arguments.strict)
    with ProcessPoolExecutor(arguments.workers, multiprocessing.get_context("spawn")) as pool:
        for task, done in zip(tasks, pool.map(make, tasks), strict=True):
            made[task.landscape, task.row] += done
    print(
        f"{arguments.experiments} experiments of each row, seed {arguments.seed}, lasting {arguments.lasting:g}, "
        f"{time.monotonic() - began:.0f} s on {arguments.workers} workers\n"
    )
    tell = report_rules if arguments.rules else report
    tell({pair: np.array(each, dtype=float) for pair, each in made.items()})


def report(tables: dict[tuple[int, int], Floats]) -> None:
    """Print the tables, and each line that has to hold."""
    columns = {name: place for place, name in enumerate(Outcome._fields)}

    def mean(pair: tuple[int, int], name: str) -> float:
        return float(tables[pair][:, columns[name]].mean())

    print("landscape  events  seeds | set of 64  holds | bias: naive  BBC-CV  nested (+- se)  covers  width | loss")
    for pair, table in tables.items():
        events, seeds = ROWS[pair[1]]
        error = table[:, columns["nested_bias"]].std() / np.sqrt(len(table))
        print(
            f"{LANDSCAPES[pair[0]]:9}  {events:6d}  {seeds:5d} | {mean(pair, 'set_size'):9.1f}  "
            f"{mean(pair, 'holds'):5.3f} | {mean(pair, 'naive_bias'):+11.4f}  {mean(pair, 'bbc_bias'):+6.4f}  "
            f"{mean(pair, 'nested_bias'):+.4f} +- {error:.4f}  {mean(pair, 'covers'):6.3f}  "
            f"{mean(pair, 'width'):.3f} | {mean(pair, 'loss'):.4f}"
        )
    print(
        f"\nraced, {100 * RISK:g} % risk, margin {100 * MARGIN:g} point\n"
        "landscape  events | trainings  lost best  loss - full (+- se)  says flat | nested bias  covers"
        " | strict: trainings  lost best  loss - full"
    )
    raced = [pair for pair in tables if ROWS[pair[1]][1] > 1]
    extra = {}
    for pair in raced:
        table = tables[pair]
        difference = table[:, columns["race_loss"]] - table[:, columns["loss"]]
        error = difference.std() / np.sqrt(len(table))
        extra[pair] = (difference.mean(), error)
        hard = (
            f" | {mean(pair, 'strict_share'):17.3f}  {mean(pair, 'strict_lost'):9.3f}  "
            f"{mean(pair, 'strict_loss') - mean(pair, 'loss'):+.5f}"
        )
        print(
            f"{LANDSCAPES[pair[0]]:9}  {ROWS[pair[1]][0]:6d} | {mean(pair, 'race_share'):9.3f}  "
            f"{mean(pair, 'race_lost'):9.3f}  {difference.mean():+.5f} +- {error:.5f}   "
            f"{mean(pair, 'race_flat'):9.3f} | {mean(pair, 'raced_bias'):+11.4f}  {mean(pair, 'raced_covers'):6.3f}"
            + (hard if np.isfinite(mean(pair, "strict_share")) else " | -")
        )
    print()
    flat = LANDSCAPES.index("flat")
    holding = min(mean(pair, "holds") for pair in tables)
    _line("the 90 % set holds the best in at least 88 %", holding >= 0.88, f"least {holding:.3f}")
    bias = max(abs(mean(pair, "nested_bias")) for pair in tables)
    _line("bias of the estimate without luck at most .004", bias <= 0.004, f"largest {bias:.4f}")
    covered = [mean(pair, "covers") for pair in tables]
    _line(
        "its 95 % interval covers in 90 to 99.5 %",
        min(covered) >= 0.9 and max(covered) <= 0.995,
        f"{min(covered):.3f} to {max(covered):.3f}",
    )
    for events, most in MOST_TRAININGS.items():
        shares = {pair: mean(pair, "race_share") for pair in raced if ROWS[pair[1]][0] == events}
        if shares:
            _line(
                f"a race of {events} events makes at most {100 * most:.0f} % of the trainings",
                max(shares.values()) <= most,
                ", ".join(f"{LANDSCAPES[pair[0]]} {share:.3f}" for pair, share in shares.items()),
            )
    lone = LANDSCAPES.index("lone")
    usual = [each for pair, each in extra.items() if pair[0] != lone]
    if usual:
        _line(
            "a race loses no more than all trainings do",
            all(difference <= 2 * error for difference, error in usual),
            f"largest difference {max(difference for difference, _ in usual):+.5f}",
        )
    alone = [difference for pair, (difference, _) in extra.items() if pair[0] == lone]
    if alone:
        _line(
            "where one cell alone is better, to end early costs at most half a point",
            max(alone) <= 0.005,
            ", ".join(f"{difference:+.5f}" for difference in alone),
        )
    lost = float(np.nanmax([mean(pair, name) for pair in raced for name in ("race_lost", "strict_lost")]))
    _line(f"a race loses the best in at most {100 * RISK:g} %", lost <= RISK, f"most {lost:.3f}")
    early = [(mean(pair, "race_flat"), mean(pair, "race_share")) for pair in raced if pair[0] == flat]
    if early:
        _line(
            "on flat ground most races say early that nothing can be told apart",
            all(said > 0.5 and share < 0.5 for said, share in early),
            ", ".join(
                f"{100 * said:.0f} % say so, after {100 * share:.0f} % of the trainings" for said, share in early
            ),
        )


def _line(what: str, holds: bool, figures: str) -> None:
    print(f"{'reached' if holds else 'MISSED '}: {what} ({figures})")


if __name__ == "__main__":
    main()
