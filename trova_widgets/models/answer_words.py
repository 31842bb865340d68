"""What is said of answers on a page: a line of each, the verdict on one, and what all records of an event say."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trova_widgets.models.formatting import class_title, moment, percent
from trova_widgets.workspace.answerer import Answerer


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An answer that is looked into.

    Attributes
    ----------
    path : Path
        The file.
    place : int
        Which of the answers about it.
    trial_id : str
        Whose network has answered.
    event_class : str
        What it said.
    title : str
        The record, as a person reads it.
    catalog : Path or None
        Where the events are, if a catalog was given.
    """

    path: Path
    place: int
    trial_id: str
    event_class: str
    title: str
    catalog: Path | None = None

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.path} {self.place}"


def is_answered(row: dict[str, Any]) -> bool:
    """Tell whether a row of a table of answers has an answer."""
    return not row["note"]


def channel_of(row: dict[str, Any]) -> str:
    """Return seismic network, station and channel, as far as they are known."""
    return ".".join(str(row[name]) for name in ("network", "station", "channel") if isinstance(row[name], str))


def line(row: dict[str, Any], slugs: list[str]) -> dict[str, Any]:
    """Return what a list and the verdict show of an answer.

    Parameters
    ----------
    row : dict
        Of a table of answers, with ``known_class`` (what the study has for the record).
    slugs : list of str
        The classes, in the order of the shares.

    Returns
    -------
    dict
        ``file``, ``record``, ``onset`` (of the event's first wave; where that is not known, of the record), ``slug``
        and ``title`` (of the class), ``shares`` (per cent), ``known`` (the study's class), ``likeness``, ``remark``,
        ``note``; empty where there is no answer.
    """
    known = is_answered(row)
    likeness = row.get("likeness")
    return {
        "file": Path(row["file"]).name,
        "record": channel_of(row),
        "onset": moment(row["start_time"] if pd.isna(row["onset_time"]) else row["onset_time"]),
        "slug": row["event_class"] if known else "",
        "title": class_title(row["event_class"]) if known else "",
        "shares": [round(100 * float(row[slug]), 1) for slug in slugs] if known else [],
        "known": row["known_class"] if isinstance(row["known_class"], str) else "",
        "likeness": "" if likeness is None or pd.isna(likeness) else f"{likeness:.2f}",
        "remark": row["remark"],
        "note": row["note"],
    }


def all_stations(verdict: Mapping[str, Any]) -> str:
    """Return what all records of an event say together, as a sentence; nothing where there are not several.

    Parameters
    ----------
    verdict : mapping
        A row of `Workspace.answers_by_event`.

    Examples
    --------
    >>> all_stations({"event_class": "mine_blast", "probability": 0.922, "records": 4, "agree": 3})
    'Together the 4 records of this event say mine blast (92.2 %); each by itself, 3 of 4 do.'
    """
    if verdict["records"] < 2:
        return ""
    return (
        f"Together the {verdict['records']} records of this event say {class_title(verdict['event_class']).lower()} "
        f"({percent(verdict['probability'])}); each by itself, {verdict['agree']} of {verdict['records']} do."
    )


def who_answered(found: Answerer) -> dict[str, Any]:
    """Return who has answered, in words.

    Parameters
    ----------
    found : Answerer
        Of `Workspace.who_answers`.

    Returns
    -------
    dict
        ``trial_id``, ``experiment``, ``network``, ``cell`` and ``accuracy``, a sentence.
    """
    accuracy = "How good it is by event is not known, for its data set has no folds."
    if found.accuracy is not None:
        value, low, high = (100 * each for each in (found.accuracy.value, found.accuracy.low, found.accuracy.high))
        accuracy = (
            f"Of {found.events} events that they never saw, networks of these settings told {value:.1f} % right "
            f"({low:.1f} to {high:.1f} %)."
        )
    return {
        "trial_id": found.trial_id,
        "experiment": found.experiment,
        "network": found.network,
        "cell": found.cell,
        "accuracy": accuracy,
    }
