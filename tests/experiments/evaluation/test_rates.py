"""Rates of classes as a person gives them: all of them, adding up to 1."""

import numpy as np
import pytest
from scipy.stats import norm

from trova_widgets.cli.common import class_rates
from trova_widgets.errors import PlanError, TrovaError
from trova_widgets.experiments.evaluation import at_rates, checked_rates, tempered, trained_rates

CLASSES = ("earthquake", "mine_collapse", "quarry_blast")


def test_rates_come_in_the_order_of_the_classes_and_rounding_is_made_up_for():
    found = checked_rates(class_rates(["quarry_blast=0.33", "earthquake=33%", "mine_collapse=0.33"]), CLASSES)
    assert found.tolist() == pytest.approx([1 / 3] * 3)
    assert checked_rates({"quarry_blast": 1, "earthquake": 0, "mine_collapse": 0}, CLASSES).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["earthquake=0.9", "blast=0.1"], "blast is no class that is told here"),
        (["earthquake=0.9", "quarry_blast=0.1"], "No rate of mine_collapse; give one for each"),
        (["earthquake=-1", "quarry_blast=1", "mine_collapse=1"], "earthquake=-1 is no rate"),
        (["earthquake=nan", "quarry_blast=1", "mine_collapse=1"], "earthquake=nan is no rate"),
        (["earthquake=0", "quarry_blast=0", "mine_collapse=0"], "are all 0"),
        (["earthquake=6", "quarry_blast=3", "mine_collapse=1"], "earthquake=0.6 mine_collapse=0.1 quarry_blast=0.3"),
    ],
)
def test_rates_that_cannot_be_used_are_refused_in_words(words, said):
    with pytest.raises(PlanError, match=said):
        checked_rates(class_rates(words), CLASSES)


def test_a_word_that_is_no_rate_is_refused():
    with pytest.raises(TrovaError, match="earthquake=often is no rate"):
        class_rates(["earthquake=often"])


def test_probabilities_are_moved_to_the_rates_at_which_the_classes_come():
    classes = np.repeat([0, 1], 500)
    evidence = np.tile(norm.ppf((np.arange(500) + 0.5) / 500), 2) + np.where(classes, 1.0, -1.0)
    # honest for one who learnt from as many of each
    second = 1 / (1 + np.exp(-2 * evidence))
    told = np.stack([1 - second, second], axis=1)[None]
    rates, events = np.array([0.9, 0.1]), np.arange(1000)
    # however sure they are told
    loud = tempered(told, 0.3)
    found = at_rates(loud, classes, events, events % 2, trained=np.full((1000, 2), 0.5), names="ab", rates=rates)
    # as Bayes' rule has it for two normal distributions, two deviations apart
    border = np.log(9) / 2
    right = 0.9 * norm.cdf(border + 1) + 0.1 * norm.sf(border - 1)
    assert found.by_record.accuracy.value == pytest.approx(right, abs=6e-3)
    assert found.as_told.accuracy.high < found.by_record.accuracy.low


def test_levelled_classes_are_seen_alike_and_others_as_they_come():
    classes = np.repeat([0, 1], [80, 20])
    assert trained_rates(classes, range(-2, 3), "levelled", 0, 2) == pytest.approx([0.5, 0.5])
    assert trained_rates(classes, range(-2, 3), "all", 0, 2) == pytest.approx([0.8, 0.2])
