import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trova_widgets.errors import PlanError
from trova_widgets.experiments import SHARES, DatasetArrays, choose_variants, make_members, split_by_event


def fingerprints(events_of, records_per_event=2):
    rows = [
        (f"{name}-{event}-{record}-{variant}", f"{name}-{event}-{record}", f"{name}-{event}", name, variant)
        for name, events in events_of.items()
        for event in range(events)
        for record in range(records_per_event)
        for variant in range(-2, 3)
    ]
    return pd.DataFrame(rows, columns=["fingerprint_id", "record_id", "event_id", "event_class", "variant"])


numbers_of_events = st.dictionaries(
    st.sampled_from(["earthquake", "mine_blast", "quarry_blast"]), st.integers(4, 40), min_size=1
)


@settings(max_examples=40, deadline=None)
@given(numbers_of_events, st.integers(0, 2**32))
def test_no_event_is_on_two_sides(events_of, seed):
    members = make_members(fingerprints(events_of), seed=seed)
    assert (members.groupby("event_id")["split"].nunique() == 1).all()
    assert set(members["split"]) == set(SHARES)
    assert (members[members["split"] != "training"]["variant"] == 0).all()
    assert members["fingerprint_id"].is_unique
    assert members["position"].tolist() == list(range(len(members)))
    # every record is there, at least with its optimal variant
    assert (members["variant"] == 0).sum() == sum(events_of.values()) * 2


@settings(max_examples=40, deadline=None)
@given(numbers_of_events, st.integers(0, 2**32))
def test_each_class_is_shared_out_alike(events_of, seed):
    frame = fingerprints(events_of)
    split_of = split_by_event(frame, seed=seed)
    for name, count in events_of.items():
        dealt = split_of[split_of.index.str.startswith(name)].value_counts()
        assert dealt.sum() == count
        for split, share in SHARES.items():
            # never without one; a class of few events borrows it from the training
            assert abs(dealt[split] - count * share) <= (1 if split != "training" else 3)


def test_the_order_of_the_rows_does_not_matter_and_the_seed_does():
    frame = fingerprints({"earthquake": 30, "mine_blast": 20})
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(make_members(frame, seed=3), make_members(shuffled, seed=3))
    assert not split_by_event(frame, seed=3).equals(split_by_event(frame, seed=4))


def test_classes_are_levelled_with_the_variants():
    frame = fingerprints({"earthquake": 60, "mine_blast": 40, "quarry_blast": 20})
    chosen = choose_variants(frame)
    assert chosen["event_class"].value_counts().to_dict() == dict.fromkeys(
        ["earthquake", "mine_blast", "quarry_blast"], 20 * 2 * 5
    )
    per_record = chosen.groupby("record_id").size()
    for name in ("earthquake", "mine_blast"):
        of_class = per_record[per_record.index.str.startswith(name)]
        assert of_class.max() - of_class.min() <= 1
    assert (chosen["variant"] == 0).sum() == 240


def test_a_class_of_very_many_records_keeps_them_all():
    chosen = choose_variants(fingerprints({"earthquake": 60, "mine_blast": 4}))
    assert chosen["event_class"].value_counts().to_dict() == {"earthquake": 120, "mine_blast": 40}


def test_levelling_draws_among_all_shifted_variants():
    frame = fingerprints({"earthquake": 60, "mine_blast": 20})
    chosen = choose_variants(frame)
    shifted = chosen[(chosen["event_class"] == "earthquake") & (chosen["variant"] != 0)]["variant"]
    assert set(shifted) == {-2, -1, 1, 2}


@pytest.mark.parametrize(("augmentation", "count"), [("none", 60), ("all", 300), ("levelled", 200)])
def test_the_three_ways_to_augment(augmentation, count):
    assert len(choose_variants(fingerprints({"earthquake": 20, "mine_blast": 10}), augmentation)) == count


def test_a_split_can_be_left_out():
    shares = {"training": 2, "validation": 1, "holdout": 0}
    assert split_by_event(fingerprints({"earthquake": 30}), shares).value_counts().to_dict() == {
        "training": 20,
        "validation": 10,
    }


def test_what_cannot_be_split_says_why():
    with pytest.raises(PlanError, match="earthquake has 3 events, but there are 4 splits"):
        split_by_event(fingerprints({"earthquake": 3}))
    with pytest.raises(PlanError, match="shares"):
        split_by_event(fingerprints({"earthquake": 9}), {"training": -1, "validation": 1})
    two_classes = pd.DataFrame({"event_id": ["e", "e"], "event_class": ["earthquake", "mine_blast"]})
    with pytest.raises(PlanError, match="two classes"):
        split_by_event(two_classes)
    with pytest.raises(PlanError, match="no labelled fingerprint"):
        make_members(fingerprints({}))
    with pytest.raises(PlanError, match="augmentation"):
        choose_variants(fingerprints({"earthquake": 9}), "some")


def test_arrays_follow_the_members():
    members = make_members(fingerprints({"earthquake": 10, "mine_blast": 10}))
    packed = [bytes([position % 256] * 8) for position in members["position"]]
    arrays = DatasetArrays.of_members(members, packed, ("earthquake", "mine_blast"), 8)
    assert arrays.bits[7].tolist() == [7] * 8
    assert [arrays.classes[label] for label in arrays.labels] == members["event_class"].tolist()
    assert arrays.splits.tolist() == members["split"].tolist()


def test_arrays_come_back_from_a_file(arrays, tmp_path):
    arrays.save(tmp_path / "a.npz")
    again = type(arrays).load(tmp_path / "a.npz")
    for name in ("bits", "labels", "splits"):
        assert np.array_equal(getattr(again, name), getattr(arrays, name))
    assert (again.classes, again.size) == (arrays.classes, arrays.size)
    assert arrays.images().shape == (150, 16, 16)
    assert np.array_equal(np.packbits(again.images().reshape(150, -1), axis=1), arrays.bits)


def test_arrays_that_disagree_are_refused(arrays):
    parts = {
        "bits": arrays.bits,
        "labels": arrays.labels,
        "splits": arrays.splits,
        "classes": arrays.classes,
        "size": 16,
    }
    with pytest.raises(PlanError, match="one of each"):
        type(arrays)(**{**parts, "labels": arrays.labels[1:]})
    with pytest.raises(PlanError, match="side 64"):
        type(arrays)(**{**parts, "size": 64})
    with pytest.raises(PlanError, match="validation split"):
        type(arrays)(**{**parts, "splits": np.full(150, "training")})
