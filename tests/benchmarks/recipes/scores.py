"""Areas under the ROC curve, over records and over events, and how sure they are."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata, t

_DRAWS = 1000


class Scores(NamedTuple):
    """Areas under the ROC curve, one for each seed."""

    records: np.ndarray
    events: np.ndarray


class Truth(NamedTuple):
    """Some records: which events they belong to, and which events are blasts."""

    event_of: np.ndarray
    is_blast: np.ndarray

    @classmethod
    def of(cls, members: pd.DataFrame) -> "Truth":
        """Return the truth about some records."""
        event_of, events = pd.factorize(members["event_id"], sort=True)
        classes = members.groupby("event_id")["event_class"].first()
        return cls(event_of, (classes[events] == "blast").to_numpy())

    def scores(self, evidence: np.ndarray) -> Scores:
        """Score evidence of the shape (seeds, records); an event's is the mean of its records'."""
        counts = np.bincount(self.event_of)
        means = [np.bincount(self.event_of, weights=one) / counts for one in evidence]
        return Scores(
            np.array([area(one, self.is_blast[self.event_of]) for one in evidence]),
            np.array([area(one, self.is_blast) for one in means]),
        )

    def intervals(self, ours: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return 95 % intervals of the differences over records and over events, other events being drawn."""
        rng = np.random.default_rng(0)
        records_of = [np.flatnonzero(self.event_of == event) for event in range(len(self.is_blast))]
        differences = np.empty((_DRAWS, 2))
        for draw in range(_DRAWS):
            classes = [np.flatnonzero(self.is_blast == one) for one in (False, True)]
            drawn = np.concatenate([rng.choice(events, len(events)) for events in classes])
            records = np.concatenate([records_of[event] for event in drawn])
            counts = [len(records_of[event]) for event in drawn]
            again = Truth(np.repeat(np.arange(len(drawn)), counts), self.is_blast[drawn])
            us, them = again.scores(ours[:, records]), again.scores(theirs[:, records])
            differences[draw] = (us.records - them.records).mean(), (us.events - them.events).mean()
        low, high = np.quantile(differences, [0.025, 0.975], axis=0)
        return np.array([low[0], high[0]]), np.array([low[1], high[1]])


def area(values: np.ndarray, is_blast: np.ndarray) -> float:
    """Return the area under the ROC curve: how often a blast has more evidence than an earthquake."""
    blasts = int(is_blast.sum())
    ranks = rankdata(values)[is_blast].sum()
    return float((ranks - blasts * (blasts + 1) / 2) / (blasts * (len(values) - blasts)))


def halfwidth(values: np.ndarray) -> float:
    """Return half of the 95 % interval of a mean over seeds (Student's law)."""
    count = len(values)
    return float(t.ppf(0.975, count - 1) * values.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")


def halves(members: pd.DataFrame) -> np.ndarray:
    """Tell which records belong to one half of the events, drawn once for all; the others are the other half."""
    rng = np.random.default_rng(2024)
    chosen: list[str] = []
    for _, events in members.drop_duplicates("event_id").groupby("event_class")["event_id"]:
        order = rng.permutation(sorted(events))
        chosen += order[: (len(order) + 1) // 2].tolist()
    return members["event_id"].isin(chosen).to_numpy()
