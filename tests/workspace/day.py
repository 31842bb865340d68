"""Files as an operator has them, made of synthetic events: hours of record, three components, and broken ones."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.synthetics import COUNTS_PER_M_S, SyntheticRecord, synthesise
from trova_widgets.records.synthetics.noise import noise

RATE_HZ = 40.0
BEGIN_NS = 1_700_000_000 * 10**9
# between those of all layers of the crust
P_KM_S = 6.3


@dataclass(frozen=True)
class Events:
    """A loud earthquake and a loud quarry blast."""

    earthquake: SyntheticRecord
    blast: SyntheticRecord


def loud_events() -> Events:
    """The records that stand out of the noise most, of some made anew."""
    made = list(synthesise(24, seed=12))

    def loudest(event_class: str) -> SyntheticRecord:
        of_class = [record for record in made if record.event.event_class == event_class]
        return max(of_class, key=lambda record: record.clean.std() / record.noise.std())

    return Events(loudest("earthquake"), loudest("quarry_blast"))


def hours(records: dict[float, SyntheticRecord], duration_s: float = 7200.0) -> np.ndarray:
    """Quiet ground with events that happen at some seconds after its begin: float64 counts."""
    size = round(duration_s * RATE_HZ)
    ground = noise(np.random.default_rng(3), size, RATE_HZ, microseism=0.3, culture=0.1) * COUNTS_PER_M_S
    for origin_s, record in records.items():
        first = round((origin_s - lead_s(record)) * RATE_HZ)
        begin, end = max(first, 0), min(first + record.clean.size, size)
        ground[begin:end] += record.clean[begin - first : end - first]
    return ground


def lead_s(record: SyntheticRecord) -> float:
    """How long after its begin a record has the event's origin."""
    return (record.event.origin_time_ns - record.start_time_ns) / 1e9


def arrival_s(record: SyntheticRecord) -> float:
    """When the P wave comes, more or less, after the origin."""
    return record.distance_km / P_KM_S


def trace(samples: np.ndarray, begin_s: float = 0.0, **header: object):
    """A trace as ObsPy has it: whole counts, but of 4-byte floats these floats."""
    values = {"network": "XT", "station": "SYN01", "channel": "BHZ", "sampling_rate": RATE_HZ} | header
    start = obspy_module("obspy").UTCDateTime(ns=BEGIN_NS + round(begin_s * 1e9))
    kept = samples if samples.dtype == np.float32 else np.rint(samples).astype(np.int32)
    return obspy_module("obspy").Trace(kept, header=values | {"starttime": start})


def write(path: Path, *traces: object) -> Path:
    """Write miniSEED."""
    obspy_module("obspy").Stream(list(traces)).write(str(path), format="MSEED")
    return path


def six_files(folder: Path, events: Events) -> dict[str, Path]:
    """Two hours with two events, three components, another rate, one too short, one with NaN, no seismogram."""
    quake, blast = events.earthquake, events.blast
    broken = quake.samples.astype(np.float32)
    broken[2000] = np.nan
    three = [trace(np.roll(blast.samples, shift), channel=f"BH{name}") for shift, name in enumerate("ENZ")]
    nothing = folder / "nothing.mseed"
    nothing.write_text("Dear colleague, the seismograms follow tomorrow.")
    return {
        "hours": write(folder / "hours.mseed", *around(trace(hours({1200.0: quake, 5000.0: blast})), 3000.0, 3020.0)),
        "three": write(folder / "three.mseed", *three),
        "faster": write(folder / "faster.mseed", resampled(trace(quake.samples), 100.0)),
        "short": write(folder / "short.mseed", trace(quake.samples[:400])),
        "nan": write(folder / "nan.mseed", trace(broken)),
        "nothing": nothing,
    }


def around(whole, gap_from_s: float, gap_to_s: float):
    """What is left of a trace around a gap."""
    start = whole.stats.starttime
    return whole.slice(start, start + gap_from_s), whole.slice(start + gap_to_s)


def resampled(given, rate_hz: float):
    given.data = given.data.astype(np.float64)
    given.resample(rate_hz)
    given.data = np.rint(given.data).astype(np.int32)
    return given
