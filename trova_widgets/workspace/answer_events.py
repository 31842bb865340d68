"""Answers gathered by event, for other programs."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets import __version__
from trova_widgets.identity import identity_of
from trova_widgets.records.catalogues.quakeml_answers import AnsweredEvent, AnsweredPick
from trova_widgets.workspace.classification import class_columns

# less than any network says, so that one nought does not decide alone
_LEAST = 1e-6


def events_of(answers: pd.DataFrame) -> list[AnsweredEvent]:
    """Return what was said of events: of one that a catalogue has by all its records together, else of each by itself.

    Records are combined by the mean of the logarithms of their probabilities, as an evaluation combines them.

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


def _event(rows: pd.DataFrame, classes: list[str]) -> AnsweredEvent:
    shares = rows[classes].to_numpy(dtype=float)
    together = np.exp(np.log(np.maximum(shares, _LEAST)).mean(axis=0))
    together /= together.sum()
    who = ", ".join(dict.fromkeys(rows["trial_id"]))
    picks = tuple(_picks(rows, shares, classes))
    records = [[Path(row.file).name, row.station, row.channel, str(row.start_time)] for row in rows.itertuples()]
    return AnsweredEvent(
        name=identity_of([rows["event_id"].iloc[0], who, records]),
        event_class=classes[int(together.argmax())],
        comment=f"{_told(together, classes)} (Trova {__version__}, network {who}, {len(rows)} records)",
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
