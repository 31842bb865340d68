"""The strategy on autopilot: which experiment comes next, how large it may be, and what is decided from it.

Pure functions of what was found: nothing here trains or stores, so that a search that was killed goes on alike.
"""

from trova_widgets.experiments.seeking.agenda import (
    Agenda,
    Proposed,
    Search,
    Step,
    agenda_of,
    begun,
    decided,
    next_experiment,
    remaining_settings,
)
from trova_widgets.experiments.seeking.decision import Comparison, Decision, Influenced, decide
from trova_widgets.experiments.seeking.presets import PRESETS, Preset, article_order, preset
from trova_widgets.experiments.seeking.shares import Fitted, fair_share, fitted

__all__ = [
    "PRESETS",
    "Agenda",
    "Comparison",
    "Decision",
    "Fitted",
    "Influenced",
    "Preset",
    "Proposed",
    "Search",
    "Step",
    "agenda_of",
    "article_order",
    "begun",
    "decide",
    "decided",
    "fair_share",
    "fitted",
    "next_experiment",
    "preset",
    "remaining_settings",
]
