"""The invented region: its stations, its mines and quarries, and what happens there."""

from dataclasses import dataclass

import numpy as np

from trova_widgets.records.synthetics.sources import Blast, Mechanism, ripple_delays

NETWORK = "XT"
CHANNEL = "BHZ"
KM_PER_DEGREE = 111.19
CENTRE_LATITUDE, CENTRE_LONGITUDE = 67.6, 33.5
NEAREST_KM, FARTHEST_KM = 30.0, 200.0

TEACHING_SEED = 2022
FIRST_PART_EVENTS = 190
"""Events of the part that ships, and that is as large as the article's set."""
MOST_EVENTS = 100_000
"""Events of a set at most: the last of them happens in 1744, and nanoseconds since 1970 reach back to 1678."""

_DAY_NS = 86_400 * 1_000_000_000
_FIRST_DAY_NS = 17_532 * _DAY_NS  # 2018-01-01
_HOURS_EAST = 3
# share of the earthquakes that happen outside the zones
_LONE_SHARE = 0.2

# km east and north of the centre; as in life, the same few places shoot and the same few zones shake again and again
_STATIONS = ((-95, 20), (-60, 75), (70, 60), (75, -70), (15, -105), (25, 25))
_QUARRIES = ((-40, 0), (-5, -50), (35, 65))
_MINES = ((-10, 15), (55, -15), (-55, -30))
_ZONES = ((-70, 45), (5, 75), (70, 15), (35, -60), (-30, -75))


@dataclass(frozen=True, kw_only=True)
class Station:
    """A station of the invented network, with its place in km east and north of the centre."""

    code: str
    east_km: float
    north_km: float

    @property
    def latitude(self) -> float:
        """Latitude in degrees north."""
        return _latitude(self.north_km)

    @property
    def longitude(self) -> float:
        """Longitude in degrees east."""
        return _longitude(self.east_km)


@dataclass(frozen=True, kw_only=True)
class SyntheticEvent:
    """An invented event.

    Attributes
    ----------
    number : int
        Its place in the set, from zero.
    seed : int
        That of the set.
    event_class : str
        ``"earthquake"``, ``"quarry_blast"`` or ``"mine_blast"``.
    origin_time_ns : int
        Nanoseconds since 1970 UTC.
    east_km, north_km, depth_km : float
        Where, from the centre of the region and below the surface.
    magnitude : float
        Moment magnitude.
    stress_drop_mpa : float
        Stress drop of an earthquake in MPa; a blast makes no use of it.
    source : Mechanism or Blast
        What happened there.
    """

    number: int
    seed: int
    event_class: str
    origin_time_ns: int
    east_km: float
    north_km: float
    depth_km: float
    magnitude: float
    stress_drop_mpa: float
    source: Mechanism | Blast

    @property
    def event_id(self) -> str:
        """Name of the event, as of `event_name`."""
        return event_name(self.number, self.seed)

    @property
    def latitude(self) -> float:
        """Latitude in degrees north."""
        return _latitude(self.north_km)

    @property
    def longitude(self) -> float:
        """Longitude in degrees east."""
        return _longitude(self.east_km)


def event_name(number: int, seed: int) -> str:
    """Return the name of the event at a place of a set.

    Examples
    --------
    >>> event_name(0, TEACHING_SEED), event_name(0, seed=7)
    ('xt0001', 'xt7-0001')
    """
    # those of another seed are other events, and may stand beside the teaching set
    return f"xt{number + 1:04d}" if seed == TEACHING_SEED else f"xt{seed}-{number + 1:04d}"


def _latitude(north_km: float) -> float:
    return CENTRE_LATITUDE + north_km / KM_PER_DEGREE


def _longitude(east_km: float) -> float:
    return float(CENTRE_LONGITUDE + east_km / (KM_PER_DEGREE * np.cos(np.radians(CENTRE_LATITUDE))))


STATIONS = tuple(
    Station(code=f"SYN{number:02d}", east_km=east, north_km=north)
    for number, (east, north) in enumerate(_STATIONS, start=1)
)


def distance_and_azimuth(event: SyntheticEvent, station: Station) -> tuple[float, float]:
    """Return the epicentral distance in km and the azimuth in degrees from the event to the station."""
    east, north = station.east_km - event.east_km, station.north_km - event.north_km
    return float(np.hypot(east, north)), float(np.degrees(np.arctan2(east, north)) % 360)


def draw_event(rng: np.random.Generator, number: int, event_class: str, seed: int = TEACHING_SEED) -> SyntheticEvent:
    """Draw one event of a class.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance, the event's own.
    number : int
        Place in the set; it fixes the day on which the event happens, or the ten days in the first part.
    event_class : str
        ``"earthquake"``, ``"quarry_blast"`` or ``"mine_blast"``.
    seed : int, optional
        That of the set, which is in the event's name.

    Returns
    -------
    SyntheticEvent
        What, where and when.

    Examples
    --------
    >>> event = draw_event(np.random.default_rng(0), 0, "quarry_blast")
    >>> event.event_id, event.depth_km
    ('xt0001', 0.05)
    """
    east, north, depth = _place(rng, event_class)
    return SyntheticEvent(
        number=number,
        seed=seed,
        event_class=event_class,
        origin_time_ns=_origin_time(rng, number, event_class),
        east_km=east,
        north_km=north,
        depth_km=depth,
        # small events are many: b = 1, Gutenberg and Richter
        magnitude=float(1.4 + rng.exponential(1 / np.log(10))),
        stress_drop_mpa=float(np.exp(rng.normal(np.log(8.0), 0.6))),
        source=_mechanism(rng) if event_class == "earthquake" else _blast(rng, event_class),
    )


def _place(rng: np.random.Generator, event_class: str) -> tuple[float, float, float]:
    if event_class == "earthquake":
        lone = rng.random() < _LONE_SHARE
        east, north = rng.uniform(-85, 85, 2) if lone else _ZONES[rng.integers(len(_ZONES))] + rng.normal(0, 4, 2)
        return float(east), float(north), float(rng.uniform(3, 20))
    sites = _QUARRIES if event_class == "quarry_blast" else _MINES
    east, north = np.array(sites[rng.integers(len(sites))]) + rng.normal(0, 1.5, 2)
    depth = 0.05 if event_class == "quarry_blast" else rng.triangular(0.2, 0.9, 0.9)
    return float(east), float(north), float(depth)


def _origin_time(rng: np.random.Generator, number: int, event_class: str) -> int:
    within = int(rng.integers(10))
    # the first part goes on from the first day, an event in ten days; what is added happened before, an event a day
    day = 10 * number + within if number < FIRST_PART_EVENTS else FIRST_PART_EVENTS - 1 - number
    start_of_day = _FIRST_DAY_NS + day * _DAY_NS
    working = {"earthquake": 0.0, "quarry_blast": 0.9, "mine_blast": 0.7}[event_class]
    local_hour = rng.uniform(10, 17) if rng.random() < working else rng.uniform(0, 24)
    return start_of_day + int((local_hour - _HOURS_EAST) * 3600 * 1000) * 1_000_000


def _mechanism(rng: np.random.Generator) -> Mechanism:
    return Mechanism(
        strike_deg=float(rng.uniform(0, 360)),
        # random in space: the normal of the fault plane has no preferred direction
        dip_deg=float(np.degrees(np.arccos(rng.uniform(0, 1)))),
        rake_deg=float(rng.uniform(-180, 180)),
    )


def _blast(rng: np.random.Generator, event_class: str) -> Blast:
    surface = event_class == "quarry_blast"
    delays = ripple_delays(
        rng,
        duration_s=float(rng.uniform(0.6, 1.5) if surface else rng.uniform(0.2, 0.6)),
        hole_delay_s=float(rng.choice([0.017, 0.025, 0.042, 0.065])),
        row_delay_s=float(rng.uniform(0.04, 0.2)),
    )
    charges = rng.uniform(0.6, 1.4, delays.size)
    spall = np.exp(rng.normal(np.log(4e-5), 0.5)) * (1.0 if surface else 0.05)
    return Blast(
        delays_s=delays,
        charges=charges / charges.sum(),
        corner_hz=float(np.exp(rng.normal(np.log(3.5 if surface else 7.0), 0.2))),
        momentum_ns_per_nm=float(spall),
        flight_s=float(rng.uniform(0.2, 0.7)),
    )
