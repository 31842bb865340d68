"""Baselines: plain ways to tell classes, which a network is to be better than, on the same folds."""

from trova_widgets.experiments.baselines.classifiers import BASELINES, Baseline, baseline_named, tell
from trova_widgets.experiments.baselines.features import Features, features_of

__all__ = ["BASELINES", "Baseline", "Features", "baseline_named", "features_of", "tell"]
