"""Labels that the clock and the known quarries contradict, each with a sentence that says how."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trova_widgets.experiments.evaluation import CONTRADICTED, clock_evidence
from trova_widgets.experiments.evaluation.clock import HOURS, KINDS_OF_DAY, NOWHERE, UNKNOWN
from trova_widgets.figures.clock import WEEKDAYS
from trova_widgets.records.catalogues.quarries import Quarry
from trova_widgets.wording import spoken
from trova_widgets.workspace.local_time import local_times
from trova_widgets.workspace.quarries import near_quarries

#: What the queue of doubtful labels says of the clock.
COLUMNS = ("local_hour", "weekday", "quarry", "quarry_km", "clock", "why")
# what is no more than twice as likely among others is not worth a word
_WORTH_A_WORD = float(np.log10(2.0))


def against_clock(events: pd.DataFrame, quarries: Sequence[Quarry], utc_offset_h: float | None = None) -> pd.DataFrame:
    """Return what hour, weekday and place say of the labels of events.

    Parameters
    ----------
    events : DataFrame
        As of `Store.events`.
    quarries : sequence of Quarry
        Those that are known.
    utc_offset_h : float, optional
        As of `local_times`.

    Returns
    -------
    DataFrame
        A row an event, in their order: ``event_id``, ``event_class``, ``told`` (the likeliest other class by the clock
        and the quarries), ``local_hour`` (0 to 23), ``weekday`` (its name), ``quarry`` and ``quarry_km`` (the nearest,
        where one is near), ``clock`` (as of `ClockEvidence.against`; NaN where it cannot be said), ``why`` (a sentence
        where the clock contradicts the label, or nothing).
    """
    times = local_times(events, utc_offset_h)
    near = near_quarries(events, quarries).set_index("event_id")[["quarry", "quarry_km"]]
    # of two events with one name, which no store has, each would be the other
    found = events[["event_id", "event_class"]].join(near, on="event_id")
    found["local_hour"] = np.floor(times["hour"])
    found["weekday"] = times["weekday"].map(dict(enumerate(WEEKDAYS)))
    found["told"], found["clock"], found["why"] = None, np.nan, ""
    counted = found["event_class"].notna() & times["hour"].notna()
    if counted.any():
        placed = events.loc[counted, ["latitude", "longitude"]].notna().all(axis=1).to_numpy() & bool(quarries)
        weekdays = times.loc[counted, "weekday"].to_numpy(dtype=np.int64)
        found.loc[counted, ["told", "clock", "why"]] = _told(found[counted], weekdays, placed)
    order = ["event_id", "event_class", "told", *COLUMNS]
    return found[order].astype({"clock": float, "why": object})


def queued(table: pd.DataFrame, clock: pd.DataFrame) -> pd.DataFrame:
    """Return a queue with what the clock says: what networks doubt, then what the clock contradicts, then the rest.

    Parameters
    ----------
    table : DataFrame
        What networks say of each label: ``event_id``, ``told``, ``probability`` and ``doubt``, among others.
    clock : DataFrame
        As of `against_clock`.
    """
    said = clock.set_index("event_id")[list(COLUMNS)].reindex(table["event_id"]).reset_index(drop=True)
    found = table.reset_index(drop=True).join(said)
    doubted, contradicted = found["doubt"] >= 1, found["clock"] >= CONTRADICTED
    networks = [
        f"the networks say {spoken(row.told)} ({row.probability:.2f})" if row.doubt >= 1 else ""
        for row in found.itertuples(index=False)
    ]
    found["why"] = ["; ".join(filter(None, pair)) for pair in zip(networks, found["why"].fillna(""), strict=True)]
    by = np.where(~doubted & contradicted, found["clock"], found["doubt"])
    group = np.where(doubted, 0, np.where(contradicted, 1, 2))
    order = np.lexsort((np.arange(len(found)), -by, group))
    return found.iloc[order].reset_index(drop=True)


def _told(events: pd.DataFrame, weekdays: np.ndarray, placed: np.ndarray) -> np.ndarray:
    """Return the rival, the evidence and the sentence of each event that has a label and a time."""
    classes, names = pd.factorize(events["event_class"], sort=True)
    hours = events["local_hour"].to_numpy(dtype=np.int64)
    quarries, quarry_names = pd.factorize(events["quarry"])
    sites = np.where(quarries >= 0, quarries, np.where(placed, NOWHERE, UNKNOWN))
    evidence = clock_evidence(hours, weekdays, sites, classes, len(names))
    days = KINDS_OF_DAY[weekdays]
    # events at such a time: of a class, of a kind of day; and around a quarry
    by_time = np.zeros((len(names), KINDS_OF_DAY.max() + 1, HOURS), dtype=np.int64)
    by_site = np.zeros((len(quarry_names), len(names), HOURS), dtype=np.int64)
    np.add.at(by_time, (classes, days, hours), 1)
    there = sites >= 0
    np.add.at(by_site, (sites[there], classes[there], hours[there]), 1)
    by_time, by_site = (each + np.roll(each, 1, -1) + np.roll(each, -1, -1) for each in (by_time, by_site))
    total = np.bincount(classes, minlength=len(names))
    known = np.bincount(classes[placed], minlength=len(names))
    away = np.bincount(classes[sites == NOWHERE], minlength=len(names))
    found = np.empty((len(events), 3), dtype=object)
    told = np.isfinite(evidence.against)
    found[told, 0] = np.asarray(names, dtype=object)[evidence.rival[told]]
    found[:, 1], found[:, 2] = evidence.against, ""
    for at in np.flatnonzero(told & (evidence.against >= CONTRADICTED)):
        own, rival, site, day, hour = classes[at], evidence.rival[at], sites[at], days[at], hours[at]
        label, others = spoken(names[own]), f"{spoken(names[rival])}s"
        said = f"{_article(label)} {label} at {hour} h on a {WEEKDAYS[weekdays[at]]}"
        there_too = by_site[site, rival, hour] if site >= 0 else 0
        if site >= 0:
            said += f", {events['quarry_km'].iloc[at]:.1f} km from the quarry {quarry_names[site]}"
        if there_too:
            all_of_them = by_site[site, :, hour].sum() - 1
            said += f", where {there_too} of {all_of_them} other events at such hours are {others}"
        parts = []
        if not there_too and evidence.by_time[at] >= _WORTH_A_WORD:
            mine, theirs = by_time[own, day, hour] - 1, by_time[rival, day, hour]
            parts.append(
                f"at such a time were {_of(mine, total[own] - 1)} others, but {_of(theirs, total[rival])} {others}"
            )
        if site == NOWHERE and evidence.by_place[at] >= _WORTH_A_WORD:
            mine, theirs = _of(away[own] - 1, known[own] - 1), _of(away[rival], known[rival])
            parts.append(f"away from known quarries are {mine} others, but {theirs} {others}")
        found[at, 2] = ": ".join(filter(None, (said, "; ".join(parts))))
    return found


def _of(count: int, total: int) -> str:
    return f"{count or 'none'} of {total}"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
