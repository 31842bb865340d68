"""Archives made for measuring: miniSEED files of 150 s, several stations an event, the same bytes from a seed."""

import io
import warnings
from pathlib import Path

import numpy as np

from trova_widgets.records.files.obspy_plugins import obspy_module

RATE_HZ = 100.0
RECORD_S = 150.0
STATIONS = 10
BEFORE_ORIGIN_S = 20.0
FIRST_ORIGIN_S = 1_600_000_000
BETWEEN_EVENTS_S = 900


def make_archive(folder: Path, count: int, seed: int = 2024) -> Path:
    """Write an archive of so many files with its catalogue, and return the catalogue's path.

    An event has `STATIONS` records: noise, and a burst that comes later and weaker at each station. Files lie in
    folders by year and station as in an SDS archive, with names of their own.
    """
    obspy = obspy_module("obspy")
    from obspy.core.event import Catalog, Event, EventDescription, Magnitude, Origin, ResourceIdentifier

    random = np.random.default_rng(seed)
    times = np.arange(round(RECORD_S * RATE_HZ)) / RATE_HZ
    events = []
    for number in range(-(-count // STATIONS)):
        origin = obspy.UTCDateTime(FIRST_ORIGIN_S + BETWEEN_EVENTS_S * number)
        event_type = ("earthquake", "quarry blast", "mining explosion")[number % 3]
        events.append(
            Event(
                resource_id=ResourceIdentifier(f"smi:trova/event/{number:06d}"),
                event_type=event_type,
                origins=[Origin(time=origin, latitude=67.0 + random.uniform(), longitude=33.0, depth=5000.0)],
                magnitudes=[Magnitude(mag=round(random.uniform(0.5, 3), 1), magnitude_type="ML")],
                event_descriptions=[EventDescription(text=f"event {number}")],
            )
        )
        for station in range(min(STATIONS, count - number * STATIONS)):
            onset_s = BEFORE_ORIGIN_S + 5 + 4 * station
            burst = np.where(times > onset_s, np.exp((onset_s - times) / 8), 0.0)
            samples = random.normal(size=times.size) * (100 + 3000 / (1 + station) * burst)
            trace = obspy.Trace(
                data=samples.astype(np.int32),
                header={
                    "network": "IM",
                    "station": f"ST{station:02d}",
                    "channel": "BHZ",
                    "sampling_rate": RATE_HZ,
                    "starttime": origin - BEFORE_ORIGIN_S,
                },
            )
            written = io.BytesIO()
            trace.write(written, format="MSEED", encoding="STEIM2", reclen=512)
            place = folder / f"{origin.year}" / f"ST{station:02d}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{number:06d}.mseed").write_bytes(written.getvalue())
    catalog = folder / "catalog.xml"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Catalog(events=events).write(str(catalog), format="QUAKEML")
    return catalog
