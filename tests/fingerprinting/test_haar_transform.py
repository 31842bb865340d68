import numpy as np
import pytest
import pywt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import haar, inverse_haar

kinds = st.sampled_from(["standard", "nonstandard"])
values = st.floats(-1e6, 1e6)


@given(
    image=st.integers(0, 7).flatmap(
        lambda power: arrays_of.arrays(np.float64, (2, 2**power, 2**power), elements=values)
    ),
    kind=kinds,
)
def test_the_inverse_gives_the_image_back_and_energy_stays(image, kind):
    plane = haar(image, kind)
    largest = max(1.0, np.abs(image).max())
    np.testing.assert_allclose(inverse_haar(plane, kind), image, rtol=0, atol=1e-12 * largest * image.shape[-1])
    np.testing.assert_allclose((plane**2).sum(), (image**2).sum(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("kind", ["standard", "nonstandard"])
@pytest.mark.parametrize("size", [32, 64, 128])
def test_the_inverse_is_exact_to_a_millionth_of_a_millionth(kind, size):
    image = np.random.default_rng(size).normal(size=(3, size, size))
    assert np.abs(inverse_haar(haar(image, kind), kind) - image).max() < 1e-12


def test_the_standard_transform_is_that_of_pywavelets_along_each_axis():
    image = np.random.default_rng(1).normal(size=(64, 64))
    rows = np.concatenate(pywt.wavedec(image, "haar", axis=0), axis=0)
    both = np.concatenate(pywt.wavedec(rows, "haar", axis=1), axis=1)
    np.testing.assert_allclose(haar(image), both, atol=1e-12)


def test_the_nonstandard_transform_is_that_of_pywavelets():
    image = np.random.default_rng(2).normal(size=(32, 32))
    peer, _ = pywt.coeffs_to_array(pywt.wavedec2(image, "haar"))
    np.testing.assert_allclose(haar(image, "nonstandard"), peer, atol=1e-12)


@pytest.mark.parametrize("kind", ["standard", "nonstandard"])
def test_several_images_are_transformed_each_by_itself(kind):
    images = np.random.default_rng(3).normal(size=(2, 3, 16, 16))
    planes = haar(images, kind)
    np.testing.assert_array_equal(planes[1, 2], haar(images[1, 2], kind))


@pytest.mark.parametrize("shape", [(4,), (4, 8), (12, 12), (0, 0)])
@pytest.mark.parametrize("work", [haar, inverse_haar], ids=lambda work: work.__name__)
def test_other_shapes_are_refused(work, shape):
    with pytest.raises(RecipeError, match="has no Haar transform"):
        work(np.zeros(shape))
