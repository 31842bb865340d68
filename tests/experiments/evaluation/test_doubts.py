"""Wrong labels are found by what networks say that never saw them."""

import numpy as np

from trova_widgets.experiments.evaluation import doubts


def test_most_of_the_flipped_labels_come_first():
    rng = np.random.default_rng(5)
    truth = rng.integers(3, size=1000)
    told = np.eye(3)[truth] * 0.7 + rng.random((1000, 3)) * 0.3
    told /= told.sum(axis=1, keepdims=True)
    flipped = rng.random(1000) < 0.1
    labels = np.where(flipped, (truth + 1) % 3, truth)
    doubt, rival = doubts(told, labels)
    first = np.argsort(-doubt, kind="stable")[: flipped.sum()]
    assert flipped[first].mean() > 0.9
    assert (rival[flipped] == truth[flipped]).mean() > 0.9


def test_a_class_that_nobody_has_puts_no_label_in_doubt():
    told = np.array([[0.6, 0.1, 0.3], [0.7, 0.1, 0.2], [0.1, 0.6, 0.3]])
    doubt, _ = doubts(told, np.array([0, 0, 1]))
    assert (doubt < 1).all()
