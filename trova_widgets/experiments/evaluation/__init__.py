"""The evaluation of what tells classes: figures with intervals, calibration, chance, doubtful labels.

Arrays in, answers out: nothing here trains, stores or draws.
"""

from trova_widgets.experiments.evaluation.calibration import (
    Abstaining,
    Reliability,
    abstaining,
    fit_temperature,
    reliability,
    tempered,
    tempered_out_of_fold,
    with_prior,
)
from trova_widgets.experiments.evaluation.chance import Chance, chance
from trova_widgets.experiments.evaluation.clock import CONTRADICTED, ClockEvidence, clock_evidence
from trova_widgets.experiments.evaluation.doubts import doubts
from trova_widgets.experiments.evaluation.figures import Figure, Figures, by_event, figures, in_parts
from trova_widgets.experiments.evaluation.rates import checked_rates
from trova_widgets.experiments.evaluation.shares import share_intervals

__all__ = [
    "CONTRADICTED",
    "Abstaining",
    "Chance",
    "ClockEvidence",
    "Figure",
    "Figures",
    "Reliability",
    "abstaining",
    "by_event",
    "chance",
    "checked_rates",
    "clock_evidence",
    "doubts",
    "figures",
    "fit_temperature",
    "in_parts",
    "reliability",
    "share_intervals",
    "tempered",
    "tempered_out_of_fold",
    "with_prior",
]
