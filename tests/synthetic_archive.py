"""An archive as people keep one, of synthetic seismograms: files by year and event, a catalogue, an inventory."""

from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tests.records.making import mseed, trace, written
from trova_widgets.records.synthetics import NETWORK, STATIONS, SyntheticRecord, synthesise

#: What the catalogue calls the events of each class.
EVENT_TYPES = {"earthquake": "earthquake", "quarry_blast": "quarry blast", "mine_blast": "mining explosion"}


class Archive(NamedTuple):
    """What was written, and what of it an import must find."""

    folder: Path
    catalog: Path
    stations: Path
    records: int
    events: dict[str, str]
    """The class of each event by its id."""
    unreadable: tuple[Path, ...]


def make_archive(folder: Path, count: int, seed: int) -> Archive:
    """Write so many records: most events as one miniSEED file, every third one as a SAC file a station.

    Beside them lie what archives collect: a note, and a file that is empty.
    """
    events: dict[str, str] = {}
    rows = ["event_id,time,latitude,longitude,depth_km,magnitude,event_type"]
    for number, (event, group) in enumerate(groupby(synthesise(count, seed), key=lambda record: record.event)):
        traces = [_trace(record) for record in group]
        year = folder / str(traces[0].stats.starttime.year)
        year.mkdir(parents=True, exist_ok=True)
        if number % 3 == 2:
            for one in traces:
                content = written("SAC", one, folder=folder)
                (year / f"{event.event_id}.{one.stats.station}.sac").write_bytes(content)
        else:
            (year / f"{event.event_id}.mseed").write_bytes(mseed(*traces))
        events[event.event_id] = event.event_class
        origin = f"{event.origin_time_ns / 1e9:.3f}"
        place = f"{event.latitude:.4f},{event.longitude:.4f},{event.depth_km:.1f},{event.magnitude:.1f}"
        rows.append(f"{event.event_id},{_time(origin)},{place},{EVENT_TYPES[event.event_class]}")
    (folder / "written").unlink(missing_ok=True)
    catalog, stations = folder / "catalog.csv", folder / "stations.txt"
    catalog.write_text("\n".join(rows) + "\n", encoding="utf-8")
    stations.write_text(_inventory(), encoding="utf-8")
    unreadable = folder / "notes.txt", folder / "empty.mseed"
    unreadable[0].write_text("Station SYN03 was moved in spring.\n", encoding="utf-8")
    unreadable[1].touch()
    return Archive(folder, catalog, stations, count, events, unreadable)


def _trace(record: SyntheticRecord):
    header = {"network": NETWORK, "station": record.station.code, "sampling_rate": record.sampling_rate_hz}
    return trace(record.samples, _time(f"{record.start_time_ns / 1e9:.3f}"), **header)


def _time(seconds: str) -> str:
    from trova_widgets.records.files.obspy_plugins import obspy_module

    return str(obspy_module("obspy").UTCDateTime(float(seconds)))


def _inventory() -> str:
    """The places of the stations, as FDSN web services write them as text."""
    names = (
        "Network Station Location Channel Latitude Longitude Elevation Depth Azimuth Dip SensorDescription Scale "
        "ScaleFreq ScaleUnits SampleRate StartTime EndTime"
    )
    lines = ["#" + " | ".join(names.split())]
    lines += [
        f"{NETWORK}|{station.code}||BHZ|{station.latitude:.4f}|{station.longitude:.4f}|0|0|0|-90|seismometer|1|1|M/S|40|"
        "2000-01-01T00:00:00|"
        for station in STATIONS
    ]
    return "\n".join(lines) + "\n"
