"""A real workspace that holds what `StandIn` tells of: thirty records of ten events at two stations."""

from pathlib import Path

import numpy as np

from tests.models.standin import NOW, StandIn
from tests.records.making import mseed, trace
from trova_widgets import Workspace
from trova_widgets.store import EventRow, LabelRow, ParameterRow, RecordRow

WAVEFORM = "aa/aa00.mseed"
MEASURED = ("snr_db", "onset_s", "cutoff_hz", "cutoff_confidence")


def fill(folder: Path, count: int = 30) -> None:
    """Make the workspace; all its records are of one file, two minutes at 50 Hz."""
    study = StandIn(count)
    events, records = study.events(), study.records()
    with Workspace.create(folder, recipe="article") as workspace:
        workspace._store.add_record_batch(
            events=[
                EventRow(
                    event_id=event.event_id,
                    origin_time_ns=event.origin_time.value,
                    latitude=event.latitude,
                    longitude=event.longitude,
                    depth_km=event.depth_km,
                    magnitude=event.magnitude,
                    magnitude_type=event.magnitude_type,
                    event_type="explosion",
                    source="catalog.xml",
                )
                for event in events.itertuples()
            ],
            labels=[
                LabelRow(event_id=event.event_id, event_class=said, author=author, made_at_ns=at, comment=comment)
                for event in events.itertuples()
                for said, author, at, comment in (
                    ("explosion", "trova", NOW.value - 1, "explosion"),
                    (event.event_class, "analyst", NOW.value, ""),
                )
            ],
            records=[
                RecordRow(
                    record_id=record.record_id,
                    event_id=record.event_id,
                    network=record.network,
                    station=record.station,
                    location="",
                    channel=record.channel,
                    start_time_ns=record.start_time.value,
                    sampling_rate_hz=record.sampling_rate_hz,
                    sample_count=6000,
                    file_hash="aa00",
                    file_name=WAVEFORM,
                    trace_index=0,
                )
                for record in records.itertuples()
            ],
            parameters=[
                measured(record.record_id, name, getattr(record, name))
                for record in records.itertuples()
                for name in MEASURED
            ],
        )
    file = folder / "waveforms" / WAVEFORM
    file.parent.mkdir(parents=True)
    samples = (1000 * np.sin(np.arange(6000) / 7)).astype(np.int32)
    file.write_bytes(mseed(trace(samples, network="KO", sampling_rate=50.0)))


def measured(record_id: str, name: str, value: float) -> ParameterRow:
    """Return what was found on a record when it was taken in."""
    return ParameterRow(
        record_id=record_id, name=name, value=value, source="found", author="trova", made_at_ns=NOW.value
    )
