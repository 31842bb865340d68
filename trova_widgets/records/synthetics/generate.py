"""Records of invented events, with what is signal and what is noise known apart."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from trova_widgets.errors import RecordError
from trova_widgets.records.synthetics.events import (
    FARTHEST_KM,
    NEAREST_KM,
    STATIONS,
    Station,
    SyntheticEvent,
    distance_and_azimuth,
    draw_event,
)
from trova_widgets.records.synthetics.greens import GreensFunctions, load_greens
from trova_widgets.records.synthetics.noise import noise
from trova_widgets.records.synthetics.paths import draw_path, draw_site, travel
from trova_widgets.records.synthetics.sources import Blast, Mechanism, brune_rate, corner_frequency, moment_of

Floats = NDArray[np.floating[Any]]
Spectrum = NDArray[np.complexfloating[Any, Any]]
Rates = dict[str, Spectrum]

EVENT_CLASSES = ("earthquake", "quarry_blast", "mine_blast")
TEACHING_COUNT = 716
TEACHING_SEED = 2022
COUNTS_PER_M_S = 1e9
DURATION_S = 120.0

_FEWEST_STATIONS, _MOST_STATIONS = 3, 6
_FAINTEST_RATIO = 4.0
_TRANSFORM_SIZE = 8192
# branches of the seed: an event's chance and a station's ground never share one
_EVENT_BRANCH, _SITE_BRANCH = 0, 1


@dataclass(frozen=True, kw_only=True, eq=False)
class SyntheticRecord:
    """One record of an invented event.

    Attributes
    ----------
    event : SyntheticEvent
        What is recorded.
    station : Station
        Where.
    distance_km : float
        Epicentral distance.
    clean, noise : ndarray of float64, shape (samples,)
        The signal and the noise, in counts (`COUNTS_PER_M_S` for each m/s of ground velocity).
    sampling_rate_hz : float
        Samples a second.
    start_time_ns : int
        Time of the first sample, nanoseconds since 1970 UTC.
    """

    event: SyntheticEvent
    station: Station
    distance_km: float
    clean: Floats
    noise: Floats
    sampling_rate_hz: float
    start_time_ns: int

    @property
    def samples(self) -> NDArray[np.int32]:
        """What the digitiser writes: whole counts, shape (samples,)."""
        return np.rint(self.clean + self.noise).astype(np.int32)


def teaching_set(seed: int = TEACHING_SEED) -> tuple[SyntheticRecord, ...]:
    """Return the teaching set that ships with Trova: 716 records of three classes.

    Parameters
    ----------
    seed : int, optional
        Another seed gives another set of the same kind.

    Returns
    -------
    tuple of SyntheticRecord
        In the order of the events.
    """
    return tuple(synthesise(TEACHING_COUNT, seed))


def synthesise(count: int, seed: int, greens: GreensFunctions | None = None) -> Iterator[SyntheticRecord]:
    """Yield records of invented events: earthquakes, quarry blasts and mine blasts in turn, 3 to 6 stations each.

    Every event has its own branch of the seed, so that a larger set of one seed starts with the smaller one.

    Parameters
    ----------
    count : int
        How many records; the stations of the last event may be cut short.
    seed : int
        Equal seeds give equal records.
    greens : GreensFunctions, optional
        The crust; the shipped one when left out.

    Yields
    ------
    SyntheticRecord
        120 s at the sampling rate of the Green's functions, the origin 20 to 30 s after the start.

    Raises
    ------
    RecordError
        When the count is not positive.

    Examples
    --------
    >>> first, second = synthesise(2, seed=1)
    >>> first.event.event_class, first.samples.size
    ('earthquake', 4800)
    """
    if count < 1:
        raise RecordError(f"A set of {count} records cannot be made; ask for at least one.")
    crust = greens or load_greens()
    made = number = 0
    while made < count:
        records = _records_of(number, seed, crust)[: count - made]
        yield from records
        made += len(records)
        number += 1


def _records_of(number: int, seed: int, greens: GreensFunctions) -> list[SyntheticRecord]:
    sequence = np.random.SeedSequence(seed, spawn_key=(_EVENT_BRANCH, number))
    # a child a station, as the event draws a varying amount of chance
    event_seed, *station_seeds = sequence.spawn(1 + len(STATIONS))
    rng = np.random.default_rng(event_seed)
    event = draw_event(rng, number, EVENT_CLASSES[number % len(EVENT_CLASSES)])
    wanted = int(rng.integers(_FEWEST_STATIONS, _MOST_STATIONS + 1))
    reached = [
        index
        for index in rng.permutation(len(STATIONS))
        if NEAREST_KM <= distance_and_azimuth(event, STATIONS[index])[0] <= FARTHEST_KM
    ]
    while True:
        rates = _source_rates(event, greens.sampling_rate_hz)
        seen: list[SyntheticRecord] = []
        for index in reached:
            record = _record(event, rates, index, np.random.default_rng(station_seeds[index]), seed, greens)
            if record is not None:
                seen.append(record)
            if len(seen) == wanted:
                break
        if len(seen) >= _FEWEST_STATIONS:
            return seen
        # an event that too few stations see is in no catalogue
        event = replace(event, magnitude=event.magnitude + 0.2)


def _record(
    event: SyntheticEvent, rates: Rates, index: int, rng: np.random.Generator, seed: int, greens: GreensFunctions
) -> SyntheticRecord | None:
    """Return what a station writes, or None where its noise hides the event."""
    station = STATIONS[index]
    distance, azimuth = distance_and_azimuth(event, station)
    rate = greens.sampling_rate_hz
    size = int(DURATION_S * rate)
    ground = noise(
        rng, size, rate, microseism=float(rng.uniform(0.1, 0.6)), culture=float(rng.beta(2, 3) * _loudness(event))
    )
    lead = int(rng.uniform(20, 30) * rate)
    path = draw_path(rng)
    spectrum = _motion(event, rates, distance, azimuth, path.stretch, greens)
    frequencies = np.fft.rfftfreq(_TRANSFORM_SIZE, 1 / rate)
    motion = travel(rng, spectrum, rate, path)
    site = draw_site(np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SITE_BRANCH, index))))
    motion = np.fft.irfft(np.fft.rfft(motion) * site.gain(frequencies), _TRANSFORM_SIZE)
    clean = np.concatenate([np.zeros(lead), motion])[:size]
    if not _is_seen(clean, ground, rate):
        return None
    return SyntheticRecord(
        event=event,
        station=station,
        distance_km=distance,
        clean=clean * COUNTS_PER_M_S,
        noise=ground * COUNTS_PER_M_S,
        sampling_rate_hz=rate,
        start_time_ns=event.origin_time_ns - round(lead / rate * 1e9),
    )


def _source_rates(event: SyntheticEvent, rate_hz: float) -> Rates:
    """Return the spectra that the Green's functions are multiplied with: a moment rate, and a force rate of a blast."""
    frequencies = np.fft.rfftfreq(_TRANSFORM_SIZE, 1 / rate_hz)
    moment = moment_of(event.magnitude)
    if isinstance(event.source, Blast):
        return {
            "EX": moment * event.source.moment_rate(frequencies),
            "VF": moment * event.source.force_rate(frequencies),
        }
    slip = moment * brune_rate(frequencies, corner_frequency(moment, event.stress_drop_mpa))
    return dict.fromkeys(("DD", "DS", "SS"), slip)


def _motion(
    event: SyntheticEvent,
    rates: Rates,
    distance_km: float,
    azimuth_deg: float,
    stretch: float,
    greens: GreensFunctions,
) -> Spectrum:
    """Return the spectrum of the ground velocity in m/s on the way through the layered crust."""
    weights = event.source.weights(azimuth_deg) if isinstance(event.source, Mechanism) else {}
    motion = np.zeros(_TRANSFORM_SIZE // 2 + 1, dtype=np.complex128)
    for name, rate in rates.items():
        response = greens.response(name, event.depth_km, distance_km, _TRANSFORM_SIZE // 2, stretch)
        motion += weights.get(name, 1.0) * rate * np.fft.rfft(response, _TRANSFORM_SIZE)
    return motion


def _loudness(event: SyntheticEvent) -> float:
    """Return how loud people are at that hour: blasts and traffic share the working day."""
    hour = (event.origin_time_ns // 3_600_000_000_000 + 3) % 24
    return 0.5 if 7 <= hour < 19 else 0.4


@cache
def _analyst_band(rate_hz: float) -> Floats:
    return np.asarray(butter(3, [1.0, 8.0], "bandpass", fs=rate_hz, output="sos"), dtype=np.float64)


def _is_seen(clean: Floats, ground: Floats, rate_hz: float) -> bool:
    """Tell whether the strongest second stands out of the noise in the band an analyst looks at."""
    band = _analyst_band(rate_hz)
    second = np.ones(int(rate_hz)) / rate_hz
    strongest = np.sqrt(np.convolve(sosfilt(band, clean) ** 2, second, "same").max())
    return bool(strongest > _FAINTEST_RATIO * sosfilt(band, ground).std())
