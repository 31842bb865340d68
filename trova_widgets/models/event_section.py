"""The records of one event under each other, the nearest station at the top."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from trova_widgets.models.formatting import quantity
from trova_widgets.models.seismogram import Trace
from trova_widgets.records import Waveform

#: More lines than this are too thin to be read.
MOST_LINES = 24

#: Records below this rate show no regional event.
_LEAST_RATE_HZ = 5.0


def section_rows(frame: pd.DataFrame, record_id: str, most: int = MOST_LINES) -> pd.DataFrame:
    """Choose one record a station of the event that a record is of, and put them in order.

    Of the records of a station, the one with the picked record's component counts, then the one that was sampled
    fastest. They are ordered by distance where it is known, else by the onset's time. Of more stations than
    ``most`` those come in on which the event stands out most.

    Parameters
    ----------
    frame : DataFrame
        As of `record_table`.
    record_id : str
        The picked record, which is always among them.
    most : int
        How many stations, at most.

    Returns
    -------
    DataFrame
        Rows of the frame.
    """
    picked = frame[frame["record_id"] == record_id].iloc[0]
    of_event = frame[frame["event_id"] == picked["event_id"]] if isinstance(picked["event_id"], str) else frame.iloc[:0]
    rows = of_event.assign(
        is_picked=of_event["record_id"] == record_id,
        same=of_event["channel"].str[-1:] == picked["channel"][-1:],
        heard_at=of_event["start_time"] + pd.to_timedelta(of_event["onset_s"], unit="s"),
    )
    rows = rows[(rows["sampling_rate_hz"] >= _LEAST_RATE_HZ) | rows["is_picked"]]
    rows = rows.sort_values(["is_picked", "same", "sampling_rate_hz"], ascending=False, kind="stable")
    rows = rows.drop_duplicates("code")
    rows = rows.sort_values(["is_picked", "snr_db"], ascending=False, kind="stable", na_position="last").head(most)
    return rows.sort_values(["distance_km", "heard_at"], kind="stable", na_position="last")


def section_traces(rows: pd.DataFrame, read: Callable[[str], Waveform]) -> list[Trace]:
    """Read the records and return their lines, s after the event's origin.

    Parameters
    ----------
    rows : DataFrame
        As of `section_rows`.
    read : callable
        Reads the waveform of a record, as `Workspace.waveform`.
    """
    return [trace_of(row, read(row["record_id"]), row["origin_time"]) for _, row in rows.iterrows()]


def trace_of(row: pd.Series, waveform: Waveform, zero: Any = None) -> Trace:
    """Return a record's line; its time counts from ``zero``, or from its own start."""
    distance, snr = quantity(row["distance_km"], "km", 0), quantity(row["snr_db"], "dB", 0)
    return Trace(
        samples=waveform.samples,
        sampling_rate_hz=waveform.sampling_rate_hz,
        record_id=row["record_id"],
        title=f"{row['code']} {row['channel']}",
        note="" if zero is None else ", ".join(filter(None, (distance, snr))),
        start_s=0.0 if zero is None else (row["start_time"] - zero).total_seconds(),
        onset_s=None if row["onset_s"] != row["onset_s"] else float(row["onset_s"]),
        cutoff_hz=None if row["cutoff_hz"] != row["cutoff_hz"] else float(row["cutoff_hz"]),
    )
