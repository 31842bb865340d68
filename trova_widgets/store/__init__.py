"""The workspace's database: typed rows in, tables out, one owner at a time. SQL stands in this package alone."""

from trova_widgets.store.checking import REFERENCES
from trova_widgets.store.choosing import Bound, RecordFilter, Sign
from trova_widgets.store.connection import SharingImpossible
from trova_widgets.store.handles import KINDS, Belongings, Kind
from trova_widgets.store.listing import RecordPage, measured_value
from trova_widgets.store.overview import PlacedEvents
from trova_widgets.store.parquet import parquet_bytes
from trova_widgets.store.revisions import KnownEvent
from trova_widgets.store.rows import (
    DatasetRow,
    EventRow,
    ExperimentRow,
    LabelRow,
    NetworkRow,
    ParameterRow,
    RecordRow,
    SearchRow,
)
from trova_widgets.store.sharing import stop_owner
from trova_widgets.store.store import Store
from trova_widgets.store.trials import Told

__all__ = [
    "KINDS",
    "REFERENCES",
    "Belongings",
    "Bound",
    "DatasetRow",
    "EventRow",
    "ExperimentRow",
    "Kind",
    "KnownEvent",
    "LabelRow",
    "NetworkRow",
    "ParameterRow",
    "PlacedEvents",
    "RecordFilter",
    "RecordPage",
    "RecordRow",
    "SearchRow",
    "SharingImpossible",
    "Sign",
    "Store",
    "Told",
    "measured_value",
    "parquet_bytes",
    "stop_owner",
]
