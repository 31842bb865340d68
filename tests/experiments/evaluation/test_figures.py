"""Figures of one who tells classes, with intervals by event."""

import numpy as np
import pytest

from trova_widgets.errors import PlanError
from trova_widgets.experiments.evaluation import by_event, figures, in_parts


@pytest.fixture
def told():
    """Three hundred records of a hundred events, a tenth of the events told wrong as a whole."""
    rng = np.random.default_rng(1)
    events = np.repeat(np.arange(100), 3)
    classes = events % 3
    wrong = (events % 10 == 0) & (rng.random(300) < 1)
    answer = np.where(wrong, (classes + 1) % 3, classes)
    return np.eye(3)[answer] * 0.8 + 0.2 / 3, classes, events


def test_figures_are_those_of_the_confusion_matrix(told):
    found = figures(*told)
    assert found.accuracy.value == pytest.approx(0.9)
    assert found.confusion.sum() == 300
    assert found.recall[0].value == pytest.approx(found.confusion[0, 0] / found.confusion[0].sum())
    assert found.precision[1].value == pytest.approx(found.confusion[1, 1] / found.confusion[:, 1].sum())
    assert found.balanced.value == pytest.approx(np.mean([each.value for each in found.recall]))


def test_an_interval_knows_that_stations_of_an_event_are_wrong_together(told):
    probabilities, classes, events = told
    whole = figures(probabilities, classes, events).accuracy
    alone = figures(probabilities, classes, np.arange(300)).accuracy
    assert whole.high - whole.low > 1.4 * (alone.high - alone.low)
    assert whole.low < 0.9 < whole.high


def test_seeds_count_alike(told):
    probabilities, classes, events = told
    right = np.eye(3)[classes]
    assert figures(np.stack([probabilities, right]), classes, events).accuracy.value == pytest.approx(0.95)


def test_events_are_told_by_the_mean_of_their_logarithms():
    told = np.log([[0.6, 0.4], [0.1, 0.9]])
    combined, classes, _ = by_event(np.exp(told)[None], np.array([1, 1]), np.array([7, 7]))
    assert combined.argmax() == 1 and classes.tolist() == [1]


def test_shapes_that_do_not_belong_together_are_refused(told):
    with pytest.raises(PlanError, match="do not fit"):
        figures(told[0][:5], told[1], told[2])


def test_parts_hold_every_value_once():
    values = np.array([-3.0, 5.0, 10.0, np.nan])
    parts = in_parts(values, (5.0, 10.0))
    assert sum(part for _, part in parts).tolist() == [1, 1, 1, 1]
