"""A catalogue without seismograms: the teaching set's events, some of them mislabelled, and its quarries."""

from pathlib import Path

import numpy as np

from trova_widgets import Workspace
from trova_widgets.records import class_of
from trova_widgets.records.synthetics.events import _MINES, _QUARRIES, _latitude, _longitude
from trova_widgets.records.synthetics.teaching import planned_events
from trova_widgets.store import EventRow, LabelRow

CLASSES = ("earthquake", "mine_blast", "quarry_blast")


def catalogue(folder: Path, wrong: float = 0.0, seed: int = 1) -> tuple[Workspace, frozenset[str]]:
    """Return a workspace with 600 events and six quarries, and which share of them got another class, drawn."""
    events, rng = planned_events(), np.random.default_rng(seed)
    flipped = {events[at].event_id for at in rng.choice(len(events), round(wrong * len(events)), replace=False)}
    rows, labels = [], []
    for event in events:
        said = class_of(event.event_type)
        if event.event_id in flipped:
            said = str(rng.choice([name for name in CLASSES if name != said]))
        rows.append(
            EventRow(
                event_id=event.event_id, origin_time_ns=event.origin_time_ns, latitude=event.latitude,
                longitude=event.longitude, depth_km=event.depth_km, magnitude=event.magnitude, magnitude_type="Mw",
                event_type=event.event_type, source="invented",
            )
        )  # fmt: skip
        labels.append(LabelRow(event_id=event.event_id, event_class=said, author="A", made_at_ns=1, comment=""))
    workspace = Workspace.create(folder / "catalogue")
    workspace._store.add_events(rows)
    workspace._store.add_labels(labels)
    quarries = [f"Q{at},{_latitude(north)},{_longitude(east)},6" for at, (east, north) in enumerate(_QUARRIES + _MINES)]
    (folder / "quarries.csv").write_text("\n".join(["name,latitude,longitude,radius_km", *quarries]))
    workspace.set_quarries(folder / "quarries.csv")
    return workspace, frozenset(flipped)
