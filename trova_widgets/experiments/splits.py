"""Data sets without leaks: split by event before augmenting, augment the training alone, level its classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from trova_widgets.errors import PlanError

if TYPE_CHECKING:
    import pandas as pd

SHARES: Mapping[str, float] = {"training": 0.7, "test": 0.1, "validation": 0.1, "holdout": 0.1}
"""What goes where: test is shown after every epoch, quality is measured on validation, and nothing is ever
chosen on holdout, so that its figure can be quoted."""

Augmentation = Literal["levelled", "all", "none"]

OPTIMAL_VARIANT = 0
"""The variant that is filtered at the found cut-off itself."""


def split_by_event(frame: pd.DataFrame, shares: Mapping[str, float] = SHARES, seed: int = 0) -> pd.Series:
    """Deal whole events to the splits, so that no event is on both sides; each class in the same shares.

    Parameters
    ----------
    frame : DataFrame
        Columns ``event_id`` and ``event_class``; an event may stand in several rows (its records).
    shares : mapping of str to float
        A share for each split; they are made to add up to 1. A split of share 0 stays empty.
    seed : int
        The draw. The order of the rows does not matter.

    Returns
    -------
    Series
        Split by ``event_id``, named ``split``.

    Raises
    ------
    PlanError
        When a class has fewer events than there are splits, an event has two classes, or the shares are not shares.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"event_id": [f"e{n}" for n in range(20)], "event_class": ["earthquake"] * 20})
    >>> split_by_event(events).value_counts().to_dict()
    {'training': 14, 'test': 2, 'validation': 2, 'holdout': 2}
    """
    wanted = {name: share for name, share in shares.items() if share > 0}
    if not wanted or min(shares.values()) < 0:
        raise PlanError(f"The shares are {dict(shares)}; give each split 0 or more, and at least one more than 0.")
    events = frame[["event_id", "event_class"]].drop_duplicates()
    twice = events.loc[events["event_id"].duplicated(), "event_id"]
    if len(twice):
        raise PlanError(f"The event {twice.iloc[0]} has two classes; give it one label before building a data set.")
    generator = np.random.default_rng(seed)
    split_of: dict[str, str] = {}
    for event_class, members in sorted(events.groupby("event_class")["event_id"], key=lambda pair: str(pair[0])):
        if len(members) < len(wanted):
            raise PlanError(
                f"The class {event_class} has {len(members)} events, but there are {len(wanted)} splits to fill; "
                "import more of it, leave the class out, or give a split the share 0."
            )
        shuffled = generator.permutation(np.array(sorted(members), dtype=object))
        counts = _apportion(len(shuffled), wanted)
        names = np.repeat(list(counts), list(counts.values()))
        split_of.update(zip(shuffled, names.tolist(), strict=True))
    # imported here, because a process that trains or reads files needs none of it
    import pandas as pd

    return pd.Series(split_of, name="split", dtype=object).rename_axis("event_id")


def choose_variants(members: pd.DataFrame, augmentation: Augmentation = "levelled", seed: int = 0) -> pd.DataFrame:
    """Choose which of the five variants of the training records are trained on.

    ``levelled`` fills every class up to the same number of fingerprints, the largest that the smallest class can
    reach with all its variants, as the article does (Silkin 2024: 716 records became 560, 571 and 587
    fingerprints). Every record keeps its optimal variant, and no record gets a further one before the others of
    its class have as many. A class that alone has more records than that keeps them all.

    Parameters
    ----------
    members : DataFrame
        Columns ``record_id``, ``event_class`` and ``variant`` (-2 to 2), a row for each fingerprint of the training.
    augmentation : {"levelled", "all", "none"}
        Level the classes, take every variant, or only the optimal ones.
    seed : int
        The draw among a record's shifted variants. The order of the rows does not matter.

    Returns
    -------
    DataFrame
        The chosen rows, in the order of record_id and variant.

    Examples
    --------
    >>> import itertools
    >>> rows = [(f"q{n}", "quarry_blast", v) for n, v in itertools.product(range(2), range(-2, 3))]
    >>> rows += [(f"e{n}", "earthquake", v) for n, v in itertools.product(range(6), range(-2, 3))]
    >>> import pandas as pd
    >>> frame = pd.DataFrame(rows, columns=["record_id", "event_class", "variant"])
    >>> choose_variants(frame)["event_class"].value_counts().to_dict()
    {'earthquake': 10, 'quarry_blast': 10}
    """
    ordered = members.sort_values(["record_id", "variant"], kind="stable", ignore_index=True)
    if augmentation == "none":
        return ordered[ordered["variant"] == OPTIMAL_VARIANT]
    if augmentation == "all":
        return ordered
    if augmentation != "levelled":
        raise PlanError(f"augmentation is {augmentation!r}; choose levelled, all or none.")
    generator = np.random.default_rng(seed)
    draw = generator.random(len(ordered))
    # The optimal variant comes first of its record, whatever is drawn.
    draw[(ordered["variant"] == OPTIMAL_VARIANT).to_numpy()] = -1.0
    ranked = ordered.assign(_draw=draw)
    ranked["_round"] = ranked.groupby("record_id")["_draw"].rank(method="first")
    ranked = ranked.assign(_tie=generator.random(len(ranked))).sort_values(["_round", "_tie"], kind="stable")
    target = ranked.groupby("event_class").size().min()
    is_first = ranked["_round"] == 1
    is_within = ranked.groupby("event_class").cumcount() < target
    chosen = ranked[is_first | is_within]
    return ordered.loc[ordered.index.isin(chosen.index)]


def make_members(
    fingerprints: pd.DataFrame,
    shares: Mapping[str, float] = SHARES,
    augmentation: Augmentation = "levelled",
    seed: int = 0,
) -> pd.DataFrame:
    """Make the members of a data set: split by event, then augment and level the training alone.

    Parameters
    ----------
    fingerprints : DataFrame
        Columns ``record_id``, ``event_id``, ``event_class``, ``fingerprint_id``, ``variant``.
    shares, seed
        As of `split_by_event`.
    augmentation
        As of `choose_variants`.

    Returns
    -------
    DataFrame
        Columns ``position`` (from 0), ``record_id``, ``event_id``, ``event_class``, ``split``, ``fingerprint_id``,
        ``variant``. Outside of training only the optimal variant of each record.

    Raises
    ------
    PlanError
        As of `split_by_event`.
    """
    import pandas as pd

    if fingerprints.empty:
        raise PlanError("There is no labelled fingerprint to build a data set from; import records with their classes.")
    split_of = split_by_event(fingerprints, shares, seed)
    members = fingerprints.assign(split=fingerprints["event_id"].map(split_of)).reset_index(drop=True)
    training = choose_variants(members[members["split"] == "training"], augmentation, seed)
    others = members[(members["split"] != "training") & (members["variant"] == OPTIMAL_VARIANT)]
    together = pd.concat([training, others.sort_values(["split", "record_id"], kind="stable")], ignore_index=True)
    together.insert(0, "position", np.arange(len(together)))
    return together[["position", "record_id", "event_id", "event_class", "split", "fingerprint_id", "variant"]]


def _apportion(count: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Deal `count` things by shares, at least one each, by the largest remainders (Hamilton)."""
    total = sum(shares.values())
    quotas = {name: max(count * share / total, 1.0) for name, share in shares.items()}
    counts = {name: int(quota) for name, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda name: quotas[name] - counts[name], reverse=True)
    for name in by_remainder[: max(count - sum(counts.values()), 0)]:
        counts[name] += 1
    while sum(counts.values()) > count:
        counts[max(counts, key=lambda name: counts[name])] -= 1
    return counts
