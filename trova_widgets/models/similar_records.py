"""The records whose fingerprints are most like a record's, as a page shows them."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from trova_widgets.figures.fingerprint_views import bits_uri
from trova_widgets.models.formatting import class_title, moment

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

_COUNT = 10


def similar_records(workspace: "Workspace", record_id: str) -> list[dict[str, Any]]:
    """Return the ten records that are most like one, the most similar first.

    Parameters
    ----------
    workspace : Workspace
        The open study, whose default recipe counts.
    record_id : str
        The record.

    Returns
    -------
    list of dict
        ``record_id``, ``uri`` (the picture of its fingerprint), ``event_class``, ``class_title``, ``station``,
        ``time``, ``similarity``.

    Raises
    ------
    StoreError
        If the record has no fingerprint of that recipe.
    """
    return shown_records(workspace, workspace.similar(record_id, _COUNT))


def shown_records(workspace: "Workspace", found: pd.DataFrame) -> list[dict[str, Any]]:
    """Return similar records as a page shows them.

    Parameters
    ----------
    workspace : Workspace
        The open study.
    found : DataFrame
        Of `Workspace.similar`.

    Returns
    -------
    list of dict
        As of `similar_records`.
    """
    return [_similar(row, workspace.fingerprints_of(row["record_id"])) for _, row in found.iterrows()]


def _similar(row: pd.Series, variants: dict[int, Any]) -> dict[str, Any]:
    return {
        "record_id": row["record_id"],
        "uri": bits_uri(variants[0]) if 0 in variants else "",
        "event_class": row["event_class"] if isinstance(row["event_class"], str) else "",
        "class_title": class_title(row["event_class"]),
        "station": row["station"],
        "time": moment(row["start_time"]),
        "similarity": f"{row['similarity']:.2f}",
    }
