"""The table of records: what is in it, what is wrong with a record, and which ones a filter lets through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trova_widgets.figures.projection import distance_km
from trova_widgets.models.words import class_title, moment, quantity

#: What is measured when a record is taken in; a column that is not there yet is not known for any record.
MEASURED = (
    "snr_db",
    "dominant_frequency_hz",
    "cutoff_hz",
    "duration_s",
    "onset_s",
    "gap_count",
    "gap_s",
    "overlap_s",
    "clipped_share",
    "flat_share",
    "station_latitude",
    "station_longitude",
)
SORTABLE = ("origin_time", "event_class", "station", "magnitude", "distance_km", "snr_db", "cutoff_hz")

_ABOUT_EVENTS = ["event_id", "origin_time", "latitude", "longitude", "depth_km", "magnitude", "magnitude_type"]


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Something that is wrong with records.

    Attributes
    ----------
    title, meaning : str
        What is written on its chip, and behind it.
    of : callable
        Which rows of the table have it.
    """

    title: str
    meaning: str
    of: Callable[[pd.DataFrame], "pd.Series[bool]"]


FLAGS: Mapping[str, Flag] = {
    "gaps": Flag(
        title="gaps", meaning="Gaps that were filled by a straight line", of=lambda frame: frame["gap_count"] > 0
    ),
    "overlaps": Flag(
        title="overlaps",
        meaning="Stretches that the file holds more than once",
        of=lambda frame: frame["overlap_s"] > 0,
    ),
    "clipped": Flag(
        title="clipped",
        meaning="A thousandth of the samples or more stand at the edge of the digitiser's range",
        of=lambda frame: frame["clipped_share"] >= 0.001,
    ),
    "flat": Flag(
        title="flat",
        meaning="A hundredth of the samples or more stand still for half a second",
        of=lambda frame: frame["flat_share"] >= 0.01,
    ),
    "weak": Flag(title="weak", meaning="Signal to noise below 3 dB", of=lambda frame: frame["snr_db"] < 3),
    "no_onset": Flag(title="no onset", meaning="No onset was found", of=lambda frame: frame["onset_s"].isna()),
}


def record_table(records: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return a row a record with its event, its distance and its flags.

    Parameters
    ----------
    records, events : DataFrame
        As of `Workspace.records` and `Workspace.events`.

    Returns
    -------
    DataFrame
        The columns of both, all of `MEASURED`, ``distance_km``, ``flags`` (a tuple of names of `FLAGS`), ``code``
        (seismic network and station) and ``searched`` (what words are looked for in).
    """
    frame = records.merge(events[_ABOUT_EVENTS], on="event_id", how="left")
    missing = {name: np.nan for name in MEASURED if name not in frame}
    frame = frame.assign(**missing)
    frame["origin_time"] = frame["origin_time"].fillna(frame["start_time"])
    places = ["station_longitude", "station_latitude", "longitude", "latitude"]
    frame["distance_km"] = distance_km(*(frame[name].astype(float) for name in places))
    named = frame[["network", "station", "channel", "event_id"]].fillna("").astype(str)
    frame["code"] = named["network"].str.cat(named["station"], sep=".")
    frame["searched"] = named["network"].str.cat(named.iloc[:, 1:], sep=" ").str.lower()
    wrong = {name: flag.of(frame).to_numpy(dtype=bool) for name, flag in FLAGS.items()}
    frame["flags"] = [
        tuple(name for name, is_wrong in zip(wrong, row, strict=True) if is_wrong)
        for row in zip(*wrong.values(), strict=True)
    ]
    return frame


@dataclass(frozen=True, kw_only=True)
class RecordChoice:
    """Which records are wanted; an empty text lets everything through, and so does a number that is no number yet.

    Attributes
    ----------
    event_class : str
        A class, or ``"none"`` for records without one.
    station, words : str
        A station's code, and a text among the codes and the event's name.
    flag : str
        A name of `FLAGS`, or ``"sound"`` for records without any.
    least_snr, least_magnitude, most_magnitude, most_distance : str
        Bounds: dB, magnitudes, km.
    """

    event_class: str = ""
    station: str = ""
    words: str = ""
    flag: str = ""
    least_snr: str = ""
    least_magnitude: str = ""
    most_magnitude: str = ""
    most_distance: str = ""

    def mask(self, frame: pd.DataFrame) -> "pd.Series[bool]":
        """Tell which rows of `record_table` are wanted."""
        mask = pd.Series(True, index=frame.index)
        if self.event_class:
            mask &= frame["event_class"].fillna("none") == self.event_class
        if self.station:
            mask &= frame["code"] == self.station
        if self.words.strip():
            mask &= frame["searched"].str.contains(self.words.strip().lower(), regex=False)
        if self.flag:
            mask &= frame["flags"].map(lambda flags: not flags if self.flag == "sound" else self.flag in flags)
        for column, text, is_least in (
            ("snr_db", self.least_snr, True),
            ("magnitude", self.least_magnitude, True),
            ("magnitude", self.most_magnitude, False),
            ("distance_km", self.most_distance, False),
        ):
            if (bound := _number(text)) is not None:
                mask &= frame[column] >= bound if is_least else frame[column] <= bound
        return mask


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
        ("Depth", quantity(row["depth_km"], "km").replace("-", "−")),
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


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        # an empty field, or a number that is still being typed
        return None
    return None if number != number else number


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
