import numpy as np
import pandas as pd
import pytest

from trova_widgets.errors import PlanError
from trova_widgets.experiments import DatasetArrays, choose_variants
from trova_widgets.fingerprinting import FingerprintRecipe, pack, signs

VARIANTS = FingerprintRecipe().variants
PARTS = ("training", "training", "training", "validation", "test")
CLASSES = ("earthquake", "mine_blast")


def arrays_of(stack: np.ndarray, size: int) -> DatasetArrays:
    return DatasetArrays(
        bits=np.stack([np.frombuffer(pack(bits), dtype=np.uint8) for bits in stack]),
        members=np.arange(len(stack)),
        variants=np.zeros(len(stack), dtype=np.int64),
        labels=np.arange(len(stack)) % 2,
        splits=np.array(["training", "validation"] * len(stack))[: len(stack)],
        classes=CLASSES,
        size=size,
    )


def table(frozen: bool = False) -> pd.DataFrame:
    """Return the fingerprints of twenty members: all variants in the training, the optimal one elsewhere, shuffled."""
    rows = [
        (member, CLASSES[member % 4 == 0], PARTS[member % 5], None, variant, frozen)
        for member in range(20)
        for variant in (VARIANTS if PARTS[member % 5] == "training" else (0,))
    ]
    frame = pd.DataFrame(rows, columns=["position", "event_class", "split", "fold", "variant", "frozen"])
    frame = frame.astype({"fold": "Int64"})
    return frame.sample(frac=1, random_state=3, ignore_index=True)


def arrays_of_table(frame: pd.DataFrame) -> DatasetArrays:
    packed = [bytes([row.position, row.variant % 256] * 4) for row in frame.itertuples()]
    return DatasetArrays.of_fingerprints(frame, packed, CLASSES, 8)


@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("kind", ["one", "signed"])
def test_images_are_the_points_with_their_signs(size, kind, tmp_path):
    recipe = FingerprintRecipe(size=size, signs=kind)
    rng = np.random.default_rng(size)
    stack = rng.random((4, *recipe.shape)) < 0.1
    if kind == "signed":
        stack[..., 1::2] &= ~stack[..., ::2]
    arrays = arrays_of(stack, size)
    np.testing.assert_array_equal(arrays.images(), [signs(bits, recipe) for bits in stack])
    arrays.save(tmp_path / "arrays.npz")
    np.testing.assert_array_equal(DatasetArrays.load(tmp_path / "arrays.npz").images(), arrays.images())


def test_bytes_of_another_size_are_refused():
    with pytest.raises(PlanError, match=r"side 32 cannot have \(512,\) bytes"):
        arrays_of(np.zeros((2, 64, 64), dtype=bool), 32)


def test_arrays_follow_their_table():
    frame = table()
    arrays = arrays_of_table(frame)
    assert [tuple(bits[:2]) for bits in arrays.bits.tolist()] == list(
        zip(frame["position"], frame["variant"] % 256, strict=True)
    )
    assert arrays.members.tolist() == frame["position"].tolist()
    assert arrays.variants.tolist() == frame["variant"].tolist()
    assert [arrays.classes[label] for label in arrays.labels] == frame["event_class"].tolist()
    assert arrays.splits.tolist() == frame["split"].tolist()
    assert not arrays.frozen


@pytest.mark.parametrize("frozen", [False, True])
def test_arrays_come_back_from_a_file(frozen, tmp_path):
    arrays = arrays_of_table(table(frozen))
    arrays.save(tmp_path / "a.npz")
    again = DatasetArrays.load(tmp_path / "a.npz")
    for name in ("bits", "members", "variants", "labels", "splits"):
        np.testing.assert_array_equal(getattr(again, name), getattr(arrays, name))
    assert (again.classes, again.size, again.frozen) == (CLASSES, 8, frozen)


@pytest.mark.parametrize("augmentation", ["levelled", "all", "none"])
def test_each_trial_chooses_among_the_training_alone(augmentation):
    arrays = arrays_of_table(table())
    chosen = arrays.training(augmentation, seed=5)
    assert set(arrays.splits[chosen]) == {"training"}
    there = np.flatnonzero(arrays.splits == "training")
    expected = choose_variants(arrays.members[there], arrays.labels[there], arrays.variants[there], augmentation, 5)
    np.testing.assert_array_equal(chosen, there[expected])
    assert set(arrays.members[chosen]) == set(arrays.members[there])
    by_member_and_variant = list(zip(arrays.members[chosen], arrays.variants[chosen], strict=True))
    assert by_member_and_variant == sorted(by_member_and_variant)


def test_a_seed_draws_other_variants():
    arrays = arrays_of_table(table())
    drawn = [arrays.training("levelled", seed).tolist() for seed in range(5)]
    assert len({tuple(each) for each in drawn}) > 1
    assert arrays.training("levelled", 0).tolist() == drawn[0]


def test_a_data_set_of_an_older_version_keeps_the_variants_that_it_froze():
    arrays = arrays_of_table(table(frozen=True))
    there = np.flatnonzero(arrays.splits == "training").tolist()
    for seed in (0, 1):
        assert arrays.training("levelled", seed).tolist() == there
    # asked for in a new trial, the other two ways mean what they always mean
    assert (arrays.variants[arrays.training("none", 0)] == 0).all()
    assert sorted(arrays.training("all", 0).tolist()) == there


def test_a_split_is_measured_on_its_optimal_variants():
    arrays = arrays_of_table(table())
    for split in ("test", "validation", "training"):
        at = arrays.measured(split)
        assert (arrays.variants[at] == 0).all()
        assert sorted(arrays.members[at]) == [member for member in range(20) if PARTS[member % 5] == split]
    assert arrays.measured("holdout").size == 0


def test_arrays_that_disagree_are_refused():
    arrays = arrays_of_table(table())
    parts = {name: getattr(arrays, name) for name in DatasetArrays.__dataclass_fields__}
    for name in ("members", "variants", "labels", "splits"):
        with pytest.raises(PlanError, match="one of each"):
            DatasetArrays(**{**parts, name: parts[name][1:]})
    with pytest.raises(PlanError, match="side 64"):
        DatasetArrays(**{**parts, "size": 64})
    with pytest.raises(PlanError, match="nothing in its validation split"):
        DatasetArrays(**{**parts, "splits": np.full(len(arrays.bits), "training")})
    with pytest.raises(PlanError, match="nothing in its training split"):
        DatasetArrays(**{**parts, "splits": np.full(len(arrays.bits), "validation")})


def test_what_is_dealt_holds_the_members_that_are_learnt_from_and_told_and_no_others():
    arrays = arrays_of_table(table())
    dealt = arrays.dealt(np.array([0, 5, 4]), np.array([10, 1]))
    assert set(dealt.members) == {0, 1, 4, 5, 10} and not dealt.has_folds
    assert set(dealt.members[dealt.splits == "training"]) == {0, 4, 5}
    assert set(dealt.members[dealt.measured("validation")]) == {1, 10}
    with pytest.raises(PlanError, match="1 members are to be learnt from and told at once"):
        arrays.dealt(np.array([0, 1]), np.array([1]))
    with pytest.raises(PlanError, match="nothing in its validation split"):
        arrays.dealt(np.array([0, 1]), np.array([], dtype=np.int64))
