"""A store filled with records that no file stands behind, for measuring queries."""

import numpy as np

from trova_widgets.store import EventRow, LabelRow, ParameterRow, RecordRow, Store

STATIONS = 10
PARAMETERS = (
    "clipped_share",
    "cutoff_confidence",
    "cutoff_hz",
    "dominant_frequency_hz",
    "duration_s",
    "flat_share",
    "gap_count",
    "gap_s",
    "onset_s",
    "overlap_s",
    "snr_db",
    "station_latitude",
    "station_longitude",
)
_PER_TRANSACTION = 5_000


def fill_with_records(store: Store, count: int, seed: int = 5) -> None:
    """Add records with all parameters, `STATIONS` an event, a third of the events of each class."""
    random = np.random.default_rng(seed)
    for first in range(0, count, _PER_TRANSACTION):
        numbers = range(first, min(first + _PER_TRANSACTION, count))
        events = sorted({number // STATIONS for number in numbers})
        records = [_record(number, int(random.integers(2**62))) for number in numbers]
        store.add_record_batch(
            events=[_event(number) for number in events],
            labels=[
                LabelRow(
                    event_id=f"smi:trova/event/{number:06d}",
                    event_class=("earthquake", "quarry_blast", "mine_blast")[number % 3],
                    author="trova",
                    made_at_ns=1,
                    comment="",
                )
                for number in events
            ],
            records=records,
            parameters=[
                ParameterRow(
                    record_id=record.record_id,
                    name=name,
                    value=float(random.normal(10, 5)),
                    source="found",
                    author="trova",
                    made_at_ns=1,
                )
                for record in records
                for name in PARAMETERS
            ],
        )


def _event(number: int) -> EventRow:
    return EventRow(
        event_id=f"smi:trova/event/{number:06d}",
        origin_time_ns=1_500_000_000_000_000_000 + number * 900_000_000_000,
        latitude=67.0,
        longitude=33.0,
        depth_km=5.0,
        magnitude=1.5,
        magnitude_type="ML",
        event_type="earthquake",
        source="catalog.xml",
    )


def _record(number: int, key: int) -> RecordRow:
    event, station = divmod(number, STATIONS)
    return RecordRow(
        record_id=f"{key:020x}",
        event_id=f"smi:trova/event/{event:06d}",
        network="IM",
        station=f"ST{station:02d}",
        location="",
        channel="BHZ",
        start_time_ns=1_500_000_000_000_000_000 + event * 900_000_000_000 + station,
        sampling_rate_hz=100.0,
        sample_count=15_000,
        file_hash=f"{number:020x}",
        file_name=f"{number % 256:02x}/{number:020x}.mseed",
        trace_index=0,
    )
