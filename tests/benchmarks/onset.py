"""How often the onset is found within a second, against ObsPy's recursive STA/LTA, in one run.

Run with ``python -m tests.benchmarks.onset``. The records are Trova's synthetic ones, whose clean signal is known: the
true onset is where it first reaches a hundredth of its largest amplitude; what comes before, a small step where the
Green's functions begin, is taken out. The noise is scaled to a drawn ratio of the
signal to it, 2 to 20 Hz, in the 20 s after the onset. Both pickers are told the same: nothing, the origin, or
the origin and the distance. STA/LTA has the usual settings: 2 to 20 Hz, windows of 0.5 and 10 s, the first trigger at
3 (Withers et al., 1998, doi 10.1785/BSSA0880010095) that lies where the first wave can be.
"""

import argparse
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from obspy.signal.trigger import recursive_sta_lta, trigger_onset
from scipy.signal import butter, sosfilt

from trova_widgets.records.analysis.onset import find_onset
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.channels import Channel
from trova_widgets.records.matching import ArrivalWindow, arrival_window
from trova_widgets.records.synthetics import SyntheticRecord, synthesise
from trova_widgets.records.waveform import NANOSECONDS, Waveform

COUNT = 400
SEED = 19
LOWEST_DB, HIGHEST_DB = -3.0, 21.0
TOLERANCE_S = 1.0
_TRUTH_SHARE = 0.01
_KM_A_DEGREE = 111.19
_SIGNAL_S = 20.0
_SHORT_S, _LONG_S, _ON, _OFF = 0.5, 10.0, 3.0, 1.5


class Case(NamedTuple):
    """A record whose onset is known, and what a picker may be told."""

    samples: np.ndarray
    rate_hz: float
    onset_s: float
    ratio_db: float
    bounds_s: dict[str, tuple[float | None, float | None, float | None]]
    noise: np.ndarray


def cases(count: int, seed: int) -> Iterator[Case]:
    """Yield records with a drawn ratio of signal to noise."""
    rng = np.random.default_rng(seed)
    for record in synthesise(count, seed):
        rate = record.sampling_rate_hz
        onset = int(np.argmax(np.abs(record.clean) > _TRUTH_SHARE * np.abs(record.clean).max()))
        clean = np.where(np.arange(record.clean.size) < onset, 0.0, record.clean)
        signal, noise = band(clean, rate)[onset : onset + int(_SIGNAL_S * rate)], band(record.noise, rate)
        ratio_db = rng.uniform(LOWEST_DB, HIGHEST_DB)
        scaled = record.noise * np.sqrt(np.mean(signal**2) / np.mean(noise**2) / 10 ** (ratio_db / 10))
        yield Case(clean + scaled, rate, onset / rate, ratio_db, _bounds(record), scaled)


def _bounds(record: SyntheticRecord) -> dict[str, tuple[float | None, float | None, float | None]]:
    waveform = Waveform(
        start_time_ns=record.start_time_ns, sampling_rate_hz=record.sampling_rate_hz, samples=record.clean
    )
    origin_ns, depth_km = record.event.origin_time_ns, record.event.depth_km
    # only the distance matters: the event lies on the equator, the station due north
    event = SeismicEvent(event_id="one", origin_time_ns=origin_ns, latitude=0.0, longitude=0.0, depth_km=depth_km)
    here = {"latitude": record.distance_km / _KM_A_DEGREE, "longitude": 0.0}
    arrivals = {
        "the origin": arrival_window(Channel(waveform=waveform), event),
        "origin, distance": arrival_window(Channel(waveform=waveform, **here), event),
    }
    return {"nothing": (None, None, None)} | {name: _seconds(one, record) for name, one in arrivals.items()}


def _seconds(arrival: ArrivalWindow, record: SyntheticRecord) -> tuple[float, float, float | None]:
    earliest_s, latest_s = ((at - record.start_time_ns) / NANOSECONDS for at in arrival[:2])
    return earliest_s, latest_s, arrival.usual_lag_s


def band(samples: np.ndarray, rate_hz: float) -> np.ndarray:
    """Return the samples between 2 and 20 Hz, or what of it the sampling rate leaves."""
    return sosfilt(butter(3, (2.0, min(20.0, 0.4 * rate_hz)), "bandpass", fs=rate_hz, output="sos"), samples)


def sta_lta(samples: np.ndarray, rate_hz: float, earliest_s: float | None, latest_s: float | None) -> float | None:
    """Return the first trigger where the first wave can be, by ObsPy."""
    ratio = recursive_sta_lta(band(samples - samples.mean(), rate_hz), int(_SHORT_S * rate_hz), int(_LONG_S * rate_hz))
    ratio[: int(_LONG_S * rate_hz)] = 0.0
    for start, _ in trigger_onset(ratio, _ON, _OFF):
        if (earliest_s or 0.0) <= start / rate_hz <= (latest_s or np.inf):
            return float(start / rate_hz)
    return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    drawn = list(cases(arguments.count, arguments.seed))
    truth, ratio = (np.array([getattr(case, name) for case in drawn]) for name in ("onset_s", "ratio_db"))
    edges = np.linspace(LOWEST_DB, HIGHEST_DB, 5)
    print(
        f"{len(drawn)} synthetic records; onsets within {TOLERANCE_S:g} s of the truth [%], by signal over noise [dB]\n"
    )
    columns = "  ".join(f"{f'{low:g} to {high:g}':>8}" for low, high in pairwise(edges))
    print(f"{'known':<17}{'picker':<18}{columns}  {'all':>5}  {'10 s off':>8}  {'ms each':>7}")
    for known in ("nothing", "the origin", "origin, distance"):
        for name in ("ObsPy's STA/LTA", "Trova"):
            started = time.process_time()
            picks = np.array([_pick(name, case, known) for case in drawn])
            each_ms = 1e3 * (time.process_time() - started) / len(drawn)
            off = np.abs(picks - truth)
            right = off <= TOLERANCE_S
            shares = [100 * right[(ratio >= low) & (ratio < high)].mean() for low, high in pairwise(edges)]
            cells = "  ".join(f"{share:8.1f}" for share in shares)
            far = 100 * np.mean(~(off <= 10.0))
            print(f"{known:<17}{name:<18}{cells}  {100 * right.mean():5.1f}  {far:8.1f}  {each_ms:7.2f}")
    gains = [find_onset(case.noise, case.rate_hz).gain for case in drawn]
    print(f"\ngain in noise alone: {np.quantile(gains, 0.95):.1f}, {np.quantile(gains, 0.99):.1f} nat (95, 99 %)")


def _pick(name: str, case: Case, known: str) -> float:
    earliest_s, latest_s, lag_s = case.bounds_s[known]
    if name == "Trova":
        found = find_onset(case.samples, case.rate_hz, earliest_s, latest_s, lag_s)
        return np.nan if found is None else found.time_s
    trigger_s = sta_lta(case.samples, case.rate_hz, earliest_s, latest_s)
    return np.nan if trigger_s is None else trigger_s


if __name__ == "__main__":
    main()
