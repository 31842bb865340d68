"""The workspace's database: typed rows in, tables out, one owner at a time. SQL stands in this package alone."""

from trova_widgets.store.checking import REFERENCES
from trova_widgets.store.choosing import Bound, RecordFilter, Sign
from trova_widgets.store.connection import SharingImpossible
from trova_widgets.store.listing import RecordPage
from trova_widgets.store.overview import PlacedEvents
from trova_widgets.store.rows import (
    DatasetRow,
    EventRow,
    ExperimentRow,
    LabelRow,
    NetworkRow,
    ParameterRow,
    RecordRow,
    TrialRow,
)
from trova_widgets.store.sharing import stop_owner
from trova_widgets.store.store import Store

__all__ = [
    "REFERENCES",
    "Bound",
    "DatasetRow",
    "EventRow",
    "ExperimentRow",
    "LabelRow",
    "NetworkRow",
    "ParameterRow",
    "PlacedEvents",
    "RecordFilter",
    "RecordPage",
    "RecordRow",
    "SharingImpossible",
    "Sign",
    "Store",
    "TrialRow",
    "stop_owner",
]
