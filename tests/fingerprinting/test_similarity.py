import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import jaccard, most_similar, pack

images = arrays_of.arrays(np.bool_, (32, 32))


@given(images, images)
def test_similarity_is_what_both_have_over_what_either_has(one, other):
    value = jaccard(one, other)
    assert 0 <= value <= 1
    assert value == jaccard(other, one)
    assert jaccard(one, one) == 1
    if (one | other).any():
        assert value == (one & other).sum() / (one | other).sum()


def test_fingerprints_of_different_shapes_have_no_similarity():
    with pytest.raises(RecipeError, match="make both with one recipe"):
        jaccard(np.zeros((32, 32)), np.zeros((64, 64)))


@given(seed=st.integers(0, 99), count=st.integers(0, 70))
def test_the_most_similar_are_those_of_comparing_each_by_itself(seed, count):
    rng = np.random.default_rng(seed)
    # Sparse, few and repeated: many ties, and some without any point.
    stack = (rng.random(size=(60, 32, 32)) < 0.01) & (rng.random(size=(60, 1, 1)) < 0.8)
    query = stack[7]
    packed = np.stack([np.frombuffer(pack(bits), dtype=np.uint8) for bits in stack])
    indices, similarities = most_similar(pack(query), packed, count)
    each = np.array([jaccard(query, bits) for bits in stack])
    wanted = np.lexsort((np.arange(60), -each))[:count]
    np.testing.assert_array_equal(indices, wanted)
    np.testing.assert_allclose(similarities, each[wanted])


def test_more_rows_than_fit_the_cache_are_searched_to_the_last():
    rng = np.random.default_rng(3)
    packed = rng.integers(0, 256, size=(5000, 128), dtype=np.uint8)
    packed[[17, 4999]] = packed[2500]
    indices, similarities = most_similar(packed[2500].tobytes(), packed, 3)
    assert indices.tolist() == [17, 2500, 4999]
    assert similarities.tolist() == [1, 1, 1]


def test_fingerprints_of_other_sizes_are_refused():
    with pytest.raises(RecipeError, match="compare fingerprints of one recipe"):
        most_similar(bytes(512), np.zeros((4, 128), dtype=np.uint8))
