"""Seismic records and events: read from files, matched, measured. Importing this package does not import ObsPy."""

from trova_widgets.records.catalog import read_catalog
from trova_widgets.records.events import EVENT_CLASSES, SeismicEvent, class_of
from trova_widgets.records.filtering import filtered
from trova_widgets.records.quality import quality_parameters
from trova_widgets.records.reading import read_waveforms
from trova_widgets.records.taking_in import AlreadyThere, Rejection, TakenIn, take_in
from trova_widgets.records.waveform import Waveform

__all__ = [
    "EVENT_CLASSES",
    "AlreadyThere",
    "Rejection",
    "SeismicEvent",
    "TakenIn",
    "Waveform",
    "class_of",
    "filtered",
    "quality_parameters",
    "read_catalog",
    "read_waveforms",
    "take_in",
]
