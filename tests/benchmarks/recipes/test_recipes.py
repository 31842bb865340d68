"""The arithmetic of the comparison: what is dealt, what is scored."""

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.recipes.contenders import FLOAT, THE_DEFAULT, contenders
from tests.benchmarks.recipes.folds import fold_of_events
from tests.benchmarks.recipes.pictures import pictures_of
from tests.benchmarks.recipes.scores import Truth, area, halves
from trova_widgets.fingerprinting import FingerprintRecipe, haar

MEMBERS = pd.DataFrame(
    [
        {"record_id": f"r{event}-{number}", "event_id": f"e{event:02d}", "event_class": kind}
        for event, kind in enumerate(["blast"] * 9 + ["earthquake"] * 21)
        for number in range(1 + event % 3)
    ]
)


def by_name(name):
    [found] = [one for one in contenders() if one.name == name]
    return found


def test_contenders_are_all_different_and_the_default_is_among_them():
    shown = [(one.recipe.identity, one.shown) for one in contenders()]
    assert len(set(shown)) == len(shown)
    assert by_name(THE_DEFAULT).recipe == FingerprintRecipe()


@pytest.mark.parametrize("seed", range(3))
def test_each_fold_has_its_share_of_both_classes(seed):
    folds = fold_of_events(MEMBERS, 4, seed)
    classes = MEMBERS.groupby("event_id")["event_class"].first()
    counts = pd.crosstab(folds, classes[folds.index])
    assert counts["blast"].between(2, 3).all() and counts["earthquake"].between(5, 6).all()


def test_a_choice_and_its_quotation_share_no_event():
    chosen = halves(MEMBERS)
    assert not set(MEMBERS["event_id"][chosen]) & set(MEMBERS["event_id"][~chosen])
    assert MEMBERS["event_class"][~chosen].nunique() == 2


def test_the_area_counts_pairs():
    assert area(np.array([3.0, 1.0, 2.0, 0.0]), np.array([True, False, False, True])) == 0.5
    assert area(np.array([1.0, 1.0]), np.array([True, False])) == 0.5


def test_perfect_evidence_scores_one_over_records_and_events_and_leaves_no_doubt():
    truth = Truth.of(MEMBERS)
    perfect = np.tile((MEMBERS["event_class"] == "blast").to_numpy(dtype=float), (2, 1))
    assert [one.tolist() for one in truth.scores(perfect)] == [[1.0, 1.0]] * 2
    records, events = truth.intervals(perfect, 1 - perfect)
    assert records.tolist() == events.tolist() == [1.0, 1.0]


def test_the_float_image_is_standardised_by_the_training_alone():
    images = np.random.default_rng(0).gamma(2.0, size=(6, 64, 64))
    shown = pictures_of(haar(images), by_name(FLOAT), np.arange(4))
    assert shown.dtype == np.float32
    assert shown[:4].mean() == pytest.approx(0, abs=1e-5) and shown[:4].std() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(np.corrcoef(shown[5].ravel(), images[5].ravel())[0, 1], 1, atol=1e-6)


def test_signed_bits_are_shown_as_one_image():
    shown = pictures_of(np.random.default_rng(0).normal(size=(3, 64, 64)), by_name("FAST's signs"), np.arange(2))
    assert shown.shape == (3, 64, 64) and np.unique(shown).tolist() == [-1, 0, 1]
    assert np.abs(shown).sum(axis=(1, 2)).tolist() == [FingerprintRecipe().keep] * 3
