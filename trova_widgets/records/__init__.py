"""Seismic records and events: read from files, matched, measured. Importing this package does not import ObsPy."""

from trova_widgets.records.analysis.filtering import filtered
from trova_widgets.records.analysis.quality import QUALITY_PARAMETERS, quality_parameters
from trova_widgets.records.archives.fdsn import DataCentre, Region, RequestPolicy, known_centres
from trova_widgets.records.archives.sources import Source, path_of, sources
from trova_widgets.records.catalogues.catalog import Catalogue, catalogue_file, layout_of_table, read_catalog
from trova_widgets.records.catalogues.layout import TableLayout
from trova_widgets.records.catalogues.quakeml import write_quakeml
from trova_widgets.records.events import EVENT_CLASSES, SeismicEvent, class_of, event_type_key
from trova_widgets.records.files.formats import readable_formats
from trova_widgets.records.files.reading import content_of, indexed_waveforms, read_waveforms, sound_waveforms
from trova_widgets.records.items import AlreadyThere, Computed, Fetched, NewRecord, Rejection
from trova_widgets.records.letters import printable
from trova_widgets.records.reader import RecordReader, load_readers, read_records
from trova_widgets.records.waveform import Waveform

__all__ = [
    "EVENT_CLASSES",
    "QUALITY_PARAMETERS",
    "AlreadyThere",
    "Catalogue",
    "Computed",
    "DataCentre",
    "Fetched",
    "NewRecord",
    "RecordReader",
    "Region",
    "Rejection",
    "RequestPolicy",
    "SeismicEvent",
    "Source",
    "TableLayout",
    "Waveform",
    "catalogue_file",
    "class_of",
    "content_of",
    "event_type_key",
    "filtered",
    "indexed_waveforms",
    "known_centres",
    "layout_of_table",
    "load_readers",
    "path_of",
    "printable",
    "quality_parameters",
    "read_catalog",
    "read_records",
    "read_waveforms",
    "readable_formats",
    "sound_waveforms",
    "sources",
    "write_quakeml",
]
