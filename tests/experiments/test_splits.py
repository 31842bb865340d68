import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trova_widgets.errors import PlanError
from trova_widgets.experiments import SHARES, choose_variants, make_members, split_by_event, trained_count
from trova_widgets.fingerprinting import FingerprintRecipe

RECORDS_AN_EVENT = 2


def records_of(events_of):
    rows = [
        (f"{name}-{event}-{record}", f"{name}-{event}", name, 1.0 + record)
        for name, events in events_of.items()
        for event in range(events)
        for record in range(RECORDS_AN_EVENT)
    ]
    return pd.DataFrame(rows, columns=["record_id", "event_id", "event_class", "cutoff_hz"])


numbers_of_events = st.dictionaries(
    st.sampled_from(["earthquake", "mine_blast", "quarry_blast"]), st.integers(4, 40), min_size=1
)


@settings(max_examples=40, deadline=None)
@given(numbers_of_events, st.integers(0, 2**32))
def test_no_event_is_on_two_sides(events_of, seed):
    records = records_of(events_of)
    members = make_members(records, SHARES, seed=seed)
    assert (members.groupby("event_id")["split"].nunique() == 1).all()
    assert set(members["split"]) == set(SHARES)
    # every record is there once, with what is known of it
    assert members["position"].tolist() == list(range(len(records)))
    kept = members.sort_values("record_id", ignore_index=True)[records.columns]
    pd.testing.assert_frame_equal(kept, records.sort_values("record_id", ignore_index=True))


@settings(max_examples=40, deadline=None)
@given(numbers_of_events, st.integers(0, 2**32))
def test_each_class_is_shared_out_alike(events_of, seed):
    frame = records_of(events_of)
    split_of = split_by_event(frame, seed=seed)
    for name, count in events_of.items():
        dealt = split_of[split_of.index.str.startswith(name)].value_counts()
        assert dealt.sum() == count
        for split, share in SHARES.items():
            # never without one; a class of few events borrows it from the training
            assert abs(dealt[split] - count * share) <= (1 if split != "training" else 3)


def test_the_order_of_the_rows_does_not_matter_and_the_seed_does():
    frame = records_of({"earthquake": 30, "mine_blast": 20})
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(make_members(frame, SHARES, seed=3), make_members(shuffled, SHARES, seed=3))
    assert not split_by_event(frame, seed=3).equals(split_by_event(frame, seed=4))


def variants_of(counts, steps=2):
    """Return records, classes and variants of a training with so many records of each class, all their variants."""
    classes, variants = np.repeat(np.arange(len(counts)), counts), FingerprintRecipe(variant_steps=steps).variants
    count = len(variants)
    return np.repeat(np.arange(len(classes)), count), np.repeat(classes, count), np.tile(variants, len(classes))


variant_steps = st.sampled_from([1, 2, 8])
numbers_of_records = st.lists(st.integers(1, 30), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(numbers_of_records, variant_steps, st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_levelling_keeps_its_promises(counts, steps, seed, random):
    records, classes, variants = variants_of(counts, steps)
    chosen = choose_variants(records, classes, variants, "levelled", seed)
    # five of a record are enough
    target = min(counts) * min(2 * steps + 1, 5)
    # as many of each class as the smallest can reach, and no class loses a record
    assert np.bincount(classes[chosen]).tolist() == [max(target, count) for count in counts]
    assert (variants[chosen] == 0).sum() == sum(counts)
    for name in range(len(counts)):
        per_record = np.unique(records[chosen][classes[chosen] == name], return_counts=True)[1]
        assert per_record.max() - per_record.min() <= 1
    # the order of the fingerprints changes nothing
    shuffled = np.array(random.sample(range(len(records)), len(records)))
    again = shuffled[choose_variants(records[shuffled], classes[shuffled], variants[shuffled], "levelled", seed)]
    np.testing.assert_array_equal(again, chosen)


@given(numbers_of_records, st.integers(0, 2**32))
def test_all_and_none_leave_nothing_to_a_draw(counts, seed):
    given = variants_of(counts)
    np.testing.assert_array_equal(choose_variants(*given, "all", seed), np.arange(len(given[0])))
    np.testing.assert_array_equal(choose_variants(*given, "none", seed), np.flatnonzero(given[2] == 0))


@given(numbers_of_records, variant_steps, st.sampled_from(["levelled", "all", "none"]))
def test_how_many_are_chosen_is_told_beforehand(counts, steps, augmentation):
    chosen = choose_variants(*variants_of(counts, steps), augmentation)
    assert trained_count(counts, 2 * steps + 1, augmentation) == len(chosen)


@given(numbers_of_records, st.integers(0, 2**32))
def test_of_one_variant_a_record_every_way_to_augment_is_the_same(counts, seed):
    records, classes, variants = (each[np.flatnonzero(variants_of(counts)[2] == 0)] for each in variants_of(counts))
    for augmentation in ("levelled", "all", "none"):
        chosen = choose_variants(records, classes, variants, augmentation, seed)
        np.testing.assert_array_equal(chosen, np.arange(len(records)))


def test_levelling_draws_among_all_shifted_variants():
    records, classes, variants = variants_of([60, 20])
    chosen = choose_variants(records, classes, variants)
    shifted = variants[chosen][(classes[chosen] == 0) & (variants[chosen] != 0)]
    assert set(shifted.tolist()) == {-2, -1, 1, 2}


def test_a_seed_is_a_draw():
    given = variants_of([30, 10])
    first, second = (choose_variants(*given, seed=seed).tolist() for seed in (0, 1))
    assert first != second
    assert first == choose_variants(*given, seed=0).tolist()


def test_a_split_can_be_left_out():
    shares = {"training": 2, "validation": 1, "holdout": 0}
    assert split_by_event(records_of({"earthquake": 30}), shares).value_counts().to_dict() == {
        "training": 20,
        "validation": 10,
    }


def test_what_cannot_be_split_says_why():
    with pytest.raises(PlanError, match="earthquake has 3 events, but there are 4 splits"):
        split_by_event(records_of({"earthquake": 3}))
    with pytest.raises(PlanError, match="shares"):
        split_by_event(records_of({"earthquake": 9}), {"training": -1, "validation": 1})
    two_classes = pd.DataFrame({"event_id": ["e", "e"], "event_class": ["earthquake", "mine_blast"]})
    with pytest.raises(PlanError, match="two classes"):
        split_by_event(two_classes)
    with pytest.raises(PlanError, match="no labelled record"):
        make_members(records_of({}))
    with pytest.raises(PlanError, match="augmentation"):
        choose_variants(*variants_of([9]), "some")
