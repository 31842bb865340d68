"""Records of invented events, with what is signal and what is noise known apart."""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecordError
from trova_widgets.processes import usable_cores
from trova_widgets.records.synthetics.events import (
    FARTHEST_KM,
    FIRST_PART_EVENTS,
    NEAREST_KM,
    STATIONS,
    TEACHING_SEED,
    Station,
    SyntheticEvent,
    distance_and_azimuth,
    draw_event,
    event_name,
)
from trova_widgets.records.synthetics.greens import GreensFunctions, load_greens
from trova_widgets.records.synthetics.noise import noise
from trova_widgets.records.synthetics.paths import draw_path, draw_site, travel
from trova_widgets.records.synthetics.sightings import Sighting
from trova_widgets.records.synthetics.sources import Blast, Mechanism, brune_rate, corner_frequency, moment_of

Floats = NDArray[np.floating[Any]]
Spectrum = NDArray[np.complexfloating[Any, Any]]
Rates = dict[str, Spectrum]

EVENT_CLASSES = ("earthquake", "quarry_blast", "mine_blast")
TEACHING_COUNT = 716
COUNTS_PER_M_S = 1e9
DURATION_S = 120.0

_FEWEST_STATIONS, _MOST_STATIONS = 3, 6
_FAINTEST_RATIO = 4.0
# so much stronger an event is made that too few stations see, as often as it needs: in magnitudes, and in powers of ten
_STEP = 0.2
_GROWTH = 1.5 * _STEP
# nearer than this to being seen, a station is asked: what is told ahead is not exact
_NEARLY = 0.98
_TRANSFORM_SIZE = 8192
# the first part ends with the record that makes it as large as the article's set, the only one of its last event
_LAST_OF_FIRST_PART, _ITS_RECORDS = FIRST_PART_EVENTS - 1, 1
# events that are made ahead of who takes them, for each thread
_AHEAD = 2
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
        records = records_of(number, seed, greens=crust)[: count - made]
        yield from records
        made += len(records)
        number += 1


def synthesise_events(
    numbers: Iterable[int],
    seed: int,
    greens: GreensFunctions | None = None,
    *,
    sightings: Mapping[str, Sighting] | None = None,
    workers: int | None = None,
) -> Iterator[tuple[SyntheticRecord, ...]]:
    """Yield the records of some events of a set, event by event, made on all cores.

    Parameters
    ----------
    numbers : iterable of int
        The places of the events in the set, from zero.
    seed : int
        That of the set.
    greens : GreensFunctions, optional
        The crust; the shipped one when left out.
    sightings : mapping of str to Sighting, optional
        Who sees the events of these names; of the others it is found out.
    workers : int, optional
        How many threads; one a core, if left out.

    Yields
    ------
    tuple of SyntheticRecord
        In the order of the numbers; what `synthesise` gives for them.

    Examples
    --------
    >>> [len(records) for records in synthesise_events([0, 5], seed=1)]
    [5, 5]
    """
    crust = greens or load_greens()
    count = workers or usable_cores()
    waiting: deque[Future[tuple[SyntheticRecord, ...]]] = deque()
    # the transforms and the long steps of numpy let other threads work
    with ThreadPoolExecutor(count, "trova-synthetics") as threads:
        try:
            for number in numbers:
                known = (sightings or {}).get(event_name(number, seed))
                waiting.append(threads.submit(records_of, number, seed, known, crust))
                if len(waiting) > _AHEAD * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            # an error, or nobody who takes the rest
            for future in waiting:
                future.cancel()


def planned_event(number: int, seed: int) -> SyntheticEvent:
    """Return an event of a set as it is drawn: one that too few stations see is made stronger.

    Examples
    --------
    >>> planned_event(1, seed=1).event_class
    'quarry_blast'
    """
    return _draw(_chance_of(number, seed)[0], number, seed)


def _draw(rng: np.random.Generator, number: int, seed: int) -> SyntheticEvent:
    return draw_event(rng, number, EVENT_CLASSES[number % len(EVENT_CLASSES)], seed)


def _chance_of(number: int, seed: int) -> tuple[np.random.Generator, list[np.random.SeedSequence]]:
    """Return the chance of an event, and that of each station: a child each, as an event draws a varying amount."""
    sequence = np.random.SeedSequence(seed, spawn_key=(_EVENT_BRANCH, number))
    event_seed, *station_seeds = sequence.spawn(1 + len(STATIONS))
    return np.random.default_rng(event_seed), station_seeds


def sighting_of(number: int, seed: int, greens: GreensFunctions | None = None) -> Sighting:
    """Find out who sees an event.

    Examples
    --------
    >>> sighting_of(0, seed=1)
    Sighting(steps=0, stations=(0, 1, 2, 3, 4))
    """
    return _seen(number, seed, greens or load_greens(), None)[0]


def records_of(
    number: int, seed: int, sighting: Sighting | None = None, greens: GreensFunctions | None = None
) -> tuple[SyntheticRecord, ...]:
    """Return the records of one event of a set, in the order in which stations were asked.

    Parameters
    ----------
    number, seed : int
        The event's place in the set, from zero, and the set's seed.
    sighting : Sighting, optional
        Who sees it; found out, if left out.
    greens : GreensFunctions, optional
        The crust; the shipped one when left out.

    Examples
    --------
    >>> [record.station.code for record in records_of(5, seed=1)][:2]
    ['SYN01', 'SYN04']
    """
    _, records = _seen(number, seed, greens or load_greens(), sighting)
    is_cut = seed == TEACHING_SEED and number == _LAST_OF_FIRST_PART
    return tuple(records[:_ITS_RECORDS] if is_cut else records)


def _seen(
    number: int, seed: int, greens: GreensFunctions, known: Sighting | None
) -> tuple[Sighting, list[SyntheticRecord]]:
    """Return who sees an event, and what is seen."""
    rng, station_seeds = _chance_of(number, seed)
    event = _draw(rng, number, seed)
    if known is not None:
        event = _stronger(event, known.steps)
        rates = _source_rates(event, greens.sampling_rate_hz)
        chances = {index: np.random.default_rng(station_seeds[index]) for index in known.stations}
        return known, [_record(event, rates, index, chances[index], seed, greens) for index in known.stations]
    wanted = int(rng.integers(_FEWEST_STATIONS, _MOST_STATIONS + 1))
    reached = [
        index
        for index in rng.permutation(len(STATIONS)).tolist()
        if NEAREST_KM <= distance_and_azimuth(event, STATIONS[index])[0] <= FARTHEST_KM
    ]
    # how far the event may stand out of each station's noise at most: above 1 the station sees it
    prominences = dict.fromkeys(reached, math.inf)
    steps = 0
    while True:
        rates = _source_rates(event, greens.sampling_rate_hz)
        seen: dict[int, SyntheticRecord] = {}
        for index in reached:
            if prominences[index] < _NEARLY:
                continue
            chance = np.random.default_rng(station_seeds[index])
            record = _record(event, rates, index, chance, seed, greens)
            prominences[index] = _prominence(record)
            if prominences[index] > 1:
                seen[index] = record
            if len(seen) == wanted:
                break
        if len(seen) >= _FEWEST_STATIONS:
            return Sighting(steps=steps, stations=tuple(seen)), list(seen.values())
        # an event that too few stations see is in no catalogue: a stronger one takes its place. The motion grows no
        # faster than the moment, as the corner of a stronger earthquake is lower, so fewer steps are too few
        further = max(1, math.ceil(math.log10(_NEARLY / sorted(prominences.values())[-_FEWEST_STATIONS]) / _GROWTH))
        event, steps = _stronger(event, further), steps + further
        prominences = {index: prominence * 10 ** (_GROWTH * further) for index, prominence in prominences.items()}


def _stronger(event: SyntheticEvent, steps: int) -> SyntheticEvent:
    magnitude = event.magnitude
    for _ in range(steps):
        magnitude += _STEP
    return replace(event, magnitude=magnitude)


def _record(
    event: SyntheticEvent, rates: Rates, index: int, rng: np.random.Generator, seed: int, greens: GreensFunctions
) -> SyntheticRecord:
    """Return what a station writes."""
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
    motion = travel(rng, spectrum, rate, path)
    motion = np.fft.irfft(np.fft.rfft(motion) * _site_gain(seed, index, rate), _TRANSFORM_SIZE)
    clean = np.concatenate([np.zeros(lead), motion])[:size]
    return SyntheticRecord(
        event=event,
        station=station,
        distance_km=distance,
        clean=clean * COUNTS_PER_M_S,
        noise=ground * COUNTS_PER_M_S,
        sampling_rate_hz=rate,
        start_time_ns=event.origin_time_ns - round(lead / rate * 1e9),
    )


@lru_cache(maxsize=64)
def _site_gain(seed: int, index: int, rate_hz: float) -> Floats:
    site = draw_site(np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SITE_BRANCH, index))))
    return site.gain(np.fft.rfftfreq(_TRANSFORM_SIZE, 1 / rate_hz))


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
    # imported where it is needed, because it takes longer than all else of the library
    from scipy.signal import butter

    return np.asarray(butter(3, [1.0, 8.0], "bandpass", fs=rate_hz, output="sos"), dtype=np.float64)


def _prominence(record: SyntheticRecord) -> float:
    """Return how far an event stands out of a station's noise in the band an analyst looks at: above 1 it is seen."""
    from scipy.signal import sosfilt

    rate_hz = record.sampling_rate_hz
    heard = sosfilt(_analyst_band(rate_hz), np.stack([record.clean, record.noise]))
    second = np.ones(int(rate_hz)) / rate_hz
    strongest = np.sqrt(np.convolve(heard[0] ** 2, second, "same").max())
    return float(strongest / (_FAINTEST_RATIO * heard[1].std()))
