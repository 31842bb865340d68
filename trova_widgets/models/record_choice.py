"""The records that a field for choosing one offers."""

import pandas as pd

from trova_widgets.models.formatting import class_title, moment

#: No more are offered at a time.
OFFERED = 50


def titled(records: pd.DataFrame) -> pd.DataFrame:
    """Return the records with a column ``title``: station, class, and time."""
    return records.assign(title=[_title(row) for _, row in records.iterrows()])


def offered(records: pd.DataFrame, words: str, selected: str) -> list[dict[str, str]]:
    """Return the first records whose titles hold all words, as ``value`` (the record) and ``title``.

    Parameters
    ----------
    records : DataFrame
        As `titled` returns them.
    words : str
        What is searched for; without any, the record that is shown comes first.
    selected : str
        The record that is shown.

    Examples
    --------
    >>> two = pd.DataFrame({"record_id": ["a", "b"], "title": ["KO.APA", "KO.LVZ"]})
    >>> offered(two, "lvz", "a"), len(offered(two, "", "b"))
    ([{'value': 'b', 'title': 'KO.LVZ'}], 2)
    """
    if records.empty:
        return []
    titles = records["title"]
    for word in words.lower().split():
        titles = titles[titles.str.lower().str.contains(word, regex=False)]
    found = records.loc[titles.index[:OFFERED]]
    if not words:
        # the field can name the record that is shown only while it is among those that are offered
        shown = records[records["record_id"] == selected]
        found = pd.concat([shown, found]).drop_duplicates("record_id")
    return [{"value": row["record_id"], "title": row["title"]} for _, row in found.iterrows()]


def _title(row: pd.Series) -> str:
    station = f"{row['network']}.{row['station']} {row['channel']}"
    return f"{station}, {class_title(row['event_class']).lower()}, {moment(row['start_time'])}"
