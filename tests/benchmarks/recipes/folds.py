"""Networks trained and tested by event, each finished fold kept in a file."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.recipes.contenders import VARIANTS, Contender
from tests.benchmarks.recipes.pictures import Study, pictures_of, planes_of
from trova_widgets.experiments import Plan, cells, choose_variants, train_trial, trials
from trova_widgets.identity import identity_of

CLASSES = ("blast", "earthquake")
_AXIS = "convolution2dLayer_2_filterSize"


@dataclass(frozen=True, eq=False)
class Shown:
    """What `train_trial` asks of a data set, with images that may be floats."""

    pictures: np.ndarray
    members: np.ndarray
    labels: np.ndarray
    splits: np.ndarray
    classes: tuple[str, ...] = CLASSES
    size: int = 64

    def images(self) -> np.ndarray:
        return self.pictures

    def training(self, augmentation: str, seed: int) -> np.ndarray:
        # the variants were chosen as the pictures were made
        return self.measured("training")

    def measured(self, split: str) -> np.ndarray:
        return np.flatnonzero(self.splits == split)


class OutOfTimeError(Exception):
    """The time that a command may take is over; what is finished is kept."""


def fold_of_events(members: pd.DataFrame, folds: int, seed: int) -> pd.Series:
    """Deal whole events to the folds, each class by itself: a series of folds by event."""
    rng = np.random.default_rng(seed)
    dealt: dict[str, int] = {}
    for _, events in members.drop_duplicates("event_id").groupby("event_class")["event_id"]:
        order = rng.permutation(sorted(events))
        first = int(rng.integers(folds))
        dealt |= {event: (first + place) % folds for place, event in enumerate(order)}
    return pd.Series(dealt)


def evidence(
    given: Study, contender: Contender, seeds: int, folds: int, epochs: int, cache: Path, deadline: float
) -> Iterator[pd.Series]:
    """Yield for each seed how strongly each record speaks for a blast: the logit of its probability, by record.

    A seed draws the folds as well as the networks' weights. No fold is begun after the deadline, on the clock of
    `time.monotonic`.
    """
    planes: np.ndarray | None = None
    for seed in range(seeds):
        fold_of = given.members["event_id"].map(fold_of_events(given.members, folds, seed)).to_numpy()
        parts = []
        for fold in range(folds):
            path = cache / f"{_key(given, contender, folds, seed, fold, epochs)}.json"
            if not path.exists():
                if time.monotonic() > deadline:
                    raise OutOfTimeError
                if planes is None:
                    planes = planes_of(given, contender)
                logits = _trained_and_tested(given, contender, planes, fold_of == fold, seed * folds + fold, epochs)
                unfinished = path.with_suffix(".part")
                unfinished.write_text(json.dumps(logits))
                unfinished.rename(path)
            parts.append(pd.Series(json.loads(path.read_text()), dtype=float))
        yield pd.concat(parts)


def _key(given: Study, contender: Contender, folds: int, seed: int, fold: int, epochs: int) -> str:
    measured = given.members.round(6).to_csv(index=False)
    return identity_of([measured, asdict(contender) | {"name": ""}, folds, seed, fold, epochs])


def _trained_and_tested(
    given: Study, contender: Contender, planes: np.ndarray, tested: np.ndarray, seed: int, epochs: int
) -> dict[str, float]:
    """Train on some records' five variants, with the classes levelled, and test on the others' middle one."""
    classes = given.members["event_class"].map(CLASSES.index).to_numpy()
    # in the order of the records' names, by which the variants are drawn
    order = given.members["record_id"].argsort().to_numpy()
    order = np.repeat(order[~tested[order]], len(VARIANTS))
    every = np.tile(VARIANTS, len(order) // len(VARIANTS))
    rank = given.members["record_id"].rank().to_numpy(dtype=np.int64)
    chosen = choose_variants(rank[order], classes[order], every, "levelled", seed)
    records = np.concatenate([order[chosen], np.flatnonzero(tested)])
    variants = np.concatenate([every[chosen], np.zeros(tested.sum(), dtype=np.int64)])
    training = np.arange(len(chosen))
    shown = Shown(
        pictures=pictures_of(planes[records, variants + VARIANTS.index(0)], contender, training),
        members=np.arange(len(records)),
        labels=classes[records],
        splits=np.where(np.arange(len(records)) < len(chosen), "training", "validation"),
    )
    plan = Plan.make(
        network_type="CNN",
        dataset_id=given.name,
        axes={_AXIS: "3"},
        seeds=[seed],
        fixed={"training.epochs": epochs, "training.precision": "float32"},
    )
    [trial] = trials(plan, cells(plan))
    result = train_trial(trial, shown)
    if result.state != "finished":
        raise RuntimeError(f"A network could not be trained: {result.error}")
    surest = np.array(result.predictions["probability"])
    blast = np.where(np.array(result.predictions["predicted"]) == CLASSES.index("blast"), surest, 1 - surest)
    blast = blast.clip(1e-5, 1 - 1e-5)
    names = given.members["record_id"].to_numpy()[records[result.predictions["position"]]]
    return dict(zip(names.tolist(), np.log(blast / (1 - blast)).tolist(), strict=True))
