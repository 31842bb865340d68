"""Rates of classes as a person gives them: all of them, adding up to 1."""

import pytest

from trova_widgets.cli.common import class_rates
from trova_widgets.errors import PlanError, TrovaError
from trova_widgets.experiments.evaluation import checked_rates

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
