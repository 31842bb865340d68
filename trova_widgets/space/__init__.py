"""The space in which Trova searches: settings, the grid over some of them, and the trials at its nodes.

Numbers only: nothing here knows torch, the database, or a seismogram. What can vary is a `Setting`, whether it belongs
to a layer, to the training or to the recipe of a fingerprint; a `Space` holds those of one experiment; a `Grid` is an
objective over the cells of a plan; a `Trial` is a flat mapping of settings with an identity, a `TrialResult` what it
leaves behind.
"""

from trova_widgets.space.grid import Floats, Grid, Index, axis_places
from trova_widgets.space.group import SettingGroup, declared
from trova_widgets.space.influence import Influence, influence
from trova_widgets.space.notation import format_value, format_values, parse_axes, parse_axis, parse_values, short_name
from trova_widgets.space.setting import Setting, Value, values_getter
from trova_widgets.space.space import FOLD, SEED, Space
from trova_widgets.space.trial import (
    CellIdentities,
    Trial,
    TrialIdentities,
    TrialResult,
    group_of,
    pack_probabilities,
    unpack_probabilities,
)

__all__ = [
    "FOLD",
    "SEED",
    "CellIdentities",
    "Floats",
    "Grid",
    "Index",
    "Influence",
    "Setting",
    "SettingGroup",
    "Space",
    "Trial",
    "TrialIdentities",
    "TrialResult",
    "Value",
    "axis_places",
    "declared",
    "format_value",
    "format_values",
    "group_of",
    "influence",
    "pack_probabilities",
    "parse_axes",
    "parse_axis",
    "parse_values",
    "short_name",
    "unpack_probabilities",
    "values_getter",
]
