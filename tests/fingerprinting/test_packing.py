import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import pack, unpack

sizes = st.sampled_from([32, 64, 128])
images = sizes.flatmap(lambda size: arrays_of.arrays(np.bool_, st.sampled_from([(size, size), (size, 2 * size)])))


@given(images)
def test_unpacking_gives_the_bits_back(bits):
    packed = pack(bits)
    assert len(packed) == bits.size // 8
    np.testing.assert_array_equal(unpack(packed, len(bits)), bits)


def test_the_first_bit_is_the_highest_of_the_first_byte():
    bits = np.zeros((64, 64), dtype=bool)
    bits[0, 0] = bits[1, 7] = True
    packed = pack(bits)
    assert (packed[0], packed[8]) == (0b1000_0000, 0b0000_0001)


@pytest.mark.parametrize(("count", "size"), [(511, 64), (512, 128), (0, 64), (2048, 64)])
def test_bytes_of_another_size_are_refused(count, size):
    with pytest.raises(RecipeError, match=f"{count} bytes are not a fingerprint of size {size}"):
        unpack(bytes(count), size)
