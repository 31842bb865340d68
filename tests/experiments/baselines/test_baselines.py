"""Plain ways to tell classes, each through one door."""

import numpy as np
import pytest

from trova_widgets.errors import PlanError
from trova_widgets.experiments.baselines import BASELINES, Features, baseline_named, features_of, tell

RATE_HZ = 50.0


@pytest.fixture(scope="module")
def study():
    """Sixty invented records: of one class the P wave is strong, of the other the S wave."""
    rng = np.random.default_rng(0)
    classes = np.arange(60) % 2
    rows = []
    for place, each in enumerate(classes):
        record = rng.normal(size=6000)
        for start, strength in ((1500, 12 if each else 4), (2200, 4 if each else 12)):
            record[start : start + 600] += strength * np.exp(-np.arange(600) / 200) * rng.normal(size=600)
        hour = 12 if each else rng.integers(24)
        rows.append(features_of(record, RATE_HZ, 30.0, 11.0, int((place * 24 + hour) * 3.6e12)))
    return Features.stacked(rows), classes


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_tells_probabilities_of_records_that_it_never_saw(study, name):
    features, classes = study
    folds = np.arange(60) // 2 % 5 - 1
    told = tell(BASELINES[name], features, classes, 3, folds)
    assert told.shape == (60, 3)
    assert np.allclose(told.sum(axis=1), 1) and (told[:, 2] == 0).all()


@pytest.mark.parametrize("name", ["p-over-s", "phase-spectra", "float-svm", "forest"])
def test_what_differs_in_p_and_s_is_told(study, name):
    features, classes = study
    told = tell(BASELINES[name], features, classes, 2, np.arange(60) // 2 % 5)
    assert (told.argmax(axis=1) == classes).mean() > 0.85


def test_the_phases_lie_where_the_waves_are(study):
    features, classes = study
    ratio = (features.spectra[:, :, 0] - features.spectra[:, :, 2]).mean(axis=1)
    assert ratio[classes == 1].min() > ratio[classes == 0].max()


def test_bands_that_last_are_persistent():
    rng = np.random.default_rng(2)
    clock = np.arange(6000) / RATE_HZ
    banded = sum(np.sin(2 * np.pi * hz * clock) for hz in (2, 5, 11)) * np.exp(-((clock - 45) ** 2) / 800)
    persistence = [
        features_of(record + 0.01 * rng.normal(size=6000), RATE_HZ, 30.0, None, None).persistence.mean()
        for record in (banded, rng.normal(size=6000))
    ]
    assert persistence[0] > persistence[1] + 0.2


def test_one_class_cannot_be_told_and_an_unknown_baseline_is_not_there(study):
    features, classes = study
    with pytest.raises(PlanError, match="one class alone"):
        tell(BASELINES["majority"], features, np.zeros_like(classes), 2, np.arange(60) % 2)
    with pytest.raises(PlanError, match="no baseline"):
        baseline_named("clok")
