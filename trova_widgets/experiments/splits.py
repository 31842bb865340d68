"""Data sets without leaks: whole events are dealt before anything is augmented, and the training alone is, levelled."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import PlanError

if TYPE_CHECKING:
    import pandas as pd

SHARES: Mapping[str, float] = {"training": 0.7, "test": 0.1, "validation": 0.1, "holdout": 0.1}
"""What goes where: test is shown after every epoch, quality is measured on validation, and nothing is ever
chosen on holdout, so that its figure can be quoted."""

FOLDS, HOLDOUT_SHARE = 5, 0.15
"""How a data set is dealt unless a person says otherwise: a hold-out of these events, and folds among the rest."""

DEVELOPMENT = "development"
"""The part of a data set with folds on which networks are trained and chosen: all but the hold-out."""

OPTIMAL_VARIANT = 0
"""The variant that is filtered at the found cut-off itself."""

LEVELLED_VARIANTS = 5
"""The most variants of a record that are trained on where classes are levelled, as the article does."""

TEST_AUGMENTATION, _UNSAID = "training.test_augmentation", "none"
_REACH: Mapping[str, float] = {_UNSAID: 0, "neighbours": 1, "all": math.inf}


def told_by(settings: Mapping[str, object], variants: Iterable[int]) -> tuple[int, ...]:
    """Return the variants by which a record is told, from the settings of a trial and the variants that records have.

    Examples
    --------
    >>> told_by({"training.test_augmentation": "neighbours"}, [-2, -1, 0, 1, 2])
    (-1, 0, 1)
    """
    # trials of older versions have no such setting
    reach = _REACH[str(settings.get(TEST_AUGMENTATION, _UNSAID))]
    return tuple(variant for variant in variants if abs(variant) <= reach)


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
    events = _events_of_one_class(frame)
    generator = np.random.default_rng(seed)
    split_of: dict[str, str] = {}
    for event_class, members in sorted(events.groupby("event_class")["event_id"], key=lambda pair: str(pair[0])):
        if len(members) < len(wanted):
            raise PlanError(
                f"The class {event_class} has {len(members)} events, but there are {len(wanted)} splits to fill; "
                "import more of it, leave the class out, or give a split the share 0: --share test=0 holdout=0"
            )
        shuffled = generator.permutation(np.array(sorted(members), dtype=object))
        counts = _apportion(len(shuffled), wanted)
        names = np.repeat(list(counts), list(counts.values()))
        split_of.update(zip(shuffled, names.tolist(), strict=True))
    # imported here, because a process that trains or reads files needs none of it
    import pandas as pd

    return pd.Series(split_of, name="split", dtype=object).rename_axis("event_id")


def deal_folds(
    frame: pd.DataFrame, folds: int = FOLDS, holdout: float = HOLDOUT_SHARE, seed: int = 0
) -> tuple[pd.Series, pd.Series]:
    """Deal whole events to a hold-out and folds, each class in equal shares, as even in records as events allow.

    In every class the events with the most records are dealt first, each to the part that is emptiest for its size.

    Parameters
    ----------
    frame : DataFrame
        Columns ``event_id`` and ``event_class``; a row a record.
    folds : int
        How many folds, 2 or more.
    holdout : float
        The share of the hold-out, from 0 (there is none) to below 1.
    seed : int
        The draw. The order of the rows does not matter.

    Returns
    -------
    (Series, Series)
        By ``event_id``: ``split`` (``"development"`` or ``"holdout"``), and ``fold`` from 0, <NA> in the hold-out.

    Raises
    ------
    PlanError
        When a class has fewer events than there are parts, an event has two classes, or there are no such folds.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"event_id": [f"e{n}" for n in range(20)], "event_class": ["earthquake"] * 20})
    >>> split, fold = deal_folds(events, folds=4, holdout=0.2)
    >>> split.value_counts().to_dict(), fold.value_counts().tolist()
    ({'development': 16, 'holdout': 4}, [4, 4, 4, 4])
    """
    if folds < 2 or not 0 <= holdout < 1:
        raise PlanError(
            f"There are to be {folds} folds and a hold-out of {holdout:g}; take 2 folds or more, and a share from 0 to "
            f"below 1 ({FOLDS} and {HOLDOUT_SHARE:g}, unless you say otherwise)."
        )
    import pandas as pd

    shares = [(1 - holdout) / folds] * folds + ([holdout] if holdout else [])
    sizes = frame.groupby("event_id").size()
    generator = np.random.default_rng(seed)
    part_of: dict[str, int] = {}
    for event_class, members in sorted(
        _events_of_one_class(frame).groupby("event_class")["event_id"], key=lambda pair: str(pair[0])
    ):
        if len(members) < len(shares):
            raise PlanError(
                f"The class {event_class} has {len(members)} events, but there are {folds} folds"
                f"{' and a hold-out' if holdout else ''} to fill; import more of it, leave the class out, or take "
                "fewer folds: --folds 2 --holdout 0. The article's split is the other choice: --article"
            )
        shuffled = generator.permutation(np.array(sorted(members), dtype=object))
        # the parts take turns at being first where they are equally full
        turns = generator.permutation(len(shares))
        filled = np.zeros(len(shares))
        for event in sorted(shuffled, key=lambda name: -int(sizes[name])):
            part = min(range(len(shares)), key=lambda at: (filled[at] / shares[at], turns[at]))
            filled[part] += int(sizes[event])
            part_of[event] = part
    parts = pd.Series(part_of).rename_axis("event_id")
    split = parts.map(lambda part: DEVELOPMENT if part < folds else "holdout").rename("split")
    return split, parts.astype("Int64").where(parts < folds).rename("fold")


def _events_of_one_class(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the events of some records, each with its one class."""
    events = frame[["event_id", "event_class"]].drop_duplicates()
    twice = events.loc[events["event_id"].duplicated(), "event_id"]
    if len(twice):
        raise PlanError(f"The event {twice.iloc[0]} has two classes; give it one label before building a data set.")
    return events


def choose_variants(
    records: NDArray[np.int64],
    classes: NDArray[np.int64],
    variants: NDArray[np.int64],
    augmentation: str = "levelled",
    seed: int = 0,
) -> NDArray[np.int64]:
    """Choose which variants of the training records are trained on.

    ``levelled`` fills every class up to the same number of fingerprints, the largest that the smallest class can
    reach with five variants of each of its records, as the article does (Silkin 2024: 716 records became 560, 571 and
    587 fingerprints). Every record keeps its optimal variant, and no record gets a further one before the others of
    its class have as many. A class that alone has more records than that keeps them all. Of more than five variants
    each seed draws others, and a training costs no more.

    Parameters
    ----------
    records, classes, variants : (n,) int64
        Of each fingerprint of the training: its record, its class, and which variant it is (0 is the optimal one).
    augmentation : {"levelled", "all", "none"}
        Level the classes, take every variant, or only the optimal ones.
    seed : int
        The draw among a record's shifted variants. The order of the fingerprints does not matter.

    Returns
    -------
    (m,) int64
        Which fingerprints are chosen, in the order of records and variants.

    Examples
    --------
    >>> records = np.repeat(np.arange(8), 5)
    >>> classes = (records < 2).astype(int)
    >>> chosen = choose_variants(records, classes, np.tile(np.arange(-2, 3), 8))
    >>> np.bincount(classes[chosen]).tolist()
    [10, 10]
    """
    order: NDArray[np.int64] = np.lexsort((variants, records))
    if augmentation == "all":
        return order
    is_optimal = variants[order] == OPTIMAL_VARIANT
    if augmentation == "none":
        optimal: NDArray[np.int64] = order[is_optimal]
        return optimal
    if augmentation != "levelled":
        raise PlanError(f"augmentation is {augmentation!r}; choose levelled, all or none.")
    generator = np.random.default_rng(seed)
    # The optimal variant comes first of its record, whatever is drawn.
    draw = np.where(is_optimal, -1.0, generator.random(len(order)))
    turn = _rank_within(records[order], draw)
    place = _rank_within(classes[order], turn + generator.random(len(order)))
    target = np.bincount(classes[order][turn < LEVELLED_VARIANTS])[np.unique(classes)].min()
    chosen: NDArray[np.int64] = order[(turn == 0) | (place < target)]
    return chosen


def _rank_within(groups: NDArray[np.int64], keys: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return each element's place, from 0, among those of its group when these are sorted by key."""
    order = np.lexsort((keys, groups))
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = np.arange(len(ordered)) - np.repeat(starts, lengths)
    return rank


def make_members(
    records: pd.DataFrame,
    shares: Mapping[str, float] | None = None,
    *,
    folds: int = FOLDS,
    holdout: float = HOLDOUT_SHARE,
    seed: int = 0,
) -> pd.DataFrame:
    """Make the members of a data set: records, each with its class and its part, no event in two.

    Parameters
    ----------
    records : DataFrame
        Columns ``record_id``, ``event_id``, ``event_class``, ``cutoff_hz``, a row a record.
    shares : mapping of str to float, optional
        Deal them once to these splits, as the article does and `split_by_event` tells.
    folds, holdout, seed
        Otherwise, as of `deal_folds`.

    Returns
    -------
    DataFrame
        Columns ``position`` (from 0), ``record_id``, ``event_id``, ``event_class``, ``split``, ``fold`` (<NA> where
        there is none), ``cutoff_hz``, in the order of parts and records.

    Raises
    ------
    PlanError
        As of `split_by_event` and `deal_folds`.
    """
    import pandas as pd

    if records.empty:
        raise PlanError("There is no labelled record to build a data set from; import records with their classes.")
    if shares is None:
        split_of, fold_of = deal_folds(records, folds, holdout, seed)
        fold = records["event_id"].map(fold_of)
    else:
        split_of = split_by_event(records, shares, seed)
        fold = pd.Series(pd.NA, index=records.index, dtype="Int64")
    members = records.assign(split=records["event_id"].map(split_of), fold=fold.astype("Int64"))
    members = members.sort_values(["split", "fold", "record_id"], kind="stable", ignore_index=True)
    members.insert(0, "position", np.arange(len(members)))
    return members[["position", "record_id", "event_id", "event_class", "split", "fold", "cutoff_hz"]]


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
