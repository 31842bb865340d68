"""The teaching set: records of invented earthquakes, quarry blasts and mine blasts, made from physics.

Green's functions of a layered crust (`greens`) carry what a source does (`sources`) to the stations of an invented
region (`events`); on the way the waves weaken and scatter (`paths`), and noise (`noise`) is added (`generate`).
"""

from trova_widgets.records.synthetics.events import NETWORK, STATIONS, Station, SyntheticEvent
from trova_widgets.records.synthetics.generate import (
    COUNTS_PER_M_S,
    EVENT_CLASSES,
    TEACHING_COUNT,
    TEACHING_SEED,
    SyntheticRecord,
    synthesise,
    teaching_set,
)
from trova_widgets.records.synthetics.greens import GreensFunctions, load_greens

__all__ = [
    "COUNTS_PER_M_S",
    "EVENT_CLASSES",
    "NETWORK",
    "STATIONS",
    "TEACHING_COUNT",
    "TEACHING_SEED",
    "GreensFunctions",
    "Station",
    "SyntheticEvent",
    "SyntheticRecord",
    "load_greens",
    "synthesise",
    "teaching_set",
]
