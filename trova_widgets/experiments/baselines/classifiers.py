"""The baselines, each through one door: told the features of some records with their classes, it tells others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from trova_widgets.errors import PlanError
from trova_widgets.experiments.baselines.features import BANDS, Features
from trova_widgets.experiments.choice.losses import Array, IntArray
from trova_widgets.names import nearest

# bands of P over S, as regional discriminants have them
_RATIO_BANDS = 5


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """A plain way to tell classes.

    Attributes
    ----------
    name, title : str
        What it is called, and what it is.
    source : str
        Where it comes from.
    look : callable
        From features to an array, a row a record; None for one that looks at nothing.
    make : callable
        A seed to a classifier of scikit-learn that gives probabilities.
    """

    name: str
    title: str
    source: str
    look: Callable[[Features], Array]
    make: Callable[[int], Any]


def tell(
    baseline: Baseline, features: Features, classes: IntArray, class_count: int, folds: IntArray, seed: int = 0
) -> Array:
    """Return what a baseline tells of each record, trained on the other folds.

    Parameters
    ----------
    baseline : Baseline
    features : Features
        Of all records.
    classes : ndarray of int, shape (record,)
        Their classes.
    class_count : int
        How many classes there are.
    folds : ndarray of int, shape (record,)
        The fold of each record; -1 for a hold-out, which is told by one that was trained on all folds.
    seed : int
        Of what is drawn.

    Returns
    -------
    ndarray of float, shape (record, class)
    """
    rows = baseline.look(features)
    told = np.zeros((len(classes), class_count))
    for fold in np.unique(folds):
        here = folds == fold
        training = (folds >= 0) & ~here
        if np.unique(classes[training]).size < 2:
            raise PlanError(f"The folds but {fold} hold one class alone; take fewer folds, or more events.")
        model = baseline.make(seed).fit(rows[training], classes[training])
        told[np.ix_(here, model.classes_)] = model.predict_proba(rows[here])
    return told


def baseline_named(name: str) -> Baseline:
    """Return a baseline by its name.

    Raises
    ------
    PlanError
        When there is none of that name.

    Examples
    --------
    >>> baseline_named("clock").title
    'The clock alone: hour and weekday'
    """
    if name not in BASELINES:
        raise PlanError(f"There is no baseline {name!r}; {nearest(name, BASELINES)}.")
    return BASELINES[name]


def _majority(seed: int) -> Any:
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="prior")


def _logistic(seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, class_weight="balanced"))


def _forest(seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=300, min_samples_leaf=2, random_state=seed, class_weight="balanced")


class _Machine:
    """A support vector machine with a radial kernel whose scores are made probabilities by Platt's way, in one fit.

    The scores of the records that it was trained on are not those of others: the slope is fitted on three inner parts.
    """

    def __init__(self, seed: int) -> None:
        from sklearn.calibration import CalibratedClassifierCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC

        machine = make_pipeline(StandardScaler(), SVC(C=5.0, class_weight="balanced", random_state=seed))
        self._model = CalibratedClassifierCV(machine, method="sigmoid", cv=3, ensemble=False)

    def fit(self, rows: Array, classes: IntArray) -> _Machine:
        self._model.fit(rows, classes)
        self.classes_ = self._model.classes_
        return self

    def predict_proba(self, rows: Array) -> Array:
        return np.asarray(self._model.predict_proba(rows))


def _ratios(features: Features) -> Array:
    """Return the logarithm of P over S in each band."""
    ratio = features.spectra[:, :, 0] - features.spectra[:, :, 2]
    return np.asarray(ratio.reshape(len(ratio), _RATIO_BANDS, BANDS // _RATIO_BANDS).mean(axis=2))


def _flat(values: Array) -> Array:
    return values.reshape(len(values), -1)


def _everything(features: Features) -> Array:
    """Return all that is known of the seismogram; not of the clock."""
    return np.asarray(np.hstack([_flat(features.spectra), features.persistence, _ratios(features)]))


_ALL = (
    Baseline(
        name="majority",
        title="The class that is most frequent",
        source="",
        look=lambda features: np.zeros((len(features.clock), 1)),
        make=_majority,
    ),
    Baseline(
        name="clock",
        title="The clock alone: hour and weekday",
        source="",
        look=lambda features: features.clock,
        make=_forest,
    ),
    Baseline(
        name="p-over-s",
        title="Amplitude of P over S in five bands, logistic regression",
        source="",
        look=_ratios,
        make=_logistic,
    ),
    Baseline(
        name="persistence",
        title="Persistence of the sonogram A(t), logistic regression",
        source="Asming et al. (2022), doi 10.1134/S0001433822110019",
        look=lambda features: features.persistence,
        make=_logistic,
    ),
    Baseline(
        name="phase-spectra",
        title="20 bands of P, its coda, S and its coda, support vector machine",
        source="Eggertsson et al. (2024), doi 10.1093/gji/ggae018; Kortström et al. (2016)",
        look=lambda features: _flat(features.spectra),
        make=_Machine,
    ),
    Baseline(
        name="forest",
        title="Spectra, ratios and persistence, random forest",
        source="",
        look=_everything,
        make=_forest,
    ),
    Baseline(
        name="float-svm",
        title="The float picture of 16 by 16, support vector machine",
        source="",
        look=lambda features: _flat(features.picture),
        make=_Machine,
    ),
)

BASELINES: Mapping[str, Baseline] = {each.name: each for each in _ALL}
"""All of them by name, the plainest first."""
