"""Answers gathered by event, for other programs."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets import __version__
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.quakeml_answers import NONE_OF_THESE, AnsweredEvent, AnsweredPick
from trova_widgets.workspace.classification import class_columns
from trova_widgets.workspace.evaluating import together


def events_of(answers: pd.DataFrame) -> list[AnsweredEvent]:
    """Return what was said of events: of one that a catalogue has by all its records together, else of each by itself.

    Records are combined by the mean of the logarithms of their probabilities, as an evaluation combines them; those
    that are none of the classes have no say, unless all are.

    Parameters
    ----------
    answers : DataFrame
        Of `Workspace.classify`.

    Returns
    -------
    list of AnsweredEvent
        In the order of the answers.
    """
    given, classes = answers[answers["note"] == ""], class_columns(answers)
    names = [row.event_id or f"{row.Index}" for row in given.itertuples()]
    return [_event(rows, classes) for _, rows in given.groupby(names, sort=False)]


def verdicts_of(answers: pd.DataFrame) -> pd.DataFrame:
    """Return a row an event; see `Workspace.answers_by_event`."""
    given, classes = answers[(answers["note"] == "") & (answers["event_id"] != "")], class_columns(answers)
    rows = []
    for event_id, records in given.groupby("event_id", sort=False):
        event_class, shares = _together(records, classes)
        agree = int((records["event_class"] == event_class).sum())
        rows.append((event_id, event_class, shares.max(), len(records), agree))
    return pd.DataFrame(rows, columns=["event_id", "event_class", "probability", "records", "agree"])


def _together(rows: pd.DataFrame, classes: list[str]) -> tuple[str, np.ndarray]:
    """Return the class that the records of an event tell together, and the probabilities of all classes."""
    is_none = rows["event_class"] == NONE_OF_THESE
    shares = together((rows if is_none.all() else rows[~is_none])[classes].to_numpy(dtype=float))
    return NONE_OF_THESE if is_none.all() else classes[int(shares.argmax())], shares


def _event(rows: pd.DataFrame, classes: list[str]) -> AnsweredEvent:
    event_class, shares = _together(rows, classes)
    who = ", ".join(dict.fromkeys(rows["trial_id"]))
    picks = tuple(_picks(rows, rows[classes].to_numpy(dtype=float), classes))
    records = [[Path(row.file).name, row.station, row.channel, str(row.start_time)] for row in rows.itertuples()]
    none = "none of these classes: " if event_class == NONE_OF_THESE else ""
    return AnsweredEvent(
        name=identity_of([rows["event_id"].iloc[0], who, records]),
        event_class=event_class,
        comment=f"{none}{_told(shares, classes)} (Trova {__version__}, network {who}, {len(rows)} records)",
        picks=picks,
    )


def _picks(rows: pd.DataFrame, shares: np.ndarray, classes: list[str]) -> Iterator[AnsweredPick]:
    for row, said in zip(rows.itertuples(index=False), shares, strict=True):
        if pd.isna(row.onset_time):
            continue
        yield AnsweredPick(
            network=row.network,
            station=row.station,
            channel=row.channel,
            time_ns=row.onset_time.as_unit("ns").value,
            comment=_told(said, classes),
        )


def _told(shares: np.ndarray, classes: list[str]) -> str:
    return ", ".join(f"{name} {share:.3f}" for name, share in zip(classes, shares.tolist(), strict=True))
