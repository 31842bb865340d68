"""The teaching set, event by event, for an import or as files: what ships is read, the rest is made anew."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.catalog import read_catalog
from trova_widgets.records.catalogues.stations import StationEpoch, StationPlaces
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.items import Computed, Fetched
from trova_widgets.records.synthetics.events import (
    CHANNEL,
    FIRST_PART_EVENTS,
    MOST_EVENTS,
    NETWORK,
    STATIONS,
    TEACHING_SEED,
    SyntheticEvent,
    event_name,
)
from trova_widgets.records.synthetics.generate import SyntheticRecord, planned_event, records_of, synthesise_events
from trova_widgets.records.synthetics.sightings import Sighting, load_sightings
from trova_widgets.resources import share_folder

TEACHING_EVENTS = 600
"""Events of the teaching set: so many that an experiment on it can tell networks apart."""

_EVENT_TYPES = {"earthquake": "earthquake", "quarry_blast": "quarry blast", "mine_blast": "mining explosion"}


def teaching_events(
    events: int = TEACHING_EVENTS,
    seed: int = TEACHING_SEED,
    *,
    there: Collection[str] = frozenset(),
    shipped: bool = True,
) -> Iterator[Fetched]:
    """Yield the events of the teaching set with their seismograms, ready to be taken in.

    Parameters
    ----------
    events : int, optional
        How many, three classes in turn. A larger set of one seed starts with the smaller one.
    seed : int, optional
        Another one gives other events of the same kind, with other names.
    there : collection of str, optional
        Names of events that are not wanted.
    shipped : bool, optional
        Whether the part that travels with Trova is read from its files, which are the same to the last bit everywhere,
        or made anew as all others are: on all cores, a few events ahead of who takes them; and whether it is taken
        from a file, too, which stations see the further ones.

    Yields
    ------
    Fetched
        The miniSEED file of an event, in the order of their numbers.

    Raises
    ------
    RecordError
        When there cannot be so many events.

    Examples
    --------
    >>> [each.event.event_type for each in teaching_events(3, seed=1)]
    ['earthquake', 'quarry blast', 'mining explosion']
    """
    kept, missing = _wanted(events, seed, there, shipped=shipped)
    yield from _shipped(kept)
    for records in synthesise_events(missing, seed, sightings=_sightings(seed) if shipped else None):
        yield _fetched(records)


def teaching_sources(
    events: int = TEACHING_EVENTS, seed: int = TEACHING_SEED, *, there: Collection[str] = frozenset()
) -> list[Fetched | Computed]:
    """Return the events of the teaching set for an import: the further ones are made by who reads them.

    Parameters
    ----------
    events, seed, there : optional
        As of `teaching_events`.

    Returns
    -------
    list of Fetched or Computed
        In the order of their numbers.

    Raises
    ------
    RecordError
        When there cannot be so many events.

    Examples
    --------
    >>> [type(each).__name__ for each in teaching_sources(191, there=[f"xt{number:04d}" for number in range(1, 190)])]
    ['Fetched', 'Computed']
    """
    kept, missing = _wanted(events, seed, there)
    sightings = _sightings(seed)
    made = ((number, event_name(number, seed)) for number in missing)
    return [
        *_shipped(kept),
        *(
            Computed(path=_path_of(name), compute=partial(_computed, number, seed, sightings.get(name)))
            for number, name in made
        ),
    ]


def planned_events(events: int = TEACHING_EVENTS, seed: int = TEACHING_SEED) -> list[SeismicEvent]:
    """Return the events of a teaching set without computing what they do: what, where and when.

    Parameters
    ----------
    events, seed : optional
        As of `teaching_events`.

    Returns
    -------
    list of SeismicEvent
        In the order of their numbers. Their magnitudes are those that are asked for first: an event that too few
        stations would see is made stronger.

    Raises
    ------
    RecordError
        When there cannot be so many events.

    Examples
    --------
    >>> [event.event_id for event in planned_events(2)]
    ['xt0001', 'xt0002']
    """
    _check(events)
    return [seismic_event(planned_event(number, seed)) for number in range(events)]


def _check(events: int) -> None:
    if not 1 <= events <= MOST_EVENTS:
        raise RecordError(f"A teaching set of {events} events cannot be made; ask for 1 to {MOST_EVENTS}.")


def _wanted(events: int, seed: int, there: Collection[str], *, shipped: bool = True) -> tuple[list[str], list[int]]:
    """Return the names of the events that are read, and the numbers of those that are made."""
    _check(events)
    names = [event_name(number, seed) for number in range(events)]
    kept = FIRST_PART_EVENTS if shipped and seed == TEACHING_SEED else 0
    missing = [number for number in range(kept, events) if names[number] not in there]
    return [name for name in names[:kept] if name not in there], missing


def _sightings(seed: int) -> Mapping[str, Sighting]:
    return load_sightings() if seed == TEACHING_SEED else {}


def _computed(number: int, seed: int, sighting: Sighting | None) -> Fetched:
    return _fetched(records_of(number, seed, sighting))


def _fetched(records: Sequence[SyntheticRecord]) -> Fetched:
    event = seismic_event(records[0].event)
    return Fetched(path=_path_of(event.event_id), content=_miniseed(records), event=event, places=station_places())


def _path_of(name: str) -> Path:
    return Path(f"{name}.mseed")


def _shipped(names: Sequence[str]) -> Iterator[Fetched]:
    if not names:
        return
    folder, places = share_folder("data") / "teaching", station_places()
    known = {event.event_id: event for event in read_catalog(folder / "catalog.xml")}
    for name in names:
        path = folder / "waveforms" / f"{name}.mseed"
        yield Fetched(path=path, content=path.read_bytes(), event=known[name], places=places)


def write_teaching_set(folder: Path, made: Iterable[Fetched]) -> int:
    """Write events as files that every tool of seismology reads, the same bytes each time.

    A miniSEED file an event holds all its stations; ``catalog.xml`` (QuakeML) has origins, magnitudes and event types,
    ``stations.xml`` (StationXML) the places of the stations.

    Parameters
    ----------
    folder : Path
        It is made where it is missing; what it has of such a set is written over.
    made : iterable of Fetched
        As of `teaching_events`.

    Returns
    -------
    int
        How many events were written.

    Raises
    ------
    RecordError
        When the folder cannot be written to.
    """
    written = []
    try:
        waveforms = folder / "waveforms"
        waveforms.mkdir(parents=True, exist_ok=True)
        for each in made:
            (waveforms / each.path.name).write_bytes(each.content)
            written.append(each.event)
        _write_catalog(folder / "catalog.xml", written)
        _write_stations(folder / "stations.xml")
    except OSError as error:
        raise RecordError(
            f"The teaching set cannot be written to {folder}: {error.strerror or error}; make room there, or name "
            "another folder."
        ) from error
    return len(written)


def seismic_event(event: SyntheticEvent) -> SeismicEvent:
    """Return an invented event as a catalogue has it, its figures rounded as a catalogue's are.

    Examples
    --------
    >>> from trova_widgets.records.synthetics.events import draw_event
    >>> seismic_event(draw_event(np.random.default_rng(0), 0, "mine_blast")).event_type
    'mining explosion'
    """
    return SeismicEvent(
        event_id=event.event_id,
        origin_time_ns=event.origin_time_ns,
        latitude=round(event.latitude, 4),
        longitude=round(event.longitude, 4),
        depth_km=round(event.depth_km, 3),
        magnitude=round(event.magnitude, 2),
        magnitude_type="Mw",
        event_type=_EVENT_TYPES[event.event_class],
    )


def station_places() -> StationPlaces:
    """Return where the invented stations stand.

    Examples
    --------
    >>> station_places().place_of("XT", "SYN01", 0)
    (67.7799, 31.2579)
    """
    return StationPlaces(
        {
            (NETWORK, station.code): (
                StationEpoch(latitude=round(station.latitude, 4), longitude=round(station.longitude, 4)),
            )
            for station in STATIONS
        }
    )


def _miniseed(records: Iterable[SyntheticRecord]) -> bytes:
    obspy = obspy_module("obspy")
    stream = obspy.Stream(
        [
            obspy.Trace(
                np.ascontiguousarray(record.samples),
                header={
                    "network": NETWORK,
                    "station": record.station.code,
                    "channel": CHANNEL,
                    "sampling_rate": record.sampling_rate_hz,
                    "starttime": obspy.UTCDateTime(ns=record.start_time_ns),
                },
            )
            for record in records
        ]
    )
    target = BytesIO()
    stream.write(target, format="MSEED", encoding="STEIM2", reclen=512)
    return target.getvalue()


def _write_catalog(path: Path, events: Iterable[SeismicEvent]) -> None:
    quakeml = obspy_module("obspy.core.event")
    catalog = quakeml.Catalog(
        [_quakeml(quakeml, event) for event in events],
        resource_id=quakeml.ResourceIdentifier("smi:trova/teaching"),
    )
    catalog.creation_info = None
    catalog.write(str(path), format="QUAKEML")


def _quakeml(quakeml: Any, event: SeismicEvent) -> Any:
    """Return an event as QuakeML has it; the identifiers are named, as drawn ones would differ each time."""

    def identifier(kind: str) -> Any:
        return quakeml.ResourceIdentifier(f"smi:trova/{kind}/{event.event_id}")

    origin = quakeml.Origin(
        resource_id=identifier("origin"),
        time=obspy_module("obspy").UTCDateTime(ns=event.origin_time_ns),
        latitude=event.latitude,
        longitude=event.longitude,
        depth=None if event.depth_km is None else round(event.depth_km * 1000),
    )
    magnitude = quakeml.Magnitude(
        resource_id=identifier("magnitude"),
        mag=event.magnitude,
        magnitude_type=event.magnitude_type,
        origin_id=origin.resource_id,
    )
    made = quakeml.Event(
        resource_id=identifier("event"), event_type=event.event_type, origins=[origin], magnitudes=[magnitude]
    )
    made.preferred_origin_id = origin.resource_id
    made.preferred_magnitude_id = magnitude.resource_id
    return made


def _write_stations(path: Path) -> None:
    inventory = obspy_module("obspy.core.inventory")

    def station_of(code: str, latitude: float, longitude: float) -> Any:
        place = {"latitude": latitude, "longitude": longitude, "elevation": 0.0}
        channel = inventory.Channel(CHANNEL, location_code="", depth=0.0, azimuth=0.0, dip=-90.0, **place)
        return inventory.Station(code, site=inventory.Site(name=code), channels=[channel], **place)

    stations = [
        station_of(code, epoch.latitude, epoch.longitude) for (_, code), (epoch,) in station_places().epochs.items()
    ]
    made = inventory.Inventory(
        [inventory.Network(NETWORK, stations=stations)],
        source="Trova",
        created=obspy_module("obspy").UTCDateTime(2018, 1, 1),
    )
    made.write(str(path), format="STATIONXML", validate=True)
