"""Probabilities that can be taken at their word."""

import numpy as np
import pytest

from trova_widgets.errors import PlanError
from trova_widgets.experiments.evaluation import (
    abstaining,
    chance,
    fit_temperature,
    reliability,
    tempered,
    tempered_out_of_fold,
    with_prior,
)


@pytest.fixture
def sure():
    """Honest probabilities, and the same ones told three times as surely; with classes drawn from the honest ones."""
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(3000, 3)) * 1.5
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    classes = np.array([rng.choice(3, p=row) for row in honest])
    return honest, tempered(honest, 1 / 3), classes


def test_a_temperature_undoes_what_made_them_too_sure(sure):
    honest, told, classes = sure
    assert fit_temperature(told, classes) == pytest.approx(3, rel=0.15)
    assert reliability(told, classes).error > 0.1 > 3 * reliability(honest, classes).error


def test_no_fold_is_tempered_by_itself(sure):
    _, told, classes = sure
    folds = np.arange(3000) % 5
    scaled, temperature = tempered_out_of_fold(told, classes, folds)
    assert reliability(scaled, classes).error < 0.04
    assert temperature == pytest.approx(3, rel=0.15)
    first = folds == 0
    assert np.allclose(scaled[first], tempered(told[first], fit_temperature(told[~first], classes[~first])))


def test_rates_of_classes_move_probabilities_as_bayes_says():
    told = np.array([[0.5, 0.5], [0.9, 0.1]])
    moved = with_prior(told, np.array([1, 1]), np.array([3, 1]))
    assert moved[:, 0].tolist() == pytest.approx([0.75, 0.9 * 3 / (0.9 * 3 + 0.1)])
    with pytest.raises(PlanError, match="one rate"):
        with_prior(told, np.array([1, 1]), np.array([1, 1, 1]))


def test_the_surest_are_told_first(sure):
    honest, _, classes = sure
    told = abstaining(honest, classes)
    assert told.at(0.3) > told.at(1.0) + 0.1
    assert told.at(1.0) == pytest.approx((honest.argmax(axis=1) == classes).mean())


def test_what_knows_nothing_is_what_chance_does():
    rng = np.random.default_rng(0)
    events = np.repeat(np.arange(60), 2)
    found = chance(rng.integers(3, size=120), events % 3, events, draws=300)
    assert found.probability > 0.05
    assert found.mean == pytest.approx(1 / 3, abs=0.05)
