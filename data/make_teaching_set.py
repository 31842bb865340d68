"""Write the teaching set: ``python data/make_teaching_set.py [FOLDER]`` makes the same bytes each time.

A miniSEED file an event holds all its stations; ``catalog.xml`` (QuakeML) has origins, magnitudes and event types,
``stations.xml`` (StationXML) the places of the stations.
"""

import sys
from itertools import groupby
from pathlib import Path

import numpy as np
from obspy import Stream, Trace, UTCDateTime
from obspy.core.event import Catalog, Event, Magnitude, Origin, ResourceIdentifier
from obspy.core.inventory import Channel, Inventory, Network, Site
from obspy.core.inventory import Station as SeismicStation

from trova_widgets.records.synthetics import NETWORK, STATIONS, Station, SyntheticEvent, SyntheticRecord, teaching_set

CHANNEL = "BHZ"
EVENT_TYPES = {"earthquake": "earthquake", "quarry_blast": "quarry blast", "mine_blast": "mining explosion"}


def main() -> None:
    """Write the folder that is named, or the one that ships."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "teaching"
    waveforms = folder / "waveforms"
    waveforms.mkdir(parents=True, exist_ok=True)
    events = []
    for event_id, group in groupby(teaching_set(), key=lambda record: record.event.event_id):
        records = list(group)
        stream = Stream([trace_of(record) for record in records])
        stream.write(str(waveforms / f"{event_id}.mseed"), format="MSEED", encoding="STEIM2", reclen=512)
        events.append(event_of(records[0].event))
    catalog = Catalog(events, resource_id=ResourceIdentifier("smi:trova/teaching"))
    catalog.creation_info = None
    catalog.write(str(folder / "catalog.xml"), format="QUAKEML")
    network = Network(NETWORK, stations=[station_of(station) for station in STATIONS])
    inventory = Inventory([network], source="Trova", created=UTCDateTime(2018, 1, 1))
    inventory.write(str(folder / "stations.xml"), format="STATIONXML", validate=True)
    print(f"{len(events)} events in {folder}")


def trace_of(record: SyntheticRecord) -> Trace:
    """Return a record as ObsPy has it."""
    header = {
        "network": NETWORK,
        "station": record.station.code,
        "channel": CHANNEL,
        "sampling_rate": record.sampling_rate_hz,
        "starttime": UTCDateTime(ns=record.start_time_ns),
    }
    return Trace(np.ascontiguousarray(record.samples), header=header)


def station_of(station: Station) -> SeismicStation:
    """Return a station as StationXML has it, with its one channel, at sea level."""
    place = {"latitude": round(station.latitude, 4), "longitude": round(station.longitude, 4), "elevation": 0.0}
    channel = Channel(CHANNEL, location_code="", depth=0.0, azimuth=0.0, dip=-90.0, **place)
    return SeismicStation(station.code, site=Site(name=station.code), channels=[channel], **place)


def event_of(event: SyntheticEvent) -> Event:
    """Return an event as QuakeML has it; the identifiers are named, as drawn ones would differ each time."""

    def identifier(kind: str) -> ResourceIdentifier:
        return ResourceIdentifier(f"smi:trova/{kind}/{event.event_id}")

    origin = Origin(
        resource_id=identifier("origin"),
        time=UTCDateTime(ns=event.origin_time_ns),
        latitude=round(event.latitude, 4),
        longitude=round(event.longitude, 4),
        depth=round(event.depth_km * 1000),
    )
    magnitude = Magnitude(
        resource_id=identifier("magnitude"),
        mag=round(event.magnitude, 2),
        magnitude_type="Mw",
        origin_id=origin.resource_id,
    )
    made = Event(
        resource_id=identifier("event"),
        event_type=EVENT_TYPES[event.event_class],
        origins=[origin],
        magnitudes=[magnitude],
    )
    made.preferred_origin_id = origin.resource_id
    made.preferred_magnitude_id = magnitude.resource_id
    return made


if __name__ == "__main__":
    main()
