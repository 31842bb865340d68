"""Folds and the hold-out: whole events, dealt evenly, and nothing of an event on two sides, whatever is imported."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trova_widgets.errors import PlanError
from trova_widgets.experiments import DEVELOPMENT, SHARES, DatasetArrays, deal_folds, make_members

VARIANTS = (-2, -1, 0, 1, 2)


@st.composite
def archives(draw):
    """Records of any number of stations to an event, in any order, of two or three classes."""
    folds, holdout = draw(st.integers(2, 6)), draw(st.sampled_from([0.0, 0.1, 0.15, 0.4]))
    least = folds + (holdout > 0)
    rows = []
    for event_class in draw(st.sampled_from([("a", "b"), ("a", "b", "c")])):
        sizes = draw(st.lists(st.integers(1, 9), min_size=least, max_size=least + 20))
        rows += [(f"{event_class}{event}", event_class) for event, size in enumerate(sizes) for _ in range(size)]
    frame = pd.DataFrame(rows, columns=["event_id", "event_class"]).assign(cutoff_hz=1.0)
    frame["record_id"] = [f"r{number}" for number in range(len(frame))]
    shuffled = frame.sample(frac=1, random_state=draw(st.integers(0, 99)), ignore_index=True)
    return shuffled, folds, holdout, draw(st.integers(0, 5))


def arrays_of(members: pd.DataFrame) -> DatasetArrays:
    """Every variant of every record that may train, and the optimal one of the others, as a run makes them."""
    rows = [
        (row.position, row.event_class, row.split, row.fold, variant, False)
        for row in members.itertuples(index=False)
        for variant in (VARIANTS if row.split == DEVELOPMENT else (0,))
    ]
    columns = ["position", "event_class", "split", "fold", "variant", "frozen"]
    table = pd.DataFrame(rows, columns=columns).astype({"fold": "Int64"})
    return DatasetArrays.of_fingerprints(table, [bytes(8)] * len(table), sorted(set(members["event_class"])), 8)


@settings(max_examples=80, deadline=None)
@given(archives())
def test_no_event_stands_on_two_sides_variants_included(archive):
    frame, folds, holdout, seed = archive
    members = make_members(frame, folds=folds, holdout=holdout, seed=seed)
    assert sorted(members["record_id"]) == sorted(frame["record_id"])
    event_of = members.set_index("position")["event_id"]
    arrays = arrays_of(members)
    told = []
    for fold in range(folds):
        seen = arrays.of_fold(fold)
        for augmentation in ("levelled", "all", "none"):
            trained = set(event_of[arrays.members[seen.training(augmentation, seed)]])
            measured, held = (set(event_of[arrays.members[seen.measured(s)]]) for s in ("validation", "holdout"))
            assert trained and measured
            assert not trained & measured and not trained & held and not measured & held
        assert len(seen.measured("test")) == 0
        told += arrays.members[seen.measured("validation")].tolist()
    # each record of the development is told once, at its optimal variant
    development = members.loc[members["split"] == DEVELOPMENT, "position"]
    assert sorted(told) == sorted(development)


@settings(max_examples=80, deadline=None)
@given(archives())
def test_every_class_is_in_every_part_and_the_parts_are_even(archive):
    frame, folds, holdout, seed = archive
    members = make_members(frame, folds=folds, holdout=holdout, seed=seed)
    part = members["fold"].astype(object).where(members["fold"].notna(), "holdout")
    counts = pd.crosstab(members["event_class"], part)
    assert counts.shape[1] == folds + (holdout > 0)
    assert (counts > 0).all(axis=None)
    largest = frame.groupby(["event_class", "event_id"]).size().groupby("event_class").max()
    within = counts[[name for name in counts if name != "holdout"]]
    # a greedy deal leaves two parts apart by no more than one event
    assert ((within.max(axis=1) - within.min(axis=1)) <= largest).all()


@settings(max_examples=30, deadline=None)
@given(archives(), st.integers(0, 99))
def test_the_order_of_the_records_does_not_matter(archive, shuffle):
    frame, folds, holdout, seed = archive
    members = make_members(frame, folds=folds, holdout=holdout, seed=seed)
    again = make_members(frame.sample(frac=1, random_state=shuffle), folds=folds, holdout=holdout, seed=seed)
    pd.testing.assert_frame_equal(members, again)


def test_the_articles_split_is_a_choice():
    frame = pd.DataFrame({"event_id": [f"e{n}" for n in range(20)], "event_class": ["a"] * 20})
    members = make_members(frame.assign(record_id=frame["event_id"], cutoff_hz=1.0), SHARES)
    assert members["split"].value_counts().to_dict() == {"training": 14, "test": 2, "validation": 2, "holdout": 2}
    assert members["fold"].isna().all()


def test_a_class_of_few_events_is_refused_with_the_way_out():
    frame = pd.DataFrame({"event_id": ["e1", "e2", "e3"], "event_class": ["a"] * 3})
    with pytest.raises(PlanError, match=r"class a has 3 events, but there are 5 folds and a hold-out.*--folds 2"):
        deal_folds(frame)
    split, fold = deal_folds(frame, folds=3, holdout=0)
    assert set(split) == {DEVELOPMENT} and sorted(fold) == [0, 1, 2]


@pytest.mark.parametrize(("folds", "holdout"), [(1, 0.1), (5, 1.0), (5, -0.1)])
def test_impossible_parts_are_refused(folds, holdout):
    frame = pd.DataFrame({"event_id": [f"e{n}" for n in range(20)], "event_class": ["a"] * 20})
    with pytest.raises(PlanError, match="take 2 folds or more, and a share from 0 to below 1"):
        deal_folds(frame, folds, holdout)


def test_an_event_of_two_classes_is_refused():
    frame = pd.DataFrame({"event_id": ["e1", "e1", "e2"], "event_class": ["a", "b", "b"]})
    with pytest.raises(PlanError, match="The event e1 has two classes"):
        deal_folds(frame, 2, 0)


def test_a_fold_that_is_not_there_is_refused():
    frame = pd.DataFrame({"event_id": [f"e{n}" for n in range(20)], "event_class": ["a"] * 20})
    members = make_members(frame.assign(record_id=frame["event_id"], cutoff_hz=1.0), folds=2, holdout=0)
    with pytest.raises(PlanError, match=r"the folds \[0, 1\], and a trial names 2"):
        arrays_of(members).of_fold(2)
    with pytest.raises(PlanError, match="a trial names None"):
        arrays_of(members).of_fold(None)
    article = arrays_of(make_members(frame.assign(record_id=frame["event_id"], cutoff_hz=1.0), SHARES))
    assert article.of_fold(None) is article
    with pytest.raises(PlanError, match="has no folds, and a trial names 0"):
        article.of_fold(0)


def test_arrays_with_folds_travel(tmp_path):
    frame = pd.DataFrame({"event_id": [f"e{n}" for n in range(20)], "event_class": ["a"] * 20})
    arrays = arrays_of(make_members(frame.assign(record_id=frame["event_id"], cutoff_hz=1.0), folds=3))
    arrays.save(tmp_path / "arrays.npz")
    np.testing.assert_array_equal(DatasetArrays.load(tmp_path / "arrays.npz").folds, arrays.folds)
