"""Many processes on one served workspace: each looks and writes, and says what it wrote and how long it waited."""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pandas as pd

from tests.benchmarks.hundred_thousand import fill_with_records
from tests.store.processes import SPAWN
from tests.store.samples import dataset, experiment, fingerprints, label, members, network, parameter, record, trial
from trova_widgets.store import RecordFilter, Store

TRIALS = 200
EVENTS = 20
KINDS = 4
_EXPERIMENT = "x0"


@dataclass
class Visit:
    """What one process did.

    Attributes
    ----------
    written : int
        Rounds of writing.
    seconds : dict of str to list of float
        How long each query took [s], by its name.
    errors : list of str
        What went wrong.
    """

    written: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)


def prepare(folder: Path, records: int) -> None:
    """Make a workspace with records, and an experiment with its planned trials."""
    with Store.create(folder) as store:
        fill_with_records(store, records)
        store.add_records([record("r0", "smi:trova/event/000000")])
        store.add_recipe("recipe", "default", {"size": 64})
        store.add_fingerprints(fingerprints(1))
        store.add_dataset(dataset(), members(1).assign(event_id="smi:trova/event/000000"))
        store.add_network(network())
        store.add_experiment(experiment(_EXPERIMENT))
        planned = [
            {"trial_id": f"t{i}", "cell": i, "fold": None, "seed": 0, "values_json": f'{{"size": {i}}}'}
            for i in range(TRIALS)
        ]
        store.link_trials(_EXPERIMENT, pd.DataFrame(planned))


def gather(folder: Path, visitors: int, seconds: float, pause_s: float) -> list[Visit]:
    """Let so many processes come, and when all are there, stay for a while."""
    barrier = SPAWN.Barrier(visitors)
    with (
        Store.open(folder, shared=True),
        ProcessPoolExecutor(visitors, mp_context=SPAWN, initializer=_meet_at, initargs=(barrier,)) as pool,
    ):
        visits = [pool.submit(visit, folder, number, seconds, pause_s) for number in range(visitors)]
        return [found.result() for found in visits]


_together: list[Barrier] = []


def _meet_at(barrier: Barrier) -> None:
    _together.append(barrier)


def visit(folder: Path, number: int, seconds: float, pause_s: float) -> Visit:
    """Look and write, with a pause after each, from the moment when all are there."""
    done = Visit()
    chance = random.Random(number)
    author = f"visitor {number}"
    with Store.open(folder, shared=True) as store:
        _together[0].wait(120)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                for name, query in _queries(store, chance).items():
                    started = time.perf_counter()
                    query()
                    done.seconds[name].append(time.perf_counter() - started)
                time.sleep(chance.uniform(0, 2 * pause_s))
                _write(store, author, done.written, chance)
                done.written += 1
                time.sleep(chance.uniform(0, 2 * pause_s))
            except Exception as error:
                done.errors.append(f"{author}: {type(error).__name__}: {error}")
    return done


def _queries(store: Store, chance: random.Random) -> dict[str, Callable[[], object]]:
    chosen = RecordFilter(event_class=chance.choice(["earthquake", "quarry_blast", None]))
    return {
        "has anything changed": store.revision,
        "the counts above": store.counts,
        "a page of records": lambda: store.record_page(chosen, first=10 * chance.randrange(20)),
        "a record's history": lambda: store.parameters("r0"),
        "an event's labels": lambda: store.labels(_event(chance.randrange(EVENTS))),
        "how far experiments are": store.experiment_totals,
        "an experiment's trials": lambda: store.trials(_EXPERIMENT),
    }


def _write(store: Store, author: str, count: int, chance: random.Random) -> None:
    """Write a note, a label, a trial that all of them finish, or a parameter of a record of all of them, in turn."""
    number, turn = divmod(count, KINDS)
    now = time.time_ns()
    if turn == 0:
        store.annotate(author, str(number), author)
    elif turn == 1:
        store.add_labels([label(_event(chance.randrange(EVENTS)), "earthquake", made_at_ns=now, author=author)])
    elif turn == 2:
        store.add_trials([trial(f"t{number % TRIALS}", finished_at_ns=now)])
    else:
        store.add_parameters(
            [parameter("r0", f"p{number % 5}", count, source="analyst", author=author, made_at_ns=now)]
        )


def _written(count: int, turn: int) -> int:
    """Return how many of so many rounds wrote what comes at this turn."""
    return (count + KINDS - 1 - turn) // KINDS


def _event(number: int) -> str:
    return f"smi:trova/event/{number:06d}"


def lost_or_doubled(folder: Path, visits: list[Visit]) -> list[str]:
    """Return what is not as it must be after these visits, a sentence each."""
    wrong: list[str] = []
    with Store.open(folder) as store:
        for number, done in enumerate(visits):
            author = f"visitor {number}"
            notes = store.annotations(author)["text"].astype(int).tolist()
            if notes != list(range(_written(done.written, 0))):
                wrong.append(f"{author} wrote {_written(done.written, 0)} notes, and there are {len(notes)}.")
            labels = store.labels().query("author == @author")
            if len(labels) != _written(done.written, 1):
                wrong.append(f"{author} gave {_written(done.written, 1)} labels, and there are {len(labels)}.")
        attempts = store._database.rows("SELECT trial_id, attempt, state FROM trial ORDER BY trial_id")
        wanted = sorted(f"t{i}" for i in range(min(TRIALS, max(_written(done.written, 2) for done in visits))))
        if attempts != [(trial_id, 1, "finished") for trial_id in wanted]:
            wrong.append(f"{len(wanted)} trials were finished by several, and the rows are {attempts}.")
        written, history = sum(_written(done.written, 3) for done in visits), store.parameters("r0")
        if len(history) != written:
            wrong.append(f"{written} parameters were set, and {len(history)} are there.")
        if store.stale_values():
            wrong.append("The values that count are not those that their history says.")
    return wrong
