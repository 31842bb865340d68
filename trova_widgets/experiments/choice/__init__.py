"""The choice among cells: the best one, what cannot be told from it, what to expect of it, and what to train next.

Arrays in, answers out: nothing here trains, stores or draws.
"""

from trova_widgets.experiments.choice.best import Best, best_cell
from trova_widgets.experiments.choice.confidence_set import ConfidenceSet, confidence_set
from trova_widgets.experiments.choice.effects import Effect, effects
from trova_widgets.experiments.choice.equivalence import MARGIN, Equivalence, practical_equivalence
from trova_widgets.experiments.choice.evidence import Evidence
from trova_widgets.experiments.choice.halving import (
    Dropped,
    Halving,
    HalvingRules,
    Rung,
    cost_sentence,
    epochs_saved,
    halve,
    rungs,
)
from trova_widgets.experiments.choice.intervals import quality_intervals
from trova_widgets.experiments.choice.losses import Losses
from trova_widgets.experiments.choice.luck import Luck, training_luck
from trova_widgets.experiments.choice.nested import Expectation, lowest_loss, nested_expectation
from trova_widgets.experiments.choice.objectives import OBJECTIVES, Objective, Unit, class_auc, confusion, paired_losses
from trova_widgets.experiments.choice.outcomes import Outcomes
from trova_widgets.experiments.choice.racing import Drop, Look, Race, RaceRules, Training, race
from trova_widgets.experiments.choice.sampling import DRAWS, RandomNumbers, on_equal_terms

__all__ = [
    "DRAWS",
    "MARGIN",
    "OBJECTIVES",
    "Best",
    "ConfidenceSet",
    "Drop",
    "Dropped",
    "Effect",
    "Equivalence",
    "Evidence",
    "Expectation",
    "Halving",
    "HalvingRules",
    "Look",
    "Losses",
    "Luck",
    "Objective",
    "Outcomes",
    "Race",
    "RaceRules",
    "RandomNumbers",
    "Rung",
    "Training",
    "Unit",
    "best_cell",
    "class_auc",
    "confidence_set",
    "confusion",
    "cost_sentence",
    "effects",
    "epochs_saved",
    "halve",
    "lowest_loss",
    "nested_expectation",
    "on_equal_terms",
    "paired_losses",
    "practical_equivalence",
    "quality_intervals",
    "race",
    "rungs",
    "training_luck",
]
