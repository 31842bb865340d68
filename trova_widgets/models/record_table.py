"""Records as a person reads them: a row of the table, and everything that is known of one."""

from typing import Any

import numpy as np
import pandas as pd

from trova_widgets.geometry import distance_km
from trova_widgets.models.formatting import class_title, moment, quantity
from trova_widgets.models.record_filters import FLAGS
from trova_widgets.records import QUALITY_PARAMETERS

#: What is measured when a record is taken in; a column that is not there yet is not known for any record.
MEASURED = (*QUALITY_PARAMETERS, "cutoff_hz", "station_latitude", "station_longitude")


def record_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return records with all that a page says of them.

    Parameters
    ----------
    rows : DataFrame
        As of `Workspace.record_page`.

    Returns
    -------
    DataFrame
        Their columns, all of `MEASURED`, ``origin_time`` (the record's start where there is no event),
        ``distance_km``, ``flags`` (a tuple of names of `FLAGS`) and ``code`` (seismic network and station).
    """
    frame = rows.assign(**{name: np.nan for name in MEASURED if name not in rows})
    frame["origin_time"] = frame["origin_time"].fillna(frame["start_time"])
    places = ["station_longitude", "station_latitude", "longitude", "latitude"]
    frame["distance_km"] = distance_km(*(frame[name].astype(float) for name in places))
    frame["code"] = station_codes(frame)
    measured = {name: frame[flag.bound.quantity] for name, flag in FLAGS.items()}
    frame["flags"] = [
        tuple(name for name, value in zip(measured, values, strict=True) if FLAGS[name].bound.holds(value))
        for values in zip(*measured.values(), strict=True)
    ]
    return frame


def station_codes(frame: pd.DataFrame) -> "pd.Series[str]":
    """Return the codes of seismic network and station of each row as one."""
    return frame["network"].astype(str).str.cat(frame["station"].astype(str), sep=".")


def table_row(row: pd.Series) -> dict[str, Any]:
    """Return a row as a person reads it."""
    return {
        "record_id": row["record_id"],
        "event_class": row["event_class"] if isinstance(row["event_class"], str) else "",
        "class_title": class_title(row["event_class"]),
        "origin_time": moment(row["origin_time"]),
        "station": row["code"],
        "channel": row["channel"],
        "magnitude": quantity(row["magnitude"]),
        "distance_km": quantity(row["distance_km"], digits=0),
        "snr_db": quantity(row["snr_db"]),
        "cutoff_hz": quantity(row["cutoff_hz"], digits=2),
        "flags": flag_words(row),
    }


def flag_words(row: pd.Series) -> list[dict[str, str]]:
    """Return what is wrong with a record, with what a person reads: ``title`` and ``meaning``."""
    return [{"title": FLAGS[name].title, "meaning": FLAGS[name].meaning} for name in row["flags"]]


def facts(row: pd.Series) -> list[list[str]]:
    """Return what is known of a record, as pairs of a name and a value; what is not known is left out."""
    with_event = isinstance(row["event_id"], str) and bool(row["event_id"])
    said = [
        ("Event", row["event_id"].rpartition("/")[2] if with_event else "not in the catalogue"),
        ("Origin", moment(row["origin_time"]) if with_event else ""),
        ("Place", place_words(row["latitude"], row["longitude"])),
        ("Depth", quantity(row["depth_km"], "km")),
        ("Magnitude", f"{quantity(row['magnitude'])} {_text(row['magnitude_type'])}".strip()),
        ("Distance", quantity(row["distance_km"], "km", 0)),
        ("Starts", moment(row["start_time"])),
        ("Lasts", quantity(row["duration_s"], "s", 0)),
        ("Sampling", quantity(row["sampling_rate_hz"], "Hz", 0)),
        ("Onset", quantity(row["onset_s"], "s")),
        ("Signal to noise", quantity(row["snr_db"], "dB")),
        ("Strongest at", quantity(row["dominant_frequency_hz"], "Hz")),
        ("Cut-off", quantity(row["cutoff_hz"], "Hz", 2)),
    ]
    return [list(fact) for fact in said if fact[1]]


def place_words(latitude: float, longitude: float) -> str:
    """Return a place as a person writes it; nothing for what is not known.

    Examples
    --------
    >>> place_words(48.57, -123.53), place_words(float("nan"), 1.0)
    ('48.57° N, 123.53° W', '')
    """
    if latitude != latitude or longitude != longitude:
        return ""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.2f}° {north}, {abs(longitude):.2f}° {east}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
