"""The teaching set: records of invented earthquakes, quarry blasts and mine blasts, made from physics.

Green's functions of a layered crust (`greens`) carry what a source does (`sources`) to the stations of an invented
region (`events`); on the way the waves weaken and scatter (`paths`), and noise (`noise`) is added (`generate`). The
first part of the set ships as files; the rest is made where it is wanted (`teaching`), with what was found out before
about who sees it (`sightings`).
"""

from trova_widgets.records.synthetics.events import (
    FIRST_PART_EVENTS,
    MOST_EVENTS,
    NETWORK,
    STATIONS,
    TEACHING_SEED,
    Station,
    SyntheticEvent,
    event_name,
)
from trova_widgets.records.synthetics.generate import (
    COUNTS_PER_M_S,
    EVENT_CLASSES,
    TEACHING_COUNT,
    SyntheticRecord,
    sighting_of,
    synthesise,
    synthesise_events,
    teaching_set,
)
from trova_widgets.records.synthetics.greens import GreensFunctions, load_greens
from trova_widgets.records.synthetics.sightings import Sighting, load_sightings, write_sightings
from trova_widgets.records.synthetics.teaching import (
    TEACHING_EVENTS,
    planned_events,
    teaching_events,
    teaching_sources,
    write_teaching_set,
)

__all__ = [
    "COUNTS_PER_M_S",
    "EVENT_CLASSES",
    "FIRST_PART_EVENTS",
    "MOST_EVENTS",
    "NETWORK",
    "STATIONS",
    "TEACHING_COUNT",
    "TEACHING_EVENTS",
    "TEACHING_SEED",
    "GreensFunctions",
    "Sighting",
    "Station",
    "SyntheticEvent",
    "SyntheticRecord",
    "event_name",
    "load_greens",
    "load_sightings",
    "planned_events",
    "sighting_of",
    "synthesise",
    "synthesise_events",
    "teaching_events",
    "teaching_set",
    "teaching_sources",
    "write_sightings",
    "write_teaching_set",
]
