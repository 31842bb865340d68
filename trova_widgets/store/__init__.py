"""The workspace's database: typed rows in, tables out, one owner at a time. SQL stands in this package alone."""

from trova_widgets.store.listing import RecordFilter, RecordPage
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
    "DatasetRow",
    "EventRow",
    "ExperimentRow",
    "LabelRow",
    "NetworkRow",
    "ParameterRow",
    "RecordFilter",
    "RecordPage",
    "RecordRow",
    "Store",
    "TrialRow",
    "stop_owner",
]
