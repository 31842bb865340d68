"""Labels that are in doubt as a person reads them: a row of the queue, the event that is looked at, the sentences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from trova_widgets.figures.hours import hours_of
from trova_widgets.figures.screen.hours import hours_chart
from trova_widgets.models.formatting import class_title, moment, percent, quantity
from trova_widgets.models.label_history import label_history
from trova_widgets.models.record_table import place_words
from trova_widgets.wording import counted, titled

if TYPE_CHECKING:
    from trova_widgets.models.doubted_event import DoubtedEvent

#: What of the queue has a place of its own; every other column is a fact of the event.
_PLACED = {
    *("event_id", "event_class", "told", "probability", "doubt", "records", "against", "snr_db", "origin_time"),
    *("label", "settled", "why", "clock"),
}
_TITLES = {"local_hour": "Local hour", "quarry": "Nearest quarry", "quarry_km": "To the quarry, km"}


def queue_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the queue.

    Parameters
    ----------
    row : dict
        A row of `Workspace.doubts`, with its ``label`` now, and who has looked at it (``settled``).

    Returns
    -------
    dict
        ``event_id``, ``name``, ``label`` and ``told`` (slugs), ``label_title``, ``told_title``, ``probability``,
        ``doubt``, ``against``, ``snr_db``, ``date``, ``settled`` (in words), ``changed`` (whether the label is another
        one than in the data set).
    """
    changed = row["label"] != row["event_class"]
    return {
        "event_id": row["event_id"],
        "name": row["event_id"].rpartition("/")[2],
        "label": row["label"],
        "label_title": class_title(row["label"]),
        "told": row["told"],
        "told_title": class_title(row["told"]),
        "probability": percent(row["probability"], 0),
        "doubt": f"{row['doubt']:.2f}",
        "against": f"{int(row['against'])} of {int(row['records'])}",
        "snr_db": quantity(row["snr_db"], digits=0),
        "date": moment(row["origin_time"])[:10],
        "settled": f"{'changed' if changed else 'confirmed'} by {row['settled']}" if row["settled"] else "",
        "changed": changed,
    }


def event_words(queue: pd.DataFrame, seen: "DoubtedEvent") -> dict[str, Any]:
    """Return what is said of the event that is looked at.

    Parameters
    ----------
    queue : DataFrame
        The whole queue, with ``label`` and ``settled``.
    seen : DoubtedEvent
        The event.

    Returns
    -------
    dict
        ``event_id``, ``name``, ``label``, ``told``, their titles, ``why`` (a sentence), ``facts`` (pairs of texts),
        ``labels`` (see `label_history`), ``settled``.
    """
    row = queue[queue["event_id"] == seen.event_id].iloc[0]
    first = seen.near.iloc[0]
    facts = [
        ("Origin", moment(row["origin_time"])),
        ("Place", place_words(first["latitude"], first["longitude"])),
        ("Depth", quantity(first["depth_km"], "km")),
        ("Magnitude", quantity(first["magnitude"])),
        ("Type in the catalogue", first.get("event_type")),
        *((_title(str(name)), _said(row[name])) for name in queue if name not in _PLACED),
    ]
    return {
        **queue_row(row.to_dict()),
        "why": f"{_why(row)}{_clock(row)}",
        "facts": [[name, said] for name, said in facts if isinstance(said, str) and said],
        "labels": label_history(seen.labels),
    }


def event_hours(queue: pd.DataFrame, event_id: str) -> list[dict[str, Any]]:
    """Return the hour of day of an event among those of its label's class and the told one, as a group of pictures."""
    row = queue[queue["event_id"] == event_id].iloc[0]
    shown = list(dict.fromkeys([str(row["label"]), str(row["told"])]))
    hour = float(row["local_hour"]) + (row["origin_time"].minute / 60 if row["local_hour"] == row["local_hour"] else 0)
    svg = hours_chart(hours_of(queue["local_hour"], queue["label"], shown, hour))
    return [{"title": "", "note": "", "panels": [{"title": "", "svg": svg, "here": False}]}]


def queue_words(total: int, doubted: int, clock: int, settled: int) -> str:
    """Return how many labels are in doubt: to the networks, by the clock and the quarries alone, and looked at.

    Examples
    --------
    >>> queue_words(510, 3, 0, 1)
    '3 of 510 labels are in doubt: another class is likelier than its own events make it. 1 was looked at.'
    >>> queue_words(510, 3, 2, 0).partition(". ")[2]
    'The hour, the weekday or the quarries contradict 2 more.'
    """
    verb = "label is" if doubted == 1 else "labels are"
    by_clock = f" The hour, the weekday or the quarries contradict {clock:,} more." if clock else ""
    looked = f" {settled:,} {'was' if settled == 1 else 'were'} looked at." if settled else ""
    return (
        f"{doubted:,} of {total:,} {verb} in doubt: another class is likelier than its own events make it."
        f"{by_clock}{looked}"
    )


def difference_words(changed: int, dataset: str) -> str:
    """Return how many labels differ from those of the data set, and what to do then; nothing where none does.

    Examples
    --------
    >>> difference_words(0, "all")
    ''
    >>> difference_words(2, "all").partition(",")[0]
    '2 labels differ from those of the data set all'
    """
    if not changed:
        return ""
    verb = "label differs from that" if changed == 1 else "labels differ from those"
    return (
        f"{changed:,} {verb} of the data set {dataset}, over which experiments go on as they are. A new version of it "
        "takes the labels of now; plan over that one."
    )


def class_choices(classes: Sequence[str]) -> list[dict[str, str]]:
    """Return what an event can be, for a choice."""
    return [{"value": name, "title": class_title(name)} for name in classes]


def _why(row: pd.Series) -> str:
    records, label, told = int(row["records"]), str(row["event_class"]), str(row["told"])
    return (
        f"Networks that never saw it tell {class_title(told).lower()} with {percent(row['probability'], 0)}; "
        f"{int(row['against'])} of its {counted(records, 'record')} "
        f"{'tells' if int(row['against']) == 1 else 'tell'} another class than {class_title(label).lower()}."
    )


def _clock(row: pd.Series) -> str:
    """Return what hour, weekday and quarries say against the label; nothing where they do not."""
    # what is in doubt by the networks says that first
    said = row["why"].partition("; ")[2] if row["doubt"] >= 1 else row["why"]
    return f" Against the label: {said.rstrip('.')}." if said else ""


def _title(column: str) -> str:
    return _TITLES.get(column, titled(column))


def _said(value: Any) -> str:
    """Return a value of a further column in words; nothing for what is not known."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)
