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
from trova_widgets.experiments.evaluation.figures import (
    Figure,
    Figures,
    accuracy_lost,
    by_event,
    figures,
    in_parts,
)
from trova_widgets.experiments.evaluation.parts import Parts, map_cells, periods, station_groups
from trova_widgets.experiments.evaluation.rates import Rated, at_rates, checked_rates, trained_rates
from trova_widgets.experiments.evaluation.shares import share_intervals

__all__ = [
    "CONTRADICTED",
    "Abstaining",
    "Chance",
    "ClockEvidence",
    "Figure",
    "Figures",
    "Parts",
    "Rated",
    "Reliability",
    "abstaining",
    "accuracy_lost",
    "at_rates",
    "by_event",
    "chance",
    "checked_rates",
    "clock_evidence",
    "doubts",
    "figures",
    "fit_temperature",
    "in_parts",
    "map_cells",
    "periods",
    "reliability",
    "share_intervals",
    "station_groups",
    "tempered",
    "tempered_out_of_fold",
    "trained_rates",
    "with_prior",
]
