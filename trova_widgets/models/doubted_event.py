"""An event whose label is in doubt: its seismograms, their fingerprints, and the records that are most like them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from trova_widgets.errors import StoreError
from trova_widgets.figures.fingerprint_views import bits_uri
from trova_widgets.models.event_section import section_rows, section_traces
from trova_widgets.models.records import Closely
from trova_widgets.models.seismogram import Trace
from trova_widgets.models.similar_records import similar_records

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

#: So many stations are drawn: those on which the event stands out most.
_STATIONS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class DoubtedEvent:
    """What is drawn of an event.

    Attributes
    ----------
    event_id, record_id : str
        The event, and its record that is picked.
    near : DataFrame
        All its records, as of `trova_widgets.models.record_table.record_table`.
    labels : DataFrame
        The history of its class.
    traces : list of Trace
        Its seismograms, the nearest station at the top.
    fingerprints : list of dict
        Of each of these: ``record_id``, ``code``, ``uri`` (nothing where there is none).
    """

    event_id: str
    record_id: str
    near: pd.DataFrame
    labels: pd.DataFrame
    traces: list[Trace]
    fingerprints: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, workspace: "Workspace", event_id: str) -> "DoubtedEvent":
        """Read an event; its loudest record is picked.

        Raises
        ------
        StoreError
            When it has no record here.
        """
        seen = Closely.of_event(workspace, event_id)
        if seen is None:
            raise StoreError(f"The event {event_id} has no record in this workspace any more.")
        loudest = seen.near.sort_values("snr_db", ascending=False, na_position="last")["record_id"].iloc[0]
        rows = section_rows(seen.near, loudest, _STATIONS)
        return cls(
            event_id=event_id,
            record_id=loudest,
            near=seen.near,
            labels=seen.labels,
            traces=section_traces(rows, workspace.waveform),
            fingerprints=[_fingerprint(workspace, row) for _, row in rows.iterrows()],
        )


def alike(workspace: "Workspace", record_id: str) -> tuple[list[dict[str, Any]], str]:
    """Return the records that are most like one, or none and why there are none."""
    try:
        return similar_records(workspace, record_id), ""
    except StoreError as error:
        return [], str(error)


def _fingerprint(workspace: "Workspace", row: pd.Series) -> dict[str, str]:
    kept = workspace.fingerprints_of(row["record_id"])
    return {
        "record_id": row["record_id"],
        "code": f"{row['code']} {row['channel']}",
        "uri": bits_uri(kept[0]) if 0 in kept else "",
    }
